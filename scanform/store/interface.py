"""What a store keeps and answers. One writer: the parent process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from scanform.model.record import Answer, Decision, Record, State
from scanform.model.scan import Rejected, ScanFile

ScanState = Literal["new", "unfinished", "finished"]
PageOutcome = Literal["form", "blank", "separator", "rejected"]


@dataclass(frozen=True, slots=True)
class PageRow:
    """What became of one page of a scan. ``image`` names the stored image of a form page."""

    scan_sha256: str
    number: int
    outcome: PageOutcome
    image: str = ""
    rejected: Rejected | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The workspace in numbers, after people's decisions.

    A finished scan none of whose pages could be taken counts as rejected. Corrected answers count
    as accepted: a person did.
    """

    scans_digitised: int
    scans_rejected: int
    scans_unfinished: int
    duplicates: int
    """Other names under which a known scan was seen."""
    pages: int
    pages_blank: int
    pages_rejected: int
    records: int
    complete: int
    answers_accepted: int
    answers_pending: int
    answers_blank: int
    answers_unreadable: int
    pages_separator: int = 0
    """Cover sheets of batches among the forms."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One answer of the review queue."""

    record: str
    template: str
    scan_path: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class LogRow:
    """A decision as the log holds it: what it changed, and its place in the chain.

    ``hash`` is the SHA-256 of the hash of the row before and of everything in this row.
    """

    decision: Decision
    from_value: str | None
    from_state: State
    to_state: State
    hash: str


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Records of one unit: the value of the template's unit field, None when not known."""

    unit: str | None
    complete: int
    pending: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records. What isn't said doesn't narrow it."""

    template: str | None = None
    units: frozenset[str] | None = None
    """What may be written as the record's unit, pending or not."""
    unit_fields: Mapping[str, str] = field(default_factory=dict)
    """The unit field of each template (or path of fields, or ``BY_BATCH``); a record of another
    template has no unit."""
    since: datetime | None = None
    """Records made or decided at that moment or later."""
    complete: bool = False
    """Only records of which nothing waits."""
    batches: frozenset[str] | None = None
    """Boxes that the record's scan came in; of several it belongs to the first."""


ALL = Selection()

Readings = bool | Literal["texts"]
"""How much of what the machine read comes with a record: all; with ``texts`` neither other ways to
read it nor cells nor measures; with False neither readings nor doubts nor sheets. Each is several
times as fast as the one before."""


class Store(Protocol):
    """Scans, pages, records, decisions. Every method is one transaction."""

    def open_scan(self, scan: ScanFile) -> ScanState:
        """Notes that the scan was seen (under another name: notes that name as a duplicate)
        and tells how far it is. One that was rejected is ``new``: it may be tried again."""
        ...

    def page_rows(self, scan_sha256: str) -> list[PageRow]:
        """What is known of the scan's pages, by number."""
        ...

    def save(self, pages: Sequence[PageRow], record: Record | None = None) -> bool:
        """Keeps the outcome of pages and the record they make. True when that record is new: the
        same one again changes nothing. A page that had been rejected may become a blank or a
        form page, never the reverse."""
        ...

    def reject_scan(self, rejected: Rejected) -> None:
        """The whole file can't be taken; with an empty ``sha256`` it could not even be read. A
        finished scan stays finished, and a scan that is taken later is rejected no more."""
        ...

    def finish_scan(self, scan_sha256: str, pages: int | None = None) -> None:
        """All pages have an outcome; ``pages`` is how many the scan has."""
        ...

    def records(
        self, template: str | None = None, as_of: datetime | None = None
    ) -> Iterator[Record]:
        """Records after decisions, by scan path, page and id, whatever order the workers were
        done in; streamed, all of one moment. With ``as_of`` as they stood then."""
        ...

    def selected(self, chosen: Selection = ALL, *, readings: Readings = True) -> Iterator[Record]:
        """The records asked for, as they stand, streamed in the order of ``records``."""
        ...

    def revisions(self) -> list[tuple[str, int]]:
        """Every template and revision that records were read with, sorted."""
        ...

    def fields(self, template: str, revision: int) -> list[str]:
        """Every field that records of that template and revision answer, in the form's order."""
        ...

    def newest(self) -> datetime | None:
        """When a record was last made or decided; None for a store without records."""
        ...

    def standing(self, record_ids: Sequence[str]) -> dict[str, Record]:
        """Those of the records that are there, as they stand, without readings and doubts."""
        ...

    def record_at(self, record_id: str, version: int) -> Record:
        """The record as it stood after its first ``version`` decisions; raises ``NoSuchRecord``."""
        ...

    def record(self, record_id: str) -> Record:
        """One record after decisions; raises ``NoSuchRecord``."""
        ...

    def version(self, record_id: str) -> int:
        """How many decisions there are about the record: what it says hangs on them alone. Raises
        ``NoSuchRecord``."""
        ...

    def waiting(self, template: str | None = None) -> Iterator[Waiting]:
        """The review queue: answers that are pending, grouped by template and field. Looked up
        as it goes on, so that what is decided meanwhile is asked no more."""
        ...

    def decide(self, decision: Decision) -> Decision:
        """Appends a decision and gives it back with its number in the log; raises
        ``NoSuchRecord``, ``NoSuchField``, or ``Overtaken`` for an undo of what is no decision
        about the answer or was taken back already."""
        ...

    def decide_all(
        self, decisions: Sequence[Decision], versions: Mapping[str, int]
    ) -> list[Decision]:
        """Appends all of the decisions, or none: raises ``Overtaken`` when a record is no longer
        at the version given, ``NoSuchRecord`` or ``NoSuchField``."""
        ...

    def decisions(self, record_id: str) -> list[Decision]: ...

    def rejected(self) -> list[Rejected]:
        """Every scan and page that is rejected at present."""
        ...

    def unit_counts(
        self, unit_fields: dict[str, str], as_of: datetime | None = None
    ) -> list[UnitCount]:
        """Records per unit. ``unit_fields`` maps a template's id to its unit field. A pending
        unit answer counts under its value: the form is there, whoever may have written it."""
        ...

    def figures(self) -> Figures: ...

    def waited_at_first(self, since: datetime | None = None) -> float | None:
        """Of the answers of records that came in after that moment, the share that waited when
        they did, whatever was decided since; None where no record came in."""
        ...

    def close(self) -> None: ...

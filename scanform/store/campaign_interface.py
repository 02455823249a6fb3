"""What a store keeps of a campaign: the plan, reported figures, batches, verdicts, daily counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal, Protocol

from scanform.model.campaign import Batch, Campaign, Entered, PairVerdict, Slip
from scanform.model.scan import Rejected

RecordState = Literal["complete", "pending", "duplicate"]
"""A record is in exactly one of these; a duplicate is one that a person said is of somebody who
was counted already."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """Records of one unit that came in on one day, by what they are."""

    unit: str | None
    day: date
    complete: int
    pending: int
    duplicate: int = 0


@dataclass(frozen=True, slots=True)
class ValueCount:
    """Records of one unit with one answer, None for what isn't known."""

    unit: str | None
    value: str | None
    records: int


@dataclass(frozen=True, slots=True)
class DayRefused:
    """Files and pages that are refused, by the day on which they were; ``unit`` is the one whose
    box they came in, None where they came in none."""

    unit: str | None
    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a person said about a difference of a batch: that it is settled and why, or that it
    is open again. ``task`` is the difference's name."""

    batch: str
    task: str
    settled: bool
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """How much of what was read people have looked at."""

    records: int
    complete: int
    doubted: int
    """Answers that the machine left to people."""
    decided: int
    """Answers that a person decided."""
    changed: int
    """Decided answers whose value was not what the machine had read."""


@dataclass(frozen=True, slots=True)
class FormLine:
    """A record as far as a batch or a search for persons needs it: the answers of some fields."""

    id: str
    template: str
    scan_path: str
    scan_sha256: str
    scan_page: int
    answers: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class BatchScan:
    """A file of a batch; ``also_in`` are earlier batches that had the same file. The first page of
    a ``cover`` is the cover sheet, no form."""

    path: str
    sha256: str
    also_in: tuple[str, ...] = ()
    cover: bool = False


class CampaignStore(Protocol):
    """Every method is one transaction. What is kept is only ever appended to."""

    def campaign(self, as_of: datetime | None = None) -> Campaign | None:
        """The plan in force then: the last revision not younger, or the first there is, for a
        plan may be written after its first day. None without any."""
        ...

    def save_campaign(self, campaign: Campaign, by: str) -> None: ...

    def count_by(self, unit_fields: Mapping[str, str]) -> None:
        """Keeps the units of records at hand, so that counts by these fields are quick, for
        templates of which nobody said so before; a campaign's own fields come first."""
        ...

    def entered(self, until: date | None = None) -> list[Entered]:
        """Reported figures for days up to ``until``, in the order they were entered."""
        ...

    def enter(self, figures: Sequence[Entered]) -> None: ...

    def verdicts(self, as_of: datetime | None = None) -> list[PairVerdict]: ...

    def judge(self, verdict: PairVerdict) -> None:
        """Raises ``NoSuchRecord``."""
        ...

    def day_counts(
        self,
        unit_fields: Mapping[str, str],
        zone: tzinfo,
        as_of: datetime | None = None,
        duplicates: Collection[str] = (),
    ) -> list[DayCount]:
        """Records by unit and by the day, in ``zone``, on which they came in. ``unit_fields`` maps
        a template's id to its unit field or to ``BY_BATCH``; ``duplicates`` are ids of records."""
        ...

    def day_refused(self, zone: tzinfo, as_of: datetime | None = None) -> list[DayRefused]:
        """What is refused, or was at that moment, by unit and day."""
        ...

    def value_counts(
        self,
        template: str,
        fields: tuple[str, str],
        as_of: datetime | None = None,
        without: Collection[str] = (),
    ) -> list[ValueCount]:
        """Records of a template by unit and answer; ``fields`` are its unit field (as in
        ``day_counts``) and the one that is counted. Records of those ids are left out."""
        ...

    def work(self, as_of: datetime | None = None) -> Work: ...

    def lines(
        self, fields: Mapping[str, Collection[str]], batch: str | None = None
    ) -> list[FormLine]:
        """Records of the templates (``fields``: template id -> fields wanted), all or those of a
        batch, by scan path, page and id."""
        ...

    def templates(self) -> list[str]:
        """Ids of the templates that there are records of, sorted."""
        ...

    def lines_with(
        self, template: str, fields: Collection[str], field: str, values: Collection[str]
    ) -> list[FormLine]:
        """Records of the template that answer ``field`` with one of the values."""
        ...

    def open_batch(self, slip: Slip, by: str) -> Batch: ...

    def close_batch(self, batch_id: str) -> Batch:
        """Raises ``NoSuchBatch``; one that is closed stays as it is."""
        ...

    def batches(self) -> list[Batch]: ...

    def batch(self, batch_id: str) -> Batch:
        """Raises ``NoSuchBatch``."""
        ...

    def add_to_batch(self, batch_id: str, files: Sequence[BatchScan]) -> None:
        """Notes that files are of the batch, with an empty ``sha256`` where one could not be read;
        ``also_in`` is of no account. Raises ``NoSuchBatch``, ``BatchClosed``."""
        ...

    def settle(self, settlement: Settlement) -> None:
        """Raises ``NoSuchBatch``."""
        ...

    def settlements(self, batch_id: str | None = None) -> list[Settlement]:
        """What was said about differences, the last word on each; of one batch or of all."""
        ...

    def batch_scans(self, batch_id: str) -> list[BatchScan]: ...

    def batch_unfinished(self, batch_id: str) -> list[str]:
        """Paths of files of the batch that are not done with."""
        ...

    def batch_rejected(self, batch_id: str) -> list[Rejected]:
        """Files and pages of the batch that are rejected at present."""
        ...

"""A whole record beside its scan. Needs ``forms``: a clerk sees fields, not registers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scanform.model.record import Record
from scanform.model.template import Template
from scanform.review.claims import Outcome
from scanform.review.people import Person
from scanform.store.interface import LogRow


@dataclass(frozen=True, slots=True)
class FormView:
    """``versions`` maps a field to the last row of the log about it (0: none); hand it back with
    a decision, so that nobody decides over what he hasn't seen."""

    record: Record
    template: Template
    history: tuple[LogRow, ...]
    versions: dict[str, int]
    needs_paper: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forms:
    def find(
        self,
        who: Person,
        template: str | None = None,
        status: str | None = None,
        scan: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Sequence[Record]:
        """Records by scan path and page; ``status`` ``complete`` or ``pending``; ``scan``: part
        of the scan's path; ``after``: a record's id, to page on."""
        raise NotImplementedError

    def open(self, who: Person, record_id: str) -> FormView:
        """Raises ``NoSuchRecord``."""
        raise NotImplementedError

    def accept(self, who: Person, record_id: str, field: str, version: int) -> Outcome:
        """Raises ``Overtaken`` when there is a newer version of the answer."""
        raise NotImplementedError

    def correct(self, who: Person, record_id: str, field: str, text: str, version: int) -> Outcome:
        raise NotImplementedError

    def blank(self, who: Person, record_id: str, field: str, version: int) -> Outcome:
        raise NotImplementedError

    def unreadable(self, who: Person, record_id: str, field: str, version: int) -> Outcome:
        raise NotImplementedError

    def page(self, who: Person, record_id: str, page: int) -> bytes:
        """The stored image (JPEG) of a page of the form, upright, in the template's size."""
        raise NotImplementedError

    def picture(self, who: Person, record_id: str, field: str) -> bytes:
        """PNG of one field's region."""
        raise NotImplementedError

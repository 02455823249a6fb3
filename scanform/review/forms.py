"""A whole record beside its scan. Needs ``forms``: a clerk sees fields, not registers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scanform.model.record import Record
from scanform.model.template import Template
from scanform.review.claims import Outcome
from scanform.review.decide import Item, Said, Warned, last_row
from scanform.review.people import Person
from scanform.review.room import Room, outcome, picture
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
    room: Room

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
        who.need("forms")
        ids = self.room.store.find_records(template, status, scan, after, limit)
        return [self.room.review.store.record(each) for each in ids]

    def open(self, who: Person, record_id: str) -> FormView:
        """Raises ``NoSuchRecord``. That he looked is noted in the log, as in the calls below."""
        who.need("forms")
        record = self.room.review.store.record(record_id)
        self._looked(who, record_id)
        template = self.room.review.template(record.template, record.revision)
        history = tuple(self.room.store.log(record_id))
        log = [row.decision for row in history]
        versions = {answer.field: last_row(log, answer.field) for answer in record.answers}
        papers = [row.field for row in self.room.store.papers() if row.record == record_id]
        return FormView(record, template, history, versions, tuple(papers))

    def accept(self, who: Person, record_id: str, field: str, version: int) -> Outcome:
        """Raises ``Overtaken`` when there is a newer version of the answer."""
        item = self._item(who, record_id, field)
        said = self.room.review.accepting(item)
        return self._say(who, item, said, version, item.answer.value)

    def correct(self, who: Person, record_id: str, field: str, text: str, version: int) -> Outcome:
        item = self._item(who, record_id, field)
        value, warnings = self.room.review.typed(item, text)
        return self._say(who, item, Said("correct", value), version, value, warnings)

    def check(
        self, who: Person, record_id: str, field: str, text: str
    ) -> tuple[str, tuple[Warned, ...]]:
        """The value that ``correct`` would keep and the rules it would break; writes nothing."""
        return self.room.review.typed(self._item(who, record_id, field), text)

    def blank(self, who: Person, record_id: str, field: str, version: int) -> Outcome:
        return self._say(who, self._item(who, record_id, field), Said("blank"), version, None)

    def unreadable(self, who: Person, record_id: str, field: str, version: int) -> Outcome:
        return self._say(who, self._item(who, record_id, field), Said("unreadable"), version, None)

    def _item(self, who: Person, record_id: str, field: str) -> Item:
        who.need("forms")
        return self.room.review.item(record_id, field)

    def _say(
        self,
        who: Person,
        item: Item,
        said: Said,
        version: int,
        value: str | None,
        warnings: tuple[Warned, ...] = (),
    ) -> Outcome:
        said = Said(said.action, said.value, how="form")
        written = self.room.review.decide(item, said, who.name, version=version)
        return outcome(written, value, warnings)

    def page(self, who: Person, record_id: str, page: int) -> bytes:
        """The stored image (JPEG) of a page of the form, upright, in the template's size."""
        who.need("forms")
        record = self.room.review.store.record(record_id)
        self._looked(who, record_id)
        return self.room.review.page(record, page)

    def picture(self, who: Person, record_id: str, field: str) -> bytes:
        """PNG of one field's region."""
        item = self._item(who, record_id, field)
        self._looked(who, record_id)
        return picture(self.room, item.record, item.field, "field")

    def _looked(self, who: Person, record_id: str) -> None:
        self.room.store.note_looks(who.name, [record_id], "form")

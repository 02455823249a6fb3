"""The group view: answers that were read alike, many on one sheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scanform.errors import Overtaken, UsageError
from scanform.model.record import Decision
from scanform.review import wording
from scanform.review.claims import Filter, Outcome
from scanform.review.decide import Item, Said, nothing_read
from scanform.review.memory import Memory
from scanform.review.people import Person
from scanform.review.room import Room, fits, outcome, picture
from scanform.store.desk_interface import ClaimRow, Doing

NOTHING = Filter()
SHEETFUL = 60
"""Crops on one sheet: what a person takes in at a few glances."""


@dataclass(frozen=True, slots=True)
class Group:
    """Answers of one template's field that wait and were read as the same value."""

    template: str
    field: str
    label: str
    kind: str
    value: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Sheetful:
    """Up to ``SHEETFUL`` answers of one group, claimed together."""

    token: str
    group: Group
    items: tuple[Item, ...]
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Groups:
    """All calls need ``review``."""

    room: Room
    memory: Memory

    def all(self, who: Person, only: Filter = NOTHING, least: int = 5) -> list[Group]:
        """Groups of at least ``least`` answers, the largest first. What was read as blank or not
        at all is no group: there is nothing to compare a crop with."""
        who.need("review")
        found = []
        for place in self.memory.places(self.room, "review", fresh=True):
            asked = place.field
            if not fits(only, place.template, asked.id, asked.kind):
                continue
            for row in self.room.store.alike(place.template, asked.id, least):
                if row.value is not None:
                    group = Group(
                        place.template, asked.id, asked.label, asked.kind, row.value, row.count
                    )
                    found.append(group)
        return sorted(found, key=lambda group: -group.count)

    def claim(self, who: Person, group: Group, count: int = SHEETFUL) -> Sheetful | None:
        """The next answers of the group that nobody holds; None when there are none."""
        who.need("review")
        if group.value is None or not 1 <= count <= SHEETFUL:
            raise UsageError(wording.SHEETFUL.of(most=str(SHEETFUL)))
        wish = replace(
            self.room.wish(who, "review"),
            template=group.template,
            field=group.field,
            asked={"sheet": True},
        )
        rows = self.room.store.claim_alike(wish, group.value, count)
        # Whoever has the sheet sees all of it, whatever he strikes out or leaves.
        self.room.store.note_looks(who.name, [row.record for row in rows], "group")
        return self._sheetful(group, rows) if rows else None

    def get(self, who: Person, token: str) -> Sheetful:
        """The sheetful as it stands, its lease renewed; raises ``Overtaken`` when it is gone."""
        self.room.row(who, token)
        rows = self.room.store.claims(token)
        item = self.room.review.item(rows[0].record, rows[0].field)
        group = Group(
            item.record.template,
            item.field.id,
            item.field.label,
            item.field.kind,
            item.answer.value,
            len(rows),
        )
        self.room.store.renew(token, self.room.now + self.room.lease)
        return self._sheetful(group, rows)

    def _sheetful(self, group: Group, rows: Sequence[ClaimRow]) -> Sheetful:
        items = tuple(self.room.review.item(row.record, row.field) for row in rows)
        alike = tuple(
            item
            for item in items
            if item.answer.value == group.value and item.answer.state == "pending"
        )
        return Sheetful(rows[0].token, group, alike, rows[0].by, rows[0].until)

    def accept(
        self, who: Person, token: str, struck: Collection[tuple[str, str]] = ()
    ) -> list[Outcome]:
        """Accepts all but ``struck`` (pairs of record and field), each a decision of its own in
        one lot (named by the token). The struck ones go to the ordinary queue. What somebody else
        decided meanwhile is left out."""
        self.room.row(who, token)
        rows = [
            row for row in self.room.store.claims(token) if (row.record, row.field) not in struck
        ]
        began = min((row.at for row in rows), default=self.room.now)
        whole = self.memory.seconds(who.name, began, self.room.now)
        seconds = whole / max(1, len(rows))
        found = [self._accept(who, row, seconds) for row in rows]
        self.room.store.release(token)
        self.memory.did(who.name, self.room.now)
        return [each for each in found if each is not None]

    def _accept(self, who: Person, row: ClaimRow, seconds: float) -> Outcome | None:
        item = self.room.review.item(row.record, row.field)
        if item.answer.state != "pending" or nothing_read(item.answer):
            return None
        said = Said("accept", how="group", lot=row.token, seconds=seconds)
        try:
            written = self.room.review.decide(
                item, said, who.name, version=row.version, write=self._write
            )
        except Overtaken:
            return None
        return outcome(written, item.answer.value)

    def _write(self, rows: Sequence[Decision], versions: Mapping[str, int]) -> list[Decision]:
        return self.room.store.act(rows, versions, Doing())

    def release(self, who: Person, token: str) -> None:
        rows = self.room.store.claims(token)
        if rows and rows[0].by == who.name:
            self.room.store.release(token)

    def picture(self, who: Person, token: str, record: str, field: str) -> bytes:
        """PNG of one crop of the sheetful."""
        self.room.row(who, token)
        for row in self.room.store.claims(token):
            if (row.record, row.field) == (record, field):
                item = self.room.review.item(record, field)
                return picture(self.room, item.record, item.field, "field")
        raise Overtaken(wording.NOT_ON_SHEET)

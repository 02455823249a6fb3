"""Second keying, and keying from the image: people type blind, and differences go to a third."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from scanform.errors import UsageError
from scanform.model.draw import chosen
from scanform.model.record import TO_KEY, Decision, Record, Standing
from scanform.review import wording
from scanform.review.claims import Filter
from scanform.review.memory import Memory
from scanform.review.people import Person
from scanform.review.room import Room, fits
from scanform.store.desk_interface import Doing, NewTask, OrderRow

NOTHING = Filter()
STATES = ("accepted", "pending", "corrected", "blank", "unreadable")


@dataclass(frozen=True, slots=True)
class KeyingOrder:
    """What was ordered, and how far it is. ``keyers``: 2 for second keying; 1 for keying from
    the image by one person. ``fields`` is empty for all."""

    id: int
    by: str
    at: datetime
    template: str
    fields: tuple[str, ...]
    share: float
    keyers: int
    answers: int
    done: int
    differed: int


@dataclass(frozen=True, slots=True)
class Keying:
    """The work itself is claimed in the queue: ``work="key"`` and ``work="settle"``."""

    room: Room
    memory: Memory

    def order(
        self,
        who: Person,
        template: str,
        only: Filter = NOTHING,
        share: float = 1.0,
        keyers: int = 2,
        seed: int = 0,
    ) -> KeyingOrder:
        """Asks for these answers to be keyed: all, some fields, or a random share. They wait
        until that is done, whatever the machine thought of them. What waits for its paper is left
        out: somebody has seen that the picture won't do. Needs ``order``."""
        who.need("order")
        if not 0 < share <= 1 or keyers not in (1, 2):
            raise UsageError(wording.SHARE_AND_KEYERS)
        fields = (only.field,) if only.field else ()
        now = self.room.now
        row = OrderRow(0, "key", who.name, now, template, fields, share, keyers, seed)
        number = self.room.store.add_order(row)
        papers = {(paper.record, paper.field) for paper in self.room.store.papers()}
        drawn = (
            (record, field)
            for record, _, field, _, _ in list(self.room.store.candidates(template, STATES))
            if chosen(seed, share, record, field) and (record, field) not in papers
        )
        for record, found in groupby(drawn, key=lambda pair: pair[0]):
            self._ask(who, number, keyers, record, only, [field for _, field in found])
        return next(each for each in self.all(who) if each.id == number)

    def _ask(
        self, who: Person, order: int, keyers: int, record_id: str, only: Filter, fields: list[str]
    ) -> None:
        if only.record not in (None, record_id):
            return
        record = self.room.review.store.record(record_id)
        template = self.room.review.template(record.template, record.revision)
        wanted = [
            field
            for field in fields
            if fits(only, record.template, field, template.field(field).kind)
            and TO_KEY not in record.answer(field).doubts
        ]
        rows = list(self._reopen(who, record, wanted))
        tasks = [NewTask(order, "key", record_id, field) for field in wanted for _ in range(keyers)]
        to_desk = {(record_id, field): "key" for field in wanted}
        if wanted:
            doing = Doing(tasks=tuple(tasks), to_desk=to_desk)
            self.room.store.act(rows, {record_id: record.version}, doing)

    def _reopen(self, who: Person, record: Record, fields: list[str]) -> Iterator[Decision]:
        """What was accepted waits again until it is keyed, and the log says since when."""
        for field in fields:
            answer = record.answer(field)
            yield Decision(
                record.id,
                field,
                "recheck",
                answer.value,
                who.name,
                self.room.now,
                standing=Standing("pending", answer.confidence, (TO_KEY,)),
                template=f"{record.template}@{record.revision}",
                how="ordered to be keyed",
            )

    def all(self, who: Person) -> list[KeyingOrder]:
        """Needs ``order``."""
        who.need("order")
        return [self._order(row) for row in self.room.store.orders("key")]

    def _order(self, row: OrderRow) -> KeyingOrder:
        tasks = self.room.store.tasks(order=row.number)
        keys = [task for task in tasks if task.work == "key"]
        thirds = [task for task in tasks if task.work == "settle"]
        waiting = {(task.record, task.field) for task in tasks if task.open}
        asked = {(task.record, task.field) for task in keys}
        return KeyingOrder(
            row.number,
            row.by,
            row.at,
            row.template or "",
            row.fields,
            row.share,
            row.keyers,
            len(asked),
            len(asked - waiting),
            len(thirds),
        )

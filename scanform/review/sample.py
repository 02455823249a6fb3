"""The quality sample: how many of the accepted answers are wrong, measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from scanform.errors import UsageError
from scanform.model.interval import clopper_pearson
from scanform.review.claims import Filter
from scanform.review.keying import chosen
from scanform.review.options import kept_of
from scanform.review.people import Person
from scanform.review.recheck import counting
from scanform.review.room import Room, fits
from scanform.store.desk_interface import NewTask, OrderRow, TaskRow

NOTHING = Filter()
ALL = "all"


@dataclass(frozen=True, slots=True)
class SampleOrder:
    """A drawn sample and how far it is: ``answers`` drawn, ``done`` judged."""

    id: int
    by: str
    at: datetime
    template: str | None
    share: float
    seed: int
    answers: int
    done: int


@dataclass(frozen=True, slots=True)
class Measured:
    """The error among accepted answers of one field kind. ``low`` and ``high`` are the 95 %
    interval of Clopper and Pearson (1934); ``bound`` is what was promised, and ``broken`` says
    that even ``low`` lies above it; ``kept`` that even ``high`` lies below it."""

    kind: str
    sampled: int
    wrong: int
    rate: float
    low: float
    high: float
    bound: float | None = None

    @property
    def broken(self) -> bool:
        return self.bound is not None and self.low > self.bound

    @property
    def kept(self) -> bool:
        return self.bound is not None and self.high <= self.bound


@dataclass(frozen=True, slots=True)
class Sampling:
    """The work is claimed in the queue: ``work="sample"``. Nobody gets what he decided himself.
    Where a sampler types something else, a third settles it; what was wrong is corrected."""

    room: Room

    def draw(self, who: Person, share: float, only: Filter = NOTHING, seed: int = 0) -> SampleOrder:
        """Draws a random share of the accepted answers, by machine or by people, blanks among
        them. Needs ``order``."""
        who.need("order")
        if not 0 < share <= 1:
            raise UsageError("The share must lie above 0 and up to 1.")
        fields = (only.field,) if only.field else ()
        row = OrderRow(0, "sample", who.name, self.room.now, only.template, fields, share, 1, seed)
        states = ("accepted", "corrected", "blank")
        found = [
            (record, field)
            for record, _, field, _, _ in self.room.store.candidates(only.template, states)
            if chosen(seed, share, record, field)
        ]
        number = self.room.store.add_order(row)
        self.room.store.add_tasks(list(self._tasks(number, found, only)))
        return next(each for each in self.all(who) if each.id == number)

    def _tasks(self, order: int, found: list[tuple[str, str]], only: Filter) -> Iterator[NewTask]:
        for record_id, field in found:
            item = self.room.review.item(record_id, field)
            if only.record not in (None, record_id):
                continue
            if not fits(only, item.record.template, field, item.field.kind):
                continue
            log = self.room.review.store.decisions(record_id)
            said = [each.by for each in counting(log) if each.field == field]
            yield NewTask(
                order,
                "sample",
                record_id,
                field,
                said[-1] if said else "",
                said[-2] if len(said) > 1 else "",
                item.answer.value,
                kept_of(item.answer),
            )

    def all(self, who: Person) -> list[SampleOrder]:
        """Needs ``order``."""
        who.need("order")
        found = []
        for row in self.room.store.orders("sample"):
            tasks = self.room.store.tasks(order=row.number)
            judged = list(_judged(tasks))
            drawn = sum(task.work == "sample" for task in tasks)
            found.append(
                SampleOrder(
                    row.number,
                    row.by,
                    row.at,
                    row.template,
                    row.share,
                    row.seed,
                    drawn,
                    len(judged),
                )
            )
        return found

    def measured(
        self, who: Person, only: Filter = NOTHING, bound: float | None = None
    ) -> list[Measured]:
        """Per field kind, by kind, then everything together as kind ``all``. Only what is judged
        counts: a difference that a third has yet to settle does not. Needs ``order``."""
        who.need("order")
        sampled: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        for row in self.room.store.orders("sample"):
            for task, right in _judged(self.room.store.tasks(order=row.number)):
                kind = self.room.review.item(task.record, task.field).field.kind
                if fits(only, task.template, task.field, kind):
                    for name in (kind, ALL):
                        sampled[name] += 1
                        wrong[name] += not right
        kinds = [*sorted(set(sampled) - {ALL}), *([ALL] if sampled else [])]
        return [_measured(kind, sampled[kind], wrong[kind], bound) for kind in kinds]


def _measured(kind: str, sampled: int, wrong: int, bound: float | None) -> Measured:
    low, high = clopper_pearson(wrong, sampled)
    return Measured(kind, sampled, wrong, wrong / sampled, low, high, bound)


def _judged(tasks: list[TaskRow]) -> Iterator[tuple[TaskRow, bool]]:
    """The sampled answers that are judged, and whether what was accepted is right."""
    thirds = {(task.record, task.field): task for task in tasks if task.work == "settle"}
    for task in tasks:
        if task.work != "sample" or task.open:
            continue
        third = thirds.get((task.record, task.field))
        if third is None:
            yield task, True
        elif not third.open:
            yield task, (third.outcome, third.value) == (task.expected_outcome, task.expected)

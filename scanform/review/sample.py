"""The quality sample: how many of the accepted answers are wrong, measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scanform.errors import ScanformError, UsageError
from scanform.fields.policy import EVERY_KIND, TIGHTENED, Tightening, Tighter, bound_of
from scanform.model.draw import chosen
from scanform.model.template import Field
from scanform.review import wording
from scanform.review.claims import Filter
from scanform.review.measure import ALL, Found, Measured, measured
from scanform.review.options import kept_of
from scanform.review.people import Person
from scanform.review.recheck import counting
from scanform.review.room import Room, fits
from scanform.store.desk_interface import NewTask, OrderRow, TaskRow

NOTHING = Filter()
LEAST_CLAIM = 1e-5
"""No confidence means that nothing can be wrong."""


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
class Sampling:
    """The work is claimed in the queue: ``work="sample"``. Nobody gets what he decided himself.
    Where a sampler types something else, a third settles it; what was wrong is corrected."""

    room: Room

    def draw(self, who: Person, share: float, only: Filter = NOTHING, seed: int = 0) -> SampleOrder:
        """Draws a random share of the accepted answers, by machine or by people, blanks among
        them. Needs ``order``."""
        who.need("order")
        if not 0 < share <= 1:
            raise UsageError(wording.SHARE)
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
        self,
        who: Person,
        only: Filter = NOTHING,
        bound: float | None = None,
        until: datetime | None = None,
    ) -> list[Measured]:
        """Per field kind, by kind, then everything together as kind ``all``. Only what is judged
        (``until`` that moment) counts: a difference that a third has yet to settle does not. Held
        against ``bound``, or against what was promised of each field. Needs ``order``."""
        who.need("order")
        return measured(list(self._found(only, until)), lambda each: each.field.kind, bound)

    def by_batch(self, who: Person, only: Filter = NOTHING) -> list[Measured]:
        """The same per batch (``kind`` is its id, empty for records of none). Needs ``order``."""
        who.need("order")
        boxes = self.room.store.sampled_batches()
        found = list(self._found(only))
        return measured(found, lambda each: boxes.get(each.task.record, ""))

    def broken(self) -> list[Measured]:
        """The kinds of each template whose measured error proves that the promised bound doesn't
        hold; as kind ``all`` where it is proved of everything together."""
        return [each for _, each in self._broken()]

    def _broken(self) -> Iterator[tuple[list[Found], Measured]]:
        """The same, each with what it was measured by."""
        of_template: defaultdict[str, list[Found]] = defaultdict(list)
        for each in self._found(NOTHING):
            of_template[each.task.template].append(each)
        for template, found in sorted(of_template.items()):
            for kind in measured(found, lambda one: one.field.kind):
                if kind.broken:
                    here = [one for one in found if kind.kind in (ALL, one.field.kind)]
                    yield here, replace(kind, template=template)

    def tighten(self, who: Person) -> dict[tuple[str, str], float]:
        """Notes for each field kind whose bound is proved broken how many times more errors there
        are than its answers' confidences say, and gives these factors by template and kind; for
        every kind of a template (``EVERY_KIND``) where it is proved of all together and of none
        alone. What is accepted without a look must be judged again by whoever calls this. Needs
        ``order``."""
        who.need("order")
        known = Tightening.from_json(self.room.store.setting(TIGHTENED))
        broken = list(self._broken())
        alone = {each.template for _, each in broken if each.kind != ALL}
        factors: dict[tuple[str, str], float] = {}
        for found, each in broken:
            if each.kind == ALL and each.template in alone:
                continue
            kind = EVERY_KIND if each.kind == ALL else each.kind
            before = known.found.get((each.template, kind))
            factors[each.template, kind] = self._factor(found, each, before)
        if factors:
            since = {place: Tighter(by, self.room.now) for place, by in factors.items()}
            kept = Tightening({**known.found, **since})
            self.room.store.set_setting(TIGHTENED, kept.as_json())
        return factors

    def _factor(self, found: Sequence[Found], each: Measured, before: Tighter | None) -> float:
        """How many times more errors than are spoken of; more than before where that didn't do."""
        rate, bound = each.unseen_wrong / each.unseen, each.bound or 1.0
        again = before.factor * rate / bound if before else 1.0
        return max(again, rate / min(self._claimed(found), bound))

    def _claimed(self, judged: Sequence[Found]) -> float:
        """The error that the confidences of what was accepted unseen speak of."""
        store = self.room.review.store
        chances = [
            1.0 - store.record_at(each.task.record, 0).answer(each.task.field).confidence
            for each in judged
            if each.unseen
        ]
        return max(LEAST_CLAIM, sum(chances) / max(1, len(chances)))

    def _found(self, only: Filter, until: datetime | None = None) -> Iterator[Found]:
        """Every judged answer of every sample. What was drawn before the threshold was tightened
        says nothing about what is accepted since."""
        fields = self._fields()
        promised = self.room.review.promised()
        tightening = Tightening.from_json(self.room.store.setting(TIGHTENED))
        for row in self.room.store.orders("sample"):
            tasks = [_as_of(each, until) for each in self.room.store.tasks(order=row.number)]
            for task, right in _judged(tasks):
                field = fields.get((task.template, task.field))
                if field is None or not fits(only, task.template, task.field, field.kind):
                    continue
                bound = bound_of(field, promised[task.template])
                since = tightening.since(task.template, field.kind)
                unseen = not task.not_by and (since is None or row.at > since)
                yield Found(task, field, right, unseen, bound)

    def _fields(self) -> dict[tuple[str, str], Field]:
        found = {}
        for template_id, revision in self.room.review.store.revisions():
            try:
                template = self.room.review.template(template_id, revision)
            except ScanformError:
                continue  # its folder isn't here any more
            found.update({(template_id, field.id): field for field in template.fields})
        return found


def _as_of(task: TaskRow, until: datetime | None) -> TaskRow:
    """The task as it stood: one that was done later was open."""
    later = until is not None and task.at is not None and task.at > until
    return replace(task, open=True) if later else task


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

"""What people confirmed, from the log and the tasks: answers to learn from, and by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scanform.model.record import DECIDES, Decision, Record
from scanform.store.desk_interface import OrderRow, TaskRow
from scanform.store.interface import Selection


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person said stands in a field; ``value`` None for a blank. ``template``: the form's,
    and its revision. ``read``: what the machine had read. ``seconded``: two people said the
    same."""

    record: str
    template: tuple[str, int]
    field: str
    value: str | None
    by: str
    at: datetime
    corrected: bool
    read: str | None
    seconded: bool = False


class Books(Protocol):
    """The part of ``store.interface.Store`` that is needed here."""

    def selected(self, chosen: Selection = ..., *, readings: bool = ...) -> Iterator[Record]: ...

    def decisions(self, record_id: str) -> list[Decision]: ...


class Desk(Protocol):
    """The part of ``store.desk_interface.DeskStore`` that is needed here."""

    def orders(self, work: str) -> list[OrderRow]: ...

    def tasks(self, order: int | None = ...) -> list[TaskRow]: ...


def confirmed(books: Books, desk: Desk) -> list[Confirmed]:
    """Every answer that a person corrected, accepted, called blank, keyed or sampled; never one
    that only a machine gave, nor one that nobody could read."""
    tasks = [task for work in ("key", "sample") for task in _tasks(desk, work)]
    judged: defaultdict[tuple[str, str], list[TaskRow]] = defaultdict(list)
    for task in tasks:
        if task.done:
            judged[task.record, task.field].append(task)
    found: list[Confirmed] = []
    for record in books.selected(readings=True):
        template = (record.template, record.revision)
        log = counting(books.decisions(record.id))
        last = {each.field: each for each in log}
        for answer in record.answers:
            here = judged.get((record.id, answer.field), [])
            read = answer.reading.text if answer.reading else None
            decision = last.get(answer.field)
            if decision is not None and answer.state in ("accepted", "corrected", "blank"):
                people = {each.by for each in log if each.field == answer.field}
                people |= {task.by or "" for task in here if task.value == answer.value}
                found.append(
                    Confirmed(
                        record.id,
                        template,
                        answer.field,
                        answer.value,
                        decision.by,
                        decision.at,
                        decision.action == "correct",
                        read,
                        len(people) > 1,
                    )
                )
            elif sampled := _sampled(here, answer.value, answer.state):
                by, at = sampled.by or "", sampled.at
                if at is not None:
                    said = (answer.field, answer.value, by, at, False, read)
                    found.append(Confirmed(record.id, template, *said))
    return found


def _sampled(tasks: Iterable[TaskRow], value: str | None, state: str) -> TaskRow | None:
    """The blind sample in which somebody said what the machine had accepted."""
    wanted = "blank" if state == "blank" else "value"
    fits = (t for t in tasks if t.work == "sample" and (t.outcome, t.value) == (wanted, value))
    return next(fits, None)


def _tasks(desk: Desk, work: str) -> Iterator[TaskRow]:
    for order in desk.orders(work):
        yield from desk.tasks(order.number)


def counting(log: Sequence[Decision]) -> list[Decision]:
    """The decisions of people that were not taken back."""
    undone = {each.undoes for each in log if each.action == "undo"}
    return [each for each in log if each.action in DECIDES and each.seq not in undone]


def disagreements(desk: Desk) -> Mapping[str, tuple[int, int]]:
    """By person: how many of his answers another person judged blindly, and how many of those
    turned out wrong. Who agree were right; of a difference whoever settled it has the last word."""
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for work in ("key", "sample"):
        for order in desk.orders(work):
            by_answer: defaultdict[tuple[str, str], list[TaskRow]] = defaultdict(list)
            for task in desk.tasks(order.number):
                by_answer[task.record, task.field].append(task)
            for tasks in by_answer.values():
                for person, right in _judged(tasks):
                    found[person][0] += 1
                    found[person][1] += not right
    return {person: (seen, wrong) for person, (seen, wrong) in found.items()}


def _judged(tasks: Sequence[TaskRow]) -> Iterator[tuple[str, bool]]:
    settled = next((t for t in tasks if t.work == "settle" and t.done), None)
    if any(t.work == "settle" and t.open for t in tasks):
        return
    done = [t for t in tasks if t.work in ("key", "sample") and t.done]
    said = {(t.outcome, t.value) for t in done if t.work == "key"}
    known = settled is not None or len(said) < 2  # a third's share may have been withdrawn
    for task in done:
        if task.work == "key" and len(done) > 1 and task.by and known:
            right = settled is None or (task.outcome, task.value) == (
                settled.outcome,
                settled.value,
            )
            yield task.by, right
        if task.work == "sample" and task.not_by:
            truth = task if settled is None else settled
            yield (
                task.not_by,
                (truth.outcome, truth.value) == (task.expected_outcome, task.expected),
            )

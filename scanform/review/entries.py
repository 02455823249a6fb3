"""What becomes of what somebody keyed: agreement, a third person, a sample's verdict."""

from __future__ import annotations

from dataclasses import replace

from scanform.errors import Overtaken
from scanform.model.record import Decision
from scanform.review.claims import Outcome
from scanform.review.decide import TRIES, Said, Warned
from scanform.review.options import action_of, entry, kept_of
from scanform.review.room import Room, outcome
from scanform.store.desk_interface import ClaimRow, Doing, Kept, NewTask, OrderRow, TaskRow


def enter(
    room: Room,
    row: ClaimRow,
    said: Said,
    seconds: float,
    warnings: tuple[Warned, ...] = (),
) -> Outcome:
    """Notes an entry and does what follows from it, all or nothing: a row of the log that it was
    keyed, and where it settles the answer a second row that decides."""
    if row.task is None:
        raise ValueError("the claim is of no task")
    for left in reversed(range(TRIES)):
        version = room.review.store.record(row.record).version
        task = replace(
            room.store.task(row.task),
            by=row.by,
            at=room.now,
            outcome=_kept(said),
            value=said.value,
            seconds=round(seconds, 3),
            open=False,
        )
        try:
            return _write(room, row, task, version, warnings)
        except Overtaken:
            # Another keyer of the same answer may be done at the very same moment.
            if not left or room.review.store.record(row.record).version == version:
                raise
    raise AssertionError("not reached")


def _kept(said: Said) -> Kept:
    match said.action:
        case "blank":
            return "blank"
        case "unreadable":
            return "unreadable"
        case _:
            return "value"


def _write(
    room: Room, row: ClaimRow, task: TaskRow, version: int, warnings: tuple[Warned, ...]
) -> Outcome:
    verdict, follows = _verdict(room, task)
    key = Decision(
        row.record,
        row.field,
        "key",
        task.value,
        row.by,
        room.now,
        how=task.work,
        note="" if task.outcome == "value" else str(task.outcome),
        seconds=task.seconds,
    )
    doing = Doing((row.token,), task, follows)
    if verdict is None:
        room.store.act([key], {row.record: version}, doing)
        return Outcome(task.value, warnings)
    item = room.review.item(row.record, row.field)
    written = room.review.decide(
        item,
        verdict,
        row.by,
        write=lambda rows, versions: room.store.act([key, *rows], versions, doing)[1:],
    )
    return replace(outcome(written, task.value, warnings))


def _verdict(room: Room, task: TaskRow) -> tuple[Said | None, tuple[NewTask, ...]]:
    """What the entry decides, if it does, and what has to be asked now."""
    if task.work == "settle":
        return _settled(room, task), ()
    if task.work == "sample":
        return None, _sampled(task)
    order = next(each for each in room.store.orders("key") if each.number == task.order)
    return _keyed(room, task, order)


def _settled(room: Room, task: TaskRow) -> Said | None:
    """A third has the last word; a sample that was right after all changes nothing, nor one of an
    answer that somebody has mended since it was drawn."""
    note = f"between {task.not_by} and {task.nor_by}"
    if task.expected_outcome is None:
        return _say(task, "settled", note)
    sampled = task.expected_outcome, task.expected
    now = room.review.item(task.record, task.field).answer
    if (task.outcome, task.value) == sampled or (kept_of(now), now.value) != sampled:
        return None
    return _say(task, "sample", note)


def _sampled(task: TaskRow) -> tuple[NewTask, ...]:
    if (task.outcome, task.value) == (task.expected_outcome, task.expected):
        return ()
    return (
        NewTask(
            task.order,
            "settle",
            task.record,
            task.field,
            str(task.by),
            task.not_by,
            task.expected,
            task.expected_outcome,
        ),
    )


def _keyed(room: Room, task: TaskRow, order: OrderRow) -> tuple[Said | None, tuple[NewTask, ...]]:
    all_of_it = room.store.tasks(task.order, task.record, task.field, "key")
    others = [each for each in all_of_it if each.done and each.number != task.number]
    if len(others) + 1 < order.keyers:
        return None, ()
    if not others:
        return _say(task, "keyed", ""), ()
    if all(entry(each) == entry(task) for each in others):
        return _say(task, "keyed twice", f"with {others[0].by}"), ()
    who = str(others[0].by)
    return None, (NewTask(task.order, "settle", task.record, task.field, who, str(task.by)),)


def _say(task: TaskRow, how: str, note: str) -> Said:
    kept = task.outcome or "value"
    value = task.value if kept == "value" else None
    return Said(action_of(kept), value, how=how, note=note, seconds=task.seconds)

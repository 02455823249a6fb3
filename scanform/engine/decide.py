"""Judging again what was read: another bound on errors, without reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from scanform.errors import Overtaken
from scanform.fields.calibration import DOUBTED, again, sort_of
from scanform.fields.policy import Bound, Bounds, expected_wrong, judged
from scanform.model.record import DECIDES, Answer, Decision, Record, Standing
from scanform.model.template import Template
from scanform.review.recheck import BY_RULES
from scanform.store.interface import Selection, Store

TRIES = 8


@dataclass(slots=True)
class Judged:
    """What came of it: answers that are accepted (or blank) now and waited before, those that
    wait now, and how all answers of the machine stand."""

    records: int = 0
    accepted: int = 0
    waiting: int = 0
    unseen: int = 0
    answers: int = 0
    expected_wrong: float = 0.0


def judge_again(
    store: Store,
    template_of: Callable[[str, int], Template],
    bounds: Bounds,
    only: Sequence[str | None],
    said: tuple[str, datetime, str],
) -> Judged:
    """Holds every answer that no person decided to ``bounds``. ``only`` are template ids, or None
    for all; ``said`` is who ordered it, when, and how that is worded in the log.

    Each change is a row of the log that is no person's decision, so what stood at an earlier
    moment can still be told. A record is changed whole or not at all.
    """
    done = Judged()
    for template in only:
        # Listed first: the store must not be read at one moment while it is written to.
        ids = [each.id for each in store.selected(Selection(template), readings=False)]
        for record_id in ids:
            _judge_record(store, template_of, bounds, said, record_id, done)
    return done


def _judge_record(
    store: Store,
    template_of: Callable[[str, int], Template],
    bounds: Bounds,
    said: tuple[str, datetime, str],
    record_id: str,
    done: Judged,
) -> None:
    for left in reversed(range(TRIES)):
        record, log = store.record(record_id), store.decisions(record_id)
        template = template_of(record.template, record.revision)
        now = judged_record(record, log, template, bounds[record.template])
        rows = [_row(record, after, said) for before, after in now if before != after]
        try:
            if rows:
                store.decide_all(rows, {record.id: record.version})
        except Overtaken:
            if left:
                continue
            raise
        _count(done, now, bool(rows))
        return


def judged_record(
    record: Record, log: Sequence[Decision], template: Template, bound: Bound
) -> list[tuple[Answer, Answer]]:
    """The machine's answers of a record, before and after."""
    undone = {each.undoes for each in log if each.action == "undo"}
    # Who sent for the paper has decided, too: the machine's figure is not to be trusted there.
    people = DECIDES | {"paper"}
    standing = [each for each in log if each.seq not in undone]
    decided = {each.field for each in standing if each.action in people}
    ruled = {each.field for each in standing if each.action == "recheck" and each.by == BY_RULES}
    return [
        (answer, _judged(answer, template, bound, answer.field in ruled))
        for answer in record.answers
        if answer.field not in decided and answer.state in ("accepted", "pending", "blank")
    ]


def _judged(answer: Answer, template: Template, bound: Bound, ruled: bool) -> Answer:
    """The answer by that bound and by the calibration in use now. What the rules looked at again
    after a person's word keeps the confidence that it got then."""
    field = template.field(answer.field)
    if not ruled and sort_of(answer, field.handled_by) != DOUBTED:
        answer = again(answer, field.handled_by, template.calibration)
    return judged(answer, field, bound, template.calibration)


def _count(done: Judged, now: Sequence[tuple[Answer, Answer]], changed: bool) -> None:
    done.records += changed
    for before, after in now:
        waited, waits = before.state == "pending", after.state == "pending"
        done.accepted += waited and not waits
        done.waiting += waits and not waited
        done.unseen += not waits
        done.answers += 1
    done.expected_wrong += expected_wrong(after for _, after in now)


def _row(record: Record, answer: Answer, said: tuple[str, datetime, str]) -> Decision:
    by, at, how = said
    return Decision(
        record.id,
        answer.field,
        "recheck",
        answer.value,
        by,
        at,
        standing=Standing(answer.state, answer.confidence, answer.doubts),
        template=f"{record.template}@{record.revision}",
        readers=answer.reading.reader if answer.reading else "",
        how=how,
    )

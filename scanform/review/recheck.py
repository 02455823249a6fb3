"""What one decision means for the other answers of its record.

A rule may now be broken that held before, or hold that was broken; a commune may now be looked
for in the right district. Answers that a person decided stay: he is told, not overruled. What
changes becomes a row of the log of its own, by ``rules``, so that the record is always the fold
of its log and nobody wonders why an answer waits again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field

from scanform.fields.calibration import calibrated
from scanform.fields.interface import FieldKind
from scanform.fields.policy import Bound, judged
from scanform.fields.rules import DOUBTED
from scanform.model.record import DECIDES, TO_KEY, Answer, Decision, Doubt, Record, Standing
from scanform.model.template import Field, Template

BY_RULES = "rules"

Check = Callable[[Template, Sequence[Answer]], tuple[Answer, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """A record before and after a decision about ``field``; ``as_read`` before any, and ``log``
    with the decision at its end. ``bound`` is that on what is accepted without a look."""

    template: Template
    field: str
    as_read: Record
    before: Record
    after: Record
    log: Sequence[Decision]
    bound: Bound = dataclass_field(default_factory=Bound)


def counting(log: Iterable[Decision]) -> list[Decision]:
    """The decisions of people that were not taken back."""
    rows = list(log)
    undone = {each.undoes for each in rows if each.action == "undo"}
    return [each for each in rows if each.action in DECIDES and each.seq not in undone]


def unjudged(answer: Answer) -> Answer:
    """The answer as if nobody had doubted or decided it, so that the rules judge it anew."""
    state = answer.state if answer.value is None else "accepted"
    return replace(answer, doubts=(), state=state, confidence=1.0)


def ruled(check: Check, template: Template, record: Record) -> dict[str, tuple[Doubt, ...]]:
    """The doubts that the rules have about each answer, whoever gave it."""
    judged = check(template, [unjudged(answer) for answer in record.answers])
    return {answer.field: answer.doubts for answer in judged}


def dependents(template: Template, field: str) -> list[Field]:
    """The fields that a rule joins with ``field``, or that lie within it, in the form's order."""
    joined = {field}
    for rule in template.rules:
        if field in rule.fields.values():
            joined |= set(rule.fields.values())
    return [
        each
        for each in template.fields
        if each.id != field and (each.id in joined or field in each.within)
    ]


def rechecked(change: Change, kinds: Mapping[str, FieldKind], check: Check) -> list[Decision]:
    """The rows that follow from the decision, in the form's order."""
    said = change.log[-1]
    fields = dependents(change.template, change.field)
    if said.action == "undo":
        fields.append(change.template.field(change.field))
    decided = {each.field for each in counting(change.log)}
    standing = {answer.field: answer for answer in change.after.answers}
    known = _Rules(
        ruled(check, change.template, change.as_read),
        ruled(check, change.template, change.before),
        ruled(check, change.template, change.after),
    )
    rows = []
    for field in fields:
        now = standing.get(field.id)
        if now is None or field.id in decided or TO_KEY in now.doubts or now.reading is None:
            continue
        answer = _again(change, field, kinds[field.handled_by], known)
        if answer is not None and not _same(answer, now):
            rows.append(_row(said, answer, change.template))
    return rows


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules' doubts about each answer: as read, before and after the decision."""

    read: Mapping[str, tuple[Doubt, ...]]
    before: Mapping[str, tuple[Doubt, ...]]
    after: Mapping[str, tuple[Doubt, ...]]


def _again(change: Change, field: Field, kind: FieldKind, known: _Rules) -> Answer | None:
    """The answer as it would be read now; None where nothing that bears on it has changed."""
    raw, now = change.as_read.answer(field.id), change.after.answer(field.id)
    if raw.reading is None:
        return None
    then, base = (
        calibrated(
            kind.answer(field, raw.reading, _others(record, field)),
            kind.name,
            change.template.calibration,
        )
        for record in (change.as_read, change.after)
    )
    ruled_now = known.after[field.id]
    if change.field in field.within and base != then:
        # Doubts that neither the kind nor a rule has, such as a page that lies badly, stay.
        extra = [d for d in raw.doubts if d not in then.doubts and d not in known.read[field.id]]
        base = replace(base, doubts=(*base.doubts, *extra))
    else:
        rules = {*known.read[field.id], *known.before[field.id], *ruled_now}
        if {d for d in now.doubts if d in rules} == set(ruled_now):
            return None
        # What the reader was sure of before a rule objected, where the kind still says so.
        objected = known.read[field.id] and then.value == raw.value
        left = tuple(d for d in raw.doubts if d not in known.read[field.id])
        sure = then.confidence if objected else raw.confidence
        base = replace(raw, doubts=left, confidence=sure)
    ours = [each for each in base.doubts if each.code != "low_confidence"]
    doubts = tuple(dict.fromkeys((*ours, *ruled_now)))
    at_first = {each for each in raw.doubts if each.code != "low_confidence"}
    if base.value == raw.value and set(doubts) == at_first:
        return raw  # all is as it was when it was read
    confidence = min(base.confidence, DOUBTED) if ruled_now else base.confidence
    again = replace(base, doubts=doubts, confidence=confidence, state="pending")
    return judged(again, field, change.bound, change.template.calibration)


def _others(record: Record, field: Field) -> dict[str, Answer]:
    return {answer.field: answer for answer in record.answers if answer.field in field.within}


def _same(one: Answer, other: Answer) -> bool:
    return (one.value, one.state, one.doubts) == (other.value, other.state, other.doubts)


def _row(said: Decision, answer: Answer, template: Template) -> Decision:
    return Decision(
        said.record,
        answer.field,
        "recheck",
        answer.value,
        BY_RULES,
        said.at,
        standing=Standing(answer.state, answer.confidence, answer.doubts),
        template=template.ref,
        readers=answer.reading.reader if answer.reading else "",
        how=f"after {said.field}",
        lot=said.lot,
    )

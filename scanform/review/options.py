"""What one key offers for an answer, and how an answer is said in a word."""

from __future__ import annotations

from typing import Literal

from scanform.fields.place import NEAR, level_of
from scanform.lexicon import lists, places
from scanform.model.record import Answer
from scanform.model.template import Field
from scanform.review.claims import Option
from scanform.review.decide import nothing_read
from scanform.store.desk_interface import Kept, TaskRow

MOST = 9
"""Keys 1 to 9."""


def offered(field: Field, answer: Answer) -> tuple[Option, ...]:
    """What was read, then the reader's other readings, then the boxes of a choice; no value
    twice, the best first."""
    found: dict[str | None, Option] = {}
    if not nothing_read(answer):
        kept: Kept = "value" if answer.value is not None else "blank"
        found[answer.value] = Option(answer.value, "read", round(answer.confidence, 4), kept)
    reading = answer.reading
    for each in reading.alternatives if reading else ():
        if each.text:
            value = _listed(field, each.text)
            found.setdefault(value, Option(value, "alternative", each.score))
    for option in field.options:
        found.setdefault(option.value, Option(option.value, "option"))
    if field.kind == "presence":
        for value in ("present", "absent"):
            found.setdefault(value, Option(value, "option"))
    return tuple(found.values())[:MOST]


def _listed(field: Field, text: str) -> str:
    """The entry of the field's list that the text is nearest to, else the text: what a list has is
    offered before letters that a reader made up (match before repair)."""
    if field.kind == "closed" and field.lexicon in lists.VINTAGES:
        match = lists.forms(field.lexicon).match(text, NEAR)
    else:
        level = level_of(field) if field.kind == "place" else None
        match = places.match(text, level, least=NEAR) if level is not None else None
    return match.value if match is not None else text


def typed(entries: list[tuple[Kept, str | None]]) -> tuple[Option, ...]:
    """What people typed, in an order that doesn't tell who typed what."""
    words = sorted(set(entries), key=lambda entry: (entry[0] != "value", entry[0], entry[1] or ""))
    return tuple(Option(value, "typed", outcome=kept) for kept, value in words)


def entry(task: TaskRow) -> tuple[Kept, str | None]:
    """What somebody typed; of one that isn't done a blank."""
    return task.outcome or "blank", task.value


def kept_of(answer: Answer) -> Kept:
    if answer.state == "unreadable":
        return "unreadable"
    return "blank" if answer.value is None else "value"


def action_of(kept: Kept) -> Literal["correct", "blank", "unreadable"]:
    return "correct" if kept == "value" else kept

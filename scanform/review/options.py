"""What one key offers for an answer, and how an answer is said in a word."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from scanform.fields.place import NEAR, units_of
from scanform.lexicon import lists, places
from scanform.lexicon.entry import Match
from scanform.lexicon.places import LEVELS, Level
from scanform.model.record import Answer, Doubt, Record
from scanform.model.template import Field
from scanform.review.claims import Option
from scanform.review.decide import nothing_read
from scanform.store.desk_interface import Kept, TaskRow

MOST = 9
"""Keys 1 to 9."""
LIKE, ALONE = 0.5, 1.0
"""How like an entry of its list a text must be (0..1), and how much nearer than the next one (in
letters), to be offered that entry first. Nothing is accepted by it: a person looks."""


def offered(field: Field, record: Record) -> tuple[Option, ...]:
    """What was read, then the reader's other readings, then the boxes of a choice; no value
    twice, the best first. Where what was read is in no list and one entry alone is like it, that
    entry comes before what was read (match before repair)."""
    answer = record.answer(field.id)
    codes = _units(field, record)
    found: dict[str | None, Option] = {}
    if not nothing_read(answer):
        if Doubt("not_in_list") in answer.doubts and answer.value is not None:
            entry = _listed(field.kind, field.lexicon, codes, answer.value, LIKE, ALONE)
            if entry is not None:
                found[entry] = Option(entry, "match")
        kept: Kept = "value" if answer.value is not None else "blank"
        found[answer.value] = Option(answer.value, "read", round(answer.confidence, 4), kept)
    reading = answer.reading
    for each in reading.alternatives if reading else ():
        if each.text:
            value = _listed(field.kind, field.lexicon, codes, each.text, NEAR, 0.0) or each.text
            found.setdefault(value, Option(value, "alternative", each.score))
    for option in field.options:
        found.setdefault(option.value, Option(option.value, "option"))
    if field.kind == "presence":
        for value in ("present", "absent"):
            found.setdefault(value, Option(value, "option"))
    return tuple(found.values())[:MOST]


def _units(field: Field, record: Record) -> frozenset[str]:
    inside = [(each.field, each.value) for each in record.answers if each.field in field.within]
    return _units_of(field, tuple(inside)) if inside else frozenset()


@lru_cache(maxsize=512)
def _units_of(field: Field, named: tuple[tuple[str, str | None], ...]) -> frozenset[str]:
    """The same commune is asked for again and again, and a name that is in no list takes long to
    be sure of. Kept are names of places alone."""
    return units_of(field, {name: Answer(name, value, 1.0, "accepted") for name, value in named})


@lru_cache(maxsize=4096)
def _listed(
    kind: str, lexicon: str | None, codes: frozenset[str], text: str, least: float, margin: float
) -> str | None:
    """The entry of the field's list that the text is nearest to, if it is at least so like it and
    so much more than any other: what a list has is offered before letters that a reader made
    up."""
    match: Match | None = None
    if kind == "closed" and lexicon in lists.VINTAGES:
        match = lists.forms(lexicon).match(text, least)
    elif kind == "place" and lexicon in LEVELS:
        match = places.match(text, _level(lexicon), codes, least)
    if match is None or (not match.exact and match.margin < margin):
        return None
    return match.value


def _level(lexicon: str | None) -> Level:
    return next(level for level in LEVELS if level == lexicon)


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

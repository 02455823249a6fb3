"""Text from a closed list: ethnic group, religion, relation, nationality."""

from __future__ import annotations

from collections.abc import Mapping

from scanform.fields import doubt
from scanform.fields.confidence import chance
from scanform.fields.interface import InvalidValue, ReaderName
from scanform.fields.text import clean, decoded, disagreement, features, no_parts, odd_characters
from scanform.fields.wording import NOTHING_TYPED
from scanform.lexicon import lists
from scanform.lexicon.entry import Match
from scanform.lexicon.spelling import spelled_as, tidy
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt
from scanform.model.template import Field

NEAR = 0.72
"""Below this similarity a text is taken as it was read."""


def match_features(found: Match | None) -> dict[str, float]:
    """How well a text fits its list."""
    if found is None:
        return {"unlisted": 1.0}
    return {
        "exact": 1.0 if found.exact else 0.0,
        "distance": min(found.distance, 4.0),
        "rivals": max(0.0, 0.75 - found.margin) if not found.exact else 0.0,
    }


def match_doubts(found: Match | None) -> list[Doubt]:
    """What is doubted about a match: a mark or two may be misread, a letter is a reason to look."""
    if found is None:
        return [Doubt("not_in_list")]
    doubts = []
    if found.distance > 0.75:
        doubts.append(Doubt("near_in_list"))
    if not found.exact and found.margin < 0.25:
        doubts.append(Doubt("several_in_list"))
    return doubts


class Closed:
    """An entry of ``field.lexicon`` in the form that was written, or what was read, doubted."""

    name = "closed"
    reader: ReaderName = "text"

    def mistakes(self, field: Field) -> list[tuple[str, str]]:
        found = no_parts(field)
        if field.lexicon not in lists.VINTAGES:
            known = ", ".join(sorted(lists.VINTAGES))
            found.append((f"no closed list {field.lexicon!r}", f"lexicon: one of {known}"))
        return found

    def answer(self, field: Field, reading: Reading, others: Mapping[str, Answer]) -> Answer:
        del others
        if reading.outcome == "blank":
            return doubt.blank(field, reading)
        read = decoded(reading)
        text = clean(clean(read.text).strip("."))
        if reading.outcome == "read" and not any(c.isalnum() for c in text):
            return doubt.stray(field, reading)
        if reading.outcome == "unreadable" or not text:
            return doubt.unreadable(field, reading)
        listed = lists.forms(str(field.lexicon))
        found = listed.match(text, NEAR)
        if text != (plain := clean(clean(reading.text or "").strip("."))):
            # How common a word is elsewhere says nothing against an entry read as it stands.
            as_read = listed.match(plain, NEAR)
            if as_read is not None and as_read.exact:
                text, found = plain, as_read
        value = found.value if found else text
        doubts = match_doubts(found)
        if found is None and (odd := odd_characters(text)):
            doubts.append(Doubt("odd_characters", odd))
        figures = features(reading, value, read) | match_features(found)
        confidence = chance("listed", figures)
        doubts += disagreement(reading, confidence)
        return doubt.read(field, value, confidence, reading, tuple(doubts))

    def typed(self, field: Field, text: str) -> str:
        value = tidy(text)
        if not value:
            raise InvalidValue(NOTHING_TYPED)
        found = lists.forms(str(field.lexicon)).match(value, 0.99)
        return spelled_as(value, found.form, keep_case=False) if found and found.exact else value

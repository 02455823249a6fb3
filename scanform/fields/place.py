"""Places: one unit, or a whole address."""

from __future__ import annotations

from collections.abc import Mapping

from scanform.fields import doubt
from scanform.fields.closed import match_doubts, match_features
from scanform.fields.confidence import chance
from scanform.fields.decode import Decoded
from scanform.fields.interface import InvalidValue, ReaderName
from scanform.fields.text import clean, decoded, disagreement, features, no_parts, odd_characters
from scanform.fields.wording import NOTHING_TYPED
from scanform.lexicon import address, places
from scanform.lexicon.entry import Match
from scanform.lexicon.places import LEVELS, Level
from scanform.lexicon.spelling import spelled_as, tidy
from scanform.lexicon.syllables import word_shape
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt
from scanform.model.template import Field

ADDRESS = "address"
NEAR = 0.72


def units_of(field: Field, others: Mapping[str, Answer]) -> frozenset[str]:
    """Codes of the units that the fields in ``field.within`` name, the smallest ones known."""
    codes: frozenset[str] = frozenset()
    level = 0
    for field_id in field.within:
        answer = others.get(field_id)
        if answer is None or answer.value is None:
            continue
        for at in range(level, len(LEVELS)):
            found = places.match(answer.value, LEVELS[at], codes, 0.9)
            if found is not None and found.exact:
                inside = [
                    each for each in found.entries if not codes or places.lies_in(each, codes)
                ]
                codes = frozenset(each.code for each in inside or found.entries)
                level = at + 1
                break
    return codes


def level_of(field: Field) -> Level | None:
    """The level of a field of one unit; None for an address."""
    for level in LEVELS:
        if field.lexicon == level:
            return level
    return None


class Place:
    """A place in the form that was written: "Xã Thạnh Hải" keeps its unit word.

    ``field.lexicon`` is ``province``, ``district``, ``commune`` or ``address``.
    """

    name = "place"
    reader: ReaderName = "text"

    def mistakes(self, field: Field) -> list[tuple[str, str]]:
        found = no_parts(field)
        if field.lexicon not in (*LEVELS, ADDRESS, None):
            known = ", ".join((*LEVELS, ADDRESS))
            found.append((f"no sort of place {field.lexicon!r}", f"lexicon: one of {known}"))
        return found

    def answer(self, field: Field, reading: Reading, others: Mapping[str, Answer]) -> Answer:
        if reading.outcome == "blank":
            return doubt.blank(field, reading)
        read = decoded(reading)
        text = clean(read.text)
        if reading.outcome == "read" and not any(c.isalnum() for c in text):
            return doubt.stray(field, reading)
        if reading.outcome == "unreadable" or not text:
            return doubt.unreadable(field, reading)
        codes = units_of(field, others)
        level = level_of(field)
        if level is None:
            return _address(field, reading, read, text)
        return _unit(field, reading, read, text, level, codes)

    def typed(self, field: Field, text: str) -> str:
        value = tidy(text)
        if not value:
            raise InvalidValue(NOTHING_TYPED)
        level = level_of(field)
        if level is None:
            return value
        found = places.match(value, level, least=0.99)
        return spelled_as(value, found.form, keep_case=False) if found and found.exact else value


def _unit(
    field: Field, reading: Reading, read: Decoded, text: str, level: Level, codes: frozenset[str]
) -> Answer:
    found = places.match(text, level, codes, NEAR)
    if text != (plain := clean(reading.text or "")):
        as_read = places.match(plain, level, codes, NEAR)
        if as_read is not None and as_read.exact and not (found and found.exact):
            text, found = plain, as_read
    value = found.value if found else text
    doubts = match_doubts(found)
    if found and codes and not any(places.lies_in(each, codes) for each in found.entries):
        doubts.append(Doubt("place_disagrees", field.within[-1]))
    figures = features(reading, value, read) | match_features(found)
    confidence = chance("listed", figures)
    doubts += disagreement(reading, confidence)
    return doubt.read(field, value, confidence, reading, tuple(doubts))


def _address(field: Field, reading: Reading, read: Decoded, text: str) -> Answer:
    """An address may lie anywhere, whatever the header says: people move."""
    found = address.parse(text)
    value = found.value
    doubts: list[Doubt] = []
    for match in found.places:
        doubts += match_doubts(match)
    if odd := odd_characters(value):
        doubts.append(Doubt("odd_characters", odd))
    figures = features(reading, value, read) | _address_features(found.places, found.open_text)
    confidence = chance("open", figures)
    doubts += disagreement(reading, confidence)
    return doubt.read(field, value, confidence, reading, tuple(dict.fromkeys(doubts)))


def _address_features(found: tuple[Match, ...], open_text: str) -> dict[str, float]:
    """The worst of the places, and how much no list knows."""
    each = [match_features(match) for match in found]
    return {
        "distance": sum(figures.get("distance", 0.0) for figures in each),
        "rivals": max((figures.get("rivals", 0.0) for figures in each), default=0.0),
        "unlisted": 0.0 if found else 1.0,
        "open_words": float(len(open_text.split())),
        "open_misshapen": 1.0 - word_shape(open_text) if open_text else 0.0,
    }

"""Names in block capitals."""

from __future__ import annotations

from collections.abc import Mapping

from scanform.fields import doubt
from scanform.fields.confidence import chance
from scanform.fields.decode import decode
from scanform.fields.interface import InvalidValue, ReaderName
from scanform.fields.text import clean, disagreement, features, no_parts, odd_characters
from scanform.lexicon import names
from scanform.lexicon.spelling import tidy
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt
from scanform.model.template import Field
from scanform.phrase import Phrase

_NO_NAME = Phrase(
    "Hãy nhập tên, hoặc ghi là để trống.", "Type the name, or mark the field as blank."
)


class Capitals:
    """A text written in block capitals, as a name is; the value is in upper case."""

    name = "capitals"
    reader: ReaderName = "text"

    def mistakes(self, field: Field) -> list[tuple[str, str]]:
        return no_parts(field)

    def answer(self, field: Field, reading: Reading, others: Mapping[str, Answer]) -> Answer:
        del others
        if reading.outcome == "blank":
            return doubt.blank(field, reading)
        found = decode(reading, _prior, more=_rivals)
        text = clean(clean(found.text).strip("."))
        if reading.outcome == "read" and not any(c.isalnum() for c in text):
            return doubt.stray(field, reading)
        if reading.outcome == "unreadable" or not any(c.isalpha() for c in text):
            return doubt.unreadable(field, reading)
        value = text.upper()
        doubts = []
        odd = odd_characters(value) + "".join(c for c in value if c.isdigit())
        if odd:
            doubts.append(Doubt("odd_characters", odd))
        letters = [c for c in text if c.isalpha()]
        if sum(c.islower() for c in letters) > len(letters) / 2:
            doubts.append(Doubt("not_capitals"))
        commoner = names.far_commoner(value)
        if commoner is not None:
            doubts.append(Doubt("rare_name", commoner))
        figures = features(reading, value, found) | {"unknown": 1.0 - names.known_share(value)}
        confidence = chance("name", figures)
        doubts += disagreement(reading, confidence)
        return doubt.read(field, value, confidence, reading, tuple(doubts))

    def typed(self, field: Field, text: str) -> str:
        del field
        value = tidy(text).upper()
        if not value:
            raise InvalidValue(_NO_NAME)
        return value


def _rivals(word: str, at: int, count: int) -> list[str]:
    del count
    return names.surnames_like(word.strip(",.;:")) if at == 0 else []


def _prior(word: str, at: int, count: int) -> float:
    """How common a word of a name is at its place."""
    return names.log_chance(word.strip(",.;:"), names.places_of(count)[at])

"""Free text on a line: a street, a hamlet, a remark."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from scanform.fields import doubt
from scanform.fields.confidence import chance, logit
from scanform.fields.decode import Decoded, decode
from scanform.fields.interface import InvalidValue, ReaderName
from scanform.fields.wording import NOTHING_TYPED
from scanform.lexicon import syllables
from scanform.lexicon.spelling import tidy
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt
from scanform.model.template import HAMLETS, Field

_FINE_MARKS = frozenset(" ,.;:/()'\"-+&%@")
PRIOR_WEIGHT = 0.5
"""Open text holds words that no list has: the lists count half."""
_EDGES = " .,;:_|~-'\"`"
_LIKE_DIGITS = str.maketrans("IlO|", "1101")


_NUMBERED = re.compile(
    r"(?<!\w)(số|ấp|tổ|đội|khu|khóm|thôn|xóm|phường|quận|đường|hẻm|ngõ|ngách|lô)(?=\d)",
    re.IGNORECASE,
)
"""Words that a number follows, with a space that is often too narrow to be seen."""


def clean(text: str) -> str:
    """The text in NFC with single spaces, without stray marks at its ends."""
    text = re.sub(r"(?<!\S)[\dIlO|]*\d[\dIlO|]*(?![^\s,.;])", _as_number, tidy(text))
    text = re.sub(r"(?<=\d) [Il|](?=[\s,.;]|$)", "1", text)  # a 1 with much white before it
    text = re.sub(r"\(@", "@", text)  # an @ is often read with a bracket before it
    text = re.sub(r",(?=[^\W\d_])", ", ", text)  # people squeeze what follows a comma
    text = _NUMBERED.sub(r"\1 ", text)
    return text.strip(_EDGES)


def _as_number(found: re.Match[str]) -> str:
    """Letters that look like digits, among digits."""
    return found[0].translate(_LIKE_DIGITS)


def odd_characters(text: str) -> str:
    """Characters that no Vietnamese text has: what a reader makes of a stamp or a line."""
    return "".join(
        c
        for c in text
        if not (c in _FINE_MARKS or c.isdigit() or unicodedata.category(c) in ("Lu", "Ll"))
    )


def decoded(reading: Reading) -> Decoded:
    """The text with marks chosen by how common each syllable is."""
    return decode(reading, _prior, PRIOR_WEIGHT)


def _prior(word: str, at: int, count: int) -> float:
    """How common a syllable is, wherever it stands."""
    del at, count
    return syllables.log_chance(word)


def features(reading: Reading, value: str, found: Decoded) -> dict[str, float]:
    """What tells how well a line was read, whatever it says."""
    words = value.split()
    two = reading.measures.get("readers", 1.0) > 1
    agree = reading.measures.get("agree", 0.0)
    return {
        "agree": agree if two else 0.0,
        "disagree": 1.0 - agree if two else 0.0,
        "readers_margin": reading.measures.get("readers_margin", 0.0) if two else 0.0,
        "fit": reading.measures.get("fit", 0.0),
        "overruled": min(4.0, reading.measures.get("overruled", 0.0)),
        "not_first": 1.0 - reading.measures.get("own", 1.0),
        "odds": found.odds,
        "changed": float(found.changed),
        "worst_character": logit(reading.measures.get("worst_character", reading.score)),
        "worst": logit(reading.score),
        "mean": logit(reading.measures.get("mean", reading.score)),
        "misshapen": 1.0 - syllables.word_shape(value),
        "words": float(len(words)),
        "short": 1.0 if len(value) < 3 else 0.0,
        "unsure_dots": reading.measures.get("unsure_dots", 0.0),
        "has_digits": 1.0 if re.search(r"\d", value) else 0.0,
    }


DISAGREE_BELOW = 0.8
"""A disagreement of the readers that leaves a value surer than this is settled by its evidence."""


OVERRULED = 0.75
"""Letters that a lexicon may change in what the readers saw (a wrong mark counts a quarter)."""


def disagreement(reading: Reading, confidence: float) -> tuple[Doubt, ...]:
    """The doubt that two readers differ and nothing else decides between them, that one of them
    saw no writing at all, or that what is known of the field decided against what they saw."""
    if reading.measures.get("overruled", 0.0) > OVERRULED:
        return (Doubt("near_known"),)
    # A stamp or a crossed-out corner is text to one reader and nothing to the other.
    if len(reading.said) > 1 and not all(each.text.strip() for each in reading.said):
        return (Doubt("readers_disagree"),)
    differ = reading.measures.get("readers", 1.0) > 1 and not reading.measures.get("agree", 0.0)
    return (Doubt("readers_disagree"),) if differ and confidence < DISAGREE_BELOW else ()


class Text:
    """Any text; nothing is corrected."""

    name = "text"
    reader: ReaderName = "text"

    def mistakes(self, field: Field) -> list[tuple[str, str]]:
        found = no_parts(field)
        if field.lexicon is not None:
            advice = f"lexicon: {HAMLETS}, or leave it out, or use kind closed"
            found.append((f"a text field has no list {field.lexicon!r}", advice))
        return found

    def answer(self, field: Field, reading: Reading, others: Mapping[str, Answer]) -> Answer:
        del others
        if reading.outcome == "blank":
            return doubt.blank(field, reading)
        found = decoded(reading)
        value = clean(found.text)
        if reading.outcome == "read" and not any(c.isalnum() for c in value):
            return doubt.stray(field, reading)
        if reading.outcome == "unreadable" or not value:
            return doubt.unreadable(field, reading)
        odd = odd_characters(value)
        doubts: tuple[Doubt, ...] = (Doubt("odd_characters", odd),) if odd else ()
        confidence = chance("open", features(reading, value, found))
        doubts += disagreement(reading, confidence)
        return doubt.read(field, value, confidence, reading, doubts)

    def typed(self, field: Field, text: str) -> str:
        del field
        value = tidy(text)
        if not value:
            raise InvalidValue(NOTHING_TYPED)
        return value


def no_parts(field: Field) -> list[tuple[str, str]]:
    """Mistakes of a line of writing that was given cells or options."""
    found = []
    if field.cells:
        found.append((f"a {field.kind} field has no cells", "remove `cells`, or use kind digits"))
    if field.options:
        found.append((f"a {field.kind} field has no options", "remove `options`, or kind choice"))
    return found

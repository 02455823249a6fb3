"""Numbers: a comb of one-digit cells, or digits on a line. A number is text, never a number."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from scanform.fields import doubt
from scanform.fields.confidence import chance, logit
from scanform.fields.interface import InvalidValue, ReaderName
from scanform.fields.wording import either
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt
from scanform.model.template import Field
from scanform.phrase import Phrase

_DIGITS_ONLY = Phrase("Chỉ nhập chữ số.", "Type digits only.")
_LENGTH = Phrase(
    "Số có {count} chữ số; đúng ra phải có {wanted}.",
    "The number has {count} digits; it should have {wanted}.",
)


def features(reading: Reading) -> dict[str, float]:
    """What tells how well digits were read."""
    scores = [cell.score for cell in reading.cells if cell.text] or [reading.score]
    return {
        "worst": logit(min(scores)),
        "all": logit(math.prod(scores)),
        "mean": logit(sum(scores) / len(scores)),
        "words": float(len(scores)),
        "looked_twice": min(3.0, reading.measures.get("looked_twice", 0.0)),
        "line": 0.0 if reading.cells else 1.0,
    }


def has_gap(reading: Reading) -> bool:
    """Whether an empty cell lies between written ones."""
    written = "".join("x" if cell.text else " " for cell in reading.cells).strip()
    return " " in written


class Digits:
    """Digits only. ``field.lengths`` says how many a whole number may have."""

    name = "digits"
    reader: ReaderName = "digits"

    def mistakes(self, field: Field) -> list[tuple[str, str]]:
        found = []
        if field.options:
            found.append(("a digits field has no options", "remove `options`, or use kind choice"))
        if any(length < 1 for length in field.lengths):
            found.append(("a number has at least one digit", "write positive `lengths`"))
        if field.cells and field.lengths and max(field.lengths) > len(field.cells):
            found.append(
                (
                    f"{max(field.lengths)} digits don't fit into {len(field.cells)} cells",
                    "add cells or correct `lengths`",
                )
            )
        return found

    def answer(self, field: Field, reading: Reading, others: Mapping[str, Answer]) -> Answer:
        del others
        if reading.outcome == "blank":
            return doubt.blank(field, reading)
        value = "".join(c for c in reading.text or "" if c.isdecimal() and c.isascii())
        if reading.outcome == "unreadable" or not value:
            return doubt.unreadable(field, reading)
        doubts = []
        if field.lengths and len(value) not in field.lengths:
            doubts.append(Doubt("wrong_length", str(len(value))))
        if has_gap(reading):
            doubts.append(Doubt("gap_in_digits"))
        confidence = chance("digits", features(reading))
        return doubt.read(field, value, confidence, reading, tuple(doubts))

    def typed(self, field: Field, text: str) -> str:
        value = re.sub(r"[\s.\-]", "", text)
        if not re.fullmatch(r"[0-9]+", value):
            raise InvalidValue(_DIGITS_ONLY)
        if field.lengths and len(value) not in field.lengths:
            raise InvalidValue(_LENGTH.of(count=str(len(value)), wanted=either(field.lengths)))
        return value

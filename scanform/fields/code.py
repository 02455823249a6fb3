"""Codes: what a printed or stuck-on QR or bar code says."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from scanform.fields import doubt
from scanform.fields.interface import InvalidValue, ReaderName
from scanform.fields.wording import either
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt
from scanform.model.template import Field
from scanform.phrase import Phrase

_NOTHING_TYPED = Phrase("Hãy nhập nội dung của mã.", "Type what the code says.")
_LENGTH = Phrase(
    "Mã có {count} ký tự; đúng ra phải có {wanted}.",
    "The code has {count} characters; it should have {wanted}.",
)


class Code:
    """The code's text. ``field.lengths`` says how many characters a whole one may have."""

    name = "code"
    reader: ReaderName = "codes"

    def mistakes(self, field: Field) -> list[tuple[str, str]]:
        if field.cells or field.options:
            return [("a code field has neither cells nor options", "give it a `box`")]
        return []

    def answer(self, field: Field, reading: Reading, others: Mapping[str, Answer]) -> Answer:
        del others
        if reading.outcome == "blank":
            return doubt.blank(field, reading)
        if reading.outcome == "unreadable" or not reading.text:
            return doubt.unreadable(field, reading)
        doubts = []
        if field.lengths and len(reading.text) not in field.lengths:
            doubts.append(Doubt("wrong_code_length", str(len(reading.text))))
        if reading.measures.get("codes", 1.0) > 1:
            doubts.append(Doubt("several_codes", str(int(reading.measures["codes"]))))
        return doubt.read(field, reading.text, reading.score, reading, tuple(doubts))

    def typed(self, field: Field, text: str) -> str:
        value = " ".join(unicodedata.normalize("NFC", text).split())
        if not value:
            raise InvalidValue(_NOTHING_TYPED)
        if field.lengths and len(value) not in field.lengths:
            raise InvalidValue(_LENGTH.of(count=str(len(value)), wanted=either(field.lengths)))
        return value

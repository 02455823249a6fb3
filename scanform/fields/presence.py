"""Whether something is there: a signature, a stamp."""

from __future__ import annotations

from collections.abc import Mapping

from scanform.fields import doubt
from scanform.fields.interface import InvalidValue, ReaderName
from scanform.model.reading import Reading
from scanform.model.record import Answer
from scanform.model.template import Field
from scanform.phrase import Phrase

_EITHER = Phrase("Hãy nhập present (có) hoặc absent (không).", "Type present or absent.")

VALUES = ("present", "absent")


class Presence:
    """``present`` or ``absent``. Absent is an answer, not a blank."""

    name = "presence"
    reader: ReaderName = "presence"

    def mistakes(self, field: Field) -> list[tuple[str, str]]:
        if field.cells or field.options:
            return [("a presence field has neither cells nor options", "remove them")]
        return []

    def answer(self, field: Field, reading: Reading, others: Mapping[str, Answer]) -> Answer:
        del others
        if reading.outcome == "blank":
            return doubt.read(field, "absent", reading.score, reading)
        if reading.outcome == "unreadable" or reading.text not in VALUES:
            return doubt.unreadable(field, reading)
        return doubt.read(field, reading.text, reading.score, reading)

    def typed(self, field: Field, text: str) -> str:
        del field
        value = text.strip().lower()
        if value not in VALUES:
            raise InvalidValue(_EITHER)
        return value

"""Tick boxes."""

from __future__ import annotations

from collections.abc import Mapping

from scanform.fields import doubt
from scanform.fields.interface import InvalidValue, ReaderName
from scanform.lexicon.spelling import key
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt
from scanform.model.template import Field
from scanform.phrase import Phrase

_ONE_OF = Phrase("Hãy nhập một trong: {values}.", "Type one of: {values}.")


class Choice:
    """One of the options of a question; the value is the option's."""

    name = "choice"
    reader: ReaderName = "marks"

    def mistakes(self, field: Field) -> list[tuple[str, str]]:
        found = []
        if not field.options:
            found.append(("a choice has no options", "add `options` with a value and a box each"))
        values = [option.value for option in field.options]
        found += [
            (f"the option {value!r} is there twice", "give every option its own value")
            for value in dict.fromkeys(values)
            if values.count(value) > 1
        ]
        if field.cells:
            found.append(("a choice has no cells", "remove `cells`"))
        return found

    def answer(self, field: Field, reading: Reading, others: Mapping[str, Answer]) -> Answer:
        del others
        if reading.outcome == "blank":
            return doubt.blank(field, reading)
        values = [option.value for option in field.options]
        if reading.outcome == "unreadable" or reading.text not in values:
            return doubt.unreadable(field, reading)
        doubts = []
        if reading.measures.get("marked", 1.0) > 1:
            doubts.append(Doubt("several_marked"))
        if reading.measures.get("corrected", 0.0) > 0:
            doubts.append(Doubt("corrected_mark"))
        if reading.measures.get("faint", 0.0) > 0:
            doubts.append(Doubt("faint"))
        return doubt.read(field, reading.text, reading.score, reading, tuple(doubts))

    def typed(self, field: Field, text: str) -> str:
        for option in field.options:
            if key(option.value) == key(text):
                return option.value
        known = ", ".join(option.value for option in field.options)
        raise InvalidValue(_ONE_OF.of(values=known))

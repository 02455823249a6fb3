"""What a field kind is: how a reading becomes an answer, and what is doubted about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from scanform.model.reading import Reading
from scanform.model.record import Answer
from scanform.model.template import Field
from scanform.phrase import Words, say

ReaderName = Literal["text", "digits", "marks", "presence", "codes"]
"""The sort of reader that a kind is read with; ``recognise`` says which reader that is."""


class InvalidValue(ValueError):
    """A typed value that can't be an answer of this kind. ``words`` say what would do; as
    text it is English."""

    def __init__(self, words: Words) -> None:
        super().__init__(say(words, "en"))
        self.words = words


class FieldKind(Protocol):
    """One kind of field. Kinds hold no state; ``FIELD_KINDS`` has one of each."""

    name: str
    reader: ReaderName

    def mistakes(self, field: Field) -> list[tuple[str, str]]:
        """What is wrong with this field's definition: pairs of problem and advice."""
        ...

    def answer(self, field: Field, reading: Reading, others: Mapping[str, Answer]) -> Answer:
        """The answer that a reading gives. ``others`` holds the answers of the fields that this
        one lies within (``field.within``), so a commune is looked for in its district."""
        ...

    def typed(self, field: Field, text: str) -> str:
        """The value of a text that a person typed; raises ``InvalidValue``."""
        ...

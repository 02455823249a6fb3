"""Hamlets: a unit's word with a number or a name, below the commune."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scanform.fields import doubt
from scanform.fields.closed import match_doubts
from scanform.fields.interface import ReaderName
from scanform.fields.text import Text, no_parts
from scanform.lexicon import hamlets
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt
from scanform.model.template import Field

NEAR = 0.72
"""Below this similarity a text is taken as it was read."""
A_LETTER = 1.0
"""Entries that are nearer to each other than this differ in marks alone."""
LISTED, RIVALS = "listed", "mark_rivals"
"""Measures: whether a list has the value as it was read; names in it that differ in marks alone."""


class Hamlet:
    """Open text, read as such. What an office's own list has (``hamlets.csv``, of the commune in
    ``field.within``) is spelled as it does, and what it lacks is doubted. Without one, a number,
    a name that communes bear, or one that the unit's people confirmed often is the surer for it.
    """

    name = "hamlet"
    reader: ReaderName = "text"

    def mistakes(self, field: Field) -> list[tuple[str, str]]:
        return no_parts(field)

    def answer(self, field: Field, reading: Reading, others: Mapping[str, Answer]) -> Answer:
        read = Text().answer(field, reading, others)
        if read.value is None or read.reading is None:
            return read
        commune = _commune(field, others)
        if hamlets.own().knows(commune):
            return _listed(read, commune)
        usual = hamlets.usual(read.value)
        return _measured(read, usual.known and not usual.rivals, usual.rivals)

    def typed(self, field: Field, text: str) -> str:
        return Text().typed(field, text)


def _commune(field: Field, others: Mapping[str, Answer]) -> str:
    """What the form names as the unit that the hamlet lies in."""
    above = (others.get(each) for each in reversed(field.within))
    return next((each.value for each in above if each is not None and each.value), "")


def _listed(read: Answer, commune: str) -> Answer:
    """The answer held against the office's list of that commune's hamlets."""
    found = hamlets.own().match(read.value or "", commune, NEAR)
    doubts: tuple[Doubt, ...] = tuple(match_doubts(found))
    kept = tuple(each for each in read.doubts if each != doubt.LOW)
    value = found.value if found else read.value
    answer = replace(read, value=value, doubts=tuple(dict.fromkeys((*kept, *doubts))))
    alike = found is not None and found.margin < A_LETTER
    exact = found is not None and found.exact
    return doubt.settle(_measured(answer, exact and not alike, int(alike)))


def _measured(answer: Answer, listed: bool, rivals: int) -> Answer:
    if answer.reading is None:
        return answer
    figures = {LISTED: float(listed), RIVALS: float(rivals > 0)}
    measures = {**answer.reading.measures, **figures}
    return replace(answer, reading=replace(answer.reading, measures=measures))

"""A field read anew from its stored page: what the page said of it when it was scanned stays."""

from __future__ import annotations

from dataclasses import replace

from scanform.digitise.pages import MISALIGNED
from scanform.model.reading import Reading
from scanform.model.record import Answer


def measured_as_before(reading: Reading, before: Answer) -> Reading:
    """The reading with the figures of its page and crop, which no reader gives."""
    old = before.reading.measures if before.reading else {}
    return replace(reading, measures={**old, **reading.measures})


def as_it_lies(answer: Answer, before: Answer) -> Answer:
    """The answer with the doubt that its page lies badly, if there was one."""
    for doubt in before.doubts:
        if doubt.code == MISALIGNED:
            answer = answer.doubted(doubt, before.confidence)
    return answer

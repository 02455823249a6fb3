"""A field read anew from its stored page: what the page said of it when it was scanned stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scanform.digitise.pages import MISALIGNED, PAGE_FIGURES
from scanform.errors import StoreError
from scanform.model.reading import Reading
from scanform.model.record import Answer, Record
from scanform.model.scan import Quality, Sheet
from scanform.model.template import Template
from scanform.page.encode import decode_sheet

_QUALITY = Quality(0.0, 0.0, 0.0, 300.0, 0.0, "stored")
"""Of a stored page: it was measured when the page was read."""


def stored_sheet(
    record: Record, template: Template, page: int, images: Callable[[str], bytes]
) -> Sheet | None:
    """A stored page of a record; None where it can't be opened. ``images``: by hash; may raise
    ``StoreError``."""
    ref = next((each for each in record.sheets if each.page == page), None)
    if ref is None:
        return None
    try:
        return Sheet(decode_sheet(images(ref.image)), template.ref, page, _QUALITY)
    except (StoreError, ValueError):  # erased, or damaged: `scanform verify` tells of it
        return None


def measured_as_before(reading: Reading, before: Answer) -> Reading:
    """The reading with the figures of its page and crop, which no reader gives; those of whoever
    read it before say nothing of this reading."""
    old = before.reading.measures if before.reading else {}
    of_page = {name: figure for name, figure in old.items() if name in PAGE_FIGURES}
    return replace(reading, measures={**of_page, **reading.measures})


def as_it_lies(answer: Answer, before: Answer) -> Answer:
    """The answer with the doubt that its page lies badly, if there was one."""
    for doubt in before.doubts:
        if doubt.code == MISALIGNED:
            answer = answer.doubted(doubt, before.confidence)
    return answer

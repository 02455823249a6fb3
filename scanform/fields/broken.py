"""Where a scan has broken the writing to pieces, what looks blank may not be.

Pencil on a black and white copy leaves crumbs of its strokes, or nothing. Beside it, an answer
that is all gone looks as surely blank as one that nobody gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from scanform.fields.rules import DOUBTED
from scanform.model.record import Answer, Doubt
from scanform.model.template import Template

BROKEN = 0.7
"""Wholeness of the writing on a page (``recognise.lines``) below which it is in pieces: pages of
type and hands have 0.77 and more in any wear, those with lost strokes 0.5 to 0.65."""
_ENOUGH = 3
"""So many answers have to be written on a page for it to be judged."""
_NO_WRITING = ("presence", "code")


def blanks_doubted(template: Template, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers (in the template's order), with blank ones doubted on pages whose writing is in
    pieces."""
    broken = set(_broken_pages(template, answers))
    doubt = Doubt("broken_writing")
    return tuple(
        answer.doubted(doubt, DOUBTED)
        if asked.page in broken and answer.state == "blank" and asked.kind not in _NO_WRITING
        else answer
        for answer, asked in zip(answers, template.fields, strict=True)
    )


def _broken_pages(template: Template, answers: Sequence[Answer]) -> Iterator[int]:
    whole: dict[int, list[float]] = {}
    for answer, asked in zip(answers, template.fields, strict=True):
        measures = answer.reading.measures if answer.reading is not None else {}
        if "whole" in measures:
            whole.setdefault(asked.page, []).append(measures["whole"])
    for page, shares in whole.items():
        if len(shares) >= _ENOUGH and median(shares) < BROKEN:
            yield page

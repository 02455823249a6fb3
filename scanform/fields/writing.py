"""What the writing itself says against an answer, however well it was read.

A line through it takes it back, and a lexicon reads `Kinh` through the line all the same. Pencil on
a black and white copy leaves crumbs of its strokes, or nothing: beside it, an answer that is all
gone looks as surely blank as one that nobody gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from scanform.fields.rules import DOUBTED
from scanform.model.record import Answer, Doubt
from scanform.model.template import Template

BROKEN = 0.7
"""Wholeness of the writing on a page (``recognise.lines``) below which it is in pieces. Set by hand
between letters, nearly as high as their line, and the crumbs that are left of strokes."""
_ENOUGH = 3
"""So many answers have to be written on a page for it to be judged."""
_NO_WRITING = ("presence", "code")


def doubted_by_writing(template: Template, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers (in the template's order), with those doubted that one of two readers failed at,
    that are struck out, and blank ones on pages whose writing is in pieces."""
    broken = set(_broken_pages(template, answers))
    found = []
    for answer, asked in zip(answers, template.fields, strict=True):
        if _measure(answer, "failed"):
            found.append(answer.doubted(Doubt("reader_failed"), DOUBTED))
        elif _measure(answer, "struck"):
            found.append(answer.doubted(Doubt("struck_out"), DOUBTED))
        elif asked.page in broken and answer.state == "blank" and asked.kind not in _NO_WRITING:
            found.append(answer.doubted(Doubt("broken_writing"), DOUBTED))
        else:
            found.append(answer)
    return tuple(found)


def _broken_pages(template: Template, answers: Sequence[Answer]) -> Iterator[int]:
    whole: dict[int, list[float]] = {}
    for answer, asked in zip(answers, template.fields, strict=True):
        if (share := _measure(answer, "whole")) is not None:
            whole.setdefault(asked.page, []).append(share)
    for page, shares in whole.items():
        if len(shares) >= _ENOUGH and median(shares) < BROKEN:
            yield page


def _measure(answer: Answer, name: str) -> float | None:
    return None if answer.reading is None else answer.reading.measures.get(name)

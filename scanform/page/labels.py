"""What is printed around each field: its label's words, its box, comb or tick boxes; and all
other words of the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from scanform.model.geometry import MM_PER_INCH, Box
from scanform.model.scan import Pixels
from scanform.model.template import Field

_PRINTED = 40
_WORD_GAP_MM = 1.3
"""Letters nearer than this are of one word or phrase."""
_PHRASE_GAP_MM = 2.6
_LABEL_GAP_MM = 30.0
_OPTION_GAP_MM = 3.0
_ABOVE_MM = 9.0
_CHUNK_MM = 7.0
_LEAST_MM = (1.8, 1.2)
"""Least width and height of a word: a dot or a comma says nothing by itself."""
_TALLEST_MM = 8.0
_RULE_MM = 3.0
"""From this length on an unbroken line is one of a table, or to write on."""
_AROUND_BOX_MM = 1.2
_END = 0.4
"""Share of a comb's end cell that is left out, so that its inner border doesn't show."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A printed piece that belongs to the fields named, none or several: a stretch of words or of
    the field's own lines (``own``), the rectangle that it fills; ``end`` if it is an end of its
    comb."""

    fields: tuple[str, ...]
    box: Box
    own: bool
    end: bool = False


def pieces_of(
    ink: Pixels, dpi: float, fields: Sequence[Field], silent: Sequence[Box]
) -> tuple[Piece, ...]:
    """The pieces to judge each of ``fields`` by, and all other printed words, which are of no
    field; ``ink`` is the empty page's at ``dpi``.

    A label is what stands to the left of the answer on its line, with nothing else between; a tick
    box has its words to the right too. Where nothing stands to the left, it is what stands right
    above. ``silent`` are places that hold no label, as marks and codes.
    """
    words = _words(ink, dpi, fields, silent)
    ruled = _ruled(ink, dpi)
    obstacles = [part for each in fields for part in parts_of(each)]
    owners: dict[Box, list[str]] = {word: [] for word in words}
    own: list[Piece] = []
    for field in fields:
        label = _label(field, words, obstacles)
        own += _own(field, () if label else _framed(field, ruled, dpi))
        for word in label or _above(field.box, words):
            owners[word].append(field.id)
    labels = [
        Piece(tuple(ids), part, own=False) for word, ids in owners.items() for part in _cut(word)
    ]
    return (*labels, *own)


def parts_of(field: Field) -> tuple[Box, ...]:
    """Where one writes: the cells or tick boxes, or all of the field's box."""
    return field.cells or tuple(each.box for each in field.options) or (field.box,)


def _words(ink: Pixels, dpi: float, fields: Sequence[Field], silent: Sequence[Box]) -> list[Box]:
    per_mm = dpi / MM_PER_INCH
    printed = (ink > _PRINTED).astype(np.uint8)
    # What one writes on is no word; a dotted line ends half a millimetre beside its field.
    writing = [part.grown(0.6) for field in fields for part in parts_of(field)]
    for left, top, right, bottom in (each.pixels(dpi) for each in (*writing, *silent)):
        printed[max(0, top) : bottom, max(0, left) : right] = 0
    brush = np.ones((3, max(2, round(_WORD_GAP_MM * per_mm))), np.uint8)
    joined = cv2.morphologyEx(printed, cv2.MORPH_CLOSE, brush)
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    boxes = [Box(*(float(v) / per_mm for v in row[:4])) for row in stats[1:]]
    return [box for box in boxes if box.w >= _LEAST_MM[0] and _LEAST_MM[1] <= box.h <= _TALLEST_MM]


def _label(field: Field, words: Sequence[Box], obstacles: Sequence[Box]) -> set[Box]:
    found = _beside(parts_of(field)[0], words, obstacles, _LABEL_GAP_MM, right=False)
    for option in field.options:
        found += _beside(option.box, words, obstacles, _OPTION_GAP_MM, right=True)
    return set(found)


def _beside(
    box: Box, words: Sequence[Box], obstacles: Sequence[Box], reach: float, *, right: bool
) -> list[Box]:
    """The phrase that ends before ``box``, or begins after it, on its line."""

    def gap(start: Box, other: Box) -> float:
        return other.x - start.right if right else start.x - other.right

    def on_line(others: Sequence[Box]) -> list[Box]:
        high, low = box.y - 1.0, box.bottom + 1.0
        return [each for each in others if high <= each.y + each.h / 2 <= low]

    words = on_line(words)
    barriers = on_line(obstacles) if words else []
    chain: list[Box] = []
    end = box
    while True:
        near = [each for each in words if gap(end, each) >= -0.5 and each != end]
        nearest = min(near, key=lambda each: gap(end, each), default=None)
        most = _PHRASE_GAP_MM if chain else reach
        if nearest is None or gap(end, nearest) > most:
            return chain
        between = (each for each in barriers if each not in (box, end))
        if any(-0.5 <= gap(end, each) < gap(end, nearest) for each in between):
            return chain
        chain.append(nearest)
        end = nearest


def _above(box: Box, words: Sequence[Box]) -> list[Box]:
    def over(word: Box) -> bool:
        return 0 <= box.y - word.centre[1] <= _ABOVE_MM and box.x < word.centre[0] < box.right

    lines = [word for word in words if over(word)]
    lowest = max((word.bottom for word in lines), default=0.0)
    return [word for word in lines if word.bottom > lowest - 3.0]


def _cut(box: Box) -> list[Box]:
    """``box`` in stretches short enough that a changed word isn't lost among others."""
    edges = np.linspace(box.x, box.right, max(1, round(box.w / _CHUNK_MM)) + 1)
    return [Box(left, box.y, right - left, box.h) for left, right in pairwise(edges.tolist())]


def _ends(field: Field) -> list[Box]:
    """The outer parts of a comb's first and last cells: moved by a whole cell, a comb looks like
    itself but there."""
    if len(field.cells) < 2:
        return []
    first, last = field.cells[0], field.cells[-1]
    inner = _END * last.w
    return [
        Box(first.x, first.y, (1 - _END) * first.w, first.h),
        Box(last.x + inner, last.y, last.w - inner, last.h),
    ]


def _ruled(ink: Pixels, dpi: float) -> Pixels:
    """Unbroken lines (1), across or down: what a row of dots is not."""
    printed = (ink > _PRINTED).astype(np.uint8)
    length = round(_RULE_MM * dpi / MM_PER_INCH)
    brushes = np.ones((1, length), np.uint8), np.ones((length, 1), np.uint8)
    across, down = (cv2.morphologyEx(printed, cv2.MORPH_OPEN, brush) for brush in brushes)
    return np.asarray(cv2.bitwise_or(across, down), np.uint8)


def _framed(field: Field, ruled: Pixels, dpi: float) -> list[Box]:
    """The stretches of a field's box with lines of a table at them, or a line to write on. A row
    of dots is hidden by writing, so it isn't asked for."""

    def has_line(part: Box) -> bool:
        left, top, right, bottom = part.grown(_AROUND_BOX_MM).pixels(dpi)
        return bool(ruled[max(0, top) : bottom, max(0, left) : right].any())

    return [part for part in _cut(field.box) if has_line(part)]


def _own(field: Field, framed: Sequence[Box]) -> list[Piece]:
    """The lines of the combs and tick boxes of a field, or of the table that it stands in, around
    the stretches that are ``framed``."""
    around = 0.7
    if field.options:
        boxes: Sequence[Box] = [each.box for each in field.options]
    elif field.cells:
        boxes = _cut(field.box)
    else:
        boxes, around = framed, _AROUND_BOX_MM
    lines = [Piece((field.id,), each.grown(around), own=True) for each in boxes]
    ends = [Piece((field.id,), each.grown(around), own=True, end=True) for each in _ends(field)]
    return lines + ends

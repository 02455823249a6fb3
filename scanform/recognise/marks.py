"""Tick boxes: which option of a question is marked. Pure.

A box is judged by the ink that the blank's same box doesn't have, and beside the other boxes of
its question: paper, pen and scanner are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import Box
from scanform.model.reading import Alternative, Crop, Reading
from scanform.recognise.ink import Ink, Mask, own_ink, part_of, pieces

NAME = "marks 1"
MARKED = 0.045
"""Share of a box's inside that the thinnest tick fills."""
FAINT = 0.02
CANCELLED = (0.4, 1.8)
"""A box filled this much, and so many times more than another marked one, was blacked out."""
RING_MM = (0.3, 3.0)
"""A circle around a box lies between these distances from its edge."""
LONGEST_MM = 11.0
"""No tick or circle is longer; what is longer comes from elsewhere."""
STRAY_SCORE = 0.85
SECTORS = 24
CIRCLED = 0.8
"""Share of the sectors around a box that a circle runs through; labels hide some."""


@dataclass(frozen=True, slots=True)
class Fill:
    """Share of a box's inside that is ink, and whether a circle runs around it."""

    inside: float
    circled: bool


class Marks:
    """Reads choices."""

    @property
    def name(self) -> str:
        return NAME

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return [read_marks(crop) for crop in crops]


def read_marks(crop: Crop) -> Reading:
    """The option that is marked; none is blank, two are told in the measures."""
    ink = own_ink(crop, keep_red=True)
    fills = {option.value: _fill(crop, ink, option.box) for option in crop.field.options}
    levels = {
        value: max(fill.inside, 2 * MARKED) if fill.circled else fill.inside
        for value, fill in fills.items()
    }
    measures = {f"fill:{value}": level for value, level in levels.items()}
    ranked = sorted(levels, key=lambda value: -levels[value])
    marked = [value for value in ranked if levels[value] >= MARKED]
    alternatives = tuple(Alternative(value, min(1.0, levels[value])) for value in ranked)
    if not marked:
        faint = bool(ranked) and levels[ranked[0]] >= FAINT
        measures["faint"] = float(faint)
        return Reading("blank", None, 0.7 if faint else 0.995, NAME, alternatives, (), measures)
    chosen, corrected = _choose(marked, levels)
    measures["marked"] = float(len(marked) - corrected) if len(marked) > 1 else 1.0
    measures["corrected"] = float(corrected > 0)
    score = _score(chosen, ranked, levels, len(marked) > 1)
    box = next(option.box for option in crop.field.options if option.value == chosen)
    if _strays(crop, ink, box):
        measures["stray"] = 1.0
        score = min(score, STRAY_SCORE)
    return Reading("read", chosen, score, NAME, alternatives, (), measures)


def _strays(crop: Crop, ink: Ink, box: Box) -> bool:
    """Whether the ink in a box is part of something longer than a tick: a stamp's frame."""
    found, labels = pieces(ink.mask)
    inside = part_of(labels, crop.area, box, ink.scale)
    own = np.bincount(inside.ravel(), minlength=len(found) + 1)
    own[0] = 0
    main = int(own.argmax())
    if own[main] == 0:
        return False
    piece = found[main - 1]
    return max(piece.width, piece.height) > LONGEST_MM * ink.scale


def _choose(marked: list[str], levels: dict[str, float]) -> tuple[str, int]:
    """The option that counts and how many were taken back: a blackened box beside a ticked one
    is a correction."""
    least, times = CANCELLED
    lightest = levels[marked[-1]]
    blackened = [v for v in marked if levels[v] >= max(least, times * lightest)]
    ticked = [value for value in marked if value not in blackened]
    if ticked and blackened:
        return ticked[0], len(blackened)
    return marked[0], 0


def _score(chosen: str, ranked: list[str], levels: dict[str, float], several: bool) -> float:
    """How clearly the chosen box stands out from the limit and from its neighbours."""
    if several:
        return 0.5
    others = [levels[value] for value in ranked if value != chosen]
    next_best = max(others, default=0.0)
    clear = min(1.0, (levels[chosen] - MARKED) / MARKED)
    apart = min(1.0, (MARKED - next_best) / MARKED)
    return 0.9 + 0.099 * max(0.0, min(clear, apart)) ** 0.5 if clear > 0 else 0.8


def _fill(crop: Crop, ink: Ink, box: Box) -> Fill:
    inside = part_of(ink.mask, crop.area, box.grown(-0.15), ink.scale)
    if inside.size == 0:
        return Fill(0.0, False)
    return Fill(int(np.count_nonzero(inside)) / inside.size, _circled(crop, ink, box))


def _circled(crop: Crop, ink: Ink, box: Box) -> bool:
    """Whether a stroke runs around the box, seen by sectors from its middle.

    A sector where the form prints (a label) tells nothing unless there is ink beside the print.
    """
    x, y = (box.centre[0] - crop.area.x) * ink.scale, (box.centre[1] - crop.area.y) * ink.scale
    drawn = _sectors(ink.mask, ink.scale, box, (x, y))
    printed = _sectors(ink.form, ink.scale, box, (x, y))
    told = drawn | ~printed
    return bool(drawn.sum() >= SECTORS / 2 and drawn.sum() >= CIRCLED * told.sum())


def _sectors(mask: Mask, scale: float, box: Box, centre: tuple[float, float]) -> NDArray[np.bool_]:
    """Which sectors around ``centre`` (pixels) have ink in the ring around the box."""
    rows, columns = np.nonzero(mask)
    across, down = columns - centre[0], rows - centre[1]
    beyond = np.maximum(np.abs(across) - box.w / 2 * scale, np.abs(down) - box.h / 2 * scale)
    ring = (beyond >= RING_MM[0] * scale) & (beyond <= RING_MM[1] * scale)
    angles = np.arctan2(down[ring], across[ring])
    counts = np.bincount(
        ((angles + np.pi) / (2 * np.pi) * SECTORS).astype(int) % SECTORS, minlength=SECTORS
    )
    return np.asarray(counts > 2)

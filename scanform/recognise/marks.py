"""Tick boxes: which option of a question is marked. Pure.

A box is judged by the ink that the blank's same box doesn't have, and beside the other boxes of
its question: paper, pen and scanner are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from scanform.model.geometry import Box
from scanform.model.reading import Alternative, Crop, Reading
from scanform.recognise.ink import Ink, grown, own_ink, part_of, solid

NAME = "marks 1"
MARKED = 0.045
"""Share of a box's inside that the thinnest tick fills."""
FAINT = 0.02
CANCELLED = 0.62
"""A box filled this much beside another that is ticked was blacked out: the tick counts."""
REACH_MM = 2.2
"""A circle around a box lies within this distance of it."""
LETTER_MM = 1.0
"""White inside a label's letters is narrower than this; a circle may run through it."""
OUTLINE_MM = 0.5
"""The box's own outline lies within this distance of its edge."""


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
    return Reading("read", chosen, score, NAME, alternatives, (), measures)


def _choose(marked: list[str], levels: dict[str, float]) -> tuple[str, int]:
    """The option that counts and how many were taken back: a blackened box beside a ticked one
    is a correction."""
    blackened = [value for value in marked if levels[value] >= CANCELLED]
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
    """Whether a closed stroke runs around the box: a flood from its middle stays inside.

    Where the stroke crosses the form's print (a label) that print closes it; the box's own
    outline doesn't count.
    """
    window = box.grown(REACH_MM)
    drawn = part_of(ink.mask, crop.area, window, ink.scale)
    if min(drawn.shape) < 8 or np.count_nonzero(drawn) < ink.scale:
        return False
    printed = solid(ink.form, round(LETTER_MM * ink.scale))
    part_of(printed, crop.area, box.grown(OUTLINE_MM), ink.scale)[:] = False
    wall = grown(drawn | part_of(printed, crop.area, window, ink.scale), 2)
    x = round((box.centre[0] - max(window.x, crop.area.x)) * ink.scale)
    y = round((box.centre[1] - max(window.y, crop.area.y)) * ink.scale)
    framed = np.pad(wall.astype(np.uint8), 1)
    if framed[y + 1, x + 1]:
        return False
    _, filled, _, _ = cv2.floodFill(framed, None, (x + 1, y + 1), 2)
    return not bool((filled[0] == 2).any() or (filled[:, 0] == 2).any())

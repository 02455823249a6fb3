"""Tick boxes: which option of a question is marked. Pure.

A box is judged by the ink that the blank's same box doesn't have, and beside the other boxes of
its question: paper, pen and scanner are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import Box
from scanform.model.reading import Alternative, Crop, Reading
from scanform.model.template import TakenBack
from scanform.recognise.ink import Ink, Mask, ink_on, laid, part_of, pieces
from scanform.recognise.interface import AtOnce, Batch, read_all

NAME = "marks 3"
PAPER_MM = 9.0
"""A blackened box with its surroundings is no larger; paper lies within this distance."""
MARKED = 0.045
"""Share of a box's inside that the thinnest tick fills."""
CLEAR = 2 * MARKED
FAINT = 0.02
CANCELLED = (0.4, 1.6)
"""A box filled this much, and so many times more than another marked one, was blacked out."""
RING_MM = (0.3, 3.0)
"""A circle around a box lies between these distances from its edge."""
LEAST_STROKE_MM = 1.0
"""The smallest mark is so long."""
LONGEST_MM = 11.0
"""No tick or circle is longer; what is longer comes from elsewhere."""
STRAY_SCORE = 0.85
ACROSS = 0.8
"""A line over this share of the crop's width comes from elsewhere: it marks nothing."""
LINE_MM = 0.4
"""Half of the width that such a line wanders in."""
TOLD, UNBROKEN = 0.3, 0.85
"""Share of the crop's width where no print hides it, at least, and of those places where it has
ink."""
BESIDE_MM = (0.35, 1.6)
"""Lines that strike a mark out reach so far beyond the box on either side."""
REACHES = 0.6
"""Share of the columns of the strip beside a box in which a stroke that leaves it has ink."""
STRUCK = 1.25
"""A struck-out mark has so many times the ink of one that counts."""
SECTORS = 24
CIRCLED = 0.8
"""Share of the sectors around a box that a circle runs through; labels hide some."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What is in and around one box: the share of its inside that is ink, whether a circle runs
    around it, its ink with that beside it in square millimetres, and whether strokes leave it on
    both sides."""

    inside: float
    circled: bool
    ink_mm2: float
    sticks_out: bool

    @property
    def level(self) -> float:
        return max(self.inside, CLEAR) if self.circled else self.inside


NOTHING = Fill(0.0, False, 0.0, False)


class Marks:
    """Reads choices."""

    @property
    def name(self) -> str:
        return NAME

    def begin(self) -> Batch:
        return AtOnce(read_marks)

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return read_all(self.begin(), crops)


def read_marks(crop: Crop) -> Reading:
    """The option that is marked; none is blank, two are told in the measures."""
    on_blank = laid(crop, keep_red=True, reach_mm=PAPER_MM)
    ink = ink_on(on_blank)
    fills = {option.value: _fill(crop, ink, ink.mask, option.box) for option in crop.field.options}
    crossed = pale = False
    whole, strokes = ink, fills
    if all(fill.level < CLEAR for fill in fills.values()):
        # Black labels beside a pale pen: its strokes are judged by themselves then.
        whole = ink_on(on_blank, beside_print=True)
        strokes = _strokes(crop, whole)
    if any(fill.level >= FAINT for fill in (*fills.values(), *strokes.values())):
        band = _line_across(whole)
        crossed = band is not None
        if band is not None:
            fills = {o.value: _fill(crop, ink, ink.mask & ~band, o.box) for o in crop.field.options}
        elif all(fill.level < MARKED for fill in fills.values()):
            fills, pale = (
                {v: max(fills[v], strokes[v], key=attrgetter("level")) for v in fills},
                True,
            )
    levels = {value: fill.level for value, fill in fills.items()}
    measures = {f"fill:{value}": level for value, level in levels.items()}
    ranked = sorted(levels, key=lambda value: -levels[value])
    marked = [value for value in ranked if levels[value] >= MARKED]
    alternatives = tuple(Alternative(value, min(1.0, levels[value])) for value in ranked)
    if not marked:
        faint = crossed or pale or (bool(ranked) and levels[ranked[0]] >= FAINT)
        measures["faint"] = float(faint)
        return Reading("blank", None, 0.7 if faint else 0.995, NAME, alternatives, (), measures)
    chosen, corrected = _choose(marked, fills, crop.field.taken_back)
    measures["marked"] = float(len(marked) - corrected) if len(marked) > 1 else 1.0
    measures["corrected"] = float(corrected > 0)
    measures["faint"] = float(pale)
    score = _score(chosen, ranked, levels, len(marked) > 1)
    box = next(option.box for option in crop.field.options if option.value == chosen)
    if crossed or _strays(crop, ink, box):
        measures["stray"] = 1.0
        score = min(score, STRAY_SCORE)
    return Reading("read", chosen, score, NAME, alternatives, (), measures)


def _strokes(crop: Crop, ink: Ink) -> dict[str, Fill]:
    """What is in each box, where it is a stroke: no dust, no crumb of print."""
    found, labels = pieces(ink.mask)
    seen = {}
    for option in crop.field.options:
        inside = np.unique(part_of(labels, crop.area, option.box, ink.scale))
        sizes = [max(found[at - 1].width, found[at - 1].height) for at in inside if at]
        is_stroke = max(sizes, default=0) >= LEAST_STROKE_MM * ink.scale
        seen[option.value] = _fill(crop, ink, ink.mask, option.box) if is_stroke else NOTHING
    return seen


def _line_across(ink: Ink) -> Mask | None:
    """Where a straight line runs over most of the crop: a fold, a stroke through the whole row, a
    stamp's frame. None where there is none.

    The form's own print hides parts of such a line, so it need not be in one piece.
    """
    width = ink.mask.shape[1]
    if np.count_nonzero(ink.mask.any(axis=0)) < UNBROKEN * TOLD * width:
        return None
    long = ACROSS * width
    found = cv2.HoughLinesP(
        ink.mask.astype(np.uint8), 1, np.pi / 360, round(0.3 * width), None, long, 0.35 * width
    )
    reach = max(2, round(LINE_MM * ink.scale))
    for x1, y1, x2, y2 in () if found is None else np.reshape(found, (-1, 4)).astype(float):
        if abs(x2 - x1) < long:
            continue
        slope = (y2 - y1) / (x2 - x1)
        rows, columns = np.indices(ink.mask.shape)
        band = np.abs(rows - (y1 + slope * (columns - x1))) <= reach
        told = ~(band & ink.form).any(axis=0) & band.any(axis=0)
        inked = (band & ink.mask).any(axis=0)
        if told.sum() > TOLD * width and inked[told].mean() >= UNBROKEN:
            return np.asarray(band)
    return None


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


def _choose(
    marked: list[str], fills: Mapping[str, Fill], taken_back: TakenBack | None
) -> tuple[str, int]:
    """The option that counts and how many were taken back, by the habit that the form teaches:
    their boxes are blackened, or their marks struck out. Where it teaches none, either counts."""
    ways = [_struck(marked, fills)]
    if taken_back != "struck":
        ways.append(_blackened(marked, fills))
    for cancelled in ways if len(marked) > 1 else ():
        left = [value for value in marked if value not in cancelled]
        if left and cancelled:
            return left[0], len(cancelled)
    return marked[0], 0


def _blackened(marked: list[str], fills: Mapping[str, Fill]) -> list[str]:
    """The boxes that are much fuller than the emptiest marked one."""
    least, times = CANCELLED
    lightest = min(fills[value].level for value in marked)
    return [value for value in marked if fills[value].inside >= max(least, times * lightest)]


def _struck(marked: list[str], fills: Mapping[str, Fill]) -> list[str]:
    """The boxes whose ink leaves them on both sides and is more than another marked one's."""
    least = min(fills[value].ink_mm2 for value in marked)
    return [v for v in marked if fills[v].sticks_out and fills[v].ink_mm2 >= STRUCK * least]


def _score(chosen: str, ranked: list[str], levels: dict[str, float], several: bool) -> float:
    """How clearly the chosen box stands out from the limit and from its neighbours."""
    if several:
        return 0.5
    others = [levels[value] for value in ranked if value != chosen]
    next_best = max(others, default=0.0)
    clear = min(1.0, (levels[chosen] - MARKED) / MARKED)
    apart = min(1.0, (MARKED - next_best) / MARKED)
    return 0.9 + 0.099 * max(0.0, min(clear, apart)) ** 0.5 if clear > 0 else 0.8


def _fill(crop: Crop, ink: Ink, mask: Mask, box: Box) -> Fill:
    inside = part_of(mask, crop.area, box.grown(-0.15), ink.scale)
    if inside.size == 0:
        return NOTHING
    near, far = BESIDE_MM
    left = Box(box.x - far, box.y, far - near, box.h)
    right = Box(box.right + near, box.y, far - near, box.h)
    whole = part_of(mask, crop.area, box.grown(far), ink.scale)
    return Fill(
        int(np.count_nonzero(inside)) / inside.size,
        _circled(crop, ink, mask, box),
        int(np.count_nonzero(whole)) / ink.scale**2,
        all(_reaches(part_of(mask, crop.area, side, ink.scale)) for side in (left, right)),
    )


def _reaches(side: Mask) -> bool:
    """Whether strokes run through a strip beside a box: most of its columns have ink."""
    return side.size > 0 and float(side.any(axis=0).mean()) >= REACHES


def _circled(crop: Crop, ink: Ink, mask: Mask, box: Box) -> bool:
    """Whether a stroke runs around the box, seen by sectors from its middle.

    A sector where the form prints (a label) tells nothing unless there is ink beside the print.
    """
    x, y = (box.centre[0] - crop.area.x) * ink.scale, (box.centre[1] - crop.area.y) * ink.scale
    drawn = _sectors(mask, ink.scale, box, (x, y))
    if drawn.sum() < SECTORS / 2:
        return False
    told = drawn | ~_sectors(ink.form, ink.scale, box, (x, y))
    return bool(drawn.sum() >= CIRCLED * told.sum())


def _sectors(mask: Mask, scale: float, box: Box, centre: tuple[float, float]) -> NDArray[np.bool_]:
    """Which sectors around ``centre`` (pixels) have ink in the ring around the box."""
    half = box.w / 2 * scale, box.h / 2 * scale
    reach = RING_MM[1] * scale
    left, top = (max(0, int(centre[at] - half[at] - reach)) for at in (0, 1))
    right, bottom = (int(centre[at] + half[at] + reach) + 2 for at in (0, 1))
    rows, columns = np.nonzero(mask[top:bottom, left:right])
    across, down = columns + left - centre[0], rows + top - centre[1]
    beyond = np.maximum(np.abs(across) - half[0], np.abs(down) - half[1])
    ring = (beyond >= RING_MM[0] * scale) & (beyond <= reach)
    angles = np.arctan2(down[ring], across[ring])
    counts = np.bincount(
        ((angles + np.pi) / (2 * np.pi) * SECTORS).astype(int) % SECTORS, minlength=SECTORS
    )
    return np.asarray(counts > 2)

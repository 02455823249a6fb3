"""Signatures and stamps: whether a region has ink of its own. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scanform.model.reading import Crop, Reading
from scanform.recognise.digit_net import NO_CHARACTER, chances
from scanform.recognise.ink import Ink, Piece, is_streak, is_substantial, own_ink, part_of, pieces

NAME = "presence 2"
LEAST_MM2 = 1.2
"""Ink of the smallest signature: 6 mm of a 0.2 mm pen."""
SURE_MM2 = 3.0
STAMP_MM2 = 15.0
"""Red ink of a stamp; a red speck has less."""

INSIDE = 0.5
"""A stroke with less of its ink in the field is the neighbour's."""
DIGIT = 0.9
"""Chance from which a stroke is a digit."""
TALLEST_DIGIT_MM = 8.0
DATE = (4, 0.6)
"""At least so many digits, and this share of the strokes, make a date or a number."""
DATE_SCORE = 0.75


class Presence:
    """Reads presence fields."""

    @property
    def name(self) -> str:
        return NAME

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return [read_presence(crop) for crop in crops]


def read_presence(crop: Crop) -> Reading:
    """``present`` or ``absent``, with the ink's areas in square millimetres as measures."""
    ink = own_ink(crop, keep_red=True)
    box = crop.field.box
    red = part_of(ink.red > 0.3, crop.area, box, ink.scale)
    red_mm2 = float(np.count_nonzero(red)) / ink.scale**2
    found, labels = pieces(ink.mask)
    own = [piece for piece in found if _counts(piece, labels, crop, ink)]
    marked = np.isin(labels, [piece.label for piece in own])
    is_red = ink.red > 0.3
    pen_mm2 = float(np.count_nonzero(marked & ~is_red)) / ink.scale**2
    measures = {"red_mm2": red_mm2, "pen_mm2": pen_mm2}
    if wants_stamp(crop):
        return _judge(red_mm2 + pen_mm2, STAMP_MM2, measures)
    if red_mm2 > STAMP_MM2 and pen_mm2 < LEAST_MM2:
        # A signature in red ink, or a stamp that lies over the place for it.
        return Reading("read", "present", 0.6, NAME, measures=measures)
    if pen_mm2 >= LEAST_MM2 and _is_date(own, labels, ink):
        measures["date"] = 1.0
        return Reading("read", "absent", DATE_SCORE, NAME, measures=measures)
    return _judge(pen_mm2, SURE_MM2, measures)


def _is_date(own: Sequence[Piece], labels: NDArray[np.int32], ink: Ink) -> bool:
    """Whether the strokes are digits side by side: who writes the day there hasn't signed."""
    least, share = DATE
    tallest = TALLEST_DIGIT_MM * ink.scale
    if len(own) < least or any(piece.height > tallest for piece in own):
        return False
    images = [
        np.where(labels[p.top : p.bottom, p.left : p.right] == p.label, 0, 255).astype(np.uint8)
        for p in own
    ]
    digits = int((chances(images)[:, :NO_CHARACTER].max(axis=1) >= DIGIT).sum())
    return digits >= least and digits >= share * len(own)


def wants_stamp(crop: Crop) -> bool:
    """Whether the field asks for a stamp rather than a signature, by its id."""
    return "stamp" in crop.field.id


def _counts(piece: Piece, labels: NDArray[np.int32], crop: Crop, ink: Ink) -> bool:
    """A stroke of this region: its middle and most of its ink within the box, and no streak."""
    if is_streak(piece, ink.mask.shape, ink.scale) or not is_substantial(piece, ink.scale):
        return False
    x, y = crop.area.x + piece.x / ink.scale, crop.area.y + piece.y / ink.scale
    box = crop.field.box
    if not (box.x <= x <= box.right and box.y <= y <= box.bottom):
        return False
    inside = part_of(labels, crop.area, box, ink.scale)
    return int(np.count_nonzero(inside == piece.label)) >= INSIDE * piece.area


def _judge(area: float, sure: float, measures: dict[str, float]) -> Reading:
    if area >= LEAST_MM2:
        score = 0.8 + 0.19 * min(1.0, (area - LEAST_MM2) / max(0.1, sure - LEAST_MM2))
        return Reading("read", "present", score, NAME, measures=measures)
    score = 0.99 - 0.2 * area / LEAST_MM2
    return Reading("read", "absent", score, NAME, measures=measures)

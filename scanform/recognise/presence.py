"""Signatures and stamps: whether a region has ink of its own. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scanform.model.reading import Crop, Reading
from scanform.recognise.digit_net import NO_CHARACTER, chances
from scanform.recognise.ink import (
    Ink,
    Labels,
    Mask,
    Piece,
    is_streak,
    is_substantial,
    moved,
    own_ink,
    part_of,
    pieces,
    split_red,
)
from scanform.recognise.interface import AtOnce, Batch, read_all

NAME = "presence 3"
LEAST_MM2 = 1.2
"""Ink of the smallest signature: 6 mm of a 0.2 mm pen."""
SURE_MM2 = 3.0
STAMP_MM2 = 15.0
"""Red ink of a stamp; a red speck has less."""

RED = 0.3
"""Darkness of coloured ink from which it is some."""
INSIDE = 0.5
"""A stroke with less of its ink in the field is the neighbour's."""
DIGIT = 0.9
"""Chance from which a stroke is a digit."""
TALLEST_DIGIT_MM = 8.0
DATE = (4, 0.6)
"""At least so many digits, and this share of the strokes, make a date or a number."""
OTHER_INK = 0.75
"""Score of no signature where a date or a stamp is: a person looks."""

STAMP_MM = (15.0, 6.0)
"""A registry's stamp is at least so wide and high."""
FRAME_MM = 1.0
FRAME = 0.85
"""Share of a piece's ink that lies so near to the sides of its rectangle where it is a frame."""
TURNS = range(-12, 13)
"""Degrees that a stamp is turned by."""
CUT_MM = (4.0, 0.0)
"""What the crop's edge leaves of one is at least so long."""
LINE_MM = 1.2
"""A side of its frame, alone, is no wider; and what is stamped beside it is within this distance
and no taller:"""
STAMP_REACH_MM, LETTER_MM = 14.0, 5.0


class Presence:
    """Reads presence fields."""

    @property
    def name(self) -> str:
        return NAME

    def begin(self) -> Batch:
        return AtOnce(read_presence)

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return read_all(self.begin(), crops)


def read_presence(crop: Crop) -> Reading:
    """``present`` or ``absent``, with the ink's areas in square millimetres as measures."""
    ink = own_ink(crop, keep_red=True)
    box = crop.field.box
    found, labels = pieces(ink.mask)
    red_mm2, reddened = 0.0, np.zeros(len(found) + 1, np.intp)
    is_red = _red(crop, ink)
    if is_red is not None:
        red = part_of(is_red, crop.area, box, ink.scale)
        red_mm2 = float(np.count_nonzero(red)) / ink.scale**2
        reddened = np.bincount(labels[is_red], minlength=len(found) + 1)
    stamped = _in_frames(found, labels, ink)
    inside = np.bincount(
        part_of(labels, crop.area, box, ink.scale).ravel(), minlength=len(found) + 1
    )
    own = [p for p in found if p.label not in stamped and _counts(p, inside, crop, ink)]
    pen_mm2 = float(sum(p.area - reddened[p.label] for p in own)) / ink.scale**2
    measures = {"red_mm2": red_mm2, "pen_mm2": pen_mm2}
    if wants_stamp(crop):
        return _judge(red_mm2 + pen_mm2, STAMP_MM2, measures)
    if red_mm2 > STAMP_MM2 and pen_mm2 < LEAST_MM2:
        # A signature in red ink, or a stamp that lies over the place for it.
        return Reading("read", "present", 0.6, NAME, measures=measures)
    dated = pen_mm2 >= LEAST_MM2 and _is_date(own, labels, ink)
    if dated or (stamped and pen_mm2 < LEAST_MM2):
        measures["other_ink"] = 1.0
        return Reading("read", "absent", OTHER_INK, NAME, measures=measures)
    return _judge(pen_mm2, SURE_MM2, measures)


def _red(crop: Crop, ink: Ink) -> Mask | None:
    """Where the ink is coloured, as a stamp's is; None where it is nowhere."""
    _, red = split_red(crop.pixels)
    return None if red is None else moved(red > RED, ink.shift)


def _in_frames(found: Sequence[Piece], labels: Labels, ink: Ink) -> frozenset[int]:
    """The labels of rectangular frames (a registry's stamp) and of all that stands in them. Of a
    frame that the crop cuts two sides are enough, or one with nothing tall beside it."""
    inside: set[int] = set()
    middles = np.array([[piece.x, piece.y] for piece in found], np.float32).reshape(-1, 2)
    low = np.array([piece.height <= LETTER_MM * ink.scale for piece in found], np.bool_)
    for piece in found:
        cut = _is_cut(piece, ink)
        least = CUT_MM if cut else STAMP_MM
        if max(piece.width, piece.height) < least[0] * ink.scale:
            continue
        if not cut and piece.height < least[1] * ink.scale:
            continue
        frame = _frame(_points(piece, labels), ink.scale)
        if frame is None:
            continue
        turn, first, last = frame
        turned = middles @ turn
        if (last - first).min() > 2 * FRAME_MM * ink.scale:
            held = (turned > first) & (turned < last)
            within = held[:, 0] & held[:, 1]
        elif cut and (last - first).min() <= LINE_MM * ink.scale:
            reach = STAMP_REACH_MM * ink.scale
            held = (turned > first - reach) & (turned < last + reach)
            within = held[:, 0] & held[:, 1] & low
        else:
            continue
        inside |= {each.label for each, is_in in zip(found, within, strict=True) if is_in}
        inside.add(piece.label)
    return frozenset(inside)


def _points(piece: Piece, labels: Labels) -> NDArray[np.float32]:
    """The pixels of a piece, 2 x n: across and down."""
    part = labels[piece.top : piece.bottom, piece.left : piece.right] == piece.label
    rows, columns = np.nonzero(part)
    return np.stack([columns + piece.left, rows + piece.top]).astype(np.float32)


def _is_cut(piece: Piece, ink: Ink) -> bool:
    """Whether the crop's edge cuts a piece off."""
    height, width = ink.mask.shape
    return not (piece.left and piece.top) or piece.right == width or piece.bottom == height


Turned = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]


def _frame(points: NDArray[np.float32], scale: float) -> Turned | None:
    """The smallest rectangle, turned a little, near whose sides nearly all of the points (2 x n:
    across and down, pixels) lie: how to turn a point into it, and its corners there. None where
    there is none."""
    best: Turned | None = None
    smallest = np.inf
    for degrees in TURNS:
        cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        turn = np.array([[cos, sin], [-sin, cos]], np.float32)
        turned = turn.T @ points
        first, last = turned.min(axis=1), turned.max(axis=1)
        size = float(np.prod(last - first))
        if size < smallest and _near_sides(turned, first, last, FRAME_MM * scale) >= FRAME:
            best, smallest = (turn, first, last), size
    return best


def _near_sides(
    turned: NDArray[np.float32],
    first: NDArray[np.float32],
    last: NDArray[np.float32],
    near: float,
) -> float:
    """The share of the points (2 x n) within ``near`` of a side of their own rectangle."""
    inner, outer = (first + near)[:, None], (last - near)[:, None]
    away = (turned > inner) & (turned < outer)
    return 1.0 - float(np.count_nonzero(away[0] & away[1])) / len(turned[0])


def _is_date(own: Sequence[Piece], labels: Labels, ink: Ink) -> bool:
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


def _counts(piece: Piece, inside: NDArray[np.intp], crop: Crop, ink: Ink) -> bool:
    """A stroke of this region: its middle and most of its ink within the box (``inside``: pixels of
    each piece there), and no streak."""
    if is_streak(piece, ink.mask.shape, ink.scale) or not is_substantial(piece, ink.scale):
        return False
    x, y = crop.area.x + piece.x / ink.scale, crop.area.y + piece.y / ink.scale
    box = crop.field.box
    if not (box.x <= x <= box.right and box.y <= y <= box.bottom):
        return False
    return bool(inside[piece.label] >= INSIDE * piece.area)


def _judge(area: float, sure: float, measures: dict[str, float]) -> Reading:
    if area >= LEAST_MM2:
        score = 0.8 + 0.19 * min(1.0, (area - LEAST_MM2) / max(0.1, sure - LEAST_MM2))
        return Reading("read", "present", score, NAME, measures=measures)
    score = 0.99 - 0.2 * area / LEAST_MM2
    return Reading("read", "absent", score, NAME, measures=measures)

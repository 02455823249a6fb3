"""From a crop to clean lines of writing, ready for a reader. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from scanform.model.reading import Crop
from scanform.model.scan import Pixels
from scanform.recognise.ink import (
    Darkness,
    Ink,
    Labels,
    Piece,
    is_streak,
    is_substantial,
    mask_of,
    own_ink,
    pieces,
    quantile,
    without_residue,
)

PAD = 14
"""White pixels around a line. Tesseract reads worse what touches the image's edge."""
OUTSIDE_MM = 0.9
"""Ink whose middle lies farther outside the field than this is a neighbour's."""
NEAR_MM = 3.0
"""A mark farther from every stroke belongs to none."""
HANGS_MM = 1.2
"""A mark is no farther from its letter than this."""
HEIGHT = (40, 110)
"""Pixels that a line of writing, with its marks and descenders, may have in height; what is
smaller or larger is scaled. At 300 dpi print of 8 to 16 points lies between."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Clean lines, top to bottom, dark on white; none when nothing is written."""

    images: tuple[Pixels, ...]
    faint: bool
    share: float
    """Share of the crop that is ink."""
    unsure_dots: int = 0
    """Dots on a dotted line that may be written."""
    whole: float = 1.0
    """How high the pieces of writing are, beside the height of the writing: letters and words 0.75
    or more of it, what a pencil leaves on a bitonal copy about a half."""
    struck: bool = False
    """Whether a line runs through the writing."""


STRUCK = 2.8
"""A line through the middle of the writing that is so many times longer than the writing is high
takes it back. Set by hand: the bars and joined strokes of letters are shorter, a line through a
word is longer; what is struck out in part of a short word stays below it."""


def clean_lines(crop: Crop) -> Lines:
    """The written lines of a crop without the form's own print."""
    ink = own_ink(crop)
    found, labels = pieces(ink.mask)
    own = without_residue(found, labels, ink.form)
    mine = _belonging(own, crop, ink)
    wanted = _together(_without_strangers(mine, crop, ink), ink.scale)
    if not any(is_substantial(piece, ink.scale) for piece in wanted):
        return Lines((), _is_faint(crop, ink), float(ink.mask.mean()))
    rows = [
        row
        for row in _rows(crop, ink, wanted)
        if any(is_substantial(piece, ink.scale) for piece in row)
    ]
    share = sum(piece.area for piece in wanted) / labels.size
    whole = _wholeness(wanted, ink.mask.shape[0], crop.field.rows)
    struck = any(_is_struck(labels, row, ink.scale) for row in rows)
    images = tuple(_image(ink, labels, row) for row in rows)
    return Lines(images, False, share, ink.unsure_dots, whole, struck)


def _is_struck(labels: Labels, row: list[Piece], scale: float) -> bool:
    """Whether a line runs through the middle of the row, ``STRUCK`` times as long as it is high."""
    left, right = min(piece.left for piece in row), max(piece.right for piece in row)
    top, bottom = min(piece.top for piece in row), max(piece.bottom for piece in row)
    written = mask_of(labels[top:bottom, left:right], row).view(np.uint8)
    up_to = written.sum(axis=1, dtype=np.int64).cumsum()
    low, high = np.searchsorted(up_to, (0.05 * up_to[-1], 0.95 * up_to[-1])).tolist()
    height = high - low
    length = math.ceil(STRUCK * height)
    if height < scale or length > right - left:
        return False
    middle = written[low + round(0.2 * height) : low + round(0.8 * height) + 1]
    # A hand's line isn't straight: it may wander by a sixth of the height.
    wide = cv2.dilate(middle, np.ones((height // 6 | 1, 1), np.uint8))
    brush = np.ones((1, length), np.uint8)
    line = cv2.erode(wide, brush, borderType=cv2.BORDER_CONSTANT, borderValue=(0.0,))
    return bool(line.any())


def _wholeness(found: Sequence[Piece], height: int, rows: int) -> float:
    """Height of the piece that the median pixel of ink belongs to, over the height of a row: that
    in which all but the highest and the lowest 3 % of the ink lie."""
    ink = np.zeros(height)
    for piece in found:
        ink[piece.top : piece.bottom] += piece.area / piece.height
    up_to = ink.cumsum() / ink.sum()
    low, high = np.searchsorted(up_to, (0.03, 0.97))
    by_height = sorted(found, key=lambda piece: piece.height)
    areas = np.cumsum([piece.area for piece in by_height])
    middle = by_height[int(np.searchsorted(areas, areas[-1] / 2))]
    return float(min(1.0, middle.height * rows / max(1, high - low)))


def _belonging(found: Sequence[Piece], crop: Crop, ink: Ink) -> list[Piece]:
    """The pieces of ink that are this field's: within its box, no streak, no speck."""
    shape, scale, area = ink.mask.shape, ink.scale, crop.area
    inner, outer = crop.field.box, crop.field.box.grown(OUTSIDE_MM)

    def is_inside(piece: Piece) -> bool:
        # What runs out of the crop and has its middle beyond the field is a neighbour's descender.
        cut_off = piece.top == 0 or piece.bottom == shape[0]
        box = inner if cut_off else outer
        x, y = area.x + piece.x / scale, area.y + piece.y / scale
        return box.x <= x <= box.right and box.y <= y <= box.bottom

    return [
        piece
        for piece in found
        if piece.area >= 5 and is_inside(piece) and not is_streak(piece, shape, scale)
    ]


def _together(found: list[Piece], scale: float) -> list[Piece]:
    """The pieces without specks that stand away from all strokes."""
    reach = NEAR_MM * scale
    near = [(s.left - reach, s.right + reach) for s in found if is_substantial(s, scale)]
    return [piece for piece in found if any(left < piece.x < right for left, right in near)]


def _without_strangers(found: list[Piece], crop: Crop, ink: Ink) -> list[Piece]:
    """The pieces without those beyond the field that hang on no stroke within it: the marks of
    the line below."""
    top = (crop.field.box.y - crop.area.y) * ink.scale
    bottom = (crop.field.box.bottom - crop.area.y) * ink.scale
    inside = [p for p in found if top <= p.y <= bottom and is_substantial(p, ink.scale)]
    reach = HANGS_MM * ink.scale

    def hangs(piece: Piece) -> bool:
        return any(
            stroke.left - reach < piece.x < stroke.right + reach
            and piece.top - stroke.bottom < reach
            and stroke.top - piece.bottom < reach
            for stroke in inside
        )

    return [piece for piece in found if top <= piece.y <= bottom or hangs(piece)]


def _is_faint(crop: Crop, ink: Ink) -> bool:
    """Whether there is something stroke-like lighter than what counts as ink."""
    light = ink.darkness > 0.13
    light = np.asarray(
        cv2.morphologyEx(light.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2))) > 0
    )
    found, _ = pieces(light)
    strokes = [
        piece
        for piece in _belonging(found, crop, ink)
        if piece.height > 1.2 * ink.scale and piece.area > 0.25 * ink.scale**2
    ]
    return len(strokes) > 0


def _rows(crop: Crop, ink: Ink, found: list[Piece]) -> list[list[Piece]]:
    """The pieces by rows of writing: cut where the least ink lies near each expected boundary."""
    count = crop.field.rows
    if count < 2:
        return [found]
    top = (crop.field.box.y - crop.area.y) * ink.scale
    pitch = crop.field.box.h * ink.scale / count
    profile = cv2.blur(ink.mask.sum(axis=1).astype(np.float32).reshape(-1, 1), (1, 5)).ravel()
    cuts = []
    for at in range(1, count):
        middle = top + at * pitch
        low = max(0, round(middle - 0.3 * pitch))
        high = min(len(profile), round(middle + 0.3 * pitch) + 1)
        away = np.abs(np.arange(low, high) - middle) / pitch
        cuts.append(low + int(np.argmin(profile[low:high] + away)))
    rows: list[list[Piece]] = [[] for _ in range(count)]
    for piece in found:
        rows[sum(piece.y > cut for cut in cuts)].append(piece)
    return rows


def _image(ink: Ink, labels: Labels, row: list[Piece]) -> Pixels:
    """One row of writing as dark on white, at a size that the reader likes."""
    left, right = min(p.left for p in row), max(p.right for p in row)
    top, bottom = min(p.top for p in row), max(p.bottom for p in row)
    part = np.s_[top:bottom, left:right]
    soft = cv2.dilate(mask_of(labels[part], row).view(np.uint8), np.ones((3, 3), np.uint8))
    return drawn(np.where(soft, ink.darkness[part], 0.0))


def drawn(dark: Darkness) -> Pixels:
    """Darkness as an image, dark on white, scaled, with a white border."""
    image = as_image(dark)
    height = image.shape[0]
    factor = 1.0
    if height < HEIGHT[0]:
        factor = min(2.0, HEIGHT[0] / max(height, 12))
    elif height > HEIGHT[1]:
        factor = HEIGHT[1] / height
    if factor != 1.0:
        how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
        image = np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=how))
    return np.asarray(
        cv2.copyMakeBorder(image, PAD, PAD, PAD, PAD, cv2.BORDER_CONSTANT, value=255), np.uint8
    )


def as_image(dark: Darkness) -> Pixels:
    """Darkness as bytes, dark on white, with the ink of any pen made black."""
    peak = max(0.3, quantile(dark[dark > 0.2], 0.9) or 1.0)
    return np.asarray(255.0 * (1.0 - np.minimum(dark / np.float32(peak), 1.0)), np.uint8)

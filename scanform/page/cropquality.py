"""Figures of a field's crop that tell how far its reading can be trusted, whatever it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.kept import KeptByBlank
from scanform.model.reading import Crop
from scanform.model.scan import Pixels
from scanform.page.arrays import as_pixels, grey_of

_EVERY = 2
"""Every other pixel each way is looked at: no stroke of a pen falls between them."""
_LEAST_DARKER = 28
"""Grey levels by which ink is darker than the paper."""
_NEAR_PRINT = np.ones((7, 7), np.uint8)
"""Ink this near to the form's own print may be that print, a little off."""
_FRAME_MM = (16.0, 6.0)
"""Width and height of the smallest frame that counts: a stamp's."""
_FRAME_EDGE_MM = 1.2
_FRAME_COVERED, _FRAME_SHARE = 0.6, 0.6
"""How much of each side has ink, and how much of the ink lies on the sides."""

Mask = NDArray[np.bool_]


def crop_figures(crop: Crop) -> Mapping[str, float]:
    """``foreign``: the share of the crop's margin that has ink which the form doesn't print, 0..1:
    a stamp, a neighbour's strokes or a scratch that runs through the field. ``contrast``: how much
    darker than the paper the written ink is, 0..1; 0 where nothing is written. ``framed``: the
    share of that ink in and on a drawn frame, as an office's stamp has one."""
    grey = grey_of(_some(crop.pixels))
    paper, darkest = _quantiles(grey, 0.75, 0.01)
    around = _surroundings.of(crop.blank, lambda: _surround(crop), (crop.field, crop.area))
    limit = int(paper - max(_LEAST_DARKER, 0.4 * (paper - darkest)))
    dark = as_pixels(cv2.threshold(grey, limit - 1, 1, cv2.THRESH_BINARY_INV)[1])
    own = as_pixels(cv2.bitwise_and(dark, around.bare))
    size = cv2.countNonZero(own)
    contrast = (paper - cv2.mean(grey, own)[0]) / 255.0 if size else 0.0
    outside = cv2.countNonZero(cv2.bitwise_and(own, around.margin)) if size else 0
    foreign = outside / around.size if around.size else 0.0
    return {
        "foreign": round(foreign, 4),
        "contrast": round(max(0.0, contrast), 4),
        "framed": round(_framed(own, own.shape[1] / crop.area.w), 4) if size else 0.0,
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Surroundings:
    """Of an empty crop, every ``_EVERY``-th pixel: what is ``bare`` of print (1, else 0), and which
    of that (``size`` pixels) lies in the ``margin`` around the field."""

    bare: Pixels
    margin: Pixels
    size: int


_surroundings: KeptByBlank[_Surroundings] = KeptByBlank()


def _surround(crop: Crop) -> _Surroundings:
    bare = cv2.erode(grey_of(crop.blank), _NEAR_PRINT) >= 200
    margin = _margin(crop) & bare
    some = _some(margin.view(np.uint8))
    return _Surroundings(_some(bare.view(np.uint8)), some, cv2.countNonZero(some))


def _some(pixels: Pixels) -> Pixels:
    """Every ``_EVERY``-th pixel each way."""
    height, width = (max(1, side // _EVERY) for side in pixels.shape[:2])
    whole = pixels[: height * _EVERY, : width * _EVERY]
    return as_pixels(cv2.resize(whole, (width, height), interpolation=cv2.INTER_NEAREST))


def _quantiles(grey: Pixels, *shares: float) -> list[float]:
    """The grey levels that those shares of the pixels don't exceed."""
    sums = np.cumsum(cv2.calcHist([grey], [0], None, [256], [0, 256]))
    return [float(np.searchsorted(sums, share * sums[-1])) for share in shares]


def _framed(own: Pixels, per_mm: float) -> float:
    """The share of the ink in and on frames; 0 where the crop has no room for one."""
    least = _FRAME_MM[0] * per_mm, _FRAME_MM[1] * per_mm
    if own.shape[0] < least[1] or own.shape[1] < least[0]:
        return 0.0
    if not _has_room(own, least):
        return 0.0
    joined = cv2.dilate(own, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, None, None, None, 8, cv2.CV_16U)
    inside = np.zeros(own.shape, np.uint8)
    for label, (_, _, width, height, _) in enumerate(stats[1:], start=1):
        if width < least[0] or height < least[1]:
            continue
        points = np.argwhere(labels == label)[:, ::-1].astype(np.float32)
        corners = _frame_around(points, per_mm)
        if corners is not None:
            cv2.fillConvexPoly(inside, corners, (1,))
    ink = cv2.countNonZero(own)
    return cv2.countNonZero(cv2.bitwise_and(own, inside)) / ink if ink else 0.0


def _has_room(own: Pixels, least: tuple[float, float]) -> bool:
    """Whether the ink reaches as far as a frame does, with its pieces joined as they will be."""
    _, _, width, height = cv2.boundingRect(own)
    return width + 2 >= least[0] and height + 2 >= least[1]


def _frame_around(points: NDArray[np.float32], per_mm: float) -> NDArray[np.int32] | None:
    """The corners of the frame that a piece of ink is; None where it is none: most of a frame's
    ink lies along the edges of its rectangle, on all four of them."""
    rectangle = cv2.minAreaRect(points)
    corners = cv2.boxPoints(rectangle)
    near = _FRAME_EDGE_MM * per_mm
    along = np.zeros(len(points), bool)
    for at in range(4):
        start, end = corners[at], corners[(at + 1) % 4]
        side = end - start
        length = float(np.hypot(*side))
        if length < near:
            return None
        offset = points - start
        away = np.abs(offset[:, 0] * side[1] - offset[:, 1] * side[0]) / length
        on_side = away < near
        reach = (offset[on_side] @ side) / length
        covered = len(np.unique((reach / near).astype(int)))
        if covered < _FRAME_COVERED * length / near:
            return None
        along |= on_side
    if along.mean() < _FRAME_SHARE:
        return None
    return np.round(corners).astype(np.int32)


def _margin(crop: Crop) -> Mask:
    """Where the crop shows what lies around its field."""
    height, width = crop.pixels.shape[:2]
    outside = np.ones((height, width), bool)
    field = crop.field
    boxes = [each.box for each in field.options] or list(field.cells) or [field.box]
    for box in boxes:
        left = round((box.x - crop.area.x) / crop.area.w * width)
        right = round((box.right - crop.area.x) / crop.area.w * width)
        top = round((box.y - crop.area.y) / crop.area.h * height)
        bottom = round((box.bottom - crop.area.y) / crop.area.h * height)
        outside[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = False
    return outside

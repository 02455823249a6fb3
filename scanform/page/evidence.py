"""Whether what is printed on the form is on the page, in place, whatever else is written there.

Pieces of print are compared with the page on the print and right beside it only: writing between
the lines changes nothing, and dark things that are there by chance don't help, since paper beside
print must be lighter than print. One comparison with what was prepared once for the form tells how
well each piece fits where it is and, where it nearly does, by how much it is off (B. D. Lucas and
T. Kanade, "An iterative image registration technique", IJCAI 1981, one step of it with brightness
and contrast left free).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from scanform.model.scan import Pixels
from scanform.page.arrays import Points

_PRINTED = 40
"""Ink (0..255) from which a pixel of the empty form counts as printed."""
_AROUND = 5
"""Pixels: the width of the brush that adds to the printed places the paper right beside them."""
_DAMPING = 0.03
"""Keeps a line from being shifted along itself, which nothing tells."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Stencils:
    """Printed pieces ready to be compared: windows of ``shape`` (height, width) with their left
    top ``corners`` (n x 2, pixels). ``rows`` (n x 4 x pixels) are what a page is multiplied with:
    the print, its slopes across and down, and the mask; ``gram`` (n x 4 x 4) their products and
    ``solver`` its damped inverse; ``mask`` (n x pixels) is 1 where the page is looked at."""

    corners: NDArray[np.int64]
    shape: tuple[int, int]
    rows: NDArray[np.float32]
    mask: NDArray[np.bool_]
    gram: Values
    solver: Values


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """``in_place`` (n): correlation of each piece with the page where it is, -1..1. ``shifts``
    (n x 2): pixels by which the print on the page seems to be off, to be believed below one or
    so; ``fits`` (n): the correlation if it is."""

    in_place: Values
    shifts: Points
    fits: Values


def beside_print(ink: Pixels) -> Pixels:
    """1 where something is printed on the empty form or right beside it, else 0."""
    brush = np.ones((_AROUND, _AROUND), np.uint8)
    return np.asarray(cv2.dilate((ink > _PRINTED).astype(np.uint8), brush), np.uint8)


def make_stencils(form: Pixels, mask: NDArray[np.bool_], corners: NDArray[np.int64]) -> Stencils:
    """Of ``form`` (the empty form's ink) the windows at ``corners``; ``mask`` (n x height x width)
    is where each counts."""
    count, height, width = mask.shape
    values = _soft(_filled(form, corners, (height, width))).astype(np.float32)
    slopes = (cv2.Sobel(values, cv2.CV_32F, *way, scale=0.125) for way in ((1, 0), (0, 1)))
    kept = mask.reshape(count, -1)
    rows = np.stack(
        [
            _windows(each, corners, (height, width)).reshape(count, -1) * kept
            for each in (values, *slopes, np.ones_like(values))
        ],
        axis=1,
    )
    gram = np.einsum("nip,njp->nij", rows, rows, optimize=True).astype(np.float64)
    damped = gram.copy()
    slope = np.arange(1, 3)
    damped[:, slope, slope] += _DAMPING * gram[:, slope, slope].max(axis=1, keepdims=True) + 1.0
    damped[:, 0, 0] += 1.0
    damped[:, 3, 3] += 1e-3
    return Stencils(corners, (height, width), rows, kept, gram, np.linalg.inv(damped))


def compare(sheet: Pixels, stencils: Stencils) -> Compared:
    """How each piece fits on ``sheet``: ink in template space, at the form's resolution."""
    seen = _windows(
        _soft(_filled(sheet, stencils.corners, stencils.shape)), stencils.corners, stencils.shape
    )
    seen = (seen.reshape(len(seen), -1) * stencils.mask).astype(np.float32)
    products = np.matmul(stencils.rows, seen[:, :, None])[:, :, 0].astype(np.float64)
    squares = np.einsum("np,np->n", seen, seen).astype(np.float64)
    gram = stencils.gram
    area = np.maximum(gram[:, 3, 3], 1.0)
    spread = np.maximum(squares - products[:, 3] ** 2 / area, 0.0)
    of_print = np.maximum(gram[:, 0, 0] - gram[:, 0, 3] ** 2 / area, 0.0)
    both = products[:, 0] - products[:, 3] * gram[:, 0, 3] / area
    in_place = both / np.sqrt(spread * of_print + 1e-6)
    solved = np.einsum("nij,nj->ni", stencils.solver, products)
    modelled = np.einsum("ni,nij,nj->n", solved, gram, solved, optimize=True)
    left = squares - 2.0 * (solved * products).sum(axis=1) + modelled
    fits = np.sqrt(np.clip(1.0 - left / np.maximum(spread, 1e-6), 0.0, 1.0))
    strength = np.maximum(solved[:, 0], 1e-3)
    shifts = np.where(solved[:, :1] > 0.05, -solved[:, 1:3] / strength[:, None], np.inf)
    return Compared(in_place, shifts, np.maximum(fits * (solved[:, 0] > 0), in_place))


def _soft(ink: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(ink, (3, 3), 0), np.uint8)


def _filled(ink: Pixels, corners: NDArray[np.int64], shape: tuple[int, int]) -> Pixels:
    """``ink`` with as much paper added on the right and below as the windows need."""
    right, below = (corners.max(axis=0, initial=0) + shape[::-1] - ink.shape[::-1]).tolist()
    if max(right, below) <= 0:
        return ink
    border = (0, max(0, below), 0, max(0, right))
    return np.asarray(cv2.copyMakeBorder(ink, *border, cv2.BORDER_CONSTANT, value=(0.0,)), np.uint8)


def _windows(
    values: NDArray[Any], corners: NDArray[np.int64], shape: tuple[int, int]
) -> NDArray[Any]:
    return sliding_window_view(values, shape)[corners[:, 1], corners[:, 0]]

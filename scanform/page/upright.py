"""The way without marks that asks least of the image: turn it straight, turn it the right way up,
slide it over the blank. It needs no feature to be sharp, only the page to be seen flat."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import Pixels
from scanform.page.arrays import Matrix, as_pixels, resized, scaling
from scanform.page.deskew import skew
from scanform.page.features import Guess
from scanform.page.orient import Lying, orientations
from scanform.page.reference import Reference
from scanform.page.register import PageInk

DPI = 37.5


def guesses_upright(page: PageInk, dpi: float, references: Sequence[Reference]) -> list[Guess]:
    """For each reference the similarity under which the page, taken for flat and of ``dpi``, best
    covers the form: a homography from millimetres to pixels of the page's full image."""
    small, shrink = _shrunk(page.ink, DPI / (dpi * page.scale[0]))
    turned, back = deskewed(small, skew(page.ink))
    forms = [_shrunk(each.coarse.ink, DPI / each.coarse.plan.dpi)[0] for each in references]
    full = scaling(1 / page.scale[0], 1 / page.scale[1]) @ np.linalg.inv(shrink) @ back
    to_pixels = scaling(DPI / MM_PER_INCH, DPI / MM_PER_INCH)
    return [
        Guess(full @ _to_page(lying, turned.shape) @ to_pixels, lying.likeness, "print")
        for lying in orientations(turned, forms)
    ]


def deskewed(ink: Pixels, degrees: float) -> tuple[Pixels, Matrix]:
    """``ink`` turned back by ``degrees`` (which it is turned clockwise), in an image large enough
    for its corners, and the matrix from places in that image back to places in ``ink``."""
    height, width = ink.shape
    radians = np.radians(degrees)
    c, s = np.cos(radians), np.sin(radians)
    new_width = int(np.ceil(width * abs(c) + height * abs(s)))
    new_height = int(np.ceil(width * abs(s) + height * abs(c)))
    back = np.array(
        [
            [c, -s, width / 2 - c * new_width / 2 + s * new_height / 2],
            [s, c, height / 2 - s * new_width / 2 - c * new_height / 2],
            [0.0, 0.0, 1.0],
        ]
    )
    half = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
    by_index = (np.linalg.inv(half) @ back @ half)[:2]
    turned = cv2.warpAffine(
        ink, by_index, (new_width, new_height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    return as_pixels(turned), back


def _shrunk(ink: Pixels, times: float) -> tuple[Pixels, Matrix]:
    height, width = ink.shape
    size = max(8, round(width * times)), max(8, round(height * times))
    return resized(ink, *size), scaling(size[0] / width, size[1] / height)


def _to_page(lying: Lying, shape: tuple[int, ...]) -> Matrix:
    """From places on the form to places on the image as it lies, both in pixels of one size."""
    height, width = shape[:2]
    slide = np.array([[1.0, 0.0, lying.across], [0.0, 1.0, lying.down], [0.0, 0.0, 1.0]])
    # What ``numpy.rot90`` with -quarters did, undone: places of the turned image in the original.
    undo = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        1: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
        2: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        3: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
    }
    return np.asarray(np.array(undo[lying.quarters]) @ slide, np.float64)

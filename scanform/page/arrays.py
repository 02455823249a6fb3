"""Kinds of array that the steps of this room pass on, and how places are written.

A place on the form is ``(x, y)`` in millimetres from the page's top left corner. A place in an
image is ``(x, y)`` in pixels, counted so that pixel ``i`` covers ``i`` to ``i + 1``: scaling an
image then scales its places, with no half pixel left over.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import Pixels

Points = NDArray[np.float64]
"""n x 2 places."""
Matrix = NDArray[np.float64]
"""A 3 x 3 homography, or a table of numbers."""
Mask = NDArray[np.bool_]
Scale = tuple[float, float]
"""How many times as large an image was made, across and down."""


def apply(homography: Matrix, points: Points) -> Points:
    """``points`` (n x 2) mapped by a 3 x 3 homography."""
    mapped = points @ homography[:, :2].T + homography[:, 2]
    return np.asarray(mapped[:, :2] / mapped[:, 2:], np.float64)


def scaling(x: float, y: float) -> Matrix:
    return np.diag([x, y, 1.0])


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """``pixels`` made smaller (each new pixel the mean of those it covers) or larger."""
    shrinks = width < pixels.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return as_pixels(cv2.resize(pixels, (width, height), interpolation=how))


def halved(pixels: Pixels) -> Pixels:
    """Half as large each way, grey or colour; a last odd row or column is left out. Much faster
    than to make it smaller by any other measure."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    return resized(pixels[: 2 * height, : 2 * width], width, height)


def grey_of(pixels: Pixels) -> Pixels:
    """The grey of a colour image; a grey one as it is."""
    return pixels if pixels.ndim == 2 else as_pixels(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))


def in_colour(pixels: Pixels) -> Pixels:
    """With three channels, blue, green, red; as it is where it has them."""
    return pixels if pixels.ndim == 3 else as_pixels(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR))


def as_pixels(array: NDArray[Any]) -> Pixels:
    return np.asarray(array, np.uint8)


def sheet_size(page_mm: tuple[float, float], dpi: float) -> tuple[int, int]:
    """Width and height in whole pixels of a page at ``dpi``."""
    return round(page_mm[0] * dpi / MM_PER_INCH), round(page_mm[1] * dpi / MM_PER_INCH)

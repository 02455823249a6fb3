"""Whether what is printed on the form is on the page, in place, whatever else is written there."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels

_PRINTED = 40
"""Ink (0..255) from which a pixel of the empty form counts as printed."""
_AROUND = 5
"""Pixels: the width of the brush that adds to the printed places the paper right beside them."""


def beside_print(ink: Pixels) -> Pixels:
    """1 where something is printed on the empty form or right beside it, else 0."""
    brush = np.ones((_AROUND, _AROUND), np.uint8)
    return np.asarray(cv2.dilate((ink > _PRINTED).astype(np.uint8), brush), np.uint8)


def in_place(
    sheet: Pixels, form: Pixels, mask: Pixels, corners: NDArray[np.int64], side: int
) -> NDArray[np.float64]:
    """How well each piece of the form is seen where it should be, -1..1.

    ``sheet`` and ``form`` are ink in template space at one resolution, ``mask`` is
    ``beside_print(form)``. The correlation is taken over the mask alone, within squares of
    ``side`` pixels at ``corners``: writing between the lines doesn't lower it, and dark things
    that are there by chance don't raise it, since paper beside print must be lighter than print.
    """
    seen, printed = (cv2.GaussianBlur(each, (3, 3), 0).astype(np.float32) for each in (sheet, form))
    weight = mask.astype(np.float32)

    def sums(values: NDArray[np.float32]) -> NDArray[np.float64]:
        table = cv2.integral(values, sdepth=cv2.CV_64F)
        x, y = corners[:, 0], corners[:, 1]
        total = table[y + side, x + side] - table[y, x + side] - table[y + side, x] + table[y, x]
        return np.asarray(total, np.float64)

    seen_here, printed_here = seen * weight, printed * weight
    area = np.maximum(sums(weight), 1.0)
    of_seen, of_printed = sums(seen_here), sums(printed_here)
    both = sums(seen_here * printed) - of_seen * of_printed / area
    spread_seen = np.maximum(sums(seen_here * seen) - of_seen**2 / area, 0.0)
    spread_printed = np.maximum(sums(printed_here * printed) - of_printed**2 / area, 0.0)
    return np.asarray(both / np.sqrt(spread_seen * spread_printed + 1e-6), np.float64)

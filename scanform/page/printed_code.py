"""The code printed on a form, which names the form, its revision and the page."""

from __future__ import annotations

import cv2
import numpy as np

from scanform.model.geometry import MM_PER_INCH, Box
from scanform.model.scan import Pixels
from scanform.page.arrays import Matrix, as_pixels, grey_of, scaling

SAME_PATTERN = 0.87
"""Correlation from which a code is the one known: codes of other pages and revisions reach 0.76."""
_CODE_DPI = 200.0
_PATTERN_DPI = 180.0
"""Three dots or more to the smallest square of a code."""
_REACH_MM = 1.7


def read_code(sheet: Pixels, code: Box, dpi: float) -> str:
    """What the printed code says on a page in template space (at ``dpi``); "" unreadable."""
    left, top, right, bottom = code.grown(3.0).pixels(dpi)
    cut = np.ascontiguousarray(sheet[max(0, top) : bottom, max(0, left) : right])
    return _decoded(grey_of(cut))


def _decoded(cut: Pixels) -> str:
    try:
        text, *_ = cv2.QRCodeDetector().detectAndDecode(cut)
    except cv2.error:
        return ""
    return str(text)


def code_under(grey: Pixels, to_image: Matrix, code: Box) -> str:
    """What the printed code says on a page as it lies; "" unreadable. ``to_image`` maps
    millimetres of the form to pixels of ``grey``."""
    return _decoded(_cut(grey, to_image, code.grown(3.0), _CODE_DPI))


def pattern_of(blank: Pixels, code: Box, dpi: float) -> Pixels:
    """The code of the empty form (grey, at ``dpi``), for ``likeness_of_code``."""
    per_mm = dpi / MM_PER_INCH
    return _cut(
        as_pixels(cv2.GaussianBlur(blank, (0, 0), dpi / 300.0)),
        scaling(per_mm, per_mm),
        code,
        _PATTERN_DPI,
    )


def likeness_of_code(grey: Pixels, to_image: Matrix, code: Box, pattern: Pixels) -> float:
    """How much what stands where the form's code should be looks like that code, -1..1: a
    hundredth of the work of reading it. ``to_image`` as for ``code_under``."""
    seen = _cut(grey, to_image, code.grown(_REACH_MM), _PATTERN_DPI)
    return float(cv2.matchTemplate(seen, pattern, cv2.TM_CCOEFF_NORMED).max())


def _cut(grey: Pixels, to_image: Matrix, area: Box, dpi: float) -> Pixels:
    per_mm = dpi / MM_PER_INCH
    to_form = np.array([[1 / per_mm, 0, area.x], [0, 1 / per_mm, area.y], [0, 0, 1]])
    # cv2 counts from the middle of the first pixel.
    half = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
    by_index = np.linalg.inv(half) @ to_image @ to_form @ half
    size = round(area.w * per_mm), round(area.h * per_mm)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return as_pixels(cv2.warpPerspective(grey, by_index, size, flags=flags))

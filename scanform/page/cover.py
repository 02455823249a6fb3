"""A batch's cover sheet, found on a scanned page."""

from __future__ import annotations

import re

import cv2
import numpy as np

from scanform.model.scan import Pixels
from scanform.page.arrays import grey_of

_WORK_DPI = 120
"""The code is printed large: this many dots are enough, and quick."""

_CODE = re.compile(r"scanform:batch/(B[0-9]{4,9})")


def cover_text(batch_id: str) -> str:
    """What the code on a batch's cover sheet says."""
    return f"scanform:batch/{batch_id}"


def batch_in(text: str) -> str | None:
    """The batch that a code names; None for any other text."""
    match = _CODE.fullmatch(text)
    return match[1] if match else None


def batch_on(pixels: Pixels, dpi: float) -> str | None:
    """The batch whose cover sheet this page is; None for any other page."""
    grey = grey_of(pixels)
    scale = min(1.0, _WORK_DPI / max(dpi, 1.0))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    text, *_ = cv2.QRCodeDetector().detectAndDecode(np.ascontiguousarray(small))
    return batch_in(text)

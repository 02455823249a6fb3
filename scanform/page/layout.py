"""A page drawn straight into template space, once it is known where it lies."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from scanform.model.scan import SHEET_DPI, FieldFit, Page, Pixels, Quality, Sheet
from scanform.page import quality
from scanform.page.arrays import grey_of, sheet_size
from scanform.page.fieldfit import field_fits
from scanform.page.piecefit import piece_fits
from scanform.page.register import Registered


def lay_out(page: Page, found: Registered) -> Sheet:
    """The page drawn into template space, with colour, at ``SHEET_DPI``."""
    source = grey_of(page.pixels) if _is_grey(page.pixels) else page.pixels
    size = sheet_size(found.warp.page_mm, SHEET_DPI)
    pulled = found.warp.pull(source, SHEET_DPI, size, (1.0, 1.0), outside=255)
    figures = Quality(
        residual_mm=found.residual_mm,
        sharpness=quality.sharpness(pulled),
        contrast=quality.contrast(pulled),
        dpi=found.warp.dpi(),
        rotation=found.warp.rotation(),
        method=found.method,
    )
    reference = found.reference
    return Sheet(pulled, reference.template.ref, reference.page, figures, fields_of(found))


def fields_of(found: Registered) -> Mapping[str, FieldFit]:
    """How each field of the page lies, by id."""
    pieces = found.pieces or piece_fits(found.sheet_ink, found.reference)
    return field_fits(found.reference, pieces)


def _is_grey(pixels: Pixels) -> bool:
    """Whether a page has no colour, though it may have three channels."""
    if pixels.ndim == 2:
        return True
    blue, green, red = cv2.split(np.ascontiguousarray(pixels[::8, ::8]))
    return max(cv2.norm(blue, green, cv2.NORM_INF), cv2.norm(green, red, cv2.NORM_INF)) <= 8

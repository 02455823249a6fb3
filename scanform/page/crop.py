"""Fields cut from a sheet."""

from __future__ import annotations

import numpy as np

from scanform.model.geometry import Box, bounding_box
from scanform.model.reading import Crop
from scanform.model.scan import SHEET_DPI, Pixels, Sheet
from scanform.model.template import Field
from scanform.page.arrays import in_colour

MARGIN_MM = 1.2
"""Room for what is left of misalignment and for marks on letters (``Ẫ``), not for neighbours."""


OPTION_MARGIN_MM = 3.2
"""Room around tick boxes: some people circle a box instead of ticking it."""


def crop_area(field: Field) -> Box:
    """What is cut for ``field``: its box, cells and tick boxes with a margin, in millimetres."""
    boxes = (field.box, *field.cells, *(option.box for option in field.options))
    return bounding_box(boxes).grown(OPTION_MARGIN_MM if field.options else MARGIN_MM)


def crop(sheet: Sheet, field: Field, blank: Pixels) -> Crop:
    """``field`` cut from ``sheet`` and from ``blank`` (the empty page at ``SHEET_DPI``).

    Both cuts are of equal height and width, the sheet's with three channels, and views where they
    can be; the area is moved in from the page's edge where it would hang over, and told in whole
    pixels' millimetres.
    """
    height = min(sheet.pixels.shape[0], blank.shape[0])
    width = min(sheet.pixels.shape[1], blank.shape[1])
    left, top, right, bottom = crop_area(field).pixels(SHEET_DPI)
    left, top = max(0, min(left, width - 1)), max(0, min(top, height - 1))
    right, bottom = max(left + 1, min(right, width)), max(top + 1, min(bottom, height))
    mm = 25.4 / SHEET_DPI
    area = Box(left * mm, top * mm, (right - left) * mm, (bottom - top) * mm)
    cut = np.s_[top:bottom, left:right]
    return Crop(field, area, in_colour(sheet.pixels[cut]), blank[cut])

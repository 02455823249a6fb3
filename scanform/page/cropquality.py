"""Figures of a field's crop that tell how far its reading can be trusted, whatever it says."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from scanform.model.reading import Crop
from scanform.page.arrays import grey_of

_EVERY = 3
"""Paper and print are told from every third pixel each way."""
_LEAST_DARKER = 28
"""Grey levels by which ink is darker than the paper."""
_NEAR_PRINT = np.ones((7, 7), np.uint8)
"""Ink this near to the form's own print may be that print, a little off."""


def crop_figures(crop: Crop) -> Mapping[str, float]:
    """``foreign``: the share of the crop's margin that has ink which the form doesn't print, 0..1:
    a stamp, a neighbour's strokes or a scratch that runs through the field. ``contrast``: how much
    darker than the paper the written ink is, 0..1; 0 where nothing is written."""
    grey = grey_of(crop.pixels)
    sample = grey[::_EVERY, ::_EVERY]
    paper = float(np.percentile(sample, 75))
    darkest = float(np.percentile(sample, 1))
    dark = grey < paper - max(_LEAST_DARKER, 0.4 * (paper - darkest))
    printed = cv2.erode(grey_of(crop.blank), _NEAR_PRINT) < 200
    own = dark & ~printed
    written = grey[own]
    contrast = (paper - float(written.mean())) / 255.0 if written.size else 0.0
    margin = _margin(crop) & ~printed
    outside = int(np.count_nonzero(margin))
    foreign = int(np.count_nonzero(own & margin)) / outside if outside else 0.0
    return {"foreign": round(foreign, 4), "contrast": round(max(0.0, contrast), 4)}


def _margin(crop: Crop) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
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

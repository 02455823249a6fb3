"""A line of writing cut from a page whose empty form isn't known. Pure.

What is printed can't be taken out by comparing, so long straight strokes are taken for the box's
borders, and what is cut off at the top or the bottom for the neighbouring lines.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels
from scanform.recognise.ink import Darkness, darkness_of, grey_of

HEIGHT = 80
"""Pixels that a line is scaled to before anything is measured in it."""
FAINTEST = 0.15
LONG = 1 / 6
"""A straight level stroke of this share of the width is a border, so is an upright one of 0.8 of
the height."""
SPECK = 12
"""Pixels; less ink in a piece is dirt."""
EDGE = 0.02
"""This share of the ink may lie above or below the line that is kept."""


def bare_line(pixels: Pixels) -> Pixels:
    """The writing alone, dark on white, with a white border; where there is none, the image."""
    grey = grey_of(pixels)
    factor = HEIGHT / grey.shape[0]
    grey = np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
    darkness = darkness_of(grey, HEIGHT // 3).astype(np.float32) / 255.0
    dark = darkness[darkness > FAINTEST]
    limit = max(FAINTEST, 0.4 * float(np.percentile(dark, 90))) if dark.size else 1.0
    kept = _writing(darkness > limit)
    if not kept.any():
        return grey
    rows = np.cumsum(kept.sum(axis=1)) / kept.sum()
    top, bottom = np.searchsorted(rows, EDGE / 2), np.searchsorted(rows, 1 - EDGE / 2) + 1
    columns = np.flatnonzero(kept.any(axis=0))
    return _drawn(darkness, kept, (int(top), int(bottom), int(columns[0]), int(columns[-1]) + 1))


def _writing(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The ink without borders, specks and what the neighbouring lines left at the edges."""
    mask = ink.astype(np.uint8)
    height, width = mask.shape
    level = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, max(8, round(width * LONG)))))
    upright = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((round(height * 0.8), 1)))
    mask[cv2.dilate(np.maximum(level, upright), np.ones((3, 3), np.uint8)) > 0] = 0
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask)
    wanted = [
        at
        for at in range(1, count)
        if stats[at, cv2.CC_STAT_AREA] >= SPECK
        and not (stats[at, cv2.CC_STAT_TOP] == 0 and centres[at][1] < 0.18 * height)
        and not (
            stats[at, cv2.CC_STAT_TOP] + stats[at, cv2.CC_STAT_HEIGHT] == height
            and centres[at][1] > 0.85 * height
        )
    ]
    return np.asarray(np.isin(labels, wanted))


def _drawn(darkness: Darkness, kept: NDArray[np.bool_], box: tuple[int, int, int, int]) -> Pixels:
    top, bottom, left, right = box
    soft = cv2.dilate(kept.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    peak = max(0.2, float(np.percentile(darkness[kept], 80)))
    image = 255.0 * (1.0 - np.clip(np.where(soft, darkness, 0.0) / peak, 0.0, 1.0))
    line = image.astype(np.uint8)[top:bottom, left:right]
    return np.asarray(cv2.copyMakeBorder(line, 4, 4, 8, 8, cv2.BORDER_CONSTANT, value=255))

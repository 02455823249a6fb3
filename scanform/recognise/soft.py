"""A cell cut from a photographed page whose empty form isn't known, evened out for a reader. Pure.

Deciding for every pixel whether it is ink costs faint strokes and dots; readers see more when the
grey stays. So only the paper is evened, the box's borders are taken out, and what is empty is cut
off.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels
from scanform.recognise.ink import Darkness, darkness_of, grey_of

HEIGHT = 80
"""Pixels that a cell is scaled to before anything is measured in it."""
PAPER = 0.06
"""Darkness below which nothing is written: grain and shadows."""
LEVEL = 1 / 5
"""A level stroke of this share of the width is a border, as is an upright one of ``UPRIGHT`` of
the height."""
UPRIGHT = 0.9
OUTSIDE = 0.04
"""This share of the ink may lie behind the right border: the page's edge, a neighbour."""
EDGE = 0.3
"""Level borders lie within this share of the height from the top or the bottom."""
MARGIN = 6
"""White pixels around the writing."""


def soft_line(pixels: Pixels) -> Pixels:
    """The writing in grey on white, without the box, with a narrow white border."""
    grey = grey_of(pixels)
    factor = HEIGHT / grey.shape[0]
    grey = np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
    darkness = darkness_of(grey, HEIGHT // 3).astype(np.float32) / 255.0
    ink = darkness > _limit(darkness)
    darkness, ink = _within_box(darkness, ink)
    darkness = _without_borders(darkness, ink)
    ink = _without_specks(darkness > _limit(darkness))
    if not ink.any():
        return np.full((HEIGHT, HEIGHT), 255, np.uint8)
    top, bottom, left, right = _extent(ink)
    peak = max(0.1, float(np.percentile(darkness[ink], 75)))
    white = np.clip((darkness - PAPER * 0.5) / peak, 0.0, 1.0)[top:bottom, left:right]
    line = (255.0 * (1.0 - white)).astype(np.uint8)
    border = (MARGIN // 2, MARGIN // 2, MARGIN, MARGIN)
    return np.asarray(cv2.copyMakeBorder(line, *border, cv2.BORDER_CONSTANT, value=255))


def _limit(darkness: Darkness) -> float:
    """Darkness from which a pixel counts as ink: faint pencil has a lower one than ink."""
    dark = darkness[darkness > PAPER]
    return max(PAPER, 0.35 * float(np.percentile(dark, 92))) if dark.size > 50 else 1.0


def _within_box(darkness: Darkness, ink: NDArray[np.bool_]) -> tuple[Darkness, NDArray[np.bool_]]:
    """What lies between an upright border at the left and one at the right, where there are any.

    A border may lean a little; behind the right one there is hardly any ink.
    """
    width = ink.shape[1]
    wide = cv2.dilate(ink.astype(np.uint8), np.ones((1, 5), np.uint8))
    at = np.flatnonzero(wide.mean(axis=0) >= UPRIGHT)
    at_left = at[at < 0.03 * width]
    left = int(at_left[-1]) + 3 if at_left.size else 0
    right, outside = width, OUTSIDE * float(ink.sum())
    for column in at[at > 0.6 * width][::-1]:
        if ink[:, column + 6 : right].sum() <= outside:
            right = int(column) - 3
    right = max(left + 8, right)
    return darkness[:, left:right], ink[:, left:right]


def _without_borders(darkness: Darkness, ink: NDArray[np.bool_]) -> Darkness:
    """Level borders near the top and the bottom give way to what lies above and below them."""
    height, width = ink.shape
    mask = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    long = np.ones((1, max(24, round(width * LEVEL))), np.uint8)
    level = cv2.morphologyEx(mask, cv2.MORPH_OPEN, long)
    band = round(height * EDGE)
    level[band : height - band] = 0
    if not level.any():
        return darkness
    border = cv2.dilate(level, np.ones((5, 3), np.uint8)) > 0
    kept = darkness.copy()
    # A stroke that crosses the border stays: the lighter of the nearest rows above and below.
    for column in np.flatnonzero(border.any(axis=0)):
        rows = np.flatnonzero(border[:, column])
        for run in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1):
            above = kept[run[0] - 1, column] if run[0] > 0 else 0.0
            below = kept[run[-1] + 1, column] if run[-1] + 1 < height else 0.0
            kept[run, column] = min(above, below)
    return np.asarray(kept)


def _without_specks(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The ink without dirt and without what only touches the upper or lower edge."""
    height = ink.shape[0]
    count, labels, stats, centres = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    wanted = [
        at
        for at in range(1, count)
        if stats[at, cv2.CC_STAT_AREA] >= 10
        and 0.08 * height < centres[at][1] < 0.94 * height
        and not (stats[at, cv2.CC_STAT_LEFT] < 6 and stats[at, cv2.CC_STAT_WIDTH] < 4)
    ]
    return np.asarray(np.isin(labels, wanted))


def _extent(ink: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of the writing; a lone speck at the side widens nothing."""
    rows = np.cumsum(ink.sum(axis=1)) / ink.sum()
    top = max(0, int(np.searchsorted(rows, 0.004)) - 1)
    bottom = min(ink.shape[0], int(np.searchsorted(rows, 0.996)) + 2)
    columns = np.flatnonzero(ink.sum(axis=0) > 0)
    return top, bottom, max(0, int(columns[0]) - 2), min(ink.shape[1], int(columns[-1]) + 3)

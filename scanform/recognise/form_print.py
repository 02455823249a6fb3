"""What the form itself prints in a crop: worked out once for each field, used on every page. Pure.

Masks hold 0 and 1 in bytes, as OpenCV wants them, and have the crop's size unless they say that
they cover a part (``rows``).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.kept import KeptByBlank
from scanform.model.scan import Pixels

Bits = NDArray[np.uint8]

PRINTED = 64
"""Darkness (0..255) from which the blank counts as printed: a quarter."""
REACH_MM = 0.3
"""How far printed ink may lie from where the registered blank has it."""
BESIDE_MM = 0.17
"""How far printed ink may be smeared in a scan."""
SAMPLES = 600
"""Printed pixels that are looked at to find out how far a crop lies off its blank."""
FEWEST = 40
"""With fewer printed pixels there is nothing to go by."""

DOT_MM = 0.6
"""A printed dot is at most this large."""
FEWEST_DOTS = 12
"""Printed dots that make a dotted line."""
LARGEST_MM = 1.1
"""A written dot is at most this large."""


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """The printed lines of one direction. ``thick``: pixels across; ``runs``: for each place along
    the lines, how many are met there, and ``some`` where that is any; ``zone``: pixels on or right
    beside a line; ``open``: those of them where a stroke across the line can be told, which it
    can't where lines of both directions meet. All of them cover ``rows`` of the crop."""

    rows: slice
    thick: int
    runs: NDArray[np.int64]
    some: NDArray[np.bool_]
    zone: Bits
    open: Bits


@dataclass(frozen=True, slots=True, eq=False)
class Leaders:
    """The printed dots of dotted lines within ``rows`` of the crop. ``around`` and ``of``: the
    pixels (flat, in those rows) on or right beside the dots, and which dot each is nearest to;
    ``dots``: their numbers."""

    rows: slice
    around: NDArray[np.int64]
    of: NDArray[np.int64]
    dots: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class FormPrint:
    """``form``: where the form is printed, with what may be smeared. To lay a crop on its blank:
    ``steps`` (m x 2: down, across) to try, for each of them the printed pixels to look at
    (``sample``, m x n, flat), and how dark those are on the blank (``weights``, n). ``lying`` and
    ``standing`` lines; ``leaders``: dotted lines."""

    form: Bits
    steps: NDArray[np.int64]
    sample: NDArray[np.int32]
    weights: NDArray[np.float32]
    lying: Rules | None
    standing: Rules | None
    leaders: Leaders | None


_prints: KeptByBlank[FormPrint] = KeptByBlank()


def form_print(blank: Pixels, scale: float) -> FormPrint:
    """The print of ``blank`` (a crop of the empty form), at ``scale`` pixels a millimetre."""
    return _prints.of(blank, lambda: make_form_print(blank, scale), scale)


def make_form_print(blank: Pixels, scale: float) -> FormPrint:
    """As ``form_print``, worked out anew."""
    grey = blank if blank.ndim == 2 else cv2.cvtColor(blank, cv2.COLOR_BGR2GRAY)
    darkness = 255 - np.asarray(grey, np.uint8)
    printed = (darkness > PRINTED).astype(np.uint8)
    form = dilated(printed, max(1, round(BESIDE_MM * scale)))
    steps, sample, weights = _sample(darkness, printed, round(REACH_MM * scale))
    lying, standing = _rules(printed, form, scale)
    return FormPrint(form, steps, sample, weights, lying, standing, _leaders(printed, scale))


def dilated(mask: Bits, pixels: int) -> Bits:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1,) * 2)
    return np.asarray(cv2.dilate(mask, kernel), np.uint8)


def opened(mask: Bits, width: int, height: int) -> Bits:
    """What of the mask a block of that size fits into."""
    kernel = np.ones((height, width), np.uint8)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), np.uint8)


def _sample(
    darkness: Pixels, printed: Bits, reach: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """``steps``, ``sample`` and ``weights`` of a ``FormPrint``, of pixels ``reach`` or more from
    the edge; no pixels where there are too few."""
    height, width = printed.shape
    inner = np.zeros_like(printed)
    if reach >= 1 and height > 4 * reach and width > 4 * reach:
        inside = np.s_[reach:-reach, reach:-reach]
        inner[inside] = printed[inside]
    found = np.argwhere(inner)
    if len(found) < FEWEST:
        found = found[:0]
    found = found[:: max(1, len(found) // SAMPLES)]
    weights = darkness[found[:, 0], found[:, 1]].astype(np.float32) / np.float32(255.0)
    every = np.arange(-reach, reach + 1)
    steps = np.stack(np.meshgrid(every, every, indexing="ij"), axis=-1).reshape(-1, 2)
    sample = (found @ (width, 1))[None] + (steps @ (width, 1))[:, None]
    return steps, sample.astype(np.int32), weights


def _rules(printed: Bits, form: Bits, scale: float) -> tuple[Rules | None, Rules | None]:
    long, gap, thickest = round(2.5 * scale), round(1.0 * scale), round(0.7 * scale)
    found: list[Rules | None] = []
    for lying in (True, False):
        bridge = np.ones((1, gap) if lying else (gap, 1), np.uint8)
        joined = np.asarray(cv2.morphologyEx(printed, cv2.MORPH_CLOSE, bridge), np.uint8)
        joined &= 1 - opened(joined, thickest, thickest)  # words and blots are no lines
        lines = opened(joined, long, 1) if lying else opened(joined, 1, long)
        other = opened(joined, 1, long) if lying else opened(joined, long, 1)
        found.append(_rules_of(lines, other, form, lying, scale))
    return found[0], found[1]


def _rules_of(lines: Bits, other: Bits, form: Bits, lying: bool, scale: float) -> Rules | None:
    if not lines.any():
        return None
    zone = dilated(lines, max(1, round(BESIDE_MM * scale)))
    met = np.flatnonzero(zone.any(axis=1))
    rows = slice(int(met[0]), int(met[-1]) + 1)
    away = 1 - dilated(other, max(1, round(0.25 * scale)))
    axis = 0 if lying else 1
    edges = np.abs(np.diff(lines.astype(np.int8), axis=axis)).sum(axis=axis)
    runs = np.maximum(1, (edges.astype(np.int64) + 1) // 2)
    some = np.asarray(lines.any(axis=axis))
    thick = max(1, round(float(np.median(lines.sum(axis=axis)[some] / runs[some]))))
    if not lying:
        runs, some = runs[rows], some[rows]
    return Rules(rows, thick, runs, some, zone[rows], (zone & form & away)[rows])


def _leaders(printed: Bits, scale: float) -> Leaders | None:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(printed, None, None, None, 8, cv2.CV_32S)
    longer = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    small = longer <= DOT_MM * scale
    small[0] = False
    if np.count_nonzero(small) < FEWEST_DOTS:
        return None
    leader = np.where(small[labels], labels, 0).astype(np.float32)
    reach = max(1, round(BESIDE_MM * scale))
    met = np.flatnonzero(leader.any(axis=1))
    # Only the strip around the dotted line is looked at: the rest of a crop is many times larger.
    margin = reach + round(LARGEST_MM * scale) + 2
    rows = slice(max(0, int(met[0]) - margin), int(met[-1]) + margin + 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)
    nearest = cv2.dilate(leader[rows], kernel).astype(np.int64).ravel()
    around = np.flatnonzero(nearest)
    dots = np.unique(leader[leader > 0]).astype(np.int64)
    return Leaders(rows, around, nearest[around], dots)

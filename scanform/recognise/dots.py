"""Dots that a person wrote on a dotted line: the mark below ạ, ợ or ệ, a full stop. Pure.

Writing sits on the dotted line, so a mark below a letter often falls right on one of its dots. A
pen's dot is larger and darker than the printed ones beside it, and that tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels
from scanform.recognise.form_print import LARGEST_MM, Bits, Leaders

HEAVIER = 2.0
"""A dot with this many times the ink of the printed ones beside it is written."""
MAYBE = 1.35
"""From this many times it may be."""
TRACE = 15
"""Darkness (0..255) below which a pixel around a printed dot is paper."""


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """``mask``: the written dots, in the leaders' rows; ``unsure``: how many more may be
    written."""

    mask: Bits
    unsure: int


def written_dots(darkness: Pixels, ink: Bits, leaders: Leaders, scale: float) -> Dots:
    """The dots on the form's dotted lines that are heavier than those lines' own.

    ``darkness`` (0..255) and ``ink`` (what of it counts as ink) are the whole crop's, ``scale``
    is in pixels a millimetre.
    """
    darkness, ink = darkness[leaders.rows], ink[leaders.rows]
    mask = np.zeros_like(ink)
    around = _masses(darkness, leaders)
    usual = _median(around)
    if around.max() < MAYBE * usual:
        # Nothing lies on the printed dots. What lies beside them is no part of the form anyway.
        return Dots(mask, 0)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, None, None, None, 8, cv2.CV_16U)
    flat = np.asarray(labels, np.uint16).ravel()
    touching = np.bincount(flat.take(leaders.around), minlength=len(stats)) > 0
    candidates = _dotlike(np.asarray(stats), scale) & touching
    if not candidates.any():
        return Dots(mask, 0)
    inked = np.flatnonzero(ink.view(np.bool_))
    mass = np.bincount(flat.take(inked), darkness.ravel().take(inked), len(stats))
    written = candidates & (mass >= HEAVIER * usual)
    unsure = candidates & ~written & (mass >= MAYBE * usual)
    if written.any():
        mask = written.view(np.uint8).take(flat).reshape(mask.shape)
    return Dots(mask, int(np.count_nonzero(unsure)))


def _dotlike(stats: NDArray[Any], scale: float) -> NDArray[np.bool_]:
    """Which pieces of ink may be a dot, by their size. Half of a dot beside a printed one is a dot
    that joins it, never two of them."""
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    longer, shorter = np.maximum(wide, high), np.minimum(wide, high)
    fits = (longer <= LARGEST_MM * scale) & (shorter >= 0.15 * scale) & (longer <= 2.2 * shorter)
    fits[0] = False
    return np.asarray(fits)


def _median(values: NDArray[np.float64]) -> float:
    """As ``numpy.median``, which takes many times as long over a few hundred."""
    middle = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, middle)[middle])
    parted = np.partition(values, (middle - 1, middle))
    return float((parted[middle - 1] + parted[middle]) / 2.0)


def _masses(darkness: Pixels, leaders: Leaders) -> NDArray[np.float64]:
    """The sum of darkness around each printed dot in the scan."""
    seen = darkness.ravel()[leaders.around]
    mass = np.bincount(leaders.of, np.where(seen > TRACE, seen, 0))
    return np.asarray(mass[leaders.dots])

"""By how much a page is turned, from the print on it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels
from scanform.page.arrays import Points, halved

MOST_DEGREES = 45.0
_BINS = 900
"""A tenth of a degree each, over a right angle."""
_AROUND, _STEP = 3.0, 0.3
_POINTS = 6000
_INKY = 60


def skew(ink: Pixels) -> float:
    """Degrees, -45 to 45, by which lines of print and rules are turned clockwise, quarter turns
    left aside; 0 where nothing tells.

    ``ink`` is 0 for paper. First every edge votes for its direction with its strength: rules,
    boxes and the strokes of print run along and across the page, writing runs anyhow. That is
    right to some degrees. Around it the angle is sought under which the ink, summed up along
    lines, is most uneven (W. Postl, "Detection of linear oblique structures and skew scan in
    digitized documents", ICPR 1986).
    """
    rough = _by_edges(halved(ink))
    places = _inky_places(ink)
    if rough is None or not len(places):
        return 0.0
    angles = np.arange(rough - _AROUND, rough + _AROUND + _STEP / 2, _STEP)
    near, _ = _most_uneven(places, angles)
    finer = np.linspace(near - 2 / 3 * _STEP, near + 2 / 3 * _STEP, 5)
    turned, top = _most_uneven(places, finer)
    turned += _STEP / 3 * top
    return (turned + MOST_DEGREES) % 90.0 - MOST_DEGREES


def _most_uneven(places: Points, angles: NDArray[np.float64]) -> tuple[float, float]:
    """The best of ``angles``, and by what part of their step the top lies beside it."""
    uneven = np.array([_unevenness(places, angle) for angle in angles])
    best = int(uneven.argmax())
    return float(angles[best]), _top(uneven, best)


def _by_edges(ink: Pixels) -> float | None:
    values = cv2.GaussianBlur(ink.astype(np.float32), (0, 0), 0.8)
    across = cv2.Scharr(values, cv2.CV_32F, 1, 0)
    down = cv2.Scharr(values, cv2.CV_32F, 0, 1)
    strength, angle = cv2.cartToPolar(across, down, angleInDegrees=True)
    strong = strength > max(50.0, 0.15 * float(strength.max()))
    if not strong.any():
        return None
    votes, _ = np.histogram(
        angle[strong] % 90.0, bins=_BINS, range=(0.0, 90.0), weights=strength[strong]
    )
    kernel = np.exp(-0.5 * (np.arange(-25, 26) / 8.0) ** 2)
    smooth = np.convolve(np.concatenate([votes[-25:], votes, votes[:25]]), kernel, mode="valid")
    return (float(smooth.argmax()) + 0.5) * 90.0 / _BINS


def _inky_places(ink: Pixels) -> Points:
    y, x = np.nonzero(ink > _INKY)
    few = slice(None, None, max(1, len(x) // _POINTS))
    return np.stack([x[few], y[few]], axis=1).astype(np.float64)


def _unevenness(places: Points, degrees: float) -> float:
    """Sum of squares of the ink summed along lines turned by ``degrees``, both ways."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    # One row after the other in memory: the least of each is found much faster.
    turned = np.ascontiguousarray((places @ np.array([[c, -s], [s, c]])).T)
    sums = (np.bincount((along - along.min()).astype(np.int64)) for along in turned)
    return float(sum((each.astype(np.float64) ** 2).sum() for each in sums))


def _top(values: NDArray[np.float64], at: int) -> float:
    """Where a parabola through the values beside the largest has its top, in steps."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, top, after = values[at - 1 : at + 2]
    bend = min(float(before - 2 * top + after), -1e-9)
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))

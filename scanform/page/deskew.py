"""By how much a page is turned, from the print on it."""

from __future__ import annotations

import cv2
import numpy as np

from scanform.model.scan import Pixels

MOST_DEGREES = 45.0
_BINS = 900
"""A tenth of a degree each, over a right angle."""


def skew(ink: Pixels) -> float:
    """Degrees, -45 to 45, by which lines of print and rules are turned clockwise, quarter turns
    left aside.

    ``ink`` is 0 for paper. Every edge votes for its direction with its strength (a histogram of
    gradients, as in P. Soille and H. Talbot, "Directional morphological filtering", 2001): rules,
    boxes and the strokes of print run along and across the page, writing runs anyhow.
    """
    values = cv2.GaussianBlur(ink, (3, 3), 0).astype(np.float32)
    across = cv2.Sobel(values, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(values, cv2.CV_32F, 0, 1)
    strength, angle = cv2.cartToPolar(across, down, angleInDegrees=True)
    strong = strength > 80.0
    if not strong.any():
        return 0.0
    votes, _ = np.histogram(
        angle[strong] % 90.0, bins=_BINS, range=(0.0, 90.0), weights=strength[strong]
    )
    kernel = np.exp(-0.5 * (np.arange(-12, 13) / 5.0) ** 2)
    smooth = np.convolve(np.concatenate([votes[-12:], votes, votes[:12]]), kernel, mode="valid")
    turned = (float(smooth.argmax()) + 0.5) * 90.0 / _BINS
    return turned - 90.0 if turned > MOST_DEGREES else turned

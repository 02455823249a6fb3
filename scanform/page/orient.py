"""Which way up a page lies, and where on it the form begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels


@dataclass(frozen=True, slots=True)
class Lying:
    """``quarters``: quarter turns clockwise that bring the page upright; ``across``, ``down``:
    pixels from the form's origin to the page's, upright; ``likeness``: height of the peak."""

    quarters: int
    across: float
    down: float
    likeness: float


def orientations(ink: Pixels, forms: Sequence[Pixels]) -> list[Lying]:
    """How ``ink`` (a deskewed page) lies, compared with each of ``forms`` (an empty form's ink)
    at the same resolution: of the four ways to turn it the one whose phase correlation peaks
    highest.

    C. D. Kuglin and D. C. Hines, "The phase correlation image alignment method", 1975. Here the
    spectrum is whitened only in part: a page of print has little of its power in high tones, and
    noise has much.
    """
    size = cv2.getOptimalDFTSize(max(side for each in (ink, *forms) for side in each.shape))
    turned = [
        _spectrum(np.ascontiguousarray(np.rot90(ink, -quarters)), size) for quarters in range(4)
    ]
    found = []
    for form in forms:
        spectrum = _spectrum(form, size)
        lying = [_peak(page, spectrum, quarters) for quarters, page in enumerate(turned)]
        found.append(max(lying, key=lambda each: each.likeness))
    return found


def _spectrum(ink: Pixels, size: int) -> NDArray[np.complex64]:
    filled = np.zeros((size, size), np.float32)
    values = cv2.GaussianBlur(ink.astype(np.float32), (0, 0), 1.0)
    filled[: ink.shape[0], : ink.shape[1]] = values - values.mean()
    return np.asarray(np.fft.rfft2(filled), np.complex64)


def _peak(page: NDArray[np.complex64], form: NDArray[np.complex64], quarters: int) -> Lying:
    cross = page * np.conj(form)
    size = page.shape[0]
    root = np.sqrt(np.abs(cross))
    # Three quarters of a power: two roots are far faster than any other.
    surface = np.fft.irfft2(cross / (root * np.sqrt(root) + 1e-6), s=(size, size))
    y, x = np.unravel_index(int(surface.argmax()), surface.shape)
    # Beyond half the size a shift is one to the other side.
    across, down = ((int(each) + size // 2) % size - size // 2 for each in (x, y))
    return Lying(quarters, across, down, float(surface[y, x] / (surface.std() + 1e-9)))

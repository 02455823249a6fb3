"""Figures that tell how well a page can be read, and whether anything is on it."""

from __future__ import annotations

import cv2
import numpy as np

from scanform.model.scan import Pixels
from scanform.page.arrays import grey_of, resized
from scanform.page.ink import ink_of

_BLANK_LONG_SIDE = 1170
"""Pixels: an A4 page at 100 dpi."""
_FAINTEST = 18
"""Ink (0..255) that counts at all: 7 % darker than the paper."""
_SPECK_PIXELS = 6
_MOST_SPECKS = 60
"""Pixels in specks larger than dust that an empty page may have; a word has more."""


def sharpness(sheet: Pixels) -> float:
    """Variance of the Laplacian of the grey sheet's middle with values 0..1 (J. L. Pech-Pacheco
    et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000)."""
    height, width = sheet.shape[:2]
    grey = grey_of(sheet[height // 4 : -(height // 4), width // 4 : -(width // 4)])
    _, spread = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    return float(spread[0, 0] / 255.0) ** 2


def contrast(sheet: Pixels) -> float:
    """Paper minus print, 0..1: the sheet's 80th percentile less its 1st."""
    dark, light = np.percentile(grey_of(sheet)[::4, ::4], (1, 80))
    return float(light - dark) / 255.0


def is_blank(pixels: Pixels) -> bool:
    """Whether nothing is written or printed on a page (any size, grey or colour).

    Dust and the scanner's dark edges don't count; a faint line of pencil or of pale print does,
    so a form is never taken for an empty back. A page with much showing through from its other
    side isn't called blank either: a person may look at it.
    """
    height, width = pixels.shape[:2]
    scale = _BLANK_LONG_SIDE / max(height, width)
    grey = grey_of(_halved(pixels) if scale < 0.5 else pixels)
    small = resized(grey, max(1, round(width * scale)), max(1, round(height * scale)))
    edge = max(1, round(0.025 * min(small.shape)))
    inner = small[edge:-edge, edge:-edge]
    if min(inner.shape) < 50 or np.median(inner) < 90:
        return False
    # A form shows in any part of it, at a fraction of the work.
    middle = inner[inner.shape[0] * 3 // 8 : inner.shape[0] * 5 // 8]
    return all(_specks(part) < _MOST_SPECKS for part in (middle, inner))


def _halved(pixels: Pixels) -> Pixels:
    """Half as large each way; a last odd row or column is left out."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    return resized(pixels[: 2 * height, : 2 * width], width, height)


def _specks(grey: Pixels) -> int:
    """Pixels in dark specks larger than dust; ``grey`` is at about 100 dpi."""
    ink = cv2.GaussianBlur(ink_of(grey, 100), (3, 3), 0)
    usual = float(np.median(ink))
    noise = 1.4826 * float(np.median(np.abs(ink - np.float32(usual))))
    dark = ink > usual + max(_FAINTEST, 6.0 * noise)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8))
    sizes = stats[1:, cv2.CC_STAT_AREA]
    return int(sizes[sizes >= _SPECK_PIXELS].sum())

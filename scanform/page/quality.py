"""Figures that tell how well a page can be read, and whether anything is on it."""

from __future__ import annotations

import cv2
import numpy as np

from scanform.model.scan import Pixels
from scanform.page.arrays import as_pixels, grey_of, halved, resized
from scanform.page.ink import ink_of

_BLANK_LONG_SIDE = 1170
"""Pixels: an A4 page at 100 dpi."""
_FAINTEST = 18
"""Ink (0..255) that counts at all: 7 % darker than the paper."""
_STRIP = 32
"""Rows that are looked at together for sharpness."""
_SPECK_PIXELS = 6
_MOST_SPECKS = 60
"""Pixels in specks larger than dust that an empty page may have; a word has more."""


def sharpness(sheet: Pixels) -> float:
    """Variance of the Laplacian of the grey sheet's middle with values 0..1 (J. L. Pech-Pacheco
    et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000), in every fourth strip of
    it."""
    height, width = sheet.shape[:2]
    middle = sheet[height // 4 : -(height // 4), width // 4 : -(width // 4)]
    strips = [middle[top : top + _STRIP] for top in range(0, len(middle), 4 * _STRIP)]
    _, spread = cv2.meanStdDev(
        np.concatenate([cv2.Laplacian(grey_of(s), cv2.CV_16S) for s in strips])
    )
    return float(spread[0, 0] / 255.0) ** 2


def contrast(sheet: Pixels) -> float:
    """Paper minus print, 0..1: the sheet's 80th percentile less its 1st."""
    few = grey_of(np.ascontiguousarray(sheet[::8, ::8]))
    dark, light = (level_at(few, share) for share in (0.01, 0.8))
    return (light - dark) / 255.0


def level_at(grey: Pixels, share: float) -> int:
    """The grey level (0..255) that ``share`` (0..1) of the pixels don't exceed."""
    counts = cv2.calcHist([grey], [0], None, [256], [0, 256])
    return int(np.searchsorted(np.cumsum(counts), share * grey.size))


def is_blank(pixels: Pixels) -> bool:
    """Whether nothing is written or printed on a page (any size, grey or colour).

    Dust and the scanner's dark edges don't count; a faint line of pencil or of pale print does,
    so a form is never taken for an empty back. A page with much showing through from its other
    side isn't called blank either: a person may look at it.
    """
    height, width = pixels.shape[:2]
    scale = _BLANK_LONG_SIDE / max(height, width)
    edge = max(1, round(0.025 * min(height, width)))
    inner = pixels[edge:-edge, edge:-edge]
    few = grey_of(np.ascontiguousarray(inner[::8, ::8]))
    if min(inner.shape[:2]) * scale < 50 or level_at(few, 0.5) < 90:
        return False
    # A form shows in any part of it, at a fraction of the work.
    middle = inner[inner.shape[0] * 7 // 16 : inner.shape[0] * 9 // 16]
    return all(_specks(_small(part, scale)) < _MOST_SPECKS for part in (middle, inner))


def _small(pixels: Pixels, scale: float) -> Pixels:
    """Grey, and ``scale`` times as large."""
    height, width = pixels.shape[:2]
    grey = grey_of(halved(pixels) if scale < 0.5 else pixels)
    return resized(grey, max(1, round(width * scale)), max(1, round(height * scale)))


def _specks(grey: Pixels) -> int:
    """Pixels in dark specks larger than dust; ``grey`` is at about 100 dpi."""
    ink = as_pixels(cv2.GaussianBlur(ink_of(grey, 100), (3, 3), 0))
    usual = level_at(ink, 0.5)
    noise = 1.4826 * level_at(as_pixels(cv2.absdiff(ink, np.full_like(ink, usual))), 0.5)
    _, dark = cv2.threshold(ink, usual + max(_FAINTEST, 6.0 * noise), 1, cv2.THRESH_BINARY)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark)
    sizes = stats[1:, cv2.CC_STAT_AREA]
    return int(sizes[sizes >= _SPECK_PIXELS].sum())

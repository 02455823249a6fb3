"""A page's grey image made small: enough to find the form on it, at a fraction of the work."""

from __future__ import annotations

from dataclasses import dataclass

import cv2

from scanform.model.scan import Pixels
from scanform.page.arrays import as_pixels, grey_of, halved, resized
from scanform.page.ink import ink_of
from scanform.page.reference import FINE
from scanform.page.register import PageInk

_LONG_SIDE, _LEAST_LONG_SIDE = 1700, 1400
_NEARLY = 0.6
"""An image made smaller by less than this share needs no averaging over what it covers."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The page's grey image, reduced: ``scale`` (across, down) times as large."""

    grey: Pixels
    scale: tuple[float, float]

    def at(self, dpi: float, to_dpi: float) -> View:
        """The view made smaller, from ``dpi`` to ``to_dpi``; never larger."""
        times = min(1.0, to_dpi / dpi)
        height, width = self.grey.shape
        size = max(1, round(width * times)), max(1, round(height * times))
        smaller = self.grey
        if times < _NEARLY:
            smaller = resized(self.grey, *size)
        elif times < 1.0:
            smaller = as_pixels(cv2.resize(self.grey, size, interpolation=cv2.INTER_LINEAR))
        return View(smaller, (self.scale[0] * size[0] / width, self.scale[1] * size[1] / height))


def view_of(pixels: Pixels) -> View:
    """The view of a page's image (grey or colour), some 1,700 pixels long."""
    scale = 1.0
    while max(pixels.shape) >= 2 * _LEAST_LONG_SIDE:
        pixels, scale = halved(pixels), scale / 2
    grey = grey_of(pixels)
    return View(grey, (scale, scale)).at(max(grey.shape), _LONG_SIDE)


def ink_at(view: View, dpi: float) -> PageInk:
    """The ink of the page at the resolution at which pieces are compared; the form has ``dpi`` dots
    to the inch in ``view``."""
    small = view.at(dpi, FINE.dpi)
    return PageInk(ink_of(small.grey, min(dpi, FINE.dpi)), small.scale)

"""A picture of writing where the terminal draws characters only: ink as Braille dots.

Half-block characters give two pixels a cell, Braille eight, of one colour. Ink has one colour, so
a word that half blocks smear can be read.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageOps
from textual.app import RenderResult
from textual.widget import Widget

_DOTS = np.array([(0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)])
"""Unicode 2800 and up: the bit of each dot, row by row."""
LEAST = 25.0
"""Levels of grey between ink and paper. Below that there is no ink."""
DARK = 0.62
"""Of the way from the ink to the paper: what is darker is a dot. Thin strokes are mixed with paper
when a picture is made smaller, so this is nearer to the paper."""


class Dots(Widget):
    """Draws ``image`` over all of its size."""

    DEFAULT_CSS = "Dots { background: white; color: black; }"

    def __init__(self, image: Image.Image) -> None:
        super().__init__()
        self.image = image

    def render(self) -> RenderResult:
        return dotted(self.image, self.size.width, self.size.height)


def dotted(image: Image.Image, width: int, height: int) -> str:
    """The picture in ``height`` lines of ``width`` characters."""
    if not width or not height:
        return ""
    small = ImageOps.grayscale(image).resize((2 * width, 4 * height), Image.Resampling.BOX)
    grey = np.asarray(small)
    ink, paper = np.percentile(grey, [2, 75])
    dark = (grey < ink + DARK * (paper - ink)) & (paper - ink > LEAST)
    cells = dark.reshape(height, 4, width, 2).transpose(0, 2, 1, 3)
    signs = 0x2800 + (cells * _DOTS).sum(axis=(2, 3))
    return "\n".join("".join(map(chr, row)) for row in signs.tolist())

"""Tinos, the font of the forms: metric-compatible with Times New Roman, with every Vietnamese
letter (SIL Open Font License, beside the files)."""

from __future__ import annotations

import functools
from importlib import resources

from reportlab.pdfbase.ttfonts import TTFont

MM_PER_POINT = 25.4 / 72
LEADING = 1.2
"""Distance of two baselines, in sizes."""
CAP_HEIGHT = 0.66
"""Height of capitals without marks, in sizes (Tinos: 1341 of 2048 units)."""
RISE, DROP = 0.92, 0.22
"""How far Vietnamese capitals with two marks and letters with a dot below reach from the
baseline, in sizes."""


@functools.cache
def font(bold: bool = False, italic: bool = False) -> TTFont:
    """The face; there is no bold italic, bold is taken for it."""
    style = "Bold" if bold else "Italic" if italic else "Regular"
    file = resources.files("scanform.template") / "fonts" / f"Tinos-{style}.ttf"
    with resources.as_file(file) as path:
        return TTFont(f"Tinos-{style}", str(path))


def width(text: str, size: float, bold: bool = False, italic: bool = False) -> float:
    """Width in millimetres of one line of ``text`` set in ``size`` points."""
    return float(font(bold, italic).stringWidth(text, size)) * MM_PER_POINT


def missing(text: str, bold: bool = False, italic: bool = False) -> str:
    """The characters of ``text`` that the font does not have."""
    glyphs = font(bold, italic).face.charToGlyph
    return "".join(sorted({char for char in text if char != "\n" and ord(char) not in glyphs}))


def wrap(text: str, size: float, w: float | None, bold: bool, italic: bool) -> list[str]:
    """The lines of ``text``: broken where it says so and, with ``w``, at that width in
    millimetres. A word wider than that stands alone."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" ") if w is not None else [paragraph]:
            longer = f"{line} {word}" if line else word
            if line and w is not None and width(longer, size, bold, italic) > w:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines

"""Tinos, the font of the forms, for reports: an office prints with Times New Roman, whose widths
it has (SIL Open Font License, beside the files)."""

from __future__ import annotations

from functools import cache
from importlib import resources

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, ITALIC = "Tinos-Regular", "Tinos-Bold", "Tinos-Italic"


@cache
def register() -> None:
    """Makes the faces known to reportlab, and which is the bold and the italic one."""
    for name in (REGULAR, BOLD, ITALIC):
        # The files belong to the templates' room; they are shared as files, not as code.
        file = resources.files("scanform") / "template" / "fonts" / f"{name}.ttf"
        with resources.as_file(file) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily(
        REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD
    )


def width(text: str, size: float) -> float:
    """Width of a line of regular type, in points."""
    register()
    return float(pdfmetrics.stringWidth(text, REGULAR, size))

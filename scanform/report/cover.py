"""A batch's cover sheet: put on top of the box and scanned first, it says whose forms follow."""

from __future__ import annotations

import io

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from scanform.report import fonts

SIDE = 80 * mm


def cover_sheet(code: str, title: str, lines: tuple[str, ...]) -> bytes:
    """The sheet as a PDF: a title, the code, some lines below it. The same words give the same
    bytes."""
    fonts.register()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    middle, height = A4[0] / 2, A4[1]
    canvas.setTitle(title)
    canvas.setFont(fonts.BOLD, 40)
    canvas.drawCentredString(middle, height - 45 * mm, title)
    _draw_code(canvas, code, middle - SIDE / 2, height - 150 * mm)
    at = height - 168 * mm
    for number, line in enumerate(lines):
        canvas.setFont(fonts.REGULAR if number else fonts.BOLD, 16 if number else 24)
        canvas.drawCentredString(middle, at, line)
        at -= 10 * mm
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw_code(canvas: Canvas, code: str, x: float, y: float) -> None:
    rows = segno.make(code, error="h", micro=False).matrix
    side = SIDE / len(rows)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                # A hair wider, so that no white line shows between squares.
                place = x + across * side, y + SIDE - (down + 1) * side
                canvas.rect(*place, side * 1.02, side * 1.02, stroke=0, fill=1)

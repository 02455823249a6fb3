"""The empty form as a PDF, drawn from the template alone."""

from __future__ import annotations

import hashlib
import io

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from scanform.model.geometry import Box
from scanform.model.template import (
    PageMarks,
    Printed,
    PrintedBox,
    PrintedLine,
    PrintedText,
    Template,
    page_code,
)
from scanform.template import fonts
from scanform.template.marks import code

_ARUCO_CELLS: dict[int, tuple[str, ...]] = {
    0: ("1011", "0101", "0011", "0010"),
    1: ("0000", "1111", "1001", "1010"),
    2: ("0011", "0011", "0010", "1101"),
    3: ("1001", "1001", "0100", "0110"),
}
"""White cells (1) of the first marks of DICT_4X4_50, row by row; a border of one black cell goes
around them. Written out so that drawing a form needs no OpenCV; a test compares them with it."""

_DRAWING = 1
"""Counts up when this module draws the same template otherwise."""

_DASHES: dict[str, tuple[float, ...]] = {"solid": (), "dotted": (0.0, 0.9), "dashed": (1.6, 1.0)}
"""On and off, in millimetres; dots are strokes of no length with round ends."""


def draw_pdf(template: Template, marks: bool = True) -> bytes:
    """A PDF of all pages. The same template gives the same bytes (with the same reportlab).

    With ``marks`` false, corner marks and code are left out, as a ministry prints the form.
    """
    buffer = io.BytesIO()
    width, height = (side * mm for side in template.page_mm)
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1, pageCompression=1)
    canvas.setTitle(f"{template.title} ({template.ref})")
    canvas.setAuthor("scanform")
    canvas.setKeywords(print_id(template, marks))
    for page in range(1, template.pages + 1):
        pen = _Pen(canvas, template.page_mm[1])
        for printed in template.printed:
            if printed.page == page:
                pen.draw(printed)
        for each in template.page_marks:
            if marks and each.page == page:
                pen.marks(each, page_code(template, page))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def print_id(template: Template, marks: bool = True) -> str:
    """A name for exactly this print: it changes with anything that is drawn. The PDF carries it
    as its keywords, so that a blank form can be seen to be older than its template."""
    drawn = (
        _DRAWING,
        template.ref,
        template.title,
        template.pages,
        template.page_mm,
        template.printed,
        template.page_marks if marks else (),
    )
    return "scanform-" + hashlib.sha256(repr(drawn).encode()).hexdigest()[:20]


class _Pen:
    """Draws on one page in millimetres from its top left corner."""

    def __init__(self, canvas: Canvas, height_mm: float) -> None:
        self._canvas = canvas
        self._height = height_mm

    def draw(self, printed: Printed) -> None:
        match printed:
            case PrintedText():
                self._text(printed)
            case PrintedLine():
                self._line(printed)
            case PrintedBox():
                self._box(printed)

    def _text(self, text: PrintedText) -> None:
        font = fonts.font(text.bold, text.italic)
        pdfmetrics.registerFont(font)
        canvas = self._canvas
        canvas.setFillGray(text.grey)
        canvas.setFont(font.fontName, text.size)
        put = {
            "left": canvas.drawString,
            "centre": canvas.drawCentredString,
            "right": canvas.drawRightString,
        }[text.align]
        leading = text.size * fonts.LEADING * fonts.MM_PER_POINT
        lines = fonts.wrap(text.text, text.size, text.w, text.bold, text.italic)
        for number, line in enumerate(lines):
            put(text.x * mm, self._up(text.y + number * leading), line)

    def _line(self, line: PrintedLine) -> None:
        canvas = self._canvas
        canvas.setStrokeGray(line.grey)
        canvas.setLineWidth(line.width * mm)
        canvas.setLineCap(1 if line.style == "dotted" else 0)
        canvas.setDash([length * mm for length in _DASHES[line.style]])
        canvas.line(line.x1 * mm, self._up(line.y1), line.x2 * mm, self._up(line.y2))
        canvas.setDash([])
        canvas.setLineCap(0)

    def _box(self, printed: PrintedBox) -> None:
        canvas, box = self._canvas, printed.box
        canvas.setStrokeGray(printed.grey)
        canvas.setLineWidth(printed.width * mm)
        place = (box.x * mm, self._up(box.bottom), box.w * mm, box.h * mm)
        if printed.radius:
            canvas.roundRect(*place, radius=printed.radius * mm)
        else:
            canvas.rect(*place)

    def marks(self, marks: PageMarks, text: str) -> None:
        for mark in marks.corners:
            cells = ("000000", *(f"0{row}0" for row in _ARUCO_CELLS[mark.number]), "000000")
            self._matrix(mark.box, [[cell == "0" for cell in row] for row in cells])
        if marks.code is not None:
            self._matrix(marks.code, [[bool(cell) for cell in row] for row in code(text).matrix])

    def _matrix(self, box: Box, dark: list[list[bool]]) -> None:
        """Fills the dark cells of a square, each run of a row and those below it as one path:
        seams between cells would show as hairlines."""
        side = box.w / len(dark)
        path = self._canvas.beginPath()
        for row, cells in enumerate(dark):
            start = None
            for column, cell in enumerate([*cells, False]):
                if cell and start is None:
                    start = column
                elif not cell and start is not None:
                    top = box.y + row * side
                    left, length = box.x + start * side, (column - start) * side
                    path.rect(left * mm, self._up(top + side), length * mm, side * mm)
                    start = None
        self._canvas.setFillGray(0)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def _up(self, y: float) -> float:
        """PDF counts from the foot of the page, in points."""
        return (self._height - y) * mm

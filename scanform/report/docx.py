"""A document for a word processor, so that an office can go on writing in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

import docx
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as Grid
from docx.table import _Cell as GridCell
from docx.text.paragraph import Paragraph as Para
from docx.text.run import Run

from scanform.report.interface import (
    Block,
    Cell,
    Chart,
    Document,
    Letterhead,
    Paragraph,
    Signature,
    Table,
)
from scanform.report.png import chart_picture

FONT = "Times New Roman"
WIDTH = 210 - 25 - 15  # millimetres between the margins
_MADE = datetime(2018, 1, 1)
"""A file's own date, always the same: what a report tells is dated in its text."""
_SHADE, _MARK = "E8EEF4", "FDF1E3"


def write(document: Document) -> bytes:
    """The DOCX. The same document gives the same bytes."""
    made = docx.Document()
    _page(made)
    _head(made, document.letterhead)
    _line(made, document.title, 14, "bold", above=10)
    _line(made, document.subtitle, 12, "bold")
    _rule(made, WIDTH, 0.18)
    for block in document.blocks:
        _block(made, block)
    if document.signatures:
        _foot(made, document)
    footer = made.sections[0].footer.paragraphs[0]
    _run(footer, document.made, 8, italic=True).font.color.rgb = RGBColor(0x66, 0x66, 0x66)
    made.core_properties.title = document.title
    made.core_properties.author = document.letterhead.office
    made.core_properties.created = made.core_properties.modified = _MADE
    target = io.BytesIO()
    made.save(target)
    return _dated(target.getvalue())


def _dated(data: bytes) -> bytes:
    """The same archive with one date for all its files."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (2018, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return target.getvalue()


def _page(made: Docx) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(25), Mm(15)
    section.top_margin = section.bottom_margin = Mm(13)
    section.footer_distance = Mm(6)
    normal = made.styles["Normal"]
    normal.font.name = FONT
    normal.font.size = Pt(11)
    normal.paragraph_format.space_after = Pt(0)


def _run(paragraph: Para, text: str, size: float, bold: bool = False, italic: bool = False) -> Run:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = FONT, Pt(size)
    run.bold, run.italic = bold, italic
    return run


def _line(
    place: Docx | GridCell, text: str, size: float, style: str = "", above: float = 0
) -> Para:
    """A centred line of its own; ``style`` is ``bold``, ``italic`` or nothing."""
    paragraph = place.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(above)
    _run(paragraph, text, size, style == "bold", style == "italic")
    return paragraph


def _head(made: Docx, head: Letterhead) -> None:
    grid = made.add_table(rows=1, cols=2)
    grid.autofit = False
    left, right = grid.rows[0].cells
    _widths(grid, (0.41, 0.59))
    _line(left, head.above, 11.5)
    _line(left, head.office, 11.5, "bold")
    if head.office:
        _rule(left, WIDTH * 0.41, 0.32)
    _line(left, head.number, 11.5, above=3)
    if head.state:
        _line(right, head.state, 11.5, "bold")
        _line(right, head.motto, 12.5, "bold")
        _rule(right, WIDTH * 0.59, 0.6)
    _line(right, head.place_and_date, 11.5, "italic", above=3)
    for cell in (left, right):
        _drop_first(cell)


def _drop_first(cell: GridCell) -> None:
    """A new cell begins with an empty paragraph."""
    first = cell.paragraphs[0]._p
    if len(cell.paragraphs) > 1:
        first.getparent().remove(first)


def _rule(place: Docx | GridCell, room: float, share: float) -> None:
    """A line in the middle, as wide as that share of the room (millimetres)."""
    paragraph = place.add_paragraph()
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm(room * (1 - share) / 2)
    form.line_spacing, form.space_before = Pt(4), Pt(2)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "5"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    paragraph._p.get_or_add_pPr().append(border)


def _block(made: Docx, block: Block) -> None:
    match block:
        case Paragraph():
            paragraph = made.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            paragraph.paragraph_format.space_after = Pt(4)
            if block.lead:
                _run(paragraph, block.lead + " ", 11, bold=True)
            _run(paragraph, block.text, 11)
        case Table():
            _table(made, block)
        case Chart():
            paragraph = made.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(5)
            paragraph.paragraph_format.space_after = Pt(5)
            paragraph.add_run().add_picture(io.BytesIO(chart_picture(block)), width=Mm(WIDTH))


def _table(made: Docx, table: Table) -> None:
    rows = [*table.rows, *([table.total] if table.total else [])]
    grid = made.add_table(rows=1 + len(rows), cols=len(table.headings))
    grid.style = "Table Grid"
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    _repeat_first(grid)
    _widths(grid, table.widths)
    heading = tuple(Cell(text) for text in table.headings)
    for number, (row, cells) in enumerate(zip(grid.rows, [heading, *rows], strict=True)):
        first, last = number == 0, bool(table.total) and number == len(rows)
        fill = _SHADE if first or last else _MARK if number - 1 in table.marked else ""
        for place, cell in zip(row.cells, cells, strict=True):
            _fill(place, cell, bold=first or last, centred=first)
            if fill:
                _shade(place, fill)
    made.add_paragraph().paragraph_format.line_spacing = Pt(4)


def _fill(place: GridCell, cell: Cell, bold: bool, centred: bool) -> None:
    paragraph = place.paragraphs[0]
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif cell.sort != "text":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(paragraph, cell.text, 9.5, bold=bold)


def _widths(grid: Grid, shares: Sequence[float]) -> None:
    """Word goes by the cells' widths, LibreOffice by the columns'."""
    for number, share in enumerate(shares):
        width = Mm(WIDTH * share / sum(shares))
        grid.columns[number].width = width
        for cell in grid.columns[number].cells:
            cell.width = width


def _shade(place: GridCell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    place._tc.get_or_add_tcPr().append(shade)


def _repeat_first(grid: Grid) -> None:
    """The headings stand on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(mark)


def _foot(made: Docx, document: Document) -> None:
    count = len(document.signatures) + bool(document.recipients)
    grid = made.add_table(rows=1, cols=count)
    cells = list(grid.rows[0].cells)
    if document.recipients:
        cell = cells.pop(0)
        for number, line in enumerate(document.recipients):
            paragraph = cell.add_paragraph()
            _run(paragraph, line, 9.5, bold=not number, italic=not number)
        _drop_first(cell)
    for cell, signature in zip(cells, document.signatures, strict=True):
        _sign(cell, signature)


def _sign(cell: GridCell, signature: Signature) -> None:
    _line(cell, signature.post, 11.5, "bold")
    _line(cell, signature.note, 10, "italic").paragraph_format.space_after = Pt(42)
    _line(cell, signature.name, 11.5, "bold")
    _drop_first(cell)

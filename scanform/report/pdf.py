"""A document on A4, as an office prints it (the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from __future__ import annotations

import io
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    SimpleDocTemplate,
    Spacer,
)
from reportlab.platypus import Paragraph as Para
from reportlab.platypus import Table as Grid

from scanform.report import fonts
from scanform.report.chart import draw
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

WIDTH = A4[0] - (25 + 15) * mm
CHART_HEIGHT = 46 * mm
_PADDING = 6
"""Points that reportlab leaves free inside a frame."""
_SHADE, _MARK = HexColor("#e8eef4"), HexColor("#fdf1e3")


def write(document: Document) -> bytes:
    """The PDF. The same document gives the same bytes."""
    fonts.register()
    target = io.BytesIO()
    layout = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=25 * mm - _PADDING,
        rightMargin=15 * mm - _PADDING,
        topMargin=13 * mm,
        bottomMargin=13 * mm,
        title=document.title,
        author=document.letterhead.office,
        subject=document.subtitle,
        creator="scanform",
        invariant=1,
    )

    def foot(canvas: Canvas, _: object) -> None:
        canvas.setFont(fonts.ITALIC, 7.5)
        canvas.setFillGray(0.4)
        canvas.drawString(25 * mm, 8 * mm, document.made)
        canvas.drawRightString(A4[0] - 15 * mm, 8 * mm, str(canvas.getPageNumber()))

    layout.build(_story(document), onFirstPage=foot, onLaterPages=foot)
    return target.getvalue()


class _Rule(Flowable):
    """A line in the middle, as wide as that share of the room."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def wrap(self, width: float, height: float) -> tuple[float, float]:  # noqa: ARG002
        self._room = width
        return width, 6.0

    def draw(self) -> None:
        self.canv.setLineWidth(0.6)
        side = self._room * (1 - self._share) / 2
        self.canv.line(side, 3.5, self._room - side, 3.5)


def _style(size: float, align: int = TA_LEFT, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        f"s{size}{align}{sorted(more)}",
        fontName=fonts.REGULAR,
        fontSize=size,
        leading=size * 1.19,
        alignment=align,  # type: ignore[arg-type]
        **more,
    )


def _story(document: Document) -> list[Flowable]:
    story: list[Flowable] = [_head(document.letterhead), Spacer(0, 3 * mm)]
    story.append(Para(f"<b>{escape(document.title)}</b>", _style(14, TA_CENTER)))
    story.append(Para(f"<b>{escape(document.subtitle)}</b>", _style(12, TA_CENTER)))
    story += [Spacer(0, 0.8 * mm), _Rule(0.18), Spacer(0, 1 * mm)]
    for block in document.blocks:
        story.append(_block(block))
        story.append(Spacer(0, 1.8 * mm))
    if document.signatures:
        story.append(KeepTogether([Spacer(0, 2 * mm), _foot(document)]))
    return story


def _head(head: Letterhead) -> Flowable:
    centre = _style(11.5, TA_CENTER)
    italic = _style(11.5, TA_CENTER)
    left: list[Flowable] = [
        Para(escape(head.above), centre),
        Para(f"<b>{escape(head.office)}</b>", centre),
        *([_Rule(0.32)] if head.office else []),
        Para(escape(head.number), centre),
    ]
    right: list[Flowable] = [Para(f"<i>{escape(head.place_and_date)}</i>", italic)]
    if head.state:
        state = Para(f"<b>{escape(head.state)}</b>", _style(11.5, TA_CENTER))
        right = [state, Para(f"<b>{escape(head.motto)}</b>", _style(12.5, TA_CENTER)), _Rule(0.62),
                 *right]  # fmt: skip
    grid = Grid([[left, right]], colWidths=[WIDTH * 0.41, WIDTH * 0.59])
    grid.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_no_padding(0)])
    return grid


def _no_padding(space: float) -> list[tuple[Any, ...]]:
    sides = ("LEFTPADDING", "RIGHTPADDING", "TOPPADDING", "BOTTOMPADDING")
    return [(side, (0, 0), (-1, -1), space) for side in sides]


def _block(block: Block) -> Flowable:
    match block:
        case Paragraph():
            lead = f"<b>{escape(block.lead)}</b> " if block.lead else ""
            return Para(lead + escape(block.text), _style(11, TA_JUSTIFY))
        case Table():
            return _table(block)
        case Chart():
            return draw(block, WIDTH, CHART_HEIGHT)


def _table(table: Table) -> Flowable:
    size = 9.5 if len(table.rows) <= 20 else 9.0
    centre = _style(size - 0.5, TA_CENTER)
    rows: list[list[Flowable]] = [
        [Para(f"<b>{escape(each)}</b>", centre) for each in table.headings]
    ]
    rows += [[_cell(cell, size) for cell in row] for row in table.rows]
    if table.total:
        rows.append([_cell(cell, size, bold=True) for cell in table.total])
    share = WIDTH / sum(table.widths)
    grid = Grid(rows, colWidths=[width * share for width in table.widths], repeatRows=1)
    style: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.35, HexColor("#8a8a8a")),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
        *_no_padding(1.1),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    style += [("BACKGROUND", (0, n + 1), (-1, n + 1), _MARK) for n in sorted(table.marked)]
    if table.total:
        style.append(("BACKGROUND", (0, -1), (-1, -1), _SHADE))
    grid.setStyle(style)
    return grid


def _cell(cell: Cell, size: float, bold: bool = False) -> Flowable:
    text = f"<b>{escape(cell.text)}</b>" if bold else escape(cell.text)
    return Para(text, _style(size, TA_LEFT if cell.sort == "text" else TA_RIGHT))


def _foot(document: Document) -> Flowable:
    """Who gets copies on the left, who signs to the right of it."""
    columns: list[list[Flowable]] = []
    if document.recipients:
        heading, *lines = document.recipients
        column: list[Flowable] = [Para(f"<b><i>{escape(heading)}</i></b>", _style(10.5))]
        columns.append(column + [Para(escape(line), _style(9.5)) for line in lines])
    columns += [_signature(each) for each in document.signatures]
    grid = Grid([columns], colWidths=[WIDTH / len(columns)] * len(columns))
    grid.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_no_padding(0)])
    return grid


def _signature(signature: Signature) -> list[Flowable]:
    centre = _style(11.5, TA_CENTER)
    return [
        Para(f"<b>{escape(signature.post)}</b>", centre),
        Para(f"<i>{escape(signature.note)}</i>", _style(10, TA_CENTER)),
        Spacer(0, 15 * mm),
        Para(f"<b>{escape(signature.name)}</b>", centre),
    ]

"""A document as a workbook: figures stay figures, and the curve is Excel's own."""

from __future__ import annotations

import io
import math
from datetime import datetime
from itertools import accumulate, zip_longest
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from scanform.programs.workbook import cell_text
from scanform.report.interface import Block, Cell, Chart, Document, Paragraph, Table

_MADE = datetime(2018, 1, 1)
"""A file's own date, always the same: what a report tells is dated in its text."""
_FORMATS = {"number": "#,##0", "percent": "0.0%"}
_LINE = 15.0
"""Points that a line of text takes."""
_LETTERS = 1.05
"""Letters of running text in a unit of a column's width."""
_LINES: tuple[dict[str, Any], ...] = (
    {"color": "#0B5394", "width": 2.25},
    {"color": "#0B5394", "dash_type": "dash", "width": 1.25},
    {"color": "#9FC5E8", "width": 1},
    {"color": "#9FC5E8", "width": 1},
    {"color": "#B45F06", "dash_type": "long_dash", "width": 1.25},
)
"""The curve: counted, middle, the interval's ends, goal."""


def write(document: Document) -> bytes:
    """The XLSX. The same document gives the same bytes."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties(
            {"title": document.title, "author": document.letterhead.office, "created": _MADE}
        )
        _Sheets(book, document).write()
    return target.getvalue()


def _paper(sheet: Worksheet, document: Document) -> None:
    """A4, as wide as a page, with a foot."""
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.5, top=0.6, bottom=0.7)
    said = document.made.replace("&", "&&")
    sheet.set_footer(f"&L&8&I{said}&R&8&P")


class _Sheets:
    """One sheet as it is printed, one with the days behind the curve."""

    def __init__(self, book: Workbook, document: Document) -> None:
        self._book, self._document = book, document
        vi = document.lang == "vi"
        self._sheet: Worksheet = book.add_worksheet("Báo cáo" if vi else "Report")
        self._days_name = "Theo ngày" if vi else "By day"
        self._heading = "Ngày" if vi else "Day"
        tables = [each for each in document.blocks if isinstance(each, Table)]
        self._widths = tables[0].widths if tables else (18.0,) * 6
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width)
        self._row = 0

    def write(self) -> None:
        document, head = self._document, self._document.letterhead
        _paper(self._sheet, document)
        self._halves(head.above, head.state or head.place_and_date, {}, {"bold": bool(head.state)})
        self._halves(head.office, head.motto, {"bold": True}, {"bold": True})
        dated = head.place_and_date if head.state else ""
        self._halves(head.number, dated, {}, {"italic": True})
        self._row += 1
        self._wide(document.title, bold=True, font_size=14, align="center")
        self._wide(document.subtitle, bold=True, font_size=12, align="center")
        self._row += 1
        for block in document.blocks:
            self._block(block)
        self._foot()

    def _foot(self) -> None:
        """Who gets copies on the left; who signs on the right, one below the other."""
        document = self._document
        self._row += 1
        right: list[tuple[str, dict[str, Any]]] = []
        for each in document.signatures:
            right += [(each.post, {"bold": True}), (each.note, {"italic": True})]
            right += [("", {})] * 3 + [(each.name, {"bold": True})]
        left = [(text, {"bold": n == 0, "italic": n == 0, "align": "left"})
                for n, text in enumerate(document.recipients)]  # fmt: skip
        for (copy, style), (text, more) in zip_longest(left, right, fillvalue=("", {})):
            self._halves(copy, text, style, more)

    def _format(self, **more: Any) -> Any:
        return self._book.add_format({"font_name": "Times New Roman", "font_size": 11, **more})

    def _halves(self, left: str, right: str, style: dict[str, Any], more: dict[str, Any]) -> None:
        """A text on either side of the sheet, each in its middle."""
        last, split = len(self._widths) - 1, self._split()
        for text, first, end, how in ((left, 0, split - 1, style), (right, split, last, more)):
            form = self._format(**({"align": "center"} | how))
            if text and end > first:
                self._sheet.merge_range(self._row, first, self._row, end, "", form)
            if text:
                self._sheet.write_string(self._row, first, cell_text(text), form)
        self._row += 1

    def _split(self) -> int:
        """The column at which the right part begins, a little before the middle."""
        sums = list(accumulate(self._widths))
        return max(1, 1 + sum(each < 0.42 * sums[-1] for each in sums[:-1]))

    def _wide(self, text: str, lead: str = "", **more: Any) -> None:
        """Text over the width of the table, its row as high as it needs."""
        form = self._format(text_wrap=True, valign="top", **more)
        self._sheet.merge_range(self._row, 0, self._row, len(self._widths) - 1, "", form)
        if lead and text:
            bold, plain = self._format(bold=True), self._format()
            self._sheet.write_rich_string(self._row, 0, bold, lead + " ", plain, text, form)
        else:
            self._sheet.write_string(self._row, 0, cell_text(lead + text), form)
        lines = math.ceil((len(lead) + len(text)) / (sum(self._widths) * _LETTERS))
        self._sheet.set_row(self._row, _LINE * more.get("font_size", 11) / 11 * max(1, lines))
        self._row += 1

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self._wide(block.text, block.lead, align="left")
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)

    def _table(self, table: Table) -> None:
        head = self._format(
            bold=True,
            border=1,
            bg_color="#E8EEF4",
            text_wrap=True,
            align="center",
            valign="vcenter",
        )
        self._row += 1
        self._sheet.repeat_rows(self._row)
        self._sheet.set_row(self._row, 2 * _LINE)
        for column, text in enumerate(table.headings):
            self._sheet.write_string(self._row, column, cell_text(text), head)
        self._row += 1
        for number, row in enumerate(table.rows):
            self._cells(row, bg_color="#FDF1E3" if number in table.marked else "#FFFFFF")
        if table.total:
            self._cells(table.total, bold=True, bg_color="#E8EEF4")
        self._row += 1

    def _cells(self, row: tuple[Cell, ...], **more: Any) -> None:
        for column, cell in enumerate(row):
            if cell.value is None:
                side = "left" if cell.sort == "text" and cell.text != "–" else "right"
                form = self._format(border=1, align=side, **more)
                self._sheet.write_string(self._row, column, cell_text(cell.text), form)
            else:
                form = self._format(border=1, num_format=_FORMATS.get(cell.sort, "0"), **more)
                self._sheet.write_number(self._row, column, cell.value, form)
        self._row += 1

    def _chart(self, chart: Chart) -> None:
        rows = self._days(chart)
        drawn = self._book.add_chart({"type": "line"})
        if drawn is None:  # the library knows line charts
            return
        for number, style in enumerate(_LINES, 1):
            drawn.add_series(
                {
                    "name": [self._days_name, 0, number],
                    "categories": [self._days_name, 1, 0, rows, 0],
                    "values": [self._days_name, 1, number, rows, number],
                    "line": style,
                }
            )
        months = {"major_unit": 1, "major_unit_type": "months"}
        drawn.set_x_axis({"date_axis": True, "num_format": "dd/mm", **months})
        drawn.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True}, "min": 0})
        drawn.set_legend({"position": "bottom"})
        drawn.set_size({"width": sum(int(7 * width) + 5 for width in self._widths), "height": 260})
        self._sheet.insert_chart(self._row, 0, drawn)
        self._row += 14

    def _days(self, chart: Chart) -> int:
        """The sheet of the days; returns how many there are."""
        sheet = self._book.add_worksheet(self._days_name)
        _paper(sheet, self._document)
        sheet.repeat_rows(0)
        bold, day_form = self._format(bold=True), self._format(num_format="dd/mm/yyyy")
        count, middle, interval, goal = chart.labels
        headings = (self._heading, count, middle, f"{interval} (-)", f"{interval} (+)", goal)
        for column, text in enumerate(headings):
            sheet.write_string(0, column, cell_text(text), bold)
        sheet.set_column(0, 5, 16)
        sheet.freeze_panes(1, 1)
        number = self._format(num_format="#,##0")
        rows: list[tuple[Any, tuple[int | None, ...]]] = [
            (day, (now, None, None, None))
            for day, now in zip(chart.days, chart.counts, strict=True)
        ]
        if chart.fan:
            fan = zip(chart.fan.middles, chart.fan.lows, chart.fan.highs, strict=True)
            rows += [(d, (None, *three)) for d, three in zip(chart.fan.days, fan, strict=True)]
        for at, (day, values) in enumerate(rows, 1):
            sheet.write_datetime(at, 0, datetime(day.year, day.month, day.day), day_form)
            for column, value in enumerate((*values, chart.goal), 1):
                if value is not None:
                    sheet.write_number(at, column, value, number)
        return len(rows)

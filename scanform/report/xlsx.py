"""A document as a workbook: figures stay figures, and the curve is Excel's own."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from scanform.report.interface import Block, Cell, Chart, Document, Paragraph, Table

_MADE = datetime(2018, 1, 1)
"""A file's own date, always the same: what a report tells is dated in its text."""
_FORMATS = {"number": "#,##0", "percent": "0.0%"}


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


class _Sheets:
    """One sheet as it is printed, one with the days behind the curve."""

    def __init__(self, book: Workbook, document: Document) -> None:
        self._book, self._document = book, document
        vi = document.lang == "vi"
        self._sheet: Worksheet = book.add_worksheet("Báo cáo" if vi else "Report")
        self._days_name = "Theo ngày" if vi else "By day"
        self._heading = "Ngày" if vi else "Day"
        self._columns = max(
            (len(each.headings) for each in document.blocks if isinstance(each, Table)), default=6
        )
        self._row = 0

    def write(self) -> None:
        document, head = self._document, self._document.letterhead
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        lines = [head.above, head.office, head.state, head.motto, head.number, head.place_and_date]
        for line in filter(None, lines):
            self._wide(line)
        self._row += 1
        self._wide(document.title, bold=True, font_size=14)
        self._wide(document.subtitle, bold=True)
        for block in document.blocks:
            self._block(block)
        for signature in document.signatures:
            self._row += 1
            self._wide(signature.post, bold=True)
            self._wide(signature.name)

    def _format(self, **more: Any) -> Any:
        return self._book.add_format({"font_name": "Times New Roman", "font_size": 11, **more})

    def _wide(self, text: str, height: float = 0, **more: Any) -> None:
        """Text over the width of the table."""
        form = self._format(text_wrap=True, valign="top", **more)
        self._sheet.merge_range(self._row, 0, self._row, self._columns - 1, "", form)
        self._sheet.write_string(self._row, 0, text, form)
        if height:
            self._sheet.set_row(self._row, height)
        self._row += 1

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph():
                text = f"{block.lead} {block.text}".strip()
                self._wide(text, height=15.0 * (1 + len(text) // 95))
            case Table():
                self._table(block)
            case Chart():
                self._chart(block)

    def _table(self, table: Table) -> None:
        head = self._format(bold=True, border=1, bg_color="#E8EEF4", text_wrap=True, align="center")
        for column, (text, width) in enumerate(zip(table.headings, table.widths, strict=True)):
            self._sheet.write_string(self._row, column, text, head)
            self._sheet.set_column(column, column, width)
        self._row += 1
        for number, row in enumerate(table.rows):
            self._cells(row, bg_color="#FDF1E3" if number in table.marked else "#FFFFFF")
        if table.total:
            self._cells(table.total, bold=True, bg_color="#E8EEF4")
        self._row += 1

    def _cells(self, row: tuple[Cell, ...], **more: Any) -> None:
        for column, cell in enumerate(row):
            if cell.value is None:
                self._sheet.write_string(
                    self._row, column, cell.text, self._format(border=1, **more)
                )
            else:
                form = self._format(border=1, num_format=_FORMATS.get(cell.sort, "0"), **more)
                self._sheet.write_number(self._row, column, cell.value, form)
        self._row += 1

    def _chart(self, chart: Chart) -> None:
        rows = self._days(chart)
        drawn = self._book.add_chart({"type": "line"})
        if drawn is None:  # the library knows line charts
            return
        styles = (
            {"color": "#0B5394", "width": 2.25},
            {"color": "#0B5394", "dash_type": "dash", "width": 1.25},
            {"color": "#9FC5E8", "width": 1},
            {"color": "#9FC5E8", "width": 1},
            {"color": "#B45F06", "dash_type": "long_dash", "width": 1.25},
        )
        for number, style in enumerate(styles, 1):
            drawn.add_series(
                {
                    "name": [self._days_name, 0, number],
                    "categories": [self._days_name, 1, 0, rows, 0],
                    "values": [self._days_name, 1, number, rows, number],
                    "line": style,
                }
            )
        drawn.set_x_axis({"date_axis": True, "num_format": "dd/mm"})
        drawn.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True}})
        drawn.set_legend({"position": "bottom"})
        drawn.set_size({"width": 680, "height": 260})
        self._sheet.insert_chart(self._row, 0, drawn)
        self._row += 14

    def _days(self, chart: Chart) -> int:
        """The sheet of the days; returns how many there are."""
        sheet = self._book.add_worksheet(self._days_name)
        bold, day_form = self._format(bold=True), self._format(num_format="dd/mm/yyyy")
        count, middle, interval, goal = chart.labels
        headings = (self._heading, count, middle, f"{interval} (-)", f"{interval} (+)", goal)
        for column, text in enumerate(headings):
            sheet.write_string(0, column, text, bold)
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

"""An Excel workbook: a sheet of data, one record a row, and a sheet that says what a column means.

Every cell is text in a column of text, so no value is taken for a formula, a number or a date,
also when it is typed over. Rows go to disk one by one (XlsxWriter's constant memory).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from scanform.errors import UsageError
from scanform.export.columns import HEAD, column_of, columns, row
from scanform.export.extras import from_extra
from scanform.export.interface import Layout, Tell
from scanform.export.wording import NARROW
from scanform.model.record import Record
from scanform.phrase import Phrase
from scanform.programs.workbook import cell_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
"""Excel's own limits (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3)."""

DATA, DICTIONARY = "records", "dictionary"

_WIDE = Phrase(
    "Một trang tính chứa được {most} cột, ở đây cần {columns}.",
    "A sheet holds {most} columns and there would be {columns}.",
)
_CHOOSE = Phrase(
    "Hãy chọn mục bằng --fields, hoặc dùng csv, parquet hay sqlite.",
    "Choose fields with --fields, or use csv, parquet or sqlite.",
)
_LONG = Phrase(
    "Một trang tính chứa được {most} phiếu, ở đây nhiều hơn.",
    "A sheet holds {most} records and there are more.",
)
_LONG_CELL = Phrase(
    "{column} của phiếu {record} quá dài so với một ô Excel.",
    "{column} of record {record} is too long for a cell of Excel.",
)
_OTHER = Phrase("Hãy dùng định dạng khác.", "Use another format.")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_NOTES = ("column", "field", "template", "label", "kind", "lexicon", "vintage", "masked")
_MADE = datetime(2000, 1, 1)  # always the same, so that the bytes are


def write_xlsx(records: Iterable[Record], to: BinaryIO, layout: Layout, tell: Tell) -> int:
    """See ``export.interface.Exporter``. Raises ``UsageError`` for more records than a sheet has
    rows, more columns, and for a value that is too long for a cell."""
    del tell  # a table of text can say everything
    with from_extra("xlsx"):
        from xlsxwriter import Workbook  # noqa: PLC0415 - only this format needs it
        from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415
    # Strings are never made into formulas, links or numbers: only write_string is called.
    # A sheet of a million whole forms has more than 2 GiB before it is packed.
    book = Workbook(to, {"constant_memory": True, "in_memory": False, "use_zip64": True})
    book.set_properties({"created": _MADE})
    text = book.add_format({"num_format": "@"})
    count = _data(book, records, layout, text)
    _dictionary(book, layout, text)
    try:
        book.close()
    except FileCreateError as error:  # mostly a full disk, where the sheet waits to be packed
        raise OSError(str(error)) from error
    return count


def _data(book: Workbook, records: Iterable[Record], layout: Layout, text: Any) -> int:
    names = columns(layout)
    if len(names) > MOST_COLUMNS:
        raise UsageError(_WIDE.of(most=str(MOST_COLUMNS), columns=str(len(names))), _CHOOSE)
    sheet = book.add_worksheet(DATA)
    _heading(book, sheet, names)
    sheet.set_column(0, len(names) - 1, 18, text)
    sheet.set_column(HEAD.index("version"), HEAD.index("revision"), 9, text, {"hidden": True})
    count = 0
    for record in records:
        count += 1
        if count >= MOST_ROWS:
            raise UsageError(_LONG.of(most=str(MOST_ROWS - 1)), NARROW)
        for at, cell in enumerate(row(record, layout)):
            # What is longer than a cell of Excel (32,767) would be cut, which it tells.
            if cell and sheet.write_string(count, at, cell_text(cell), text):
                raise UsageError(_LONG_CELL.of(column=names[at], record=record.id), _OTHER)
    sheet.autofilter(0, 0, count, len(names) - 1)
    return count


def _dictionary(book: Workbook, layout: Layout, text: Any) -> None:
    sheet = book.add_worksheet(DICTIONARY)
    _heading(book, sheet, _NOTES)
    sheet.set_column(0, len(_NOTES) - 1, 24, text)
    for at, note in enumerate(layout.notes, 1):
        cells = (
            column_of(note.field),
            note.field,
            note.template,
            note.label,
            note.kind,
            note.lexicon,
            note.vintage,
            note.masked,
        )
        for column, cell in enumerate(cells):
            if cell:
                sheet.write_string(at, column, cell_text(cell), text)


def unescaped(text: str) -> str:
    """A cell's text as it was given: a workbook has escapes for what XML can't hold, and openpyxl
    leaves them as they are (ECMA-376, part 1, 22.9.2.19)."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _heading(book: Workbook, sheet: Worksheet, names: Iterable[str]) -> None:
    bold = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
    for at, name in enumerate(names):
        sheet.write_string(0, at, cell_text(name), bold)
    sheet.freeze_panes(1, 1)

"""A CSV or Excel file that was exported, corrected in a spreadsheet and saved."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from scanform.errors import UsageError
from scanform.export import workbook
from scanform.export.columns import field_of
from scanform.export.csv import restored
from scanform.export.encoding import encoding_of
from scanform.export.mask import PREFIX, is_masked
from scanform.export.wording import CANT_READ, NOT_UTF8, SAVE_AS_UTF8
from scanform.export.xlsx import DATA, unescaped
from scanform.model.sheet import Cell, CellSort, SheetRow
from scanform.phrase import Phrase

NEEDED = ("record", "version")
_LONGEST = 2**31 - 1  # characters of a cell; the csv module's own limit is for strangers' files

RawCell = tuple[str, bool]
"""The text of a cell, and whether a formula stands there."""
_EMPTY: RawCell = ("", False)

_NO_TABLE = Phrase("{file} không phải .csv hay .xlsx.", "{file} is neither .csv nor .xlsx.")
_SAVE = Phrase("Hãy lưu thành một trong hai.", "Save it as one of the two.")
_NO_COLUMN = Phrase("{file} thiếu cột {columns}.", "{file} has no column {columns}.")
_ANEW = Phrase(
    "Hãy xuất lại và giữ nguyên dòng đầu.", "Export anew, and leave the first line as it is."
)
_TWICE = Phrase("{file} có hai cột {columns}.", "{file} has the column {columns} twice.")
_REMOVE = Phrase("Hãy bỏ một cột.", "Remove one of them.")
_NO_CSV = Phrase("{file} không phải CSV: {why}.", "{file} is no CSV: {why}.")


def read_rows(file: Path) -> Iterator[SheetRow]:
    """The rows of the file, by its name's ending. Raises ``UsageError`` for what is no table
    that was exported, ``MissingProgram`` without the library for Excel."""
    if file.suffix.lower() in (".xlsx", ".xlsm"):
        rows = _excel(file)
    elif file.suffix.lower() in (".csv", ".txt", ".tsv"):
        rows = _csv(file)
    else:
        raise UsageError(_NO_TABLE.of(file=str(file)), _SAVE)
    return _sheet_rows(file, rows)


def _sheet_rows(file: Path, rows: Iterator[tuple[int, list[RawCell]]]) -> Iterator[SheetRow]:
    _, head = next(rows, (1, []))
    names = [text.strip() for text, _ in head]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise UsageError(_NO_COLUMN.of(file=str(file), columns=", ".join(missing)), _ANEW)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise UsageError(_TWICE.of(file=str(file), columns=", ".join(twice)), _REMOVE)
    record, version = names.index("record"), names.index("version")
    fields = [(at, name, field_of(name)) for at, name in enumerate(names) if name]
    asked = [(at, name, field) for at, name, field in fields if field is not None]
    for number, cells in rows:
        if not any(text.strip() for text, _ in cells):
            continue  # spreadsheets leave empty lines behind
        yield SheetRow(
            number,
            _at(cells, record)[0].strip(),
            _number(_at(cells, version)[0]),
            tuple(_cell(field, name, _at(cells, at)) for at, name, field in asked),
        )


def _at(cells: Sequence[RawCell], at: int) -> RawCell:
    return cells[at] if at < len(cells) else _EMPTY


def _cell(field: str, column: str, raw: RawCell) -> Cell:
    text, formula = raw
    sort: CellSort = "formula" if formula else "typed"
    if text.startswith(PREFIX):
        sort = "masked" if is_masked(text) else "damaged"
    return Cell(field, column, text, sort)


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _csv(file: Path) -> Iterator[tuple[int, list[RawCell]]]:
    csv.field_size_limit(_LONGEST)
    try:
        with file.open("rb") as raw:
            encoding = encoding_of(raw.read(2))
        with file.open(encoding=encoding, newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            # Excel writes what the country uses: a semicolon where the comma is for decimals.
            mark = max(",;\t", key=first.count)
            reader = csv.reader(stream, delimiter=mark)
            for number, cells in enumerate(reader, 1):
                yield number, [(restored(cell), False) for cell in cells]
    except UnicodeError as error:
        raise UsageError(NOT_UTF8.of(file=str(file)), SAVE_AS_UTF8) from error
    except OSError as error:
        raise UsageError(CANT_READ.of(file=str(file), why=error.strerror or "?")) from error
    except csv.Error as error:
        raise UsageError(_NO_CSV.of(file=str(file), why=str(error))) from error


def _excel(file: Path) -> Iterator[tuple[int, list[RawCell]]]:
    # Formulas are read as such: their last result may be old, and was typed by nobody.
    with workbook.opened(file, data_only=False) as book:
        sheet = book[DATA] if DATA in book.sheetnames else book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield number, [_excel_cell(cell) for cell in cells]


def _excel_cell(cell: Any) -> RawCell:
    value = cell.value
    if cell.data_type == "f":
        return str(value), True
    if isinstance(value, str):
        return unescaped(value), False
    if isinstance(value, date):  # typed as one: a datetime is a date, too
        return value.isoformat()[:10], False
    if isinstance(value, float) and value.is_integer():
        return str(int(value)), False
    return "" if value is None else str(value), False

"""Tables of targets and figures, as CSV or XLSX."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from scanform.errors import UsageError
from scanform.export import workbook
from scanform.export.encoding import encoding_of
from scanform.export.wording import CANT_READ, NOT_UTF8, SAVE_AS_UTF8
from scanform.tally.counts import Target
from scanform.tally.targets import (
    figures_of_rows,
    read_figures,
    read_targets,
    targets_of_rows,
)


def targets_file(file: Path) -> list[Target]:
    """The targets in a CSV or XLSX file. Raises ``UsageError`` with every mistake and its line."""
    if file.suffix.lower() == ".xlsx":
        return targets_of_rows(_sheet(file))
    return read_targets(text_of(file))


def figures_file(file: Path) -> list[tuple[str, int, str]]:
    """Reported figures in a CSV or XLSX file: unit, number and the day as written."""
    if file.suffix.lower() == ".xlsx":
        return figures_of_rows(_sheet(file))
    return read_figures(text_of(file))


def text_of(file: Path) -> str:
    try:
        data = file.read_bytes()
        return data.decode(encoding_of(data))
    except UnicodeError as error:
        raise UsageError(NOT_UTF8.of(file=str(file)), SAVE_AS_UTF8) from error
    except OSError as error:
        raise UsageError(CANT_READ.of(file=str(file), why=error.strerror or "?")) from error


def _sheet(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet that aren't empty, each with its number, as text."""
    with workbook.opened(file, data_only=True) as book:
        width = 0
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            cells = [_cell(value) for value in row]
            if any(cells):
                # Columns without a heading are notes in the margin.
                width = width or max(n for n, cell in enumerate(cells, 1) if cell)
                yield number, (cells + [""] * width)[:width]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()

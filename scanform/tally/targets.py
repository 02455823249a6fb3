"""Targets from a table: who is to collect how many. No I/O."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scanform.errors import UsageError
from scanform.lexicon.spelling import tidy
from scanform.phrase import Listed, Phrase, Words
from scanform.tally.counts import Target, unit_key

_HEADINGS = {
    "unit": "unit",
    "đơn vị": "unit",
    "xã": "unit",
    "target": "target",
    "chỉ tiêu": "target",
    "in": "in",
    "thuộc": "in",
    "thuộc xã": "in",
    "code": "code",
    "mã": "code",
}
_FIGURE_HEADINGS = {
    **_HEADINGS,
    "number": "number",
    "số": "number",
    "số phiếu": "number",
    "số người": "number",
    "day": "day",
    "ngày": "day",
}
MOST = 999_999_999
_LONGEST = 40
"""Signs: what has more is no number of people."""
_NUMBER = re.compile(r"\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+")

_NO_NAME = Phrase("dòng {line}: đơn vị không có tên", "line {line}: the unit has no name")
_NO_NUMBER = Phrase(
    "dòng {line}: {text} không phải là số nguyên (hãy viết 7000, 7.000 hoặc 7,000)",
    "line {line}: {text} is no whole number (write 7000, 7.000 or 7,000)",
)
_TWICE = Phrase(
    "dòng {line}: {unit} đã có ở dòng {other}",
    "line {line}: {unit} is there already, in line {other}",
)
_NO_UNITS = Phrase("tệp không có đơn vị nào", "the file names no units")
_COLUMNS = Phrase(
    "dòng {line}: các cột phải có tên: {columns}",
    "line {line}: the columns must be named: {columns}",
)
_CELLS = Phrase(
    'dòng {line}: có {cells} ô thay vì {wanted} (số có dấu phẩy phải để trong ngoặc kép: "7,000")',
    'line {line}: {cells} cells instead of {wanted} (a number with a comma needs quotes: "7,000")',
)
_NO_TARGETS = Phrase(
    "Không dùng được bảng chỉ tiêu:\n{mistakes}", "The targets can't be used:\n{mistakes}"
)
_NO_FIGURES = Phrase(
    "Không dùng được bảng số liệu:\n{mistakes}", "The figures can't be used:\n{mistakes}"
)
_MEND = Phrase(
    "Hãy sửa các dòng này. Tệp là bảng có các cột {columns}.",
    "Mend these lines. The file is a table with the columns {columns}.",
)
_TARGET_COLUMNS = Phrase("unit và target (có thể thêm in, code)", "unit and target (and in, code)")
_FIGURE_COLUMNS = Phrase("unit, number và có thể thêm day", "unit, number and perhaps day")


@dataclass
class _Targets:
    """Targets read so far, with every mistake on the way."""

    targets: list[Target] = field(default_factory=list)
    mistakes: list[Words] = field(default_factory=list)
    lines: dict[tuple[str | None, str], int] = field(default_factory=dict)

    def take(self, line: int, unit: str, number: str, code: str = "") -> None:
        if not unit:
            self.mistakes.append(_NO_NAME.of(line=str(line)))
            return
        target = whole_number(number)
        if target is None:
            self.mistakes.append(_NO_NUMBER.of(line=str(line), text=repr(number)))
            return
        sort, name = unit_key(unit)
        twins = [(sort, name), (None, name)] if sort else [k for k in self.lines if k[1] == name]
        for twin in twins:
            if twin in self.lines:
                self.mistakes.append(
                    _TWICE.of(line=str(line), unit=unit, other=str(self.lines[twin]))
                )
                return
        self.lines[sort, name] = line
        self.targets.append(Target(unit, target, code))


def read_targets(text: str) -> list[Target]:
    """Targets from CSV with the columns ``unit`` and ``target``, and perhaps ``in`` (the commune
    that a hamlet lies in) and ``code``, separated by ``,``, ``;`` or tabs. Raises ``UsageError``
    with every mistake and its line."""
    return targets_of_rows(_rows(text.removeprefix("\ufeff")))


def targets_of_rows(rows: Iterable[tuple[int, list[str]]]) -> list[Target]:
    """Targets from the rows of a table, each with its line; empty rows are left out already.
    Raises as ``read_targets`` does."""
    found = _Targets()
    for line, cells in _columns(rows, _HEADINGS, ("unit", "target"), found.mistakes):
        unit, above = tidy(cells["unit"]), tidy(cells.get("in", ""))
        whole = f"{unit}, {above}" if unit and above else unit
        found.take(line, whole, cells["target"].strip(), cells.get("code", "").strip())
    if not found.targets and not found.mistakes:
        found.mistakes.append(_NO_UNITS)
    if found.mistakes:
        raise _refused(_NO_TARGETS, found.mistakes, _TARGET_COLUMNS)
    return found.targets


def read_figures(text: str) -> list[tuple[str, int, str]]:
    """Reported figures (unit, number, the day as written, empty where none is) from CSV with the
    columns ``unit``, ``number`` and perhaps ``day``. Raises ``UsageError`` with every mistake."""
    return figures_of_rows(_rows(text.removeprefix("\ufeff")))


def figures_of_rows(rows: Iterable[tuple[int, list[str]]]) -> list[tuple[str, int, str]]:
    """As ``read_figures``, from the rows of a table."""
    mistakes: list[Words] = []
    found: list[tuple[str, int, str]] = []
    for line, cells in _columns(rows, _FIGURE_HEADINGS, ("unit", "number"), mistakes):
        number = whole_number(cells["number"].strip())
        if number is None:
            mistakes.append(_NO_NUMBER.of(line=str(line), text=repr(cells["number"])))
        else:
            found.append((tidy(cells["unit"]), number, cells.get("day", "").strip()))
    if mistakes:
        raise _refused(_NO_FIGURES, mistakes, _FIGURE_COLUMNS)
    return found


def _columns(
    rows: Iterable[tuple[int, list[str]]],
    headings: Mapping[str, str],
    needed: Sequence[str],
    mistakes: list[Words],
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the headings, cells by what their column is."""
    rows = iter(rows)
    line, heading = next(rows, (1, []))
    columns = [headings.get(tidy(cell).lower()) for cell in heading]
    if not set(needed) <= set(columns):
        mistakes.append(_COLUMNS.of(line=str(line), columns=",".join(needed)))
        return
    first = {name: columns.index(name) for name in columns if name is not None}
    for line, cells in rows:
        if len(cells) != len(heading):
            told = {"line": str(line), "cells": str(len(cells)), "wanted": str(len(heading))}
            mistakes.append(_CELLS.of(**told))
        else:
            yield line, {name: cells[column] for name, column in first.items()}


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that aren't empty, each with the line it begins on."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = next((each for each in ";\t" if each in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def whole_number(text: str) -> int | None:
    """A number as offices write it (7000, 7.000, 7,000 or 7 000); None for anything else, and for
    more than all people of the country."""
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    number = int(re.sub(r"\D", "", text))
    return number if number <= MOST else None


def _refused(what: Phrase, mistakes: Sequence[Words], columns: Phrase) -> UsageError:
    return UsageError(what.of(mistakes=Listed(mistakes)), _MEND.of(columns=columns))

"""Targets from a table: who is to collect how many. No I/O."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from scanform.errors import UsageError
from scanform.lexicon.spelling import tidy
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
_NUMBER = re.compile(r"\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+")


@dataclass
class _Targets:
    """Targets read so far, with every mistake on the way."""

    targets: list[Target] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    lines: dict[tuple[str | None, str], int] = field(default_factory=dict)

    def take(self, line: int, unit: str, number: str, code: str = "") -> None:
        if not unit:
            self.mistakes.append(f"line {line}: the unit has no name")
            return
        target = whole_number(number)
        if target is None:
            self.mistakes.append(
                f"line {line}: {number!r} is no whole number (write 7000, 7.000 or 7,000)"
            )
            return
        sort, name = unit_key(unit)
        twins = [(sort, name), (None, name)] if sort else [k for k in self.lines if k[1] == name]
        for twin in twins:
            if twin in self.lines:
                self.mistakes.append(
                    f"line {line}: {unit} is there already, in line {self.lines[twin]}"
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
        found.mistakes.append("the file names no units")
    if found.mistakes:
        _refuse("targets", found.mistakes)
    return found.targets


def read_figures(text: str) -> list[tuple[str, int, str]]:
    """Reported figures (unit, number, the day as written, empty where none is) from CSV with the
    columns ``unit``, ``number`` and perhaps ``day``. Raises ``UsageError`` with every mistake."""
    return figures_of_rows(_rows(text.removeprefix("\ufeff")))


def figures_of_rows(rows: Iterable[tuple[int, list[str]]]) -> list[tuple[str, int, str]]:
    """As ``read_figures``, from the rows of a table."""
    mistakes: list[str] = []
    found: list[tuple[str, int, str]] = []
    for line, cells in _columns(rows, _FIGURE_HEADINGS, ("unit", "number"), mistakes):
        number = whole_number(cells["number"].strip())
        if number is None:
            mistakes.append(f"line {line}: {cells['number']!r} is no whole number")
        else:
            found.append((tidy(cells["unit"]), number, cells.get("day", "").strip()))
    if mistakes:
        _refuse("figures", mistakes)
    return found


def _columns(
    rows: Iterable[tuple[int, list[str]]],
    headings: Mapping[str, str],
    needed: Sequence[str],
    mistakes: list[str],
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the headings, cells by what their column is."""
    rows = iter(rows)
    line, heading = next(rows, (1, []))
    columns = [headings.get(tidy(cell).lower()) for cell in heading]
    if not set(needed) <= set(columns):
        mistakes.append(f"line {line}: the columns must be named: {','.join(needed)}")
        return
    first = {name: columns.index(name) for name in columns if name is not None}
    for line, cells in rows:
        if len(cells) != len(heading):
            mistakes.append(
                f"line {line}: {len(cells)} cells instead of {len(heading)}"
                ' (a number with a comma needs quotes: "7,000")'
            )
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
    """A number as offices write it (7000, 7.000, 7,000 or 7 000); None for anything else."""
    return int(re.sub(r"\D", "", text)) if _NUMBER.fullmatch(text) else None


def _refuse(what: str, mistakes: Sequence[str]) -> NoReturn:
    columns = (
        "unit and target (and in, code)" if what == "targets" else "unit, number and perhaps day"
    )
    raise UsageError(
        f"The {what} can't be used:\n" + "\n".join(f"  {each}" for each in mistakes),
        f"Mend these lines. The file is a table with the columns {columns}.",
    )

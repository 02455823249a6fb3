"""Counting against the target: counts of units and targets make a tally. No I/O."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from scanform.errors import UsageError
from scanform.lexicon.spelling import key, tidy
from scanform.store.interface import UnitCount

_UNIT_WORDS = {
    "xã": "xã",
    "x": "xã",
    "phường": "phường",
    "p": "phường",
    "thị trấn": "thị trấn",
    "tt": "thị trấn",
    "thị xã": "thị xã",
    "tx": "thị xã",
    "đặc khu": "đặc khu",
}
# The word and then a dot or a space, so that a name that only begins with an X stays whole.
_UNIT_WORD = re.compile(
    rf"({'|'.join(sorted(_UNIT_WORDS, key=len, reverse=True))})(?:\.\s*|\s+)(?=\S)"
)
_HEADINGS = {
    "unit": "unit",
    "đơn vị": "unit",
    "xã": "unit",
    "target": "target",
    "chỉ tiêu": "target",
}
_NUMBER = re.compile(r"\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+")


@dataclass(frozen=True, slots=True)
class Target:
    """People to collect in one unit."""

    unit: str
    target: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the tally. ``unit`` is None where the forms don't say it, ``target`` where
    nobody set one."""

    unit: str | None
    target: int | None
    complete: int
    pending: int

    @property
    def records(self) -> int:
        return self.complete + self.pending

    @property
    def rate(self) -> float | None:
        """Records over target, as a fraction; None without a target or with one of 0."""
        return round(self.records / self.target, 4) if self.target else None


@dataclass(frozen=True, slots=True)
class Tally:
    """The units of the targets in their order, then units that have none, then the unknown."""

    units: tuple[Row, ...]
    total: Row

    def by_rate(self) -> list[Row]:
        """The units, the furthest first; those without a target at the end."""
        return sorted(self.units, key=lambda row: (row.rate is None, -(row.rate or 0.0)))


def count_against(targets: Sequence[Target], counts: Iterable[UnitCount]) -> Tally:
    """The tally. A unit is found by its name however it is spelt: case, the word for its sort
    (Xã, TT.) and where the tone mark stands don't matter, unless two units differ by no more."""
    book = _Book(targets)
    complete: Counter[int | str | None] = Counter()
    pending: Counter[int | str | None] = Counter()
    spellings: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for count in counts:
        place = book.place(count.unit)
        complete[place] += count.complete
        pending[place] += count.pending
        if isinstance(place, str) and count.unit is not None:
            spellings[place].append((-(count.complete + count.pending), tidy(count.unit)))
    rows = [
        Row(each.unit, each.target, complete[number], pending[number])
        for number, each in enumerate(targets)
    ]
    strangers = sorted((min(found)[1], place) for place, found in spellings.items())
    rows += [Row(unit, None, complete[place], pending[place]) for unit, place in strangers]
    if complete[None] or pending[None]:
        rows.append(Row(None, None, complete[None], pending[None]))
    total = Row(
        unit=None,
        target=sum(each.target for each in targets) if targets else None,
        complete=sum(complete.values()),
        pending=sum(pending.values()),
    )
    return Tally(tuple(rows), total)


def unit_key(unit: str) -> tuple[str | None, str]:
    """What sort of unit it is, as far as the name says, and the name as names are compared."""
    text = tidy(unit).lower()
    word = _UNIT_WORD.match(text)
    if word is None:
        return None, key(text)
    return _UNIT_WORDS[word[1]], key(text[word.end() :])


class _Book:
    """Finds the target that a unit belongs to."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._by_name: defaultdict[str, dict[str | None, int]] = defaultdict(dict)
        for number, each in enumerate(targets):
            sort, name = unit_key(each.unit)
            self._by_name[name][sort] = number

    def place(self, unit: str | None) -> int | str | None:
        """Number of the target; for a unit without one a key of its own; None for the unknown."""
        if unit is None or not tidy(unit):
            return None
        sort, name = unit_key(unit)
        found = self._by_name.get(name, {})
        if sort in found:
            return found[sort]
        # A town and a commune may share a name: then a form that doesn't say which is neither's.
        return next(iter(found.values())) if len(found) == 1 else f"{sort or ''} {name}"


@dataclass
class _Targets:
    """Targets read so far, with every mistake on the way."""

    targets: list[Target] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    lines: dict[tuple[str | None, str], int] = field(default_factory=dict)

    def take(self, line: int, unit: str, number: str) -> None:
        if not unit:
            self.mistakes.append(f"line {line}: the unit has no name")
            return
        target = _number(number)
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
        self.targets.append(Target(unit, target))


def read_targets(text: str) -> list[Target]:
    """Targets from CSV with the columns ``unit`` and ``target``, separated by ``,``, ``;`` or
    tabs. Raises ``UsageError`` with every mistake and its line."""
    found = _Targets()
    rows = _rows(text.removeprefix("\ufeff"))
    line, heading = next(rows, (1, []))
    columns = [_HEADINGS.get(tidy(cell).lower()) for cell in heading]
    if not {"unit", "target"} <= set(columns):
        _refuse([f"line {line}: the columns must be named: unit,target"])
    unit, target = columns.index("unit"), columns.index("target")
    for line, cells in rows:
        if len(cells) != len(heading):
            found.mistakes.append(
                f"line {line}: {len(cells)} cells instead of {len(heading)}"
                ' (a number with a comma needs quotes: "7,000")'
            )
        else:
            found.take(line, tidy(cells[unit]), cells[target].strip())
    if not found.targets and not found.mistakes:
        found.mistakes.append("the file names no units")
    if found.mistakes:
        _refuse(found.mistakes)
    return found.targets


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


def _number(text: str) -> int | None:
    return int(re.sub(r"\D", "", text)) if _NUMBER.fullmatch(text) else None


def _refuse(mistakes: Sequence[str]) -> NoReturn:
    raise UsageError(
        "The targets can't be used:\n" + "\n".join(f"  {each}" for each in mistakes),
        "Mend these lines. The file is a CSV with the columns unit,target.",
    )

"""Counting by the answers of a field, also by age, unit by unit. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from scanform.lexicon.spelling import tidy
from scanform.store.campaign_interface import ValueCount
from scanform.tally.counts import Target, UnitBook

AGES = (6, 14, 18, 35, 60)
"""Where age groups begin: school, the identity card, of age; then as statistics have them."""
_OLDEST = 130


@dataclass(frozen=True, slots=True)
class ValueTable:
    """Records by unit and value. ``values`` go by frequency, or by age, those without an answer
    (None) last; ``rows`` have a number for each of them; ``units`` go as they were asked for, then
    others, then the unknown (None)."""

    values: tuple[str | None, ...]
    units: tuple[str | None, ...]
    rows: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> tuple[int, ...]:
        return tuple(map(sum, zip(*self.rows, strict=True)))


def tabulate(
    counts: Iterable[ValueCount], units: Sequence[str], order: Sequence[str] = ()
) -> ValueTable:
    """The table. ``units`` are those that have rows in any case; ``order`` is that of the values,
    the most frequent first without one."""
    book = UnitBook([Target(unit, 0) for unit in units])
    cells: Counter[tuple[int | str | None, str | None]] = Counter()
    names: dict[str, Counter[str]] = {}
    for count in counts:
        place = book.place(count.unit)
        cells[place, count.value] += count.records
        if isinstance(place, str):
            names.setdefault(place, Counter())[tidy(count.unit or "")] += count.records
    strangers = sorted((found.most_common(1)[0][0], place) for place, found in names.items())
    places: list[int | str | None] = [*range(len(units)), *(place for _, place in strangers)]
    shown: list[str | None] = [*units, *(name for name, _ in strangers)]
    if any(place is None for place, _ in cells):
        places.append(None)
        shown.append(None)
    values = _ordered(cells, order)
    rows = tuple(tuple(cells[place, value] for value in values) for place in places)
    return ValueTable(values, tuple(shown), rows)


def _ordered(
    cells: Counter[tuple[int | str | None, str | None]], order: Sequence[str]
) -> tuple[str | None, ...]:
    found: Counter[str | None] = Counter()
    for (_, value), count in cells.items():
        found[value] += count
    named = sorted((v for v in found if v is not None), key=lambda v: (-found[v], v))
    if order:
        named = [value for value in order if value in found]
    return (*named, *([None] if None in found else []))


def by_age(
    counts: Iterable[ValueCount], day: date, bounds: Sequence[int] = AGES
) -> list[ValueCount]:
    """Counts of birth dates as counts of age groups on that day. What gives no age is None."""
    names = groups(bounds)
    found = []
    for count in counts:
        age = age_on(count.value or "", day)
        group = None if age is None else names[bisect_right(bounds, age)]
        found.append(replace(count, value=group))
    return found


def groups(bounds: Sequence[int]) -> list[str]:
    """What the age groups are called: ``0–5``, ``6–13``, ..., ``60+``."""
    edges = [0, *bounds]
    closed = [f"{low}–{high - 1}" for low, high in zip(edges, bounds, strict=False)]
    return [*closed, f"{edges[-1]}+"]


def age_on(birth: str, day: date) -> int | None:
    """Whole years between a birth date, also one of a month or a year alone (then its middle is
    taken), and the day; None where there is no such date or nobody is as old."""
    middle = {4: "-07-01", 7: "-15"}.get(len(birth), "")
    try:
        born = date.fromisoformat(birth + middle)
    except ValueError:
        return None
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return age if 0 <= age <= _OLDEST else None

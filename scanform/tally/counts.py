"""Counting against the target: counts of units and targets make a tally. No I/O."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


_HAMLET_WORD = re.compile(
    r"(ấp|thôn|khóm|khu phố|kp|tổ dân phố|tdp|xóm|bản|làng|buôn|tổ)(?:\.\s*|\s+)(?=\S)"
)
"""Taken for a word only where the commune follows: a commune may be called Bản Lầu."""


@dataclass(frozen=True, slots=True)
class Target:
    """People to collect in one unit. A hamlet's name is followed by its commune's: ``Ấp 1, Xã
    Thạnh Hải``. ``code`` is the unit's own where the office gave it one."""

    unit: str
    target: int
    code: str = ""


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
    book = UnitBook(targets)
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
    """What sort of unit it is, as far as the name says, and the name as names are compared. Of a
    hamlet (``Ấp 1, Xã Thạnh Hải``) both names, without the words before them."""
    text = tidy(unit).lower()
    first, comma, above = text.partition(",")
    if comma and above.strip():
        hamlet = _HAMLET_WORD.match(first)
        name = first[hamlet.end() :] if hamlet else first
        number = re.sub(r"\b0+(?=\d)", "", name)
        return None, f"{key(number)}, {unit_key(above)[1]}"
    word = _UNIT_WORD.match(text)
    if word is None:
        return None, key(text)
    return _UNIT_WORDS[word[1]], key(text[word.end() :])


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings are one unit: the word before the name may be left out."""
    (sort, name), (other_sort, other_name) = unit_key(one), unit_key(other)
    return name == other_name and (sort == other_sort or None in (sort, other_sort))


def lies_in(hamlet: str, commune: str) -> bool:
    """Whether the unit is that commune or one of its hamlets, as far as its name says."""
    return same_unit(hamlet, commune) or same_unit(hamlet.partition(",")[2], commune)


class UnitBook:
    """Finds the target that a unit belongs to, however the unit is spelt."""

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

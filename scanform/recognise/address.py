"""A whole address decoded over a reader's chances: open words, then commune, district, province.

From the right end: the chance of each province over every stretch that ends the line, of each
district of the likeliest provinces before it, of each commune of the likeliest districts before
that, each with or without its unit's word; the open words from the left end meet them where the
product is largest. A level may be missing, and a line may be open all through. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scanform.lexicon import places, written
from scanform.lexicon.places import LEVELS
from scanform.recognise.observed import Chances, Observed
from scanform.recognise.open_words import OpenText, WordTree, open_text, word_tree, words_until
from scanform.recognise.spans import Texts, texts, through, with_gap

KEPT = (10, 12, 12)
"""How many of the likeliest provinces, districts and communes are followed."""
NO_UNIT = 0.5
"""Share of places written without their unit's word."""
WHOLE, NO_COMMUNE, NO_DISTRICT, PROVINCE_ALONE, OPEN = 0.84, 0.06, 0.02, 0.02, 0.06
"""Shares of addresses by what they name."""


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """Every way to write the places of a level; rows sorted by place."""

    given: Texts
    place: NDArray[np.intp]
    """Row -> place, as its position in ``codes``."""
    codes: tuple[str, ...]
    rows: dict[str, NDArray[np.intp]]
    """Code of the unit above ("" for provinces) -> rows."""
    shares: Chances
    """Row -> share among the places of the unit above and their forms."""


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """The gazetteer as columns of one reader's symbols."""

    levels: tuple[_Level, ...]
    units: dict[str, Texts]
    tree: WordTree


@lru_cache(maxsize=4)
def gazetteer(symbols: tuple[str, ...]) -> Gazetteer:
    """The gazetteer for a reader that knows these symbols; made once, takes half a second."""
    columns = {symbol: at for at, symbol in enumerate(symbols)}
    units = {name: texts(forms, columns, backwards=True) for name, forms in written.UNITS.items()}
    levels = tuple(_level(at, columns) for at in range(len(LEVELS)))
    return Gazetteer(levels, units, word_tree(written.open_words(), columns))


def _level(at: int, columns: dict[str, int]) -> _Level:
    entries = sorted(places.of_level(LEVELS[at]), key=lambda each: (each.parent, each.code))
    forms: list[str] = []
    place: list[int] = []
    shares: list[float] = []
    rows: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        names = written.names_of(entry.code)
        beside = len(places.children().get(entry.parent, ())) if at else len(entries)
        for name in names:
            rows.setdefault(entry.parent, []).append(len(forms))
            forms.append(name)
            place.append(number)
            shares.append(1.0 / (beside * len(names)))
    return _Level(
        texts(forms, columns, backwards=True),
        np.array(place, np.intp),
        tuple(each.code for each in entries),
        {code: np.array(each, np.intp) for code, each in rows.items()},
        np.array(shares),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """Places from the province down, and the chance (steps + 1) that they fill the line's end
    before each step counted from the right."""

    codes: tuple[str, ...]
    bare: Chances
    """The last place without its unit's word."""
    full: Chances


@dataclass(frozen=True, slots=True)
class DecodedAddress:
    """``parts``: the open words, then each place as written, in small letters; ``codes`` of the
    places from the province down; ``chance`` natural log against the reader's own best text."""

    parts: tuple[str, ...]
    codes: tuple[str, ...]
    chance: float

    @property
    def text(self) -> str:
        return " ".join(part for part in self.parts if part)


def decode_address(
    seen: Observed, most: int = 3, own: WordTree | None = None
) -> list[DecodedAddress]:
    """The likeliest readings of a line as an address, the best first. ``own``: open words of the
    unit that the line is from, in place of the country's."""
    lists = gazetteer(tuple(seen.symbols))
    lists = lists if own is None else replace(lists, tree=own)
    free = open_text(seen, lists.tree)
    search = _Search(seen, lists, free)
    ranked = search.ranked()
    return [search.told(path, chance) for path, chance in ranked[:most]]


class _Search:
    def __init__(self, seen: Observed, lists: Gazetteer, free: OpenText) -> None:
        self._seen, self._lists, self._free = seen, lists, free
        self._back = seen.backwards()
        self._left = free.entries[::-1]
        """Chance of the open words before each step counted from the right."""
        self._words: dict[int, list[str]] = {}
        self._stages: dict[tuple[str, ...], tuple[list[str], Chances]] = {}
        self._tail = np.concatenate(([1.0], np.cumprod(self._back.between)))

    def ranked(self) -> list[tuple[_Path, float]]:
        """Paths with their chance, the likeliest first."""
        nothing = _Path((), self._tail, self._tail)
        provinces = self._below([nothing], 0)
        districts = self._below(provinces, 1)
        communes = self._below(districts, 2)
        shares = (
            (OPEN, [nothing]),
            (PROVINCE_ALONE, provinces),
            (NO_COMMUNE, districts),
            (WHOLE, communes),
        )
        found = [(path, share * self._met(path.full)) for share, paths in shares for path in paths]
        return sorted(found, key=lambda pair: -pair[1])

    def _met(self, chances: Chances) -> float:
        return float((chances * self._left).max())

    def _below(self, above: Sequence[_Path], at: int) -> list[_Path]:
        """The likeliest places right within those paths."""
        level = self._lists.levels[at]
        rows: list[NDArray[np.intp]] = []
        owners: list[int] = []
        for owner, path in enumerate(above):
            mine = level.rows.get(path.codes[-1] if path.codes else "", np.zeros(0, np.intp))
            rows.append(mine)
            owners += [owner] * len(mine)
        every = np.concatenate(rows) if rows else np.zeros(0, np.intp)
        if not every.size:
            return []
        arrived = np.stack([path.full for path in above])[owners]
        ended = through(self._back, level.given.chosen(every), arrived)
        ended *= level.shares[every][:, None]
        place = level.place[every]
        firsts = np.flatnonzero(np.diff(place, prepend=-1))
        whole = np.add.reduceat(ended, firsts, axis=0)
        order = np.argsort(-(whole * self._left).max(axis=1))[: KEPT[at]]
        found = []
        kept = [(level.codes[place[firsts[one]]], owners[firsts[one]], whole[one]) for one in order]
        with_units = self._with_units([code for code, _, _ in kept], [bare for _, _, bare in kept])
        for (code, owner, bare), full in zip(kept, with_units, strict=True):
            found.append(_Path((*above[owner].codes, code), bare, full))
        return found

    def _with_units(self, codes: Sequence[str], bare: Sequence[Chances]) -> list[Chances]:
        """The same with or without the unit's word before the name."""
        forms = [form for code in codes for form in written.UNITS[places.places()[code].unit]]
        counts = [len(written.UNITS[places.places()[code].unit]) for code in codes]
        arrived = np.repeat(np.stack(bare), counts, axis=0)
        ended = through(self._back, texts(forms, self._seen.symbols, backwards=True), arrived)
        firsts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        added = np.add.reduceat(ended, firsts, axis=0) / np.array(counts)[:, None]
        numbered = [places.places()[code].name.isdigit() for code in codes]
        return [
            with_unit if number else NO_UNIT * name + (1.0 - NO_UNIT) * with_unit
            for name, with_unit, number in zip(bare, added, numbered, strict=True)
        ]

    def told(self, path: _Path, chance: float) -> DecodedAddress:
        """The words of a path: how each place is written, and the open words before them."""
        seen = self._seen
        parts = []
        last = int(self._free.behind[seen.count])
        here = self._free.entries
        for level in range(len(path.codes), 0, -1):
            forms, ended = self._stage(path.codes[:level])
            joint = ended[:, ::-1] * here
            row, step = np.unravel_index(int(joint.argmax()), joint.shape)
            if level == len(path.codes):
                last = int(self._free.behind[step])
            parts.append(forms[int(row)])
            if level > 1:
                here = self._behind(forms[int(row)], int(step))
        if last not in self._words:
            self._words[last] = words_until(seen, self._lists.tree, self._free, last)
        words = self._words[last]
        return DecodedAddress(
            (" ".join(words), *parts), path.codes, float(np.log(max(chance, 1e-300)))
        )

    def _stage(self, codes: tuple[str, ...]) -> tuple[list[str], Chances]:
        """Every way to write the last of the places, before the others (forms x steps + 1)."""
        if codes not in self._stages:
            arrived = self._stage(codes[:-1])[1].sum(axis=0) if codes[:-1] else self._tail
            forms = forms_of(codes[-1])
            given = texts(forms, self._seen.symbols, backwards=True)
            ended = through(self._back, given, arrived)
            ended = ended * np.array([share_of(form, codes[-1]) for form in forms])[:, None]
            self._stages[codes] = (forms, ended)
        return self._stages[codes]

    def _behind(self, form: str, step: int) -> Chances:
        """The chance that a form which begins at a step ends before each, gap behind it and all."""
        begun = np.zeros(self._seen.count + 1)
        begun[step] = 1.0
        ended = through(self._seen, texts([form], self._seen.symbols), begun)[0]
        return with_gap(ended, self._seen.between)


def forms_of(code: str) -> list[str]:
    """A place with and without its unit's word, as people write it."""
    entry = places.places()[code]
    names = written.names_of(code)
    with_unit = [f"{unit} {name}" for name in names for unit in written.units_of(entry)]
    return with_unit if entry.name.isdigit() else [*names, *with_unit]


def share_of(form: str, code: str) -> float:
    """How often the place is written in that form."""
    names = written.names_of(code)
    units = len(written.units_of(places.places()[code]))
    return (NO_UNIT if form in names else (1.0 - NO_UNIT) / units) / len(names)

"""The code of the unit that a written address lies in: exact names only, nothing is guessed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from scanform.lexicon import lists, places
from scanform.lexicon.address import split
from scanform.lexicon.entry import Entry
from scanform.lexicon.places import LEVELS, Level
from scanform.lexicon.spelling import key, tidy

HOME = "VN"

_SHORT: Mapping[str, tuple[str, ...]] = {
    "tp": ("thành phố",),
    "tx": ("thị xã",),
    "tt": ("thị trấn",),
    "t": ("tỉnh",),
    "h": ("huyện",),
    "q": ("quận",),
    "x": ("xã",),
    "p": ("phường",),
}
_ABBREVIATED = re.compile(r"^(tp|tx|tt|[thqxp])(?:[.:,]\s*|\s+)(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Located:
    """``unit`` is the code (2, 3 or 5 digits; empty when there is none), ``detail`` what no list
    knows, ``country`` an alpha-2 code. ``reason`` says what could not be found, a key of
    ``REASONS``, empty when all was."""

    unit: str
    detail: str
    country: str
    reason: str = ""


@lru_cache(maxsize=100_000)
def locate(address: str) -> Located:
    """Reads an address from its right end: country, province, district, commune.

    >>> locate("Ấp 3, Xã Thạnh Hải, Huyện Thạnh Phú, Tỉnh Bến Tre").detail
    'Ấp 3'
    """
    address = tidy(address)
    parts = [part.text for part in split(address)]
    country = _country(parts[-1]) if parts else ""
    if country and country != HOME:
        return Located("", ", ".join(parts[:-1]), country)
    if country:
        parts.pop()
    level, unit, ambiguous = 0, "", False
    inside: tuple[Entry, ...] = ()
    while parts and level < len(LEVELS):
        found = _named(parts[-1], level, inside)
        if found is None:
            break
        at, inside = found
        level = at + 1
        parts.pop()
        ambiguous = len(inside) > 1
        unit = unit if ambiguous else inside[0].code
    detail = ", ".join(parts)
    if ambiguous:
        # What was taken off but has no code of its own belongs to the detail still.
        return Located(unit, address, HOME, "place_ambiguous")
    if not unit:
        return Located("", detail, country, "place_unknown" if detail else "")
    return Located(unit, detail, HOME, "place_partly" if detail and level < len(LEVELS) else "")


def _country(text: str) -> str:
    found = lists.forms("nationalities").match(text, 0.99)
    return found.entries[0].code if found is not None and found.exact else ""


def _named(text: str, level: int, inside: Iterable[Entry]) -> tuple[int, tuple[Entry, ...]] | None:
    """The level and units that a part names, at ``level`` or below, within the units given."""
    codes = [entry.code for entry in inside]
    for at in range(level, len(LEVELS)):
        entries = tuple(
            entry
            for entry in _entries(text, LEVELS[at])
            if not codes or places.lies_in(entry, codes)
        )
        if entries:
            return at, entries
    return None


def _entries(text: str, level: Level) -> tuple[Entry, ...]:
    index = _index()[level]
    if found := index.get(key(text)):
        return found
    short = _ABBREVIATED.match(text)
    if short is None:
        return ()
    rest = text[short.end() :]
    words = (f"{word} {rest}" for word in _SHORT[short[1].lower()])
    return tuple(entry for form in words for entry in index.get(key(form), ()))


@cache
def _index() -> Mapping[Level, Mapping[str, tuple[Entry, ...]]]:
    """Every way to write a unit: with and without its word, numbers with and without a zero."""
    found: dict[Level, defaultdict[str, dict[str, Entry]]] = {
        level: defaultdict(dict) for level in LEVELS
    }
    for entry in places.places().values():
        forms = found[places.level_of(entry)]
        names = {entry.name, str(int(entry.name))} if entry.name.isdigit() else {entry.name}
        for name in names:
            forms[key(f"{entry.unit} {name}")][entry.code] = entry
            if not name.isdigit():
                forms[key(name)][entry.code] = entry
    return {
        level: {form: tuple(entries.values()) for form, entries in forms.items()}
        for level, forms in found.items()
    }

"""The gazetteer: 63 provinces, their districts and communes, as of about 2021."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from typing import Literal, get_args

from scanform.lexicon.entry import Entry, Match
from scanform.lexicon.forms import Forms
from scanform.lexicon.lists import rows
from scanform.lexicon.spelling import fold, is_upper, tidy

Level = Literal["province", "district", "commune"]
LEVELS: tuple[Level, ...] = get_args(Level)
VINTAGE = "2021"

_LEVEL_OF_LENGTH: dict[int, Level] = {2: "province", 3: "district", 5: "commune"}

UNIT_WORDS: dict[Level, tuple[str, ...]] = {
    "province": ("tỉnh", "thành phố"),
    "district": ("huyện", "quận", "thị xã", "thành phố"),
    "commune": ("xã", "phường", "thị trấn"),
}
_SHORT = re.compile(r"^(TP|Tp|tp|TX|Tx|tx|TT|Tt|tt|[THQXPthqxp])([.:,]\s*|\s+)(?=\S)")
_SHORT_UNITS: dict[str, tuple[str, ...]] = {
    "tp": ("Thành phố",),
    "tx": ("Thị xã",),
    "tt": ("Thị trấn",),
    "t": ("Tỉnh",),
    "h": ("Huyện",),
    "q": ("Quận",),
    "x": ("Xã",),
    "p": ("Phường",),
}
_ALSO: dict[str, tuple[str, ...]] = {
    "79": ("HCM", "Tp HCM", "TP HCM", "TP.HCM", "Sài Gòn"),
    "46": ("Thừa Thiên - Huế", "Thừa Thiên-Huế", "Huế"),
    "77": ("Bà Rịa Vũng Tàu", "BR-VT"),
}


@cache
def places() -> dict[str, Entry]:
    """Every place by its code (provinces 2, districts 3, communes 5 digits)."""
    return {
        row["code"]: Entry(row["code"], row["name"], VINTAGE, row["unit"], row["parent"])
        for row in rows("places.csv")
    }


def level_of(entry: Entry) -> Level:
    return _LEVEL_OF_LENGTH[len(entry.code)]


def also_called(entry: Entry) -> tuple[str, ...]:
    """Other names that people write for a place."""
    return _ALSO.get(entry.code, ())


@cache
def of_level(level: Level) -> tuple[Entry, ...]:
    """Every place of a level."""
    return tuple(each for each in places().values() if level_of(each) == level)


@cache
def children() -> dict[str, tuple[Entry, ...]]:
    """The places that lie right within the unit of each code."""
    found: dict[str, list[Entry]] = {}
    for each in places().values():
        found.setdefault(each.parent, []).append(each)
    return {code: tuple(each) for code, each in found.items()}


def _written(entry: Entry) -> list[tuple[str, Entry]]:
    names = [entry.name]
    if entry.name.isdigit():  # Phường 05 is written Phường 5 as well
        names = [entry.name, str(int(entry.name))]
        return [(f"{entry.unit} {name}", entry) for name in names]
    names += _ALSO.get(entry.code, ())
    return [(form, entry) for name in names for form in (name, f"{entry.unit} {name}")]


@cache
def _all_forms(level: Level) -> Forms:
    return Forms(form for entry in of_level(level) for form in _written(entry))


def ready() -> None:
    """Prepares the search for places of every level, a fifth of a second."""
    for level in LEVELS:
        _all_forms(level).ready()


@cache
def _forms_within(level: Level, codes: frozenset[str]) -> Forms:
    return Forms(form for entry in inside(level, codes) for form in _written(entry))


def inside(level: Level, codes: Iterable[str]) -> tuple[Entry, ...]:
    """The places of ``level`` that lie in any of the units ``codes``."""
    found: list[Entry] = []
    for code in codes:
        below = children().get(code, ())
        for each in below:
            if level_of(each) == level:
                found.append(each)
            elif level == "commune":
                found += children().get(each.code, ())
    return tuple(found)


def lies_in(entry: Entry, codes: Iterable[str]) -> bool:
    """Whether a place is one of the units ``codes`` or lies in one of them."""
    wanted = set(codes)
    code = entry.code
    while code:
        if code in wanted:
            return True
        code = places()[code].parent
    return False


@lru_cache(maxsize=128)
def match(
    text: str, level: Level, within: frozenset[str] = frozenset(), least: float = 0.7
) -> Match | None:
    """The place of ``level`` that a text names.

    ``within`` are the codes of the units that it should lie in. A place outside is taken only when
    it fits better than every place inside by more than a mark or two: the caller doubts it.
    """
    text = tidy(text)
    near = _match_in(text, _forms_within(level, within), least) if within else None
    if near is not None and near.distance <= 0.75:
        return near
    far = _match_in(text, _all_forms(level), least)
    if near is None or far is None:
        return far or near
    return far if far.distance + 1.0 < near.distance else near


@lru_cache(maxsize=4096)
def exact(text: str, level: Level) -> tuple[Entry, ...]:
    """The places of ``level`` that a text names without a mistake; abbreviated unit words count."""
    text = tidy(text)
    forms = _all_forms(level)
    found = forms.exact(text)
    short = None if found else _SHORT.match(text)
    if short is None:
        return found
    rest = text[short.end() :]
    spelled = (forms.exact(f"{unit} {rest}") for unit in _SHORT_UNITS[short[1].lower()])
    return next((each for each in spelled if each), ())


def _match_in(text: str, forms: Forms, least: float) -> Match | None:
    if not len(forms):
        return None
    whole = forms.match(text, least)
    if whole is not None and whole.exact:
        return _as_written(text, whole)
    short = _SHORT.match(text)
    if short is None:
        return _as_written(text, whole) if whole is not None else None
    rest = _match_short(text, short, forms, least)
    if rest is not None and (whole is None or rest.distance <= whole.distance):
        return rest
    return _as_written(text, whole) if whole is not None else None


def _match_short(text: str, short: re.Match[str], forms: Forms, least: float) -> Match | None:
    """A text that begins with an abbreviated unit word: X., H., TP."""
    found = None
    for unit in _SHORT_UNITS[short[1].lower()]:
        each = forms.match(f"{unit} {text[short.end() :]}", least)
        if each is None or not fold(each.value).startswith(fold(unit) + " "):
            continue
        if found is None or each.distance < found.distance:
            name = each.value[len(unit) + 1 :]
            value = re.sub("[:,]", ".", short[0]) + (
                name.upper() if is_upper(text[short.end() :]) else name
            )
            found = replace(each, value=value)
    return found


def _as_written(text: str, found: Match) -> Match:
    """The match with the unit word in small letters where it was written so."""
    if not text[:1].islower() or is_upper(found.value):
        return found
    for words in UNIT_WORDS.values():
        for word in words:
            if found.value.lower().startswith(word + " "):
                value = word + found.value[len(word) :]
                return replace(found, value=value)
    return found

"""How places are written within an address, in small letters, for decoders. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from scanform.lexicon import places
from scanform.lexicon.entry import Entry
from scanform.lexicon.spelling import tone_places
from scanform.lexicon.syllables import spellings

UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Tỉnh": ("tỉnh", "t"),
        "Thành phố": ("thành phố", "tp"),
        "Huyện": ("huyện", "h"),
        "Quận": ("quận", "q"),
        "Thị xã": ("thị xã", "tx"),
        "Xã": ("xã", "x"),
        "Phường": ("phường", "p"),
        "Thị trấn": ("thị trấn", "tt"),
    }
)
"""A unit's word and its usual abbreviation; as often as either it is left out."""

OPEN_PHRASES: Mapping[str, int] = MappingProxyType(
    {
        "ấp": 3000, "thôn": 3000, "tổ": 2500, "khu phố": 1200, "tổ dân phố": 800, "tdp": 400,
        "kp": 500, "khóm": 700, "khu": 900, "đội": 500, "số": 1200, "đường": 1200, "xóm": 900,
        "ngõ": 500, "hẻm": 300, "phố": 400, "làng": 200, "bản": 300, "buôn": 250, "phường": 800,
        "quận": 500, "xã": 600, "thị trấn": 400, "tt": 150, "tp": 300, "thành phố": 300,
        "huyện": 300, "thị xã": 150, "p": 500, "q": 300, "kdc": 30, "khu dân cư": 60, "ubnd": 100,
        "ủy ban nhân dân": 60, "số nhà": 100, "tiểu khu": 60, "cụm": 60, "ngách": 80, "kiệt": 60,
        "quốc lộ": 60, "tỉnh lộ": 40, "chung cư": 50, "lô": 60, "a": 40, "b": 40, "c": 20,
        "nguyễn": 250, "văn": 200, "thị": 60, "trần": 150, "lê": 150, "phạm": 80, "trung": 60,
        "hưng đạo": 30, "quang trung": 30, "lê lợi": 30, "hùng vương": 30, "đông": 150,
        "tây": 120, "nam": 150, "bắc": 120, "trên": 20, "dưới": 20, "giữa": 10, "chợ": 40,
    }
)  # fmt: skip
"""Words of open parts by a guess at how often they are written."""
LEAST_PHRASE = 3
"""A commune's name that so many communes bear is a phrase of open text: hamlets are called so."""


@cache
def open_words() -> Mapping[str, float]:
    """Words and phrases of open text with a share each."""
    found: Counter[str] = Counter()
    for word, seen in spellings().items():
        found[word] += seen
    names = Counter(each.name.lower() for each in places.of_level("commune"))
    for name, seen in names.items():
        if seen >= LEAST_PHRASE and " " in name:
            found[name] += 3 * seen
    for phrase, seen in OPEN_PHRASES.items():
        found[phrase] += seen
    shares: dict[str, float] = {}
    for word, count in found.items():
        for form in tone_places(word):
            shares[form] = shares.get(form, 0.0) + count
    return MappingProxyType(shares)


OWN = 0.5
"""Share of open words that follow a unit's own texts; the rest follows the country's."""


def words_with(own: Mapping[str, float]) -> Mapping[str, float]:
    """Open words with a share each: the country's, and those that a unit's people wrote (a word
    and how often)."""
    return mixed(open_words(), own)


def mixed(country: Mapping[str, float], own: Mapping[str, float]) -> Mapping[str, float]:
    """Words of the country and those that a unit's people wrote. They add up to what the country's
    alone do, so that a word that neither has is as unlikely as ever."""
    whole, total = sum(country.values()), sum(own.values()) or 1.0
    found = {word: (1.0 - OWN) * share for word, share in country.items()}
    for word, count in own.items():
        found[word] = found.get(word, 0.0) + OWN * whole * count / total
    return MappingProxyType(found)


@cache
def names_of(code: str) -> tuple[str, ...]:
    """The names that people write for a place, with tone marks in either place."""
    entry = places.places()[code]
    names = [entry.name, *places.also_called(entry)]
    if entry.name.isdigit():
        names.append(str(int(entry.name)))
    return tuple(dict.fromkeys(form for name in names for form in tone_places(_plain(name))))


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("-", " ").replace(".", " ").split())


def units_of(entry: Entry) -> tuple[str, ...]:
    """The unit's word and its abbreviation."""
    return UNITS.get(entry.unit, ())

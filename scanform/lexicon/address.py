"""Addresses: parts from the smallest unit to the province, the open ones kept as read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scanform.lexicon.entry import Match
from scanform.lexicon.places import LEVELS, Level, lies_in, match
from scanform.lexicon.spelling import tidy

_OFFICE = re.compile(
    r"^(U\s?BND|[UỦ][ỷy]\s+ban(\s+nhân\s+dân)?|Công\s+an|CA)\s+(?=\S)", re.IGNORECASE
)
"""An office before a place: where a birth was registered is written so."""
_SEPARATOR = re.compile(r"\s*[,;]\s*|\s+-\s+")
_FULL_STOP = re.compile(
    r"(?:(?<=\w[a-zà-ỹ])(?<!\b[Tt][tpx])|(?<=\d))\.\s*(?=[A-ZĐÀ-Ỹ])"
    r"|\.\s+(?=(?:xã|huyện|tỉnh|phường|quận)\s)"
)
"""A full stop that may be a comma: behind no abbreviation, before a capital or a unit word."""
_UNIT = re.compile(r"(?:ấp|thôn|khu|khóm|tổ|xóm|số|xã|phường|thị|huyện|quận|tỉnh|thành)\s", re.I)
_DASHED = ("Bà Rịa - Vũng Tàu", "Thừa Thiên - Huế")
_GLUE = " \u2013 "


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an address: as read, the separator behind it, and the place that it names."""

    text: str
    separator: str
    level: Level | None = None
    match: Match | None = None

    @property
    def value(self) -> str:
        return self.match.value if self.match else self.text


@dataclass(frozen=True, slots=True)
class Address:
    parts: tuple[Part, ...]

    @property
    def value(self) -> str:
        return "".join(part.value + part.separator for part in self.parts)

    @property
    def open_text(self) -> str:
        """What no list knows: hamlet, street, house number."""
        return ", ".join(part.text for part in self.parts if part.match is None)

    @property
    def places(self) -> tuple[Match, ...]:
        return tuple(part.match for part in self.parts if part.match is not None)


def split(text: str) -> list[Part]:
    """The parts of a written address with the separators as they should be spelled."""
    text = tidy(text).strip(" ,;-")
    for name in _DASHED:
        text = re.sub(re.escape(name), name.replace(" - ", _GLUE), text, flags=re.IGNORECASE)
    parts: list[Part] = []
    at = 0
    marks = [*_SEPARATOR.finditer(text), *_FULL_STOP.finditer(text)]
    for found in sorted(marks, key=re.Match.start):
        parts.append(Part(text[at : found.start()].replace(_GLUE, " - "), _mark(found, text)))
        at = found.end()
    parts.append(Part(text[at:].replace(_GLUE, " - "), ""))
    return [part for part in parts if part.text]


def _mark(found: re.Match[str], text: str) -> str:
    """What stands between two parts. A full stop is a misread comma before a unit word; whether
    it is one before a name, ``parse`` tells."""
    mark = found[0].strip()
    if mark == "-":
        return " - "
    return found[0] if mark == "." and not _UNIT.match(text, found.end()) else ", "


def parse(text: str, within: frozenset[str] = frozenset(), least: float = 0.8) -> Address:
    """Reads an address from its right end: province, then district, then commune.

    A part that fits no list is open; once an open part stands to the right of a place, the
    place is matched in the whole country. The address may begin at any level.
    """
    parts = split(text)
    level = 0
    codes = within
    for at in range(len(parts) - 1, -1, -1):
        office = _OFFICE.match(parts[at].text)
        before = office[0] if office else ""
        found = _best(parts[at].text[len(before) :], level, codes, least)
        if found is None:
            break
        level, hit = found
        if office:
            name = re.sub(r"^U\s", "U", tidy(before), flags=re.IGNORECASE)
            hit = replace(hit, value=f"{name} {hit.value}")
        parts[at] = Part(parts[at].text, parts[at].separator, LEVELS[level], hit)
        if at and parts[at - 1].separator.strip() == ".":
            parts[at - 1] = replace(parts[at - 1], separator=", ")
        codes = frozenset(entry.code for entry in hit.entries)
        level += 1
        if level == len(LEVELS):
            break
    return Address(tuple(parts))


def _best(text: str, level: int, codes: frozenset[str], least: float) -> tuple[int, Match] | None:
    """The best match at ``level`` or below it; a higher level wins a tie."""
    best: tuple[float, int, Match] | None = None
    for each in range(level, len(LEVELS)):
        found = match(text, LEVELS[each], codes, least)
        if found is None:
            continue
        outside = bool(codes) and each > 0 and not _inside(found, codes)
        cost = found.distance + 1.0 * outside + 0.3 * (each - level)
        if best is None or cost < best[0]:
            best = (cost, each, found)
        if cost == 0.0:
            break
    return (best[1], best[2]) if best else None


def _inside(found: Match, codes: frozenset[str]) -> bool:
    return any(lies_in(entry, codes) for entry in found.entries)

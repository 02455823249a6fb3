"""A campaign's units in the gazetteer: names in, codes and the tree above them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scanform.errors import UsageError
from scanform.lexicon import places
from scanform.lexicon.entry import Entry
from scanform.lexicon.spelling import key, tidy
from scanform.model.campaign import Unit


def place_units(wanted: Sequence[Unit], within: str) -> tuple[Unit, ...]:
    """The communes of those names in the province or district ``within``, or hamlets (``Ấp 1, Xã
    Thạnh Hải``) of its communes, with their codes, and before them all units that they lie in.
    In a commune, ``within`` may be its own code, and its hamlets bear their names alone. A code
    that is given must be that of the name; a hamlet's is the office's own affair. Raises
    ``UsageError`` with every name that can't be placed and why."""
    entries = places.places()
    if within not in entries:
        raise UsageError(
            f"{within!r} is no code of a province, district or commune.",
            "Ben Tre is 83, its district Thanh Phu 837, the commune Thanh Hai 29221.",
        )
    found, mistakes = [], []
    for unit in wanted:
        placed = _placed(unit, within)
        if isinstance(placed, str):
            mistakes.append(f"{unit.name}: {placed}")
        else:
            found.append(placed)
    if mistakes:
        raise UsageError(
            "These units can't be placed:\n" + "\n".join(f"  {each}" for each in mistakes),
            "Mend their names, or leave --within out: then no codes are looked up.",
        )
    return (*_above(found, within), *found)


def _placed(unit: Unit, within: str) -> Unit | str:
    """The unit in its place, or what is wrong with it."""
    root = places.places()[within]
    hamlet, comma, above = (part.strip() for part in unit.name.rpartition(","))
    if comma and not hamlet:
        return "the hamlet has no name"
    if not comma and places.level_of(root) == "commune":
        hamlet, above = unit.name, f"{root.unit} {root.name}"
    commune = _commune(above, within, "" if hamlet else unit.code)
    if isinstance(commune, str):
        return commune
    if hamlet:
        return replace(unit, name=f"{hamlet}, {above}", parent=commune.code)
    return replace(unit, code=commune.code, parent=commune.parent)


def _commune(name: str, within: str, code: str) -> Entry | str:
    """The commune of that name, and code where one is given; or what is wrong."""
    entries = places.places()
    found = _communes(name, within)
    if code:
        found = [each for each in found if each.code == code]
        if not found:
            return f"{code} is {_named(code)}"
    if not found:
        return f"no commune of {entries[within].name}{_near(name, within)}"
    if len(found) > 1:
        where = ", ".join(f"{entries[each.parent].name} ({each.parent})" for each in found)
        return f"there is one in each of {where}: give its code"
    return found[0]


def _named(code: str) -> str:
    entry = places.places().get(code)
    return f"{entry.unit} {entry.name}" if entry else "no code of the gazetteer"


def _communes(name: str, within: str) -> list[Entry]:
    wanted = key(tidy(name))
    root = places.places()[within]
    some = [root] if places.level_of(root) == "commune" else places.inside("commune", [within])
    return [each for each in some if wanted in (key(each.name), key(f"{each.unit} {each.name}"))]


def _near(name: str, within: str) -> str:
    found = places.match(name, "commune", frozenset({within}))
    near = [e for e in found.entries if places.lies_in(e, [within])] if found else []
    return f" (there is {near[0].unit} {near[0].name})" if near else ""


def _above(units: Sequence[Unit], within: str) -> list[Unit]:
    entries = places.places()
    codes: list[str] = []
    for unit in units:
        code = unit.parent
        while code:
            if code not in codes:
                codes.append(code)
            code = entries[code].parent if code != within else ""
    ordered = sorted(codes, key=lambda code: (len(code), code))
    return [
        Unit(_named(code), None, code, entries[code].parent if code != within else "")
        for code in ordered
    ]

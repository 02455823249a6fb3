"""A campaign's units in the gazetteer: names in, codes and the tree above them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scanform.errors import UsageError
from scanform.lexicon import places
from scanform.lexicon.entry import Entry
from scanform.lexicon.spelling import key, tidy
from scanform.model.campaign import Unit
from scanform.phrase import Listed, Phrase, Words

_NO_CODE = Phrase(
    "{code} không phải mã tỉnh, huyện hay xã.",
    "{code} is no code of a province, district or commune.",
)
_CODES = Phrase(
    "Bến Tre là 83, huyện Thạnh Phú 837, xã Thạnh Hải 29221.",
    "Ben Tre is 83, its district Thanh Phu 837, the commune Thanh Hai 29221.",
)
_MISTAKE = Phrase("{unit}: {what}", "{unit}: {what}")
_UNPLACED = Phrase(
    "Không tìm được chỗ của các đơn vị này:\n{mistakes}",
    "These units can't be placed:\n{mistakes}",
)
_MEND = Phrase(
    "Hãy sửa tên, hoặc bỏ --within: khi đó không tra mã.",
    "Mend their names, or leave --within out: then no codes are looked up.",
)
_NO_HAMLET = Phrase("ấp không có tên", "the hamlet has no name")
_OTHER_CODE = Phrase("{code} là {unit}", "{code} is {unit}")
_UNKNOWN_CODE = Phrase("mã không có trong danh mục", "no code of the gazetteer")
_NO_COMMUNE = Phrase("không có xã này trong {within}{meant}", "no commune of {within}{meant}")
_IN_EACH = Phrase("có ở cả {where}: hãy cho mã", "there is one in each of {where}: give its code")
_MEANT = Phrase(" (có {name})", " (there is {name})")


def place_units(wanted: Sequence[Unit], within: str) -> tuple[Unit, ...]:
    """The communes of those names in the province or district ``within``, or hamlets (``Ấp 1, Xã
    Thạnh Hải``) of its communes, with their codes, and before them all units that they lie in.
    In a commune, ``within`` may be its own code, and its hamlets bear their names alone. A code
    that is given must be that of the name; a hamlet's is the office's own affair. Raises
    ``UsageError`` with every name that can't be placed and why."""
    entries = places.places()
    if within not in entries:
        raise UsageError(_NO_CODE.of(code=repr(within)), _CODES)
    found: list[Unit] = []
    mistakes: list[Words] = []
    for unit in wanted:
        placed = _placed(unit, within)
        if isinstance(placed, Unit):
            found.append(placed)
        else:
            mistakes.append(_MISTAKE.of(unit=unit.name, what=placed))
    if mistakes:
        raise UsageError(_UNPLACED.of(mistakes=Listed(mistakes)), _MEND)
    return (*_above(found, within), *found)


def _placed(unit: Unit, within: str) -> Unit | Words:
    """The unit in its place, or what is wrong with it."""
    root = places.places()[within]
    hamlet, comma, above = (part.strip() for part in unit.name.rpartition(","))
    if comma and not hamlet:
        return _NO_HAMLET
    if not comma and places.level_of(root) == "commune":
        hamlet, above = unit.name, f"{root.unit} {root.name}"
    commune = _commune(above, within, "" if hamlet else unit.code)
    if not isinstance(commune, Entry):
        return commune
    if hamlet:
        return replace(unit, name=f"{hamlet}, {above}", parent=commune.code)
    return replace(unit, code=commune.code, parent=commune.parent)


def _commune(name: str, within: str, code: str) -> Entry | Words:
    """The commune of that name, and code where one is given; or what is wrong."""
    entries = places.places()
    found = _communes(name, within)
    if code:
        found = [each for each in found if each.code == code]
        if not found:
            return _OTHER_CODE.of(code=code, unit=_named(code) or _UNKNOWN_CODE)
    if not found:
        return _NO_COMMUNE.of(within=entries[within].name, meant=_near(name, within))
    if len(found) > 1:
        where = ", ".join(f"{entries[each.parent].name} ({each.parent})" for each in found)
        return _IN_EACH.of(where=where)
    return found[0]


def _named(code: str) -> str:
    entry = places.places().get(code)
    return f"{entry.unit} {entry.name}" if entry else ""


def _communes(name: str, within: str) -> list[Entry]:
    wanted = key(tidy(name))
    root = places.places()[within]
    some = [root] if places.level_of(root) == "commune" else places.inside("commune", [within])
    return [each for each in some if wanted in (key(each.name), key(f"{each.unit} {each.name}"))]


def _near(name: str, within: str) -> Words:
    found = places.match(name, "commune", frozenset({within}))
    near = [e for e in found.entries if places.lies_in(e, [within])] if found else []
    return _MEANT.of(name=f"{near[0].unit} {near[0].name}") if near else ""


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

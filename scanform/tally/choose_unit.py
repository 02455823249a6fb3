"""Which records belong to a unit that somebody names: of all that forms write. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from scanform.errors import UsageError
from scanform.lexicon.spelling import fold, key, tidy
from scanform.model.campaign import Campaign, Unit
from scanform.phrase import Phrase, Words
from scanform.tally.counts import Target, UnitBook, lies_in, same_unit, unit_key

_LARGER = re.compile(r"(?:tỉnh|thành phố|tp|huyện|quận|t|h|q)(?:\.\s*|\s+)(?=\S)")
"""The words before a province or district."""

_SEVERAL = Phrase("{unit} có thể là {units}.", "{unit} may be {units}.")
_IN_FULL = Phrase("Hãy ghi đầy đủ tên, hoặc mã.", "Name it in full, or give its code.")
_NONE = Phrase("Không có phiếu nào của đơn vị {unit}.", "No record is of the unit {unit}.")
_MEANT = Phrase("Có: {names}. ", "There is: {names}. ")
_SHOWN = Phrase(
    "{meant}`scanform tally` nêu các đơn vị hiện có.",
    "{meant}`scanform tally` shows the units that there are.",
)


def spellings(wanted: str, written: Iterable[str], campaign: Campaign | None) -> frozenset[str]:
    """Of the units that forms name, as they are ``written``, those that are the one wanted or lie
    in it. It is named as people write it or by its code; the tree is the campaign's. Raises
    ``UsageError`` for a name that is none's or several units', and where no form is of it."""
    there = frozenset(written)
    units = [] if campaign is None else _named(wanted, campaign)
    if len(units) > 1:
        raise UsageError(
            _SEVERAL.of(unit=repr(wanted), units="; ".join(map(_told, units))), _IN_FULL
        )
    if units and campaign is not None:
        found = _lying_in(units[0], there, campaign)
        wanted = _told(units[0])
    else:
        found = frozenset(each for each in there if lies_in(each, wanted))
    if not found:
        raise UsageError(_NONE.of(unit=repr(wanted)), _advice(wanted, there, campaign))
    return found


def _named(wanted: str, campaign: Campaign) -> list[Unit]:
    """The units of the tree that may be meant; one that is named in full is meant alone."""
    text = tidy(wanted)
    by_code = [unit for unit in campaign.units if unit.code and unit.code == text]
    whole = [unit for unit in campaign.units if key(unit.name) == key(text)]
    return by_code or whole or [unit for unit in campaign.units if _may_be(unit, text)]


def _may_be(unit: Unit, text: str) -> bool:
    if unit.level in ("province", "district"):
        return key(_bare(unit.name)) == key(_bare(text))
    if unit.level == "hamlet" and "," not in text:
        text = f"{text}, {unit.name.partition(',')[2]}"
    return same_unit(unit.name, text)


def _bare(name: str) -> str:
    lower = tidy(name).lower()
    word = _LARGER.match(lower)
    return lower[word.end() :] if word else lower


def _told(unit: Unit) -> str:
    return f"{unit.name} ({unit.code})" if unit.code else unit.name


def _lying_in(top: Unit, written: frozenset[str], campaign: Campaign) -> frozenset[str]:
    """What is written for that unit or for one below it, told apart as the count does: first by
    the units that are counted, then by those above them."""
    counted = campaign.counted
    above = [unit for unit in campaign.units if unit.target is None]
    books = [(each, UnitBook([Target(u.name, 0) for u in each])) for each in (counted, above)]
    parents = {unit.code: unit.parent for unit in campaign.units if unit.code}
    found = set()
    for name in written:
        for units, book in books:
            place = book.place(name)
            if isinstance(place, int):
                if units[place] == top or _below(units[place], top, parents):
                    found.add(name)
                break
    return frozenset(found)


def _below(unit: Unit, top: Unit, parents: dict[str, str]) -> bool:
    code, seen = unit.parent, set[str]()
    while code and code not in seen:
        if code == top.code:
            return True
        seen.add(code)
        code = parents.get(code, "")
    return False


def _advice(wanted: str, written: frozenset[str], campaign: Campaign | None) -> Words:
    planned = [] if campaign is None else [unit.name for unit in campaign.units]
    near = like(wanted, (*sorted(written), *planned))
    return _SHOWN.of(meant=_MEANT.of(names="; ".join(near)) if near else "")


def like(wanted: str, names: Iterable[str]) -> list[str]:
    """Up to three of those names that may have been meant, whatever marks were left out."""
    known: dict[str, str] = {}
    for name in names:
        known |= {fold(name): name, fold(_short(name)): name}
    found = get_close_matches(fold(_short(wanted)), known, 6, 0.75)
    return list(dict.fromkeys(known[each] for each in found))[:3]


def _short(name: str) -> str:
    """The name without the word for its sort."""
    return unit_key(_bare(name))[1]

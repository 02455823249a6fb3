"""What a few typed letters may become."""

from __future__ import annotations

from functools import cache

from scanform.fields.place import level_of, units_of
from scanform.lexicon import lists, places
from scanform.lexicon.spelling import fold
from scanform.model.record import Record
from scanform.model.template import Field


def completions(field: Field, text: str, record: Record, limit: int = 8) -> list[str]:
    """Entries of the field's list that begin as the text does, then those of which a word does;
    marks and capitals don't matter. A place is looked for inside the places that the record names,
    then everywhere."""
    wanted = fold(text).strip()
    if not wanted:
        return []
    found: dict[str, None] = {}
    for names in _lists(field, record):
        for matching in (_begins, _has_word):
            for name, plain in names:
                if matching(plain, wanted):
                    found.setdefault(name)
                    if len(found) == limit:
                        return list(found)
    return list(found)


Names = tuple[tuple[str, str], ...]
"""Pairs of a name and its plain form."""


def _begins(plain: str, wanted: str) -> bool:
    return plain.startswith(wanted)


def _has_word(plain: str, wanted: str) -> bool:
    return f" {wanted}" in plain


def _lists(field: Field, record: Record) -> list[Names]:
    if field.kind == "choice":
        return [_plain(tuple(option.value for option in field.options))]
    if field.kind == "presence":
        return [_plain(("present", "absent"))]
    if field.kind == "closed" and field.lexicon in lists.VINTAGES:
        return [_closed(field.lexicon)]
    level = level_of(field) if field.kind == "place" else None
    if level is None:
        return []
    others = {answer.field: answer for answer in record.answers}
    codes = units_of(field, others)
    inside = tuple(entry.name for entry in places.inside(level, codes)) if codes else ()
    return [_plain(tuple(dict.fromkeys(inside))), _places(level)]


@cache
def _closed(name: str) -> Names:
    return _plain(tuple(entry.name for entry in lists.entries(name)))


@cache
def _places(level: places.Level) -> Names:
    names = (each.name for each in places.places().values() if places.level_of(each) == level)
    return _plain(tuple(dict.fromkeys(names)))


def _plain(names: tuple[str, ...]) -> Names:
    return tuple((name, fold(name)) for name in names)

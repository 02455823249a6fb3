"""Closed lists: ethnic groups, religions, relations, nationalities."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from scanform.lexicon.entry import Entry
from scanform.lexicon.forms import Forms

VINTAGES: Mapping[str, str] = MappingProxyType(
    {"ethnic_groups": "1979", "religions": "2008", "relations": "2016", "nationalities": "2020"}
)
"""The closed lists and the year whose list each one is (``data/sources.md``)."""


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file beside this module."""
    with (files("scanform.lexicon") / "data" / name).open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


@cache
def entries(name: str) -> tuple[Entry, ...]:
    """The list called ``name``; raises ``KeyError`` when there is none."""
    vintage = VINTAGES[name]
    return tuple(Entry(row["code"], row["name"], vintage) for row in rows(f"{name}.csv"))


@cache
def forms(name: str) -> Forms:
    """Everything that people write for the list's entries."""
    vintage = VINTAGES[name]
    written: list[tuple[str, Entry]] = []
    for row in rows(f"{name}.csv"):
        entry = Entry(row["code"], row["name"], vintage)
        written.append((row["name"], entry))
        written += [(other, entry) for other in row["variants"].split("|") if other]
    return Forms(written)


@cache
def province_of_number() -> Mapping[str, str]:
    """The first three digits of a personal number -> code of the province."""
    return {row["number_code"]: row["province"] for row in rows("province_number_codes.csv")}

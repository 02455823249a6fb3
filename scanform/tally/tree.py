"""The tree of a campaign: sums of districts and provinces, and a count at one level. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from scanform.model.campaign import Level, Unit
from scanform.tally.counts import Target, UnitBook
from scanform.tally.progress import Line, Progress, total_of


def roll_up(progress: Progress) -> list[Line]:
    """Lines of the units that have no target of their own but others within them, by the tree of
    the plan. A form that names such a unit and nothing below it counts there, too."""
    above = [unit for unit in progress.campaign.units if unit.target is None]
    within: defaultdict[str, list[Line]] = defaultdict(list)
    for line, chain in zip(progress.lines, _chains(progress, above), strict=True):
        for code in chain:
            within[code].append(line)
    return [
        total_of(within[unit.code], unit.name, unit.code) for unit in above if unit.code in within
    ]


def at_level(progress: Progress, level: Level) -> Progress:
    """The same count with a line for each unit of that level; what lies under none of them keeps
    its line. The total is the same."""
    units = {unit.code: unit for unit in progress.campaign.units if unit.level == level}
    above = [unit for unit in progress.campaign.units if unit.target is None]
    within: defaultdict[str, list[Line]] = defaultdict(list)
    others = []
    for line, chain in zip(progress.lines, _chains(progress, above), strict=True):
        code = next((code for code in chain if code in units), None)
        if code is None or units[code].target is not None:
            others.append(line)
        else:
            within[code].append(line)
    sums = [total_of(within[c], unit.name, c) for c, unit in units.items() if c in within]
    return replace(progress, lines=(*sums, *others))


def levels(progress: Progress) -> list[Level]:
    """The levels that the plan has units of, from the largest down."""
    order: list[Level] = ["province", "district", "commune", "hamlet"]
    there = {unit.level for unit in progress.campaign.units}
    return [level for level in order if level in there]


def _chains(progress: Progress, above: list[Unit]) -> Iterator[list[str]]:
    """For each line the codes of the units that it lies in, the nearest first; empty where
    nothing is known."""
    parents = {unit.code: unit.parent for unit in above}
    counted = progress.campaign.counted
    book = UnitBook([Target(unit.name, 0) for unit in above])
    for number, line in enumerate(progress.lines):
        if number < len(counted):
            code = counted[number].parent
        else:
            place = book.place(line.unit)
            code = above[place].code if isinstance(place, int) else ""
        chain: list[str] = []
        while code and code not in chain:
            chain.append(code)
            code = parents.get(code, "")
        yield chain

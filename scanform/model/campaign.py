"""A campaign: what is counted, for whom, by when; and what communes hand in and report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

Level = Literal["province", "district", "commune", "hamlet"]

_LEVELS: Mapping[int, Level] = {2: "province", 3: "district", 5: "commune"}
"""By the length of the gazetteer's codes."""

Verdict = Literal["same", "different"]

BY_BATCH = "@batch"
"""Stands for a unit field where the batch, not the form, says which unit a record counts for."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A place in the tree of a campaign. ``code`` is the gazetteer's; a hamlet, which that doesn't
    know, has the office's own or none. ``parent`` is the code of the unit that it lies in.
    ``target`` is the number of people to collect, None for a unit that only sums up those within
    it."""

    name: str
    target: int | None = None
    code: str = ""
    parent: str = ""

    @property
    def level(self) -> Level | None:
        """What sort of unit it is, None where nothing tells it: no codes were looked up."""
        if len(self.parent) == 5:
            return "hamlet"
        return _LEVELS.get(len(self.code))


@dataclass(frozen=True, slots=True)
class Office:
    """Who reports: what a letter's heading and foot need."""

    above: str = ""
    name: str = ""
    place: str = ""
    signer_title: str = ""
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is counted (``unit_fields``: template id -> the field that names the unit), whom
    (``units``), from ``start`` until ``deadline``; ``goal`` is the share of the targets to reach
    by then, 0..1. ``weekdays`` are the working days (Monday is 0), ``holidays`` are none, and
    ``workdays`` are some although their weekday is none. A unit field may be a path from the
    commune down (``commune/hamlet``).
    ``vintage`` is the year of the gazetteer whose codes the units bear."""

    name: str
    unit_fields: Mapping[str, str]
    units: tuple[Unit, ...]
    start: date
    deadline: date
    goal: float = 0.7
    weekdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    vintage: str = ""
    office: Office = field(default_factory=Office)

    @property
    def counted(self) -> tuple[Unit, ...]:
        """The units that people are counted in: those with a target."""
        return tuple(unit for unit in self.units if unit.target is not None)

    @property
    def target(self) -> int:
        return sum(unit.target or 0 for unit in self.units)

    def works(self, day: date) -> bool:
        if day in self.workdays:
            return True
        return day.weekday() in self.weekdays and day not in self.holidays

    def working_days(self, first: date, last: date) -> list[date]:
        """The working days from ``first`` to ``last``, both included."""
        count = (last - first).days + 1
        every = (first + timedelta(days=number) for number in range(max(0, count)))
        return [day for day in every if self.works(day)]


@dataclass(frozen=True, slots=True)
class Entered:
    """A figure that a commune reported without forms: so many people in all by the end of
    ``day``. A later one for the same day takes its place; none is ever removed."""

    unit: str
    day: date
    number: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PairVerdict:
    """What a person decided about two records: of the same person or not. ``first`` is the one
    that counts where they are the same."""

    first: str
    second: str
    verdict: Verdict
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Slip:
    """What came with a box of forms: the unit's name, the day, who handed it in and how many
    forms it is said to hold."""

    unit: str
    day: date
    handed_by: str
    forms: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A box of forms that was handed in. ``id`` is what the cover sheet bears."""

    id: str
    slip: Slip
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None = None

"""Who lags: the pace of each unit against the pace that the goal needs. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from scanform.tally.progress import Line, Progress

RECENT = 10
"""Working days that the present pace is measured over: two weeks, so that one good day or one
burial doesn't decide."""

SILENT = 5
"""Working days without a hand-in that are worth a telephone call."""

State = Literal["reached", "on_course", "behind", "late"]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a unit goes and must go, in people a working day.

    ``goal`` is the number of people to reach, ``missing`` how many of them lack; ``needed`` is
    None when no working day is left. ``idle`` counts working days since the unit's number last
    grew. ``late`` means that the deadline is over and the goal was not reached.
    """

    line: Line
    goal: int
    missing: int
    days_left: int
    recent: float
    needed: float | None
    idle: int

    @property
    def state(self) -> State:
        if self.missing == 0:
            return "reached"
        if self.needed is None:
            return "late"
        return "on_course" if self.recent >= self.needed else "behind"

    @property
    def whole_needed(self) -> int | None:
        """``needed`` in whole people: one less a day would miss the goal."""
        return None if self.needed is None else math.ceil(self.needed)

    @property
    def silent(self) -> bool:
        return self.missing > 0 and self.idle >= SILENT


def paces(progress: Progress) -> list[Pace]:
    """The pace of every unit that has a target, in the plan's order."""
    return [pace(progress, line) for line in progress.targeted]


def laggards(progress: Progress) -> list[Pace]:
    """The units that will miss the goal at their present pace or have fallen silent; first those
    that go at the smallest share of the pace they need. Nobody lags before the campaign begins."""
    if progress.as_of < progress.campaign.start:
        return []
    slow = [each for each in paces(progress) if each.state in ("behind", "late") or each.silent]
    return sorted(slow, key=lambda each: (_share(each), each.line.rate or 0.0))


def pace(progress: Progress, line: Line) -> Pace:
    """The pace of one line, the total's too."""
    campaign, today = progress.campaign, progress.as_of
    # Two decimals of a share times a target: what binary fractions add beyond is no person.
    goal = math.ceil(round(campaign.goal * (line.target or 0), 6))
    missing = max(0, goal - line.counted)
    left = len(progress.ahead)
    worked = campaign.working_days(progress.days[0], today)
    return Pace(
        line=line,
        goal=goal,
        missing=missing,
        days_left=left,
        recent=_recent(progress, line),
        needed=missing / left if left else None,
        idle=_idle(progress, line, len(worked)),
    )


def _recent(progress: Progress, line: Line) -> float:
    worked = progress.campaign.working_days(progress.days[0], progress.as_of)
    if not worked:
        return 0.0
    if len(worked) <= RECENT:
        return line.counted / len(worked)
    before = (worked[-RECENT] - progress.days[0]).days - 1
    return max(0, line.counted - line.series[before]) / RECENT


def _idle(progress: Progress, line: Line, never: int) -> int:
    gains = progress.gains(line)
    grew = [day for day, gain in zip(progress.days, gains, strict=True) if gain > 0]
    if not grew:
        return never
    return len(progress.campaign.working_days(grew[-1] + timedelta(days=1), progress.as_of))


def _share(pace: Pace) -> float:
    return pace.recent / pace.needed if pace.needed else 0.0

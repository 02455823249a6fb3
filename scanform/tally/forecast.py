"""Where the count will be at the deadline, with an interval. Pure.

The working days so far are cut, backwards from today, into weeks of work. A unit's level is the
mean of its weekly paces, recent weeks weighing more, drawn towards the pace that all units
together would give it: a week or two say little about one commune. The future is then played out
many times: in every play the pace of all wanders from week to week, each unit's own wanders
beside it, each week brings the surprises that weeks have brought so far (bursts, nothing at all),
in a third of the plays all hurry before the deadline, which no week so far can show, and nobody
collects more people than there are. How far paces wander is estimated from the campaign and drawn
towards what simulated campaigns taught. ``benchmarks/forecast.py`` tells how
often the truth lay in the interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from scanform.tally.progress import Line, Progress

Array = NDArray[np.float64]

COVER = 0.8
"""Share of the plays that lie in the interval."""

PLAYS = 1000
WEEK = 5
WEEKS = 8
"""Weeks looked back upon."""
HALF_LIFE = 2.0
"""Weeks after which a week weighs half."""
PULL = 0.25
"""Weeks that the pace of all weighs against a unit's own."""
WANDER_ALL, WANDER_UNIT = 0.18, 0.1
"""How far paces wander in a week (standard deviation of their logarithm), before the campaign
itself has shown it."""
WANDERS = 0.2
"""Share of what the weeks' steps show that is wandering and not surprise."""
BELIEF = 4.0
"""Weeks that it takes for the campaign to count as much as that belief."""
RUSH_CHANCE, RUSH_DAYS, RUSH = 1 / 3, (5, 15), (1.2, 2.6)
"""How often all hurry before the deadline, for how many working days, and by how much."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The count at the deadline: the middle of the plays and the interval that holds ``COVER``
    of them; and the same after each of ``days``, for the fan."""

    low: int
    middle: int
    high: int
    days: tuple[date, ...] = ()
    lows: tuple[int, ...] = ()
    middles: tuple[int, ...] = ()
    highs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast of each unit that has a target, in the plan's order, and of them all.
    ``chance`` is the share of the plays in which the goal is reached."""

    units: tuple[Forecast, ...]
    total: Forecast
    chance: float


def outlook(progress: Progress, seed: int = 0, plays: int = PLAYS) -> Outlook:
    """Plays the campaign to its deadline; the same progress and seed give the same outlook."""
    campaign, lines = progress.campaign, progress.targeted
    left = progress.ahead
    now = np.array([line.counted for line in lines], float)
    if not left or not lines:
        still = tuple(Forecast(*(line.counted,) * 3) for line in lines)
        total = int(now.sum())
        reached = total >= campaign.goal * sum(line.target or 0 for line in lines)
        return Outlook(still, Forecast(total, total, total), float(reached))
    weekly = _weekly(_gains(progress, lines))
    targets = np.array([line.target for line in lines], float)
    sums = _play(weekly, targets, now, len(left), plays, np.random.default_rng(seed))
    most = np.maximum(targets, now)
    units = tuple(_forecast(sums[:, n], (now[n], most[n])) for n in range(len(lines)))
    everyone = sums.sum(axis=1)
    chance = float(np.mean(everyone[:, -1] >= campaign.goal * targets.sum()))
    return Outlook(units, _forecast(everyone, (now.sum(), most.sum()), tuple(left)), chance)


def _play(
    weekly: Array, targets: Array, now: Array, days: int, plays: int, random: np.random.Generator
) -> Array:
    """Counts of every play: plays x units x days."""
    count, weeks = weekly.shape[0], -(-days // WEEK)
    level = _level(weekly, targets)
    all_sd, unit_sd = _wander(weekly)
    common = np.cumsum(random.normal(0.0, all_sd, (plays, 1, weeks)), axis=2)
    own = np.cumsum(random.normal(0.0, unit_sd, (plays, count, weeks)), axis=2)
    # The middle of the plays goes on as it is, the mean would creep upwards.
    surprise = random.choice(_surprises(weekly), (plays, count, weeks))
    pace = level[None, :, None] * np.exp(np.clip(common + own, -3.0, 3.0)) * surprise
    steps = np.repeat(pace, WEEK, axis=2)[:, :, :days] * _rush(days, plays, random)[:, None]
    most = np.maximum(targets, now)[None, :, None]
    return np.asarray(np.minimum(now[None, :, None] + np.cumsum(steps, axis=2), most))


def _rush(days: int, plays: int, random: np.random.Generator) -> Array:
    """What the deadline does to the last days of some plays: plays x days."""
    begins = days - random.integers(*RUSH_DAYS, plays, endpoint=True)
    comes = random.random(plays) < RUSH_CHANCE
    factor = np.where(comes, random.uniform(*RUSH, plays), 1.0)
    last = np.arange(days)[None] >= begins[:, None]
    return np.asarray(np.where(last, factor[:, None], 1.0))


def _gains(progress: Progress, lines: Sequence[Line]) -> Array:
    """What each working day added: units x working days. Work done on a free day counts for the
    next working day. A jump after days without any figure is spread over those days where the
    unit only reports by telephone: the people came in on all of them."""
    worked = progress.campaign.working_days(progress.days[0], progress.as_of)
    index = [(day - progress.days[0]).days for day in worked] or [len(progress.days) - 1]
    index[-1] = len(progress.days) - 1
    table = np.zeros((len(lines), len(index)))
    for number, line in enumerate(lines):
        heights = np.array([line.series[i] for i in index], float)
        if line.entered is not None and line.records < line.counted:
            heights = _spread(heights)
        table[number] = np.maximum(np.diff(heights, prepend=0.0), 0.0)
    return table


def _spread(heights: Array) -> Array:
    """Straight lines between the days on which a figure came."""
    known = np.flatnonzero(np.diff(heights, prepend=0.0) != 0)
    if not len(known):
        return heights
    return np.asarray(np.interp(np.arange(len(heights)), [-1, *known], [0.0, *heights[known]]))


def _weekly(gains: Array) -> Array:
    """Pace of each week, people a working day: units x weeks, the last week first."""
    days = gains.shape[1]
    if days < WEEK:
        return np.asarray(gains.mean(axis=1, keepdims=True))
    weeks = min(days // WEEK, WEEKS)
    recent = gains[:, days - weeks * WEEK :].reshape(len(gains), weeks, WEEK).mean(axis=2)
    return np.asarray(recent[:, ::-1])


def _weights(weeks: int) -> Array:
    return np.asarray(0.5 ** (np.arange(weeks) / HALF_LIFE))


def _level(weekly: Array, targets: Array) -> Array:
    weights = _weights(weekly.shape[1])
    own = weekly @ weights / weights.sum()
    people = targets.sum()
    of_all = own.sum() * targets / people if people else own
    known = weights.sum()
    return np.asarray((known * own + PULL * of_all) / (known + PULL))


def _wander(weekly: Array) -> tuple[float, float]:
    """How far the pace of all and that of a unit wander in a week."""
    total = weekly.sum(axis=0)
    steps = np.diff(np.log(total[total > 0]))
    of_all = _believe(steps, WANDER_ALL)
    share = weekly[:, total > 0] / total[total > 0]
    shares = [np.diff(np.log(row[row > 0])) for row in share]
    return of_all, _believe(
        np.concatenate([*shares, np.zeros(0)]) if shares else steps, WANDER_UNIT
    )


def _believe(steps: Array, sd: float) -> float:
    # A step up and down again is a surprise, not wandering: most of the variance is left to those.
    seen = float(np.sum(steps**2)) * WANDERS
    return float(np.sqrt((BELIEF * sd**2 + seen) / (BELIEF + len(steps))))


def _surprises(weekly: Array) -> Array:
    """Weeks as multiples of their unit's mean: what a week may bring. Their mean is 1."""
    means = weekly.mean(axis=1)
    alive = means > 0
    if weekly.shape[1] < 2 or not alive.any():
        return np.ones(1)
    return np.asarray((weekly[alive] / means[alive, None]).ravel())


def _forecast(sums: Array, ends: tuple[float, float], days: tuple[date, ...] = ()) -> Forecast:
    """From plays x days, of which none leaves ``ends``. Where a tenth of the plays and more come
    to everybody, none lies above the interval, so what is left out lies below it, all of it; and
    the reverse where nothing more comes. Else it would hold nine tenths."""
    tail = (1 - COVER) / 2
    steps = (tail, 2 * tail, 0.5, 1 - 2 * tail, 1 - tail)
    lowest, lower, half, higher, highest = np.quantile(sums, steps, axis=0)
    full, still = highest >= ends[1], lowest <= ends[0]
    lows = np.where(full & ~still, lower, lowest)
    highs = np.where(still & ~full, higher, highest)
    low, middle, high = (each.round().astype(int).tolist() for each in (lows, half, highs))
    if not days:
        return Forecast(low[-1], middle[-1], high[-1])
    return Forecast(low[-1], middle[-1], high[-1], days, tuple(low), tuple(middle), tuple(high))

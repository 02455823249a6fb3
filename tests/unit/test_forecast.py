"""The forecast on campaigns whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from scanform.model.campaign import Campaign, Entered, Unit
from scanform.store.campaign_interface import DayCount
from scanform.tally import forecast
from scanform.tally.forecast import outlook
from scanform.tally.progress import Progress, follow

START = date(2018, 10, 1)  # a Monday
UNITS = tuple(Unit(f"Xã {number}", 2000) for number in range(6))
PLAN = Campaign("x", {"dc01": "commune"}, UNITS, START, START + timedelta(days=81), 0.7)
DAYS = PLAN.working_days(START, PLAN.deadline)


def after(weeks: int, people: Callable[[int, int], int]) -> Progress:
    """The campaign after so many weeks; ``people`` says what unit and working day brought."""
    counts = [
        DayCount(unit.name, day, people(u, d), 0)
        for u, unit in enumerate(UNITS)
        for d, day in enumerate(DAYS[: weeks * 5])
    ]
    return follow(PLAN, counts, [], DAYS[weeks * 5 - 1])


def test_a_steady_pace_goes_on() -> None:
    played = outlook(after(4, lambda u, _: 10 + u))
    for number, unit in enumerate(played.units):
        assert unit.low < (10 + number) * len(DAYS) * 1.02
        assert unit.high > (10 + number) * len(DAYS) * 0.98
        assert abs(unit.middle / ((10 + number) * len(DAYS)) - 1) < 0.1
    total = sum(10 + number for number in range(6)) * len(DAYS)
    assert abs(played.total.middle / total - 1) < 0.1


def test_the_same_progress_gives_the_same_outlook() -> None:
    progress = after(3, lambda u, d: (u * 7 + d * 3) % 20)
    assert outlook(progress) == outlook(progress)
    assert outlook(progress) != outlook(progress, seed=1)


def test_nobody_collects_more_people_than_there_are() -> None:
    played = outlook(after(4, lambda u, d: 300))
    assert [unit.high for unit in played.units] == [6000] * 6
    played = outlook(after(4, lambda u, d: 90))
    assert [(unit.low, unit.high) for unit in played.units] == [(2000, 2000)] * 6
    assert played.chance == 1.0


def test_the_interval_holds_eight_tenths_also_where_many_plays_come_to_everybody() -> None:
    progress = after(4, lambda u, d: 45 if d % 5 else 5)
    everybody = outlook(progress)
    lines = progress.targeted
    now = np.array([line.counted for line in lines], float)
    targets = np.array([line.target for line in lines], float)
    weekly = forecast._weekly(forecast._gains(progress, lines))
    days, random = len(DAYS) - 20, np.random.default_rng(0)
    ends = forecast._play(weekly, targets, now, days, forecast.PLAYS, random)[:, :, -1]
    assert (ends >= 2000).mean() > 0.1  # else the test says nothing
    for number, unit in enumerate(everybody.units):
        assert unit.high == 2000
        inside = (ends[:, number] >= unit.low) & (ends[:, number] <= unit.high)
        assert 0.79 <= inside.mean() <= 0.81


def test_the_count_never_falls_and_the_fan_opens() -> None:
    total = outlook(after(4, lambda u, d: 5 + (u + d) % 7)).total
    assert total.days[0] == DAYS[20]
    assert total.days[-1] == DAYS[-1]
    assert list(total.lows) == sorted(total.lows)
    assert list(total.highs) == sorted(total.highs)
    assert total.highs[-1] - total.lows[-1] > total.highs[0] - total.lows[0]
    assert (total.lows[-1], total.highs[-1]) == (total.low, total.high)


def test_wild_weeks_make_the_interval_wider() -> None:
    calm = outlook(after(5, lambda u, d: 10)).total
    wild = outlook(after(5, lambda u, d: 50 if d // 5 == u % 5 else 0)).total
    assert wild.high - wild.low > 1.5 * (calm.high - calm.low)


def test_weekly_figures_by_telephone_are_a_pace_too() -> None:
    at = datetime(2018, 10, 1, tzinfo=UTC)
    entered = [
        Entered(unit.name, DAYS[week * 5 + 4], (week + 1) * 50, "lan", at)
        for unit in UNITS
        for week in range(4)
    ]
    played = outlook(follow(PLAN, [], entered, DAYS[19]))
    # 50 a week for 12 weeks.
    assert all(abs(unit.middle - 600) < 60 for unit in played.units)


def test_nothing_is_left_to_chance_after_the_deadline() -> None:
    progress = follow(PLAN, [DayCount("Xã 1", START, 500, 0)], [], PLAN.deadline)
    played = outlook(progress)
    assert (played.total.low, played.total.middle, played.total.high) == (500, 500, 500)
    assert played.chance == 0.0


@pytest.mark.parametrize("weeks", [1, 2])
def test_a_young_campaign_has_an_outlook_too(weeks: int) -> None:
    played = outlook(after(weeks, lambda u, d: 10 * (u > 0)))
    assert played.total.low > 0
    assert played.units[0].low < played.units[1].low


def test_no_forms_at_all_give_no_hope() -> None:
    assert outlook(after(2, lambda u, d: 0)).total.high == 0


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    held = []
    for _ in range(30):
        drift = np.exp(np.cumsum(random.normal(0, 0.2, 12)))
        daily = np.repeat(drift, 5)
        people = random.poisson(8 * daily[None, : len(DAYS)], (len(UNITS), len(DAYS)))
        truth = int(np.minimum(people.sum(axis=1), 2000).sum())
        total = outlook(after(5, lambda u, d, p=people: int(p[u, d])), plays=200).total  # type: ignore[misc]
        held.append(total.low <= truth <= total.high)
    assert 0.65 < np.mean(held) < 0.97

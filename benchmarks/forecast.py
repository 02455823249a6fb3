"""How good the forecast is: 500 simulated campaigns, each looked at four times on its way.

``python benchmarks/forecast.py [-n 500] [--seed 1] [--rush 0.4]`` prints a table: the error of the
middle and the share of the truths that lay in the 80 % interval, for all people and unit by unit,
beside the naive rule "last week's rate goes on" (which has no interval). The campaigns have what
real ones have: paces that drift, bursts before a visit from above, holidays nobody told the plan
of, a rush before the deadline, communes that are dead for weeks or for good, and no more people
than live there. The model was tuned on seed 0 only; any other seed is news to it. It takes for
granted that a third of all campaigns end in a rush; ``--rush`` says in how many of these one comes.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from scanform.model.campaign import Campaign, Unit
from scanform.store.campaign_interface import DayCount
from scanform.tally.forecast import WEEK, outlook
from scanform.tally.pace import pace
from scanform.tally.progress import Progress, follow

LOOKS = (0.2, 0.35, 0.5, 0.75)
"""Shares of the campaign's working days after which a forecast is made."""

START = date(2018, 9, 26)

RUSH = 0.4
"""Share of the campaigns that end in a rush."""


@dataclass(frozen=True)
class Simulated:
    """A campaign and what its working days really brought: units x days."""

    plan: Campaign
    days: Sequence[date]
    people: NDArray[np.int64]


def campaigns(number: int, seed: int, rush: float = RUSH) -> Iterator[Simulated]:
    random = np.random.default_rng(seed)
    for _ in range(number):
        yield simulate(random, rush)


def simulate(random: np.random.Generator, rush: float = RUSH) -> Simulated:
    count = int(random.integers(8, 25))
    targets = np.maximum(500, random.lognormal(np.log(9000), 0.5, count)).astype(int)
    units = tuple(Unit(f"Xã {n}", int(target)) for n, target in enumerate(targets))
    deadline = START + timedelta(days=int(random.integers(60, 180)))
    plan = Campaign("simulated", {"dc01": "commune"}, units, START, deadline)
    days = plan.working_days(START, deadline)
    # By the deadline an average commune would come to between a third and all of its people.
    share = random.uniform(0.3, 1.1) * random.lognormal(0.0, 0.5, count)
    pace = (share * targets / len(days))[:, None] * shape(random, count, len(days), rush)
    noisy = random.poisson(pace * random.gamma(1.5, 1 / 1.5, pace.shape))
    done = np.minimum(np.cumsum(noisy, axis=1), targets[:, None])
    return Simulated(plan, days, np.diff(done, axis=1, prepend=0))


def shape(random: np.random.Generator, count: int, days: int, rush: float) -> NDArray[np.float64]:
    """What becomes of the pace: units x days, 1 where nothing does."""
    weeks = -(-days // WEEK)
    drift = np.cumsum(random.normal(0, 0.12, (1, weeks)), axis=1)
    drift = drift + np.cumsum(random.normal(0, 0.2, (count, weeks)), axis=1)
    weekly = np.exp(drift)
    weekly *= np.where(random.random(weekly.shape) < 0.04, random.uniform(2, 5, weekly.shape), 1)
    daily = np.repeat(weekly, WEEK, axis=1)[:, :days]
    for _ in range(random.poisson(1.5)):  # holidays that the plan doesn't know
        first = int(random.integers(0, days))
        daily[:, first : first + int(random.integers(1, 5))] = 0
    for unit in np.flatnonzero(random.random(count) < 0.15):  # dead for weeks, or for good
        first = int(random.integers(0, days))
        last = days if random.random() < 0.3 else first + int(random.integers(5, 30))
        daily[unit, first:last] = 0
    if random.random() < rush:
        last = int(random.integers(5, 16))
        daily[:, -last:] *= random.uniform(1.3, 2.5)
    return daily


def seen(campaign: Simulated, share: float) -> Progress:
    """What is known of the campaign after that share of its days."""
    number = max(WEEK, round(share * len(campaign.days)))
    counts = [
        DayCount(unit.name, day, int(campaign.people[u, d]), 0)
        for u, unit in enumerate(campaign.plan.units)
        for d, day in enumerate(campaign.days[:number])
    ]
    return follow(campaign.plan, counts, [], campaign.days[number - 1])


def naive(progress: Progress) -> NDArray[np.float64]:
    """Last week's rate goes on, until everybody is there."""
    left = pace(progress, progress.total).days_left
    found = []
    for line in progress.targeted:
        last = line.series[-8] if len(line.series) >= 8 else 0
        rate = (line.counted - last) / WEEK
        found.append(min(line.counted + rate * left, max(line.target or 0, line.counted)))
    return np.array(found)


def measure(number: int, seed: int, rush: float) -> dict[float, dict[str, float]]:
    """Figures by look. Errors are shares of the target."""
    found: dict[float, defaultdict[str, list[float]]] = {each: defaultdict(list) for each in LOOKS}
    for campaign in campaigns(number, seed, rush):
        truth = campaign.people.sum(axis=1)
        targets = np.array([unit.target or 0 for unit in campaign.plan.units])
        for look, notes in found.items():
            note(notes, seen(campaign, look), truth, targets)
    return {
        look: {name: float(np.mean(values)) for name, values in notes.items()}
        for look, notes in found.items()
    }


def note(
    notes: defaultdict[str, list[float]],
    progress: Progress,
    truth: NDArray[np.int64],
    targets: NDArray[np.int64],
) -> None:
    played, ruled = outlook(progress), naive(progress)
    total, people = played.total, targets.sum()
    notes["error"].append(abs(total.middle - truth.sum()) / people)
    notes["bias"].append((total.middle - truth.sum()) / people)
    notes["naive"].append(abs(ruled.sum() - truth.sum()) / people)
    notes["cover"].append(total.low <= truth.sum() <= total.high)
    notes["width"].append((total.high - total.low) / people)
    for unit, true, target, rule in zip(played.units, truth, targets, ruled, strict=True):
        notes["unit error"].append(abs(unit.middle - true) / target)
        notes["unit naive"].append(abs(rule - true) / target)
        notes["unit cover"].append(unit.low <= true <= unit.high)
        notes["unit width"].append((unit.high - unit.low) / target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rush", type=float, default=RUSH)
    given = parser.parse_args()
    found = measure(given.n, given.seed, given.rush)
    names = list(next(iter(found.values())))
    print(
        f"{given.n} campaigns, seed {given.seed}, a rush in {given.rush:.0%}; "
        "errors and widths in % of the target"
    )
    print("after   " + "".join(f"{name:>12}" for name in names))
    rows = [*((f"{look:.0%}", figures) for look, figures in found.items())]
    rows.append(("all", {n: float(np.mean([f[n] for f in found.values()])) for n in names}))
    for label, figures in rows:
        print(f"{label:<8}" + "".join(f"{figures[name] * 100:>12.1f}" for name in names))


if __name__ == "__main__":
    main()

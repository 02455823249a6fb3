"""Fitting scales: how often answers with such figures were right on rehearsed pages.

Per sort of answer and reader: a logistic regression over the features, each weight held to the sign
that its feature must have; then steps fitted by pooling adjacent violators
(https://en.wikipedia.org/wiki/Isotonic_regression); then cuts, which count what accepting from a
figure on would have let through. The figures that steps and cuts are counted by come from weights
fitted without the form at hand, so no form vouches for itself.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from scanform.fields.calibration import BLANK, DOUBTED, reader_of, sorts_within, weights_name
from scanform.model.calibration import ALL, Calibration, Cut, Scale, Seen, Step, Steps

LEAST_SAMPLES = 50
"""Fewer answers of a sort say nothing: their raw figures stay."""
LEAST_WRONG = 4
"""Fewer wrong answers can't tell weights: the raw figure alone is taken."""
LEAST_SPREAD = 0.01
"""A feature that hardly varies could get any weight: it is treated as if it varied by this much."""
FOLDS = 5
RIDGE = 1.0
"""Pull of each weight towards nothing, in samples: a feature that rarely tells gets no say."""
TOP = 0.9
"""The very surest answers are taken to be wrong this many times as often as the last step's."""
FIRST_CUT, GROWTH = 50, 1.04
"""The surest 50 answers make the first cut, each further one holds a twenty-fifth more."""

SIGNS: Mapping[str, int] = {
    "raw": 1,
    "score": 1,
    "worst": 1,
    "all": 1,
    "agree": 1,
    "margin": 1,
    "rival": -1,
    "unsupported": -1,
    "residual": -1,
    "no_character": -1,
    "looked_twice": -1,
    "confirmed": 1,
    "listed": 1,
    "mark_rivals": -1,
    "foreign": -1,
    "framed": -1,
    "contrast": 1,
    "second": 1,
    "second_differs": -1,
}
"""Whether more of a feature may only raise or only lower the chance."""
BLANK_SIGNS: Mapping[str, int] = {
    "raw": 1,
    "ink": -1,
    "unsupported": -1,
    "residual": -1,
    "foreign": -1,
}

KIND = "kind:"
"""Features that say which kind an answer is of, where a sort takes in several."""

Figures = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer of a rehearsal: what sort it is, what was measured, and whether it was right.
    ``strata`` say of what sort of page it is, ``form`` which one it stood on."""

    sort: str
    reader: str
    features: Mapping[str, float]
    right: bool
    strata: tuple[str, ...] = ()
    form: int = 0
    field: str = dataclass_field(default="", compare=False)


def fit(samples: Iterable[Sample], source: str = "") -> Calibration:
    """The scale of each sort and reader that was seen often enough."""
    grouped = by_scale(samples)
    scales = {
        key: fit_scale(some) for key, some in sorted(grouped.items()) if len(some) >= LEAST_SAMPLES
    }
    return Calibration(scales, source, weights_name())


def by_scale(samples: Iterable[Sample]) -> dict[tuple[str, str], list[Sample]]:
    """The samples of each sort and reader, agreed dates among those of lines and by themselves. A
    field that was read twice is blank only once."""
    grouped: dict[tuple[str, str], dict[object, Sample]] = defaultdict(dict)
    for at, each in enumerate(samples):
        same = (each.form, each.field) if each.sort == BLANK and each.field else at
        for sort in sorts_within(each.sort, each.features):
            grouped[sort, reader_of(sort, each.reader)][same] = each
    return {key: [*some.values()] for key, some in grouped.items()}


def fit_scale(samples: Sequence[Sample]) -> Scale:
    """The scale of answers of one sort by one reader."""
    signs = dict(BLANK_SIGNS if samples[0].sort == BLANK else SIGNS)
    kinds = sorted({name for each in samples for name in each.features if name.startswith(KIND)})
    if samples[0].sort != BLANK and len(kinds) > 1:
        signs |= dict.fromkeys(kinds[1:], 0)  # the first kind is what the constant speaks of
    names = sorted(signs)
    inputs = np.array([[each.features.get(name, 0.0) for name in names] for each in samples])
    right = np.array([each.right for each in samples], dtype=np.float64)
    folds = np.array([each.form % FOLDS for each in samples])
    direction = np.array([signs[name] for name in names], dtype=np.float64)
    whole = _weights(inputs, right, direction, names)
    figures = np.empty(len(samples))
    for fold in range(FOLDS):
        held = folds == fold
        if held.any():
            some = _weights(inputs[~held], right[~held], direction, names)
            figures[held] = _figures(inputs[held], some)
    weights = {"bias": float(whole[0])} | {
        name: float(weight) for name, weight in zip(names, whole[1:], strict=True) if weight
    }
    doubted = samples[0].sort == DOUBTED  # never accepted, so there is nothing to cut
    cuts = () if doubted else _cuts(samples, figures)
    return Scale(weights, fit_steps([*zip(figures.tolist(), right > 0, strict=True)]), cuts)


def _weights(
    inputs: Figures, right: Figures, direction: Figures, names: Sequence[str]
) -> NDArray[np.float64]:
    """Bias and weights; features whose sign comes out wrong are left out, one at a time."""
    alone = np.zeros(len(names) + 1)
    alone[1 + names.index("raw")] = 1.0
    if min(right.sum(), (1.0 - right).sum()) < LEAST_WRONG:
        return alone
    spread = np.maximum(inputs.std(axis=0), np.where(inputs.std(axis=0) > 1e-9, LEAST_SPREAD, 0.0))
    used = [at for at in range(len(names)) if spread[at] > 1e-9]
    while used:
        found = _regression(inputs[:, used] / spread[used], right)
        turned = found[1:] * direction[used]
        if turned.min() >= 0:
            result = np.zeros(len(names) + 1)
            result[0] = found[0]
            result[[at + 1 for at in used]] = found[1:] / spread[used]
            return result
        del used[int(turned.argmin())]
    return alone


def _regression(inputs: Figures, right: Figures) -> NDArray[np.float64]:
    """Logistic regression with a little ridge, by Newton's method; the constant first."""
    middle = inputs.mean(axis=0)
    design = np.hstack([np.ones((len(inputs), 1)), inputs - middle])
    ridge = np.diag([0.0] + [RIDGE] * inputs.shape[1])
    found = np.zeros(design.shape[1])
    share = right.mean()
    found[0] = math.log(share / (1.0 - share))
    best = _likelihood(design, right, found)
    for _ in range(200):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ found, -30.0, 30.0)))
        slope = design.T @ (right - chance) - ridge @ found
        curve = (design * (chance * (1.0 - chance))[:, None]).T @ design + ridge
        step = np.linalg.solve(curve + 1e-9 * np.eye(len(curve)), slope)
        # Far from the top Newton's step goes too far: it is halved until it goes up.
        while (value := _likelihood(design, right, found + step)) < best:
            step = step / 2
            if np.abs(step).max() < 1e-7:
                break
        if np.abs(step).max() < 1e-6:
            break
        found, best = found + step, value
    found[0] -= found[1:] @ middle
    return np.asarray(found)


def _likelihood(design: Figures, right: Figures, weights: Figures) -> float:
    """Natural log, with the ridge's pull."""
    total = np.clip(design @ weights, -30.0, 30.0)
    told = right * total - np.logaddexp(0.0, total)
    return float(told.sum() - RIDGE / 2 * (weights[1:] ** 2).sum())


def _figures(inputs: Figures, weights: Figures) -> Figures:
    return np.asarray(np.clip(weights[0] + inputs @ weights[1:], -12.0, 12.0))


def fit_steps(pairs: Sequence[tuple[float, bool]]) -> Steps:
    """Rising steps for pairs of figure and rightness; none for no pairs.

    Neighbours are pooled until the share of right ones rises. Each step then counts one wrong
    answer more than were seen: it begins after the last wrong answer below it, so of n right ones
    in a row the rate is about 1/n, not 0 (Laplace's rule of succession, (wrong + 1) / (count + 2)).
    The surest half of the last step rises a little further, so that a line can lie within it.

    >>> [(s.figure, s.count, s.wrong) for s in fit_steps([(0, False), (2, True), (2, True)])]
    [(0.0, 1, 1), (2.0, 2, 0)]
    """
    single: list[_Pool] = []
    for figure, group in groupby(sorted((round(f, 4), ok) for f, ok in pairs), key=lambda p: p[0]):
        rights = [ok for _, ok in group]
        single.append(_Pool(figure * len(rights), len(rights), rights.count(False)))
    plain = _pooled(single, lambda pool: 1.0 - pool.wrong / pool.count)
    steps = [
        Step(pool.total / pool.count, _careful(pool), pool.count, pool.wrong)
        for pool in _pooled(plain, _careful)
    ]
    highest = max((figure for figure, _ in pairs), default=0.0)
    if steps and highest > steps[-1].figure + 1e-3:
        steps.append(Step(highest, 1.0 - (1.0 - steps[-1].chance) * TOP, 0, 0))
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class _Pool:
    """Answers of neighbouring figures, ``total`` being the figures' sum."""

    total: float
    count: int
    wrong: int


def _careful(pool: _Pool) -> float:
    return 1.0 - (pool.wrong + 1) / (pool.count + 2)


def _pooled(rising: Iterable[_Pool], chance: Callable[[_Pool], float]) -> list[_Pool]:
    """Neighbours taken together until ``chance`` rises from each to the next: what isn't higher
    than what lies below it can't be told from it."""
    pooled: list[_Pool] = []
    for each in rising:
        step = each
        while pooled and chance(step) <= chance(pooled[-1]):
            below = pooled.pop()
            step = _Pool(
                below.total + step.total, below.count + step.count, below.wrong + step.wrong
            )
        pooled.append(step)
    return pooled


def _cuts(samples: Sequence[Sample], figures: Figures) -> tuple[Cut, ...]:
    """Cuts after about 50, 52, 54 ... of the surest answers, and one that takes all. Where they
    lie doesn't depend on which answers were right."""
    order = np.argsort(-figures, kind="stable")
    strata = sorted({stratum for each in samples for stratum in each.strata})
    counts = {stratum: [0, 0] for stratum in (ALL, *strata)}
    cuts: list[Cut] = []
    due = float(FIRST_CUT)
    for at, index in enumerate(order):
        each = samples[index]
        for stratum in (ALL, *each.strata):
            counts[stratum][0] += 1
            counts[stratum][1] += not each.right
        last = at + 1 == len(order)
        tied = not last and figures[order[at + 1]] == figures[index]
        if not tied and (last or at + 1 >= due):
            seen = tuple(Seen(stratum, *counts[stratum]) for stratum in (ALL, *strata))
            cuts.append(Cut(float(figures[index]), seen))
            due = (at + 1) * GROWTH
    return tuple(cuts)

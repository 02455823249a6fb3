"""What a new reader's figures mean, fitted on forms held apart: a scale a sort of answer. Pure.

The scales that scanform brings were fitted on rehearsed forms and the shipped readers. A reader
that learnt a unit's hands is right where they say that it can't be, and may be wrong where they
trust it. So the same machinery (``fields/fitting.py``) goes over what people confirmed on forms
that no lesson saw. Most of what people confirm is what a reader doubted, so a line drawn there is
rather too careful than too bold.

That takes thousands of confirmed lines. Rehearsed forms, read by the new reader, stand in for the
number: the bound is proved on both together, and those held apart are a stratum of their own, which
must show that it more likely keeps the bound than not; being without a wrong one isn't enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from scanform.fields.binomial import CERTAINTY, proves
from scanform.fields.calibration import (
    COMB,
    LIKELY,
    LINE,
    least_chance,
    shipped,
    weights_name,
)
from scanform.fields.fitting import KIND, Sample, by_scale, fit_scale
from scanform.model.calibration import Calibration, Scale
from scanform.model.interval import clopper_pearson

LEAST = 200
"""Fewer answers of a sort: what judged them until now goes on to."""
LEAST_BESIDE = 100
"""The same where rehearsed answers of the sort stand beside them."""
LOST = 0.02
"""Share of rehearsed answers that a new scale may accept fewer of."""
CONFIRMED = "confirmed"
"""The stratum of answers that people confirmed."""
SORTS = (LINE, COMB)
"""What readers that learn read; whether anything is written is another question."""


BoundOf = Callable[[Sample], float]
"""The share of wrong answers that the workspace allows of an answer's field."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a scale accepts: so many answers, ``wrong`` of them wrong where ``allowed`` may be."""

    count: int = 0
    wrong: int = 0
    allowed: float = 0.0

    def breaks(self, certainty: float) -> bool:
        """Whether the bound is broken, as surely as that."""
        share = self.allowed / max(1, self.count)
        low, _ = clopper_pearson(self.wrong, self.count, 2.0 * certainty - 1.0)
        return self.wrong > 0 and low > share


@dataclass(frozen=True, slots=True)
class Judged:
    """A sort of answers held apart: how many, the share ``right``, and what is accepted of them by
    the scale that judged until now (``old``) and by the new one. ``kept``: the new one judges."""

    sort: str
    reader: str
    count: int
    right: float
    old: Taken
    new: Taken
    kept: bool


@dataclass(frozen=True, slots=True)
class Scales:
    """``made``: the scales worth keeping, and those of before that nothing better was found for."""

    made: Calibration
    judged: tuple[Judged, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether a new one is among them."""
        return any(each.kept for each in self.judged)


def scales_of(
    samples: Iterable[Sample],
    bound_of: BoundOf,
    source: str,
    before: Calibration | None = None,
    rehearsed: Sequence[Sample] = (),
) -> Scales:
    """``samples``: what people confirmed on forms held apart. ``before``: scales that the same
    reader had until now; give none for another reader's.

    A new scale is kept if it accepts more of them than the old one did, each at the bound that it
    proves; or if the old one breaks the bound by what is seen here: surely, whatever the new one
    proves, or more likely than not, where the new one proves it of any. Of rehearsed answers, which
    are like those that nobody had to look at, it may accept hardly fewer.
    """
    kept = dict(before.scales) if before is not None else {}
    made = by_scale(rehearsed)
    rows = []
    for (sort, reader), some in sorted(by_scale(samples).items()):
        if sort not in SORTS or len(some) < (LEAST_BESIDE if made.get((sort, reader)) else LEAST):
            continue
        old = kept.get((sort, reader)) or shipped().scale_of(sort, reader)
        taken = accepted_by(old, some, bound_of)
        broken = taken.breaks(CERTAINTY)
        alone = fit_scale(some) if len(some) >= LEAST or broken else None
        easy = made.get((sort, reader), [])
        tried = [each for each in (alone, _beside(some, easy, bound_of)) if each is not None]
        if not broken:
            least = accepted_by(old, easy, bound_of).count - LOST * len(easy)
            tried = [each for each in tried if accepted_by(each, easy, bound_of).count >= least]
        new, now = _best(tried, some, bound_of)
        if new is None:
            continue
        better = broken or now.count > taken.count or (now.count > 0 and taken.breaks(0.5))
        right = sum(each.right for each in some) / len(some)
        rows.append(Judged(sort, reader, len(some), right, taken, now, better))
        if better:
            kept[sort, reader] = new
    return Scales(Calibration(kept, source, weights_name()), tuple(rows))


def worth_rehearsing(samples: Iterable[Sample]) -> bool:
    """Whether rehearsed answers beside these could make a scale."""
    found = by_scale(samples).items()
    return any(key[0] in SORTS and len(some) >= LEAST_BESIDE for key, some in found)


def _best(
    scales: Sequence[Scale], samples: Sequence[Sample], bound_of: BoundOf
) -> tuple[Scale | None, Taken]:
    """The one that accepts most, and what that is; of two alike the first."""
    best: tuple[Scale | None, Taken] = (None, Taken())
    for each in scales:
        taken = accepted_by(each, samples, bound_of)
        if best[0] is None or taken.count > best[1].count:
            best = each, taken
    return best


def _beside(samples: Sequence[Sample], made: Sequence[Sample], bound_of: BoundOf) -> Scale | None:
    """A scale of both together; None where those that people confirmed don't show that it more
    likely keeps the bound than not."""
    if not made:
        return None
    after = 1 + max(each.form for each in samples)
    both = [replace(each, strata=(*each.strata, CONFIRMED)) for each in samples]
    both += [replace(each, form=each.form + after) for each in made]
    found = fit_scale(both)
    taken = accepted_by(found, samples, bound_of)
    share = taken.allowed / max(1, taken.count)
    return found if proves(taken.wrong, taken.count, share, LIKELY) else None


def accepted_by(scale: Scale | None, samples: Sequence[Sample], bound_of: BoundOf) -> Taken:
    """What the scale accepts of these answers, each by the bound of its field."""
    if scale is None:
        return Taken()
    count = wrong = 0
    allowed = 0.0
    for each in samples:
        bound = bound_of(each)
        line = least_chance(scale, bound, _kind(each))
        if line is not None and scale.chance(scale.figure(each.features)) >= line:
            count, wrong, allowed = count + 1, wrong + (not each.right), allowed + bound
    return Taken(count, wrong, allowed)


def _kind(sample: Sample) -> str:
    return next((n.removeprefix(KIND) for n in sample.features if n.startswith(KIND)), "")

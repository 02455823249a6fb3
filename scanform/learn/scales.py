"""What a new reader's figures mean, fitted on what people confirmed. Pure.

The scales that scanform brings were fitted on rehearsed forms and the shipped readers. What they
accept they go on judging. What they leave waiting is what people confirm, every one of it, so that
is what a scale of the unit's own can be fitted on and held to the bound on, by the same machinery
(``fields/fitting.py``): an answer that it accepts is one that somebody would have looked at.

An answer counts that the reader had not learnt from: those of forms held apart, read by the new
reader, and of other forms what the model of the day read when the form came in. The new reader is
kept only if it reads better than those before, and where it itself breaks the bound on the forms
held apart its scale is not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from scanform.fields.binomial import CERTAINTY
from scanform.fields.calibration import (
    COMB,
    LIKELY,
    LINE,
    accepts,
    left_over,
    usual_scale,
    weights_name,
)
from scanform.fields.fitting import KIND, Sample, by_scale, fit_scale
from scanform.model.calibration import Calibration, Scale
from scanform.model.interval import clopper_pearson

LEAST = 200
"""Fewer answers of a sort: what judged them until now goes on to."""
MOST = 2000
"""Answers that waited are enough, the latest: the readers of the first days were worse."""
SORTS = (LINE, COMB)
"""What readers that learn read; whether anything is written is another question."""


BoundOf = Callable[[Sample], float]
"""The share of wrong answers that the workspace allows of an answer's field."""
Own = Mapping[str, Calibration]
"""The calibration of a template that has one of its own, by its id."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is accepted: so many answers, ``wrong`` of them wrong where ``allowed`` may be."""

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
    """A sort of confirmed answers: how many, the share ``right``, and what is accepted of them by
    the scales that judged until now (``old``) and with the new one. ``kept``: it judges."""

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


@dataclass(frozen=True, slots=True)
class Bench:
    """By what is judged: the bound of each answer, that of the workspace (``beyond``), and the
    templates' ``own`` calibrations. A sample's first stratum is its template."""

    bound_of: BoundOf
    beyond: float
    own: Own

    def usual(self, each: Sample) -> Scale | None:
        return usual_scale(each.sort, each.reader, each.features, self.own.get(each.strata[0]))

    def left(self, each: Sample) -> bool:
        """Whether a scale of the unit's own may judge it."""
        return left_over(self.usual(each), each.features, self.beyond, kind_of(each))

    def taken(self, fitted: Scale | None, samples: Sequence[Sample]) -> Taken:
        """What is accepted of these, each by the bound of its field, with that scale of the
        model's own."""
        count = wrong = 0
        allowed = 0.0
        for each in samples:
            bound = self.bound_of(each)
            usual = fitted is None or (fitted.beyond is not None and not self.left(each))
            scale = self.usual(each) if usual else fitted
            if accepts(scale, each.features, bound, kind_of(each)):
                count, wrong, allowed = count + 1, wrong + (not each.right), allowed + bound
        return Taken(count, wrong, allowed)


def scales_of(
    apart: Sequence[Sample],
    read_before: Sequence[Sample],
    bench: Bench,
    source: str,
    before: Calibration | None = None,
) -> Scales:
    """``apart``: what people confirmed on forms held apart, as the new reader reads it;
    ``read_before``: of other forms, as models of before first read it, the latest last.
    ``before``: scales of its own that the same reader had until now; none for another reader's.

    A new scale is kept if more is accepted with it, or if the one of before more likely breaks the
    bound than not. Where the usual scales surely break it, one that judges everything is kept,
    whatever it proves.
    """
    kept = dict(before.scales) if before is not None else {}
    after = 1 + max((each.form for each in apart), default=0)
    earlier = [replace(each, form=each.form + after) for each in read_before]
    own, others = by_scale(apart), by_scale(earlier)
    rows = []
    for sort, reader in sorted({*own, *others}):
        mine = own.get((sort, reader), [])
        some = [*others.get((sort, reader), []), *mine]
        if sort not in SORTS or len(some) < LEAST:
            continue
        old = kept.get((sort, reader))
        taken = bench.taken(old, some)
        better = bench.taken(None, some).breaks(CERTAINTY)
        new = fit_scale(some) if better else _beyond(some, mine, bench)
        now = bench.taken(new, some)
        better = better or now.count > taken.count or (old is not None and taken.breaks(LIKELY))
        right = sum(each.right for each in some) / len(some)
        rows.append(Judged(sort, reader, len(some), right, taken, now, better))
        if better and new is not None:
            kept[sort, reader] = new
        elif better:
            kept.pop((sort, reader), None)
    return Scales(Calibration(kept, source, weights_name()), tuple(rows))


def _beyond(some: Sequence[Sample], mine: Sequence[Sample], bench: Bench) -> Scale | None:
    """A scale of what the usual ones leave waiting; None where there is too little, or where the
    new reader itself more likely breaks the bound with it than not."""
    left = [each for each in some if bench.left(each)]
    if len(left) < LEAST:
        return None
    found = replace(fit_scale(left[-MOST:]), beyond=bench.beyond)
    return None if bench.taken(found, mine).breaks(LIKELY) else found


def kind_of(sample: Sample) -> str:
    """The field kind that its features tell."""
    return next((n.removeprefix(KIND) for n in sample.features if n.startswith(KIND)), "")

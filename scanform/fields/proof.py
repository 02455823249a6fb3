"""What a calibration lets through: for people who choose a bound, or more forms to rehearse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scanform.fields.calibration import DOUBTED, is_kind, least_chance
from scanform.fields.fitting import Sample, by_scale
from scanform.model.calibration import ALL, Calibration, Scale, Seen


@dataclass(frozen=True, slots=True)
class Proof:
    """Of ``count`` rehearsed answers of a sort by a reader the share ``right`` was right;
    ``accepted`` is the share that each bound asked about takes, None where it proves none."""

    sort: str
    reader: str
    count: int
    right: float
    accepted: tuple[float | None, ...]


def proofs(made: Calibration, samples: Iterable[Sample], bounds: Sequence[float]) -> list[Proof]:
    """A row for each sort and reader; what is doubted is never accepted and left out."""
    rows = []
    for (sort, reader), some in sorted(by_scale(samples).items()):
        count, right = len(some), sum(each.right for each in some)
        if sort == DOUBTED:
            continue
        scale = made.scales.get((sort, reader))
        taken = [scale and seen_at(scale, bound) for bound in bounds]
        shares = tuple(seen.count / count if seen else None for seen in taken)
        rows.append(Proof(sort, reader, count, right / count, shares))
    return rows


def seen_at(scale: Scale, bound: float) -> Seen | None:
    """What was seen of the rehearsed answers that the bound accepts, kind by kind where a sort
    takes in several; None where it accepts none."""
    every, *strata = scale.cuts[-1].seen if scale.cuts else (Seen(ALL, 0, 0),)
    kinds = [each for each in strata if is_kind(each)]
    several = sum(each.count for each in kinds) == every.count
    names = [each.stratum for each in kinds] if several else [ALL]
    taken = [seen for name in names if (seen := _of_kind(scale, bound, name))]
    if not taken:
        return None
    return Seen(ALL, sum(each.count for each in taken), sum(each.wrong for each in taken))


def _of_kind(scale: Scale, bound: float, kind: str) -> Seen | None:
    least = least_chance(scale, bound, kind)
    if least is None:
        return None
    cut = next(cut for cut in reversed(scale.cuts) if scale.chance(cut.least) >= least)
    return next(each for each in cut.seen if each.stratum == kind)

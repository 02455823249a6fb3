"""What a calibration lets through: for people who choose a bound, or more forms to rehearse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scanform.fields.calibration import DOUBTED, least_chance
from scanform.fields.fitting import Sample, by_scale
from scanform.model.calibration import Calibration, Scale, Seen


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
    """What was seen of the rehearsed answers that the bound accepts; None where it accepts none."""
    least = least_chance(scale, bound)
    if least is None:
        return None
    return next(cut.seen[0] for cut in reversed(scale.cuts) if scale.chance(cut.least) >= least)

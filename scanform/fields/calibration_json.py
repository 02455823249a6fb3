"""Calibrations as they are kept in files."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from scanform.model.calibration import Calibration, Cut, Scale, Seen, Step


def to_json(calibration: Calibration) -> dict[str, Any]:
    """As it is kept in a file; the same calibration gives the same text."""
    return {
        "source": calibration.source,
        "made_for": calibration.made_for,
        "scales": [
            {
                "sort": sort,
                "reader": reader,
                "weights": {name: round(w, 5) for name, w in sorted(scale.weights.items())},
                "steps": [
                    [round(s.figure, 4), round(s.chance, 6), s.count, s.wrong] for s in scale.steps
                ],
                "strata": [each.stratum for each in scale.cuts[0].seen] if scale.cuts else [],
                "cuts": [
                    [round(cut.least, 4), [[each.count, each.wrong] for each in cut.seen]]
                    for cut in scale.cuts
                ],
            }
            | ({} if scale.beyond is None else {"beyond": scale.beyond})
            for (sort, reader), scale in sorted(calibration.scales.items())
        ],
    }


def from_json(data: Mapping[str, Any]) -> Calibration:
    """Raises ``ValueError`` where ``data`` is no calibration."""
    try:
        scales = {(str(each["sort"]), str(each["reader"])): _scale(each) for each in data["scales"]}
        made = Calibration(scales, str(data["source"]), str(data["made_for"]))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ValueError("no calibration") from error
    for found in made.scales.values():
        _check(found)
    return made


def _scale(each: Mapping[str, Any]) -> Scale:
    strata = [str(name) for name in each["strata"]]
    return Scale(
        {str(name): float(weight) for name, weight in each["weights"].items()},
        tuple(
            Step(float(figure), float(chance), int(count), int(wrong))
            for figure, chance, count, wrong in each["steps"]
        ),
        tuple(
            Cut(
                float(least),
                tuple(
                    Seen(name, int(count), int(wrong))
                    for name, (count, wrong) in zip(strata, seen, strict=True)
                ),
            )
            for least, seen in each["cuts"]
        ),
        None if each.get("beyond") is None else float(each["beyond"]),
    )


def _check(scale: Scale) -> None:
    steps = scale.steps
    rising = all(a.figure < b.figure and a.chance < b.chance for a, b in pairwise(steps))
    if not steps or not rising or not all(0.0 <= s.chance <= 1.0 for s in steps):
        raise ValueError("the steps don't rise from 0 to 1")
    if not all(a.least >= b.least for a, b in pairwise(scale.cuts)):
        raise ValueError("the cuts don't go down")
    if scale.beyond is not None and not 0.0 <= scale.beyond < 1.0:
        raise ValueError("a bound is a share")
    if not all(cut.seen and 0 <= s.wrong <= s.count for cut in scale.cuts for s in cut.seen):
        raise ValueError("a cut counts more wrong answers than answers")

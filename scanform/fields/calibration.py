"""Fitting and using the last step of confidence: from a raw figure to what it has meant.

The regression of ``confidence.py`` puts answers in order; how often answers of that height were
right is counted on rehearsed pages. Steps are fitted by pooling adjacent violators
(https://en.wikipedia.org/wiki/Isotonic_regression); each counts one wrong answer more than were
seen. A step begins after the last wrong answer below it, so without that one its share of wrong
answers would look too small: of n right ones in a row the rate is about 1/n, not 0
(Laplace's rule of succession, (wrong + 1) / (count + 2)).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from scanform.fields import confidence
from scanform.model.calibration import Calibration, Step, Steps, chance_of, reader_name
from scanform.model.record import Answer

BLANK = "blank"
LEAST_SAMPLES = 50
"""Fewer answers of a sort say nothing: its raw figures stay."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer of a rehearsal: the raw figure, and whether it was right. ``label`` says on what
    sort of page."""

    sort: str
    reader: str
    raw: float
    right: bool
    label: str = ""


def sort_of(answer: Answer, kind: str) -> str:
    """The kind, but ``blank`` for whatever was taken for blank: that is another question."""
    return BLANK if answer.value is None else kind


def calibrated(answer: Answer, kind: str, own: Calibration | None = None) -> Answer:
    """The answer with the chance that its figure has meant, by ``own`` steps (a template's) or
    those that come with scanform. Without steps for it the figure stays."""
    if answer.reading is None:
        return answer
    steps = steps_for(answer, kind, own)
    if not steps:
        return answer
    return replace(answer, confidence=chance_of(steps, answer.confidence))


def steps_for(answer: Answer, kind: str, own: Calibration | None = None) -> Steps | None:
    """The steps that the answer's figure goes through."""
    if answer.reading is None:
        return None
    sort, reader = sort_of(answer, kind), answer.reading.reader
    return (own.steps_of(sort, reader) if usable(own) and own else None) or shipped().steps_of(
        sort, reader
    )


def usable(own: Calibration | None) -> bool:
    """Whether steps were fitted on top of the weights in use."""
    return own is not None and own.made_for == weights_name()


def fit(samples: Iterable[Sample], source: str = "") -> Calibration:
    """The steps of each sort and reader that was seen often enough."""
    grouped: dict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)
    for each in samples:
        grouped[each.sort, reader_name(each.reader)].append((each.raw, each.right))
    steps = {
        key: fit_steps(pairs)
        for key, pairs in sorted(grouped.items())
        if len(pairs) >= LEAST_SAMPLES
    }
    return Calibration(steps, source, weights_name())


def fit_steps(pairs: Sequence[tuple[float, bool]]) -> Steps:
    """Rising steps for pairs of raw figure and rightness; none for no pairs.

    >>> [(s.least, s.count, s.wrong) for s in fit_steps([(0.2, False), (0.9, True), (0.9, True)])]
    [(0.2, 1, 1), (0.9, 2, 0)]
    """
    tally: dict[float, list[int]] = {}
    for raw, right in sorted(pairs):
        counts = tally.setdefault(round(raw, 6), [0, 0])
        counts[0] += 1
        counts[1] += not right
    steps: list[Step] = []
    for raw, (count, wrong) in tally.items():
        step = _step(raw, count, wrong)
        # What isn't higher than what lies below it can't be told from it.
        while steps and step.chance <= steps[-1].chance:
            below = steps.pop()
            step = _step(below.least, below.count + step.count, below.wrong + step.wrong)
        steps.append(step)
    return tuple(steps)


def _step(least: float, count: int, wrong: int) -> Step:
    return Step(least, 1.0 - (wrong + 1) / (count + 2), count, wrong)


@cache
def weights_name() -> str:
    """Names the weights of ``confidence.py``: steps fitted on others mean nothing."""
    text = json.dumps({name: dict(group) for name, group in confidence.table().items()})
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def shipped() -> Calibration:
    """The steps that come with scanform; none when they are for other weights."""
    text = (files("scanform.fields") / "steps.json").read_text(encoding="utf-8")
    found = from_json(json.loads(text))
    return found if usable(found) else Calibration({}, found.source, found.made_for)


def to_json(calibration: Calibration) -> dict[str, Any]:
    """As it is kept in a file; the same calibration gives the same text."""
    return {
        "source": calibration.source,
        "made_for": calibration.made_for,
        "steps": [
            {
                "sort": sort,
                "reader": reader,
                "steps": [[s.least, round(s.chance, 6), s.count, s.wrong] for s in steps],
            }
            for (sort, reader), steps in sorted(calibration.steps.items())
        ],
    }


def from_json(data: Mapping[str, Any]) -> Calibration:
    """Raises ``ValueError`` where ``data`` is no calibration."""
    try:
        steps = {
            (str(each["sort"]), str(each["reader"])): tuple(
                Step(float(least), float(chance), int(count), int(wrong))
                for least, chance, count, wrong in each["steps"]
            )
            for each in data["steps"]
        }
        made = Calibration(steps, str(data["source"]), str(data["made_for"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("no calibration") from error
    for found in made.steps.values():
        rising = all(a.least < b.least and a.chance < b.chance for a, b in pairwise(found))
        if not found or not rising or not all(0.0 <= s.chance <= 1.0 for s in found):
            raise ValueError("the steps don't rise from 0 to 1")
    return made

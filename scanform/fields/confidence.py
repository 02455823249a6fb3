"""From a reader's scores to the chance that the whole value is right.

A reader's own figures are overconfident. The weights in ``confidence.json`` were fitted by
``benchmarks/calibrate_reading.py`` on lines that it renders itself: a logistic regression per group
of kinds (https://en.wikipedia.org/wiki/Logistic_regression), each weight held to the sign that the
feature must have, so that a better figure never lowers the chance.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

Group = Literal["open", "name", "listed", "digits"]


@cache
def table() -> Mapping[str, Mapping[str, float]]:
    """Weights by group; ``bias`` is the constant."""
    with (files("scanform.fields") / "confidence.json").open(encoding="utf-8") as stream:
        groups: dict[str, dict[str, float]] = json.load(stream)["groups"]
    return groups


def chance(group: Group, features: Mapping[str, float]) -> float:
    """The chance, 0..1, that a value with these features is right. Unknown features count 0."""
    weights = table()[group]
    total = weights["bias"]
    total += sum(weights.get(name, 0.0) * figure for name, figure in features.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def logit(score: float) -> float:
    """A score as a figure without bounds, so that 0.99 and 0.999 differ; cut off at 0.5 %."""
    score = min(0.995, max(0.005, score))
    return math.log(score / (1.0 - score))

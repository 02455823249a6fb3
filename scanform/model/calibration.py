"""From a reader's figures to the chance of being right, and to what may be accepted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

ALL = ""
"""The stratum of all answers."""


@dataclass(frozen=True, slots=True)
class Step:
    """Answers whose figures lie around ``figure`` were right with ``chance``; ``count`` of them
    were seen, ``wrong`` of those were wrong."""

    figure: float
    chance: float
    count: int
    wrong: int


_FIGURE = attrgetter("figure")

Steps = tuple[Step, ...]
"""Rising in both ``figure`` and ``chance``."""


@dataclass(frozen=True, slots=True)
class Seen:
    """``count`` answers of a ``stratum`` (hand, wear, form), ``wrong`` of which were wrong."""

    stratum: str
    count: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Cut:
    """What was seen of answers with a figure of ``least`` or more: all (first) and each stratum."""

    least: float
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """What the figures of one sort of answer by one reader mean.

    ``weights`` make one figure (log odds) out of an answer's features, ``bias`` being the
    constant. ``steps`` turn it into a chance. ``cuts``, from the highest figure down, say what
    accepting from there on would have let through. ``beyond``: the scale speaks of nothing but
    what others leave waiting at that bound (a share of wrong answers); None: of everything.
    """

    weights: Mapping[str, float]
    steps: Steps
    cuts: tuple[Cut, ...]
    beyond: float | None = None

    def figure(self, features: Mapping[str, float]) -> float:
        """Log odds, cut off at ±12."""
        total = self.weights.get("bias", 0.0)
        total += sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return max(-12.0, min(12.0, total))

    def chance(self, figure: float) -> float:
        """The chance of being right, rising between the steps' middles in straight lines."""
        return chance_of(self.steps, figure)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scales by sort of answer and reader: ``digits`` and ``tesseract-vie-digits``.

    ``source`` says where they come from: forms, pages, seed and readers; ``made_for`` what they
    were fitted on top of, so that scales for other weights aren't used.
    """

    scales: Mapping[tuple[str, str], Scale]
    source: str = ""
    made_for: str = ""

    def scale_of(self, sort: str, reader: str) -> Scale | None:
        """The scale of that sort and reader, whatever the reader's version; None without."""
        return self.scales.get((sort, reader_name(reader)))


def reader_name(reader: str) -> str:
    """``tesseract-vie 5.3.0`` without its version."""
    return reader.split(" ", 1)[0]


def chance_of(steps: Steps, figure: float) -> float:
    """The chance at ``figure``; beyond the outermost steps that of the nearest."""
    at = bisect_right(steps, figure, key=_FIGURE)
    if at == 0:
        return steps[0].chance
    if at == len(steps):
        return steps[-1].chance
    low, high = steps[at - 1], steps[at]
    share = (figure - low.figure) / (high.figure - low.figure)
    return low.chance + share * (high.chance - low.chance)

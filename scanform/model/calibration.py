"""From a reader's figure to the chance of being right, as a table of steps."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """Answers whose raw figure is ``least`` or more (up to the next step) were right with
    ``chance``; ``count`` of them were seen, ``wrong`` of those were wrong."""

    least: float
    chance: float
    count: int
    wrong: int


Steps = tuple[Step, ...]
"""Rising in both ``least`` and ``chance``."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Steps by sort of answer and reader: ``digits`` and ``tesseract-vie-digits``.

    ``source`` says where they come from: template, forms and seed; ``made_for`` what they were
    fitted on top of, so that steps for other weights aren't used.
    """

    steps: Mapping[tuple[str, str], Steps]
    source: str = ""
    made_for: str = ""

    def steps_of(self, sort: str, reader: str) -> Steps | None:
        """The steps of that sort and reader, whatever the reader's version; None without."""
        return self.steps.get((sort, reader_name(reader)))


def reader_name(reader: str) -> str:
    """``tesseract-vie 5.3.0`` without its version."""
    return reader.split(" ", 1)[0]


def chance_of(steps: Steps, raw: float) -> float:
    """The chance of the step that ``raw`` lies on; below all of them that of the lowest."""
    at = bisect_right([step.least for step in steps], raw)
    return steps[max(0, at - 1)].chance

"""Figures for the officer: seconds a field, corrections, agreement."""

from __future__ import annotations

from dataclasses import dataclass

from scanform.review.people import Person


@dataclass(frozen=True, slots=True)
class Pace:
    """One person's work on one field kind. ``seconds`` is the median of those decisions that
    took less than five minutes (longer ones were a break); ``per_hour`` is 3600 / the mean."""

    person: str
    kind: str
    decided: int
    corrected: int
    seconds: float | None
    per_hour: float | None


@dataclass(frozen=True, slots=True)
class Corrections:
    """How often people changed what a reader read, per field kind."""

    reader: str
    kind: str
    decided: int
    corrected: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two keyers typed the same, per field kind."""

    kind: str
    pairs: int
    agreed: int


@dataclass(frozen=True, slots=True)
class Figures:
    paces: tuple[Pace, ...]
    corrections: tuple[Corrections, ...]
    agreement: tuple[Agreement, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    def of(self, who: Person, person: str | None = None) -> Figures:
        """Of everybody, or of one person. All but one's own need ``stats``."""
        raise NotImplementedError

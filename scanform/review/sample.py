"""The quality sample: how many of the accepted answers are wrong, measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scanform.review.claims import Filter
from scanform.review.people import Person


@dataclass(frozen=True, slots=True)
class SampleOrder:
    """A drawn sample and how far it is. ``answers`` drawn, ``done`` judged, ``open`` still with a
    reviewer or a third."""

    id: int
    by: str
    at: datetime
    template: str | None
    share: float
    seed: int
    answers: int
    done: int


@dataclass(frozen=True, slots=True)
class Measured:
    """The error among accepted answers of one field kind. ``low`` and ``high`` are the 95 %
    interval of Clopper and Pearson (1934); ``bound`` is what was promised, and ``broken`` says
    that even ``low`` lies above it; ``kept`` that even ``high`` lies below it."""

    kind: str
    sampled: int
    wrong: int
    rate: float
    low: float
    high: float
    bound: float | None = None

    @property
    def broken(self) -> bool:
        return self.bound is not None and self.low > self.bound

    @property
    def kept(self) -> bool:
        return self.bound is not None and self.high <= self.bound


@dataclass(frozen=True, slots=True)
class Sampling:
    """The work is claimed in the queue: ``work="sample"``. Nobody gets what he decided himself.
    Where a sampler types something else, a third settles it; what was wrong is corrected."""

    def draw(
        self,
        who: Person,
        share: float,
        only: Filter = Filter(),  # noqa: B008
        seed: int = 0,
    ) -> SampleOrder:
        """Draws a random share of the accepted answers. Needs ``order``."""
        raise NotImplementedError

    def all(self, who: Person) -> list[SampleOrder]:
        raise NotImplementedError

    def measured(
        self,
        who: Person,
        only: Filter = Filter(),  # noqa: B008
        bound: float | None = None,
    ) -> list[Measured]:
        """Per field kind, by kind, then everything together as kind ``all``. Needs ``order``."""
        raise NotImplementedError

"""Seeded checks: crops of known truth, unmarked in the queue, that never reach an export."""

from __future__ import annotations

from dataclasses import dataclass

from scanform.review.claims import Filter
from scanform.review.people import Person


@dataclass(frozen=True, slots=True)
class Measure:
    """How one person did on seeded checks of one kind, with the 95 % interval of the error."""

    person: str
    kind: str
    shown: int
    wrong: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Seeds:
    """Needs ``seeds``. In the queue a seeded check looks like any other claim."""

    def from_confirmed(
        self,
        who: Person,
        count: int,
        only: Filter = Filter(),  # noqa: B008
        seed: int = 0,
    ) -> int:
        """Lays out answers that two people have confirmed, as the machine had read them. Gives
        the number laid out."""
        raise NotImplementedError

    def share(self, who: Person) -> float:
        """The share of seeded checks among what the queue gives, 0..1; 0 at first."""
        raise NotImplementedError

    def set_share(self, who: Person, share: float) -> None:
        """Raises ``UsageError`` outside 0..0.2."""
        raise NotImplementedError

    def measured(self, who: Person) -> list[Measure]:
        raise NotImplementedError

"""Second keying, and keying from the image: people type blind, and differences go to a third."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scanform.review.claims import Filter
from scanform.review.people import Person


@dataclass(frozen=True, slots=True)
class KeyingOrder:
    """What was ordered, and how far it is. ``keyers``: 2 for second keying; 1 for keying from
    the image by one person."""

    id: int
    by: str
    at: datetime
    template: str
    fields: tuple[str, ...]
    share: float
    keyers: int
    answers: int
    done: int
    differed: int


@dataclass(frozen=True, slots=True)
class Keying:
    """The work itself is claimed in the queue: ``work="key"`` and ``work="settle"``."""

    def order(
        self,
        who: Person,
        template: str,
        only: Filter = Filter(),  # noqa: B008
        share: float = 1.0,
        keyers: int = 2,
        seed: int = 0,
    ) -> KeyingOrder:
        """Asks for these answers to be keyed: all, some fields, or a random share. They wait
        until that is done, whatever the machine thought of them. Needs ``order``."""
        raise NotImplementedError

    def all(self, who: Person) -> list[KeyingOrder]:
        """Needs ``order``."""
        raise NotImplementedError

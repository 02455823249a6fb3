"""The group view: answers that were read alike, many on one sheet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from scanform.review.claims import Filter, Outcome
from scanform.review.decide import Item
from scanform.review.people import Person

SHEETFUL = 60
"""Crops on one sheet: what a person takes in at a few glances."""


@dataclass(frozen=True, slots=True)
class Group:
    """Answers of one template's field that wait and have the same value (None: read as blank)."""

    template: str
    field: str
    label: str
    kind: str
    value: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Sheetful:
    """Up to ``SHEETFUL`` answers of one group, claimed together."""

    token: str
    group: Group
    items: tuple[Item, ...]
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Groups:
    """All calls need ``review``."""

    def all(
        self,
        who: Person,
        only: Filter = Filter(),  # noqa: B008
        least: int = 5,
    ) -> list[Group]:
        """Groups of at least ``least`` answers, the largest first."""
        raise NotImplementedError

    def claim(self, who: Person, group: Group, count: int = SHEETFUL) -> Sheetful | None:
        """The next answers of the group that nobody holds; None when there are none."""
        raise NotImplementedError

    def accept(
        self, who: Person, token: str, struck: Collection[tuple[str, str]] = ()
    ) -> list[Outcome]:
        """Accepts all but ``struck`` (pairs of record and field), each a decision of its own in
        one lot. The struck ones go to the ordinary queue. What somebody else decided meanwhile
        is left out."""
        raise NotImplementedError

    def release(self, who: Person, token: str) -> None:
        raise NotImplementedError

    def picture(self, who: Person, token: str, record: str, field: str) -> bytes:
        """PNG of one crop of the sheetful."""
        raise NotImplementedError

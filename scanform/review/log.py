"""The log: every decision one row, each chained to the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scanform.review.people import Person
from scanform.store.interface import LogRow


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the log. ``reason``: ``changed`` (a row isn't what was hashed),
    ``missing`` (a number is gone), ``cut`` (rows are gone at the end), ``strange`` (the end isn't
    in the head's words), ``differs`` (a record isn't the fold of its log)."""

    reason: str
    seq: int | None
    record: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class Verified:
    """``head`` is the hash of the last row: write it down elsewhere, for whoever can rewrite the
    whole database can also rewrite the whole chain."""

    rows: int
    head: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """Needs ``log``; ``history`` needs ``forms``."""

    def verify(self, who: Person, head: str | None = None) -> Verified:
        """Checks every row, the chain and that each record is the fold of its log. With ``head``,
        a hash written down earlier, also that the chain still goes through it."""
        raise NotImplementedError

    def rows(self, who: Person) -> Iterator[LogRow]:
        """Every row, oldest first."""
        raise NotImplementedError

    def history(self, who: Person, record_id: str) -> list[LogRow]:
        """The rows about one record; raises ``NoSuchRecord``."""
        raise NotImplementedError

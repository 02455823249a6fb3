"""What a store keeps for people at work: claims, tasks, seeded checks, accounts, and the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from scanform.model.record import Decision, Record
from scanform.store.chain import Link
from scanform.store.desk_rows import (
    Alike,
    ClaimRow,
    Doing,
    GroupRow,
    Kept,
    NewTask,
    OrderRow,
    PaperRow,
    PersonRow,
    SeedAnswer,
    SeedRow,
    SessionRow,
    TaskRow,
    Wish,
)
from scanform.store.interface import LogRow

__all__ = [
    "Alike",
    "Checks",
    "ClaimRow",
    "DeskStore",
    "Doing",
    "GroupRow",
    "Hands",
    "Kept",
    "NewTask",
    "Office",
    "OrderRow",
    "PaperRow",
    "PersonRow",
    "Queues",
    "SeedAnswer",
    "SeedRow",
    "SessionRow",
    "TaskRow",
    "Told",
    "Wish",
]


class Hands(Protocol):
    """What is in people's hands. Claims are of the moment."""

    def claim_answer(self, wish: Wish) -> ClaimRow | None:
        """The next answer of that template's field which waits, nobody holds and (unless
        ``skipped``) he didn't skip: those of the records that lack least come first."""
        ...

    def claim_form(self, wish: Wish) -> ClaimRow | None:
        """The next answer of the record ``wish.record``; without one, the first of the record of
        that template which lacks least and in which nobody else holds anything."""
        ...

    def claim_alike(self, wish: Wish, value: str | None, count: int) -> list[ClaimRow]:
        """Up to ``count`` answers read as ``value``, all under one token."""
        ...

    def claim_task(self, wish: Wish) -> ClaimRow | None:
        """The next open task of that work which he may do."""
        ...

    def claim_seed(self, wish: Wish) -> ClaimRow | None:
        """A seeded check of that field that he hasn't had."""
        ...

    def held(self, by: str, now: datetime) -> list[ClaimRow]:
        """His live claims, oldest first."""
        ...

    def claims(self, token: str) -> list[ClaimRow]:
        """The claims of that token: one, many for a sheetful, none when they are gone."""
        ...

    def renew(self, token: str, until: datetime, version: int | None = None) -> None: ...

    def release(self, token: str) -> None: ...

    def skip(self, by: str, record: str, field: str, now: datetime) -> None: ...

    def act(
        self, decisions: Sequence[Decision], versions: Mapping[str, int], doing: Doing
    ) -> list[Decision]:
        """Appends the decisions and does the rest, all or nothing. Raises ``Overtaken`` when a
        record is no longer at its version, a claim is gone, or the task is done."""
        ...


class Queues(Protocol):
    """What waits, and where."""

    def groups(self, desk: str = "review", template: str | None = None) -> list[GroupRow]:
        """Every field of which something waits at that desk."""
        ...

    def task_groups(self, work: str) -> list[GroupRow]: ...

    def alike(self, template: str, field: str, least: int) -> list[Alike]:
        """Values that at least ``least`` answers waiting in the queue have."""
        ...

    def count_waiting(self) -> list[tuple[str, str, str, int]]:
        """Template, field, desk, number of answers."""
        ...

    def count_tasks(self, by: str) -> dict[str, int]:
        """Open tasks that he may do, by work."""
        ...

    def count_claims(self, now: datetime) -> int: ...

    def papers(self) -> list[PaperRow]: ...

    def set_desk(self, record: str, field: str | None, desk: str) -> None:
        """Where pending answers of the record that are at the desk ``paper`` wait now."""
        ...

    def find_records(
        self,
        template: str | None,
        status: str | None,
        scan: str | None,
        after: str | None,
        limit: int,
    ) -> list[str]:
        """Ids of records by scan path, page and id, from behind ``after``; ``scan`` is a part of
        the path, in any case."""
        ...


class Checks(Protocol):
    """Orders to key and to sample, their tasks, and seeded checks."""

    def add_order(self, order: OrderRow) -> int: ...

    def orders(self, work: str) -> list[OrderRow]: ...

    def sampled_batches(self) -> dict[str, str]:
        """The batch of each record of which something was sampled; those of none are left out."""
        ...

    def candidates(self, template: str | None, states: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Record, template, field, value, state of standing answers, in a fixed order."""
        ...

    def tasks(
        self,
        order: int | None = None,
        record: str | None = None,
        field: str | None = None,
        work: str | None = None,
    ) -> list[TaskRow]: ...

    def task(self, number: int) -> TaskRow: ...

    def add_tasks(self, tasks: Iterable[NewTask]) -> None: ...

    def confirmed(self, template: str | None) -> Iterator[tuple[str, str, str, str, str | None]]:
        """Record, field, template, state and value of answers that two people said the same."""
        ...

    def add_rehearsed(self, record: Record) -> int:
        """Keeps a rehearsed form as it was read, apart from all records; its number."""
        ...

    def rehearsed(self, number: int) -> Record: ...

    def add_seed(self, seed: SeedRow, by: str, at: datetime) -> bool: ...

    def seed(self, number: int) -> SeedRow: ...

    def count_seeds(self) -> tuple[int, int]:
        """How many there are: of records, and of rehearsed forms."""
        ...

    def answer_seed(self, answer: SeedAnswer, token: str) -> int:
        """Raises ``Overtaken`` when the claim is gone."""
        ...

    def seed_answers(self, by: str | None = None) -> list[SeedAnswer]: ...

    def undo_seed(self, number: int) -> None: ...


class Office(Protocol):
    """Accounts, sessions and settings."""

    def setting(self, name: str) -> Any: ...

    def set_setting(self, name: str, value: object) -> None: ...

    def people(self) -> list[PersonRow]: ...

    def put_person(self, person: PersonRow) -> None: ...

    def put_session(self, session: SessionRow) -> None: ...

    def session(self, hashed: str) -> SessionRow | None: ...

    def end_session(self, hashed: str) -> None: ...

    def end_sessions(self, person: str) -> None: ...


class Told(Protocol):
    """The log and what it tells."""

    def log(
        self, record: str | None = None, by: str | None = None, after: int = 0
    ) -> Iterator[LogRow]:
        """Rows of the log, oldest first."""
        ...

    def note_looks(self, by: str, records: Sequence[str], how: str) -> int:
        """Notes in the log that a person was shown these records, before he is: ``how`` says where
        (``review``, ``pages``, ``terminal``...). Once in a quarter of an hour for each of them;
        how many rows that gave."""
        ...

    def note_taking(self, by: str, how: str) -> None:
        """Notes in the log that a person takes data out: what, ``how`` says."""
        ...

    def links(self) -> Iterator[Link]:
        """Every row as a link of the log's chain, oldest first: decisions, what is left of those
        about erased records, and events."""
        ...

    def last_log(self, by: str, limit: int) -> list[tuple[LogRow, bool]]:
        """A person's last decisions that count, newest first, and whether each is the last one
        about its answer."""
        ...

    def head(self) -> tuple[int, str]:
        """Number and hash of the last row, as noted beside the log."""
        ...

    def paces(self, by: str | None) -> list[tuple[str, str, str, str, str, float | None, bool]]:
        """By, template, field, reader, action, seconds, and whether it changed what was read, of
        every decision that counts."""
        ...


class DeskStore(Hands, Queues, Checks, Office, Told, Protocol):
    """Every method is one transaction."""

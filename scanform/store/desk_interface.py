"""What a store keeps for people at work: claims, tasks, seeded checks, accounts, and the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from typing import Any, Literal, Protocol

from scanform.model.record import Decision, Record
from scanform.store.chain import Link
from scanform.store.interface import LogRow

Kept = Literal["value", "blank", "unreadable"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: one kind of work, one template's field, perhaps of one record.
    ``skipped``: also what he skipped. ``token`` names the claim that is made."""

    by: str
    work: str
    token: str
    now: datetime
    until: datetime
    template: str = ""
    field: str = ""
    record: str | None = None
    skipped: bool = False
    asked: Mapping[str, Any] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimRow:
    token: str
    work: str
    record: str
    field: str
    task: int | None
    seed: int | None
    by: str
    at: datetime
    until: datetime
    asked: Mapping[str, Any]
    version: int = 0
    """The last row of the log that had changed the answer when it was claimed."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A field of a template of which something waits, and a revision that has it."""

    template: str
    field: str
    revision: int


@dataclass(frozen=True, slots=True)
class Alike:
    template: str
    field: str
    value: str | None
    count: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One person's share of an order. ``open`` until he has said what stands there; closed and by
    nobody where it was withdrawn, as somebody decided the answer without it."""

    number: int
    order: int
    work: str
    record: str
    field: str
    template: str
    open: bool
    not_by: str = ""
    nor_by: str = ""
    expected: str | None = None
    expected_outcome: Kept | None = None
    by: str | None = None
    at: datetime | None = None
    outcome: Kept | None = None
    value: str | None = None
    seconds: float | None = None

    @property
    def done(self) -> bool:
        return not self.open and self.by is not None


@dataclass(frozen=True, slots=True)
class NewTask:
    order: int
    work: str
    record: str
    field: str
    not_by: str = ""
    nor_by: str = ""
    expected: str | None = None
    expected_outcome: Kept | None = None


@dataclass(frozen=True, slots=True)
class OrderRow:
    number: int
    work: str
    by: str
    at: datetime
    template: str | None
    fields: tuple[str, ...]
    share: float
    keyers: int
    seed: int


@dataclass(frozen=True, slots=True)
class SeedRow:
    """``record`` is an id: of a record, or of a rehearsed form where ``rehearsed`` has its
    number."""

    number: int
    record: str
    field: str
    template: str
    outcome: Kept
    truth: str | None
    revision: int = 0
    rehearsed: int | None = None


@dataclass(frozen=True, slots=True)
class SeedAnswer:
    number: int
    seed: int
    by: str
    at: datetime
    action: str
    value: str | None
    right: bool
    seconds: float | None
    record: str
    field: str
    template: str
    revision: int = 0
    undone: bool = False


@dataclass(frozen=True, slots=True)
class PersonRow:
    name: str
    role: str
    language: str
    secret: str | None
    disabled: bool
    created_at: datetime
    last_seen: datetime | None = None
    failures: int = 0
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionRow:
    hash: str
    person: str
    csrf: str
    until: datetime


@dataclass(frozen=True, slots=True)
class PaperRow:
    """An answer that needs the paper."""

    record: str
    template: str
    scan_path: str
    scan_page: int
    field: str
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class Doing:
    """What one write does besides the log: claims that must still be held and end with it, a task
    that is done, tasks that follow."""

    tokens: tuple[str, ...] = ()
    done: TaskRow | None = None
    tasks: tuple[NewTask, ...] = ()
    to_desk: Mapping[tuple[str, str], str] = dataclass_field(default_factory=dict)
    """(record, field) -> the desk where the answer waits from now on."""


class DeskStore(Protocol):
    """Every method is one transaction. Claims are of the moment, all else is kept."""

    def groups(self, desk: str = "review", template: str | None = None) -> list[GroupRow]:
        """Every field of which something waits at that desk."""
        ...

    def task_groups(self, work: str) -> list[GroupRow]: ...

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

    def setting(self, name: str) -> Any: ...

    def set_setting(self, name: str, value: object) -> None: ...

    def people(self) -> list[PersonRow]: ...

    def put_person(self, person: PersonRow) -> None: ...

    def put_session(self, session: SessionRow) -> None: ...

    def session(self, hashed: str) -> SessionRow | None: ...

    def end_session(self, hashed: str) -> None: ...

    def end_sessions(self, person: str) -> None: ...

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

"""Rows that a store keeps for people at work: values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from typing import Any, Literal

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

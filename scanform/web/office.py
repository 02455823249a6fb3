"""What the pages work with, handed over by whoever starts the server."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Protocol

from scanform.learn.curve import Point
from scanform.model.campaign import Batch
from scanform.model.phrases import Language
from scanform.model.scan import Rejected
from scanform.model.template import Template
from scanform.report.interface import Document
from scanform.review import Desk, Person
from scanform.store.interface import Figures
from scanform.tally import Tally
from scanform.tally.handin import Balance, Task
from scanform.tally.people import Pair
from scanform.web.doors import OwnMachine, Patience
from scanform.web.pictures import Pictures


class Intake(Protocol):
    """Takes scans in behind the reviewers' backs, one batch after another."""

    folder: Path
    """Where uploaded files are put before they are digitised."""

    def templates(self) -> list[Template]:
        """The forms that an upload may be."""
        ...

    def put(self, path: Path, by: str, name: str, templates: Collection[str] = ()) -> str:
        """Queues a file; ``name`` is what people know it by, ``templates`` narrows which forms it
        may be. Gives a number to ask after it."""
        ...

    def jobs(self) -> list[Job]:
        """What is in hand and what was done since the server started, newest first."""
        ...

    def picture(self, rejected: Rejected) -> bytes | None:
        """JPEG of a rejected page; None where it can't be drawn."""
        ...


class CampaignDesk(Protocol):
    """The campaign's report, its boxes of forms, persons who came in twice."""

    def document(self, day: date | None, lang: Language) -> Document | None:
        """The report as of the end of the day, or now; None where there is no campaign."""
        ...

    def file(self, ending: str, day: date | None, lang: Language) -> bytes:
        """The report as a file of that ending. Raises ``KeyError`` for none or no campaign."""
        ...

    def curve(self, day: date | None, lang: Language) -> bytes:
        """The report's curve as PNG. Raises ``KeyError`` without a campaign."""
        ...

    def boxes(self) -> list[Batch]: ...

    def box(self, batch_id: str) -> tuple[Balance, list[Task]]:
        """A box weighed against its slip, every difference a task. Raises ``NoSuchBatch``."""
        ...

    def settle(self, batch_id: str, task: str, note: str, by: str) -> None:
        """Keeps what was found out about a difference; without a note it is open again. Raises
        ``KeyError`` for no such difference."""
        ...

    def pairs(self) -> list[Pair]:
        """Pairs of forms that may be of one person and wait for a decision."""
        ...

    def judge(self, first: str, second: str, same: bool, by: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Job:
    """One uploaded file: ``state`` is ``waiting``, ``working``, ``done`` or ``failed``."""

    number: str
    name: str
    by: str
    state: str
    pages: int = 0
    done: int = 0
    records: int = 0
    duplicate: bool = False
    rejected: tuple[Rejected, ...] = ()


class Learning(Protocol):
    """How the reader has learnt the hands of the unit."""

    def lessons(self) -> list[Point]:
        """Every lesson, oldest first."""
        ...

    def curve(self, lang: Language) -> bytes:
        """The learning curve as PNG. Raises ``KeyError`` before the first lesson."""
        ...


class NothingLearnt:
    """``Learning`` where nothing is."""

    def lessons(self) -> list[Point]:
        return []

    def curve(self, lang: Language) -> bytes:
        raise KeyError(lang)


class Exports(Protocol):
    """Takes records out."""

    formats: Sequence[str]

    def write(self, form: str, template: str | None, complete: bool, who: Person) -> IO[bytes]:
        """A file without a name, with the records, which the caller closes; noted in the log.
        ``complete``: only records of which nothing waits. Needs ``export``."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """``own`` is the one-time link's door, None where there are accounts. ``hosts``: the names the
    server answers to, None for any. ``secure``: people reach it by HTTPS, so cookies need it."""

    desk: Desk
    figures: Callable[[], Figures]
    rejected: Callable[[], list[Rejected]]
    tally: Callable[[], Tally]
    templates: Callable[[], Sequence[Template]]
    """The templates at hand, the newest revision of each first."""
    intake: Intake | None = None
    metrics: Callable[[], str] | None = None
    """Figures for Prometheus; None: they are not served."""
    exports: Exports | None = None
    batches: Callable[[], Sequence[Balance]] = tuple
    """The boxes that were handed in, weighed against their slips."""
    tighten: Callable[[Person], int] | None = None
    """Lets answers wait again where a sample has proved the bound broken; how many. Raises
    ``ScanformError`` where none is."""
    campaign: CampaignDesk | None = None
    learning: Learning = field(default_factory=NothingLearnt)
    own: OwnMachine | None = None
    hosts: frozenset[str] | None = None
    secure: bool = False
    language: Language = "vi"
    patience: Patience = field(default_factory=Patience)
    pictures: Pictures = field(default_factory=Pictures)

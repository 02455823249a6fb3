"""What a document writer is: a document in words and figures in, a file's bytes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from scanform.model.phrases import Language

Sort = Literal["text", "number", "percent"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: what is shown, and for a spreadsheet the figure behind it."""

    text: str
    value: float | None = None
    sort: Sort = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; ``total`` is set off at the foot. ``widths`` are shares of the
    width."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    total: tuple[Cell, ...] = ()
    marked: frozenset[int] = frozenset()
    """Rows to draw the eye to."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, with a few words in bold before it."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Fan:
    """Where the curve leads: after each of ``days`` the low, middle and high count."""

    days: tuple[date, ...]
    lows: tuple[int, ...]
    middles: tuple[int, ...]
    highs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A count that grows towards a goal. ``ticks`` of both axes bear their wording;
    ``labels`` are what the count, the middle of the fan, its interval and the goal are called."""

    days: tuple[date, ...]
    counts: tuple[int, ...]
    goal: int
    deadline: date
    fan: Fan | None
    day_ticks: tuple[tuple[date, str], ...]
    count_ticks: tuple[tuple[int, str], ...]
    labels: tuple[str, str, str, str]


Block = Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of an official letter: who writes on the left, the state's name and motto on the
    right (empty in other languages), then number, place and date."""

    above: str
    office: str
    state: str
    motto: str
    number: str
    place_and_date: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, from the left to the right: the post, a note below it, the name."""

    post: str
    note: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A report or a receipt, worded; how it looks is the writer's affair."""

    lang: Language
    title: str
    subtitle: str
    letterhead: Letterhead
    blocks: tuple[Block, ...]
    signatures: tuple[Signature, ...] = ()
    recipients: tuple[str, ...] = ()
    """Who gets copies, the first line being their heading."""
    made: str = field(default="")
    """What made it and from what: one small line at the foot."""


class Writer(Protocol):
    def __call__(self, document: Document) -> bytes: ...


def plain_rows(table: Table) -> Sequence[tuple[str, ...]]:
    """The table as text: headings, rows, total."""
    rows = [table.headings, *(tuple(cell.text for cell in row) for row in table.rows)]
    return [*rows, tuple(cell.text for cell in table.total)] if table.total else rows

"""What a reviewer is handed and what comes back: values only, no doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scanform.model.record import Doubt
from scanform.review.decide import Item, Warned

Work = Literal["review", "key", "settle", "sample"]
"""``review``: the queue of doubts (seeded checks come with it, unmarked). ``key``: type what the
crop says, blind. ``settle``: two people typed differently, a third says which. ``sample``: an
accepted answer, typed blind to measure the error of what is accepted."""

Order = Literal["by_field", "by_form"]
"""``by_field``: one kind of field in a row (all given names, all dates), those first that the
count depends on. ``by_form``: form by form, those first that lack least to be complete."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which part of the queue: None and empty mean all. ``kind`` is a field kind (``date``)."""

    template: str | None = None
    field: str | None = None
    kind: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A value that one key offers: what was read (``read``), the one entry of a list that is like
    what was read where that is in none (``match``), another reading (``alternative``), an option of
    a choice (``option``), or what somebody typed (``typed``). ``value`` None is blank. ``score`` is
    the reader's, 0..1, None where there is none."""

    value: str | None
    source: Literal["read", "match", "alternative", "option", "typed"]
    score: float | None = None
    outcome: Literal["value", "blank", "unreadable"] = "value"


@dataclass(frozen=True, slots=True)
class Claim:
    """One answer in one person's hands until ``until``.

    ``token`` names the claim in every call. ``blind``: nothing that was read or typed may be
    shown (``item.answer`` has been emptied, so that a page can't show it by mistake). ``options``
    are offered with the keys 1 to 9, the first with Enter as well, unless ``blind``.
    ``note``: what others noted about this answer.
    """

    token: str
    work: Work
    item: Item
    by: str
    at: datetime
    until: datetime
    blind: bool = False
    options: tuple[Option, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision. ``warnings``: rules that the value breaks, told and not
    enforced. ``reopened``: other answers of the record that wait now because of it; ``cleared``:
    answers whose doubt is gone. ``seq`` is the row of the log (None: not a row of the log)."""

    value: str | None
    warnings: tuple[Warned, ...] = ()
    reopened: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """One of a person's own last decisions, newest first in a list. ``number`` is what ``undo``
    takes; ``undoable`` is false where somebody has decided later on the same answer."""

    number: str
    record: str
    field: str
    label: str
    action: str
    value: str | None
    at: datetime
    undoable: bool
    lot: str = ""


@dataclass(frozen=True, slots=True)
class ToPull:
    """A form to pull from the box: where it was scanned, and which answers need the paper."""

    record: str
    template: str
    scan_path: str
    scan_page: int
    fields: tuple[str, ...]
    why: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waits:
    """How much waits for whom. ``by_field`` maps (template, field) to answers in the queue."""

    review: int
    by_field: tuple[tuple[str, str, int], ...]
    key: int
    settle: int
    sample: int
    paper: int
    claimed: int

"""What a form says: answers, the record they make, and people's decisions on top."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import datetime
from operator import attrgetter
from typing import Literal

from scanform.model.reading import Reading
from scanform.model.scan import Quality

State = Literal["accepted", "pending", "corrected", "blank", "unreadable"]
Action = Literal[
    "accept",
    "correct",
    "blank",
    "unreadable",
    "undo",  # an earlier decision about the answer counts no more
    "recheck",  # not a person: what the rules make of it now that another answer changed
    "key",  # typed blind; counts only once another row says what it came to
    "paper",  # the paper is needed
    "note",
]
DECIDES: frozenset[Action] = frozenset({"accept", "correct", "blank", "unreadable"})
"""What ends the waiting of an answer by a person's word."""
SILENT: frozenset[Action] = frozenset({"key", "paper", "note"})
"""What is logged and changes no answer."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason for a person to look. ``code`` is a key of ``model.phrases.DOUBTS``; ``detail``
    is what the wording speaks of (a field id, a number)."""

    code: str
    detail: str = ""


_STATE = attrgetter("state")  # asked of every answer of every record that is exported

TO_KEY = Doubt("to_key")
"""The doubt of an answer that people were ordered to key: only keying ends it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A field's value and how sure it is.

    ``value`` is None for blank and unreadable. ``confidence`` is the chance, 0..1, that the whole
    value is right. ``state`` is ``pending`` until the machine is sure or a person has decided.
    """

    field: str
    value: str | None
    confidence: float
    state: State
    doubts: tuple[Doubt, ...] = ()
    reading: Reading | None = None

    def doubted(self, doubt: Doubt, confidence: float | None = None) -> Answer:
        """The answer with one more doubt: pending, and no surer than ``confidence``."""
        if doubt in self.doubts or self.state in ("corrected", "unreadable"):
            return self
        sure = self.confidence if confidence is None else min(self.confidence, confidence)
        return replace(self, doubts=(*self.doubts, doubt), state="pending", confidence=sure)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an answer stands after a recheck, its value apart."""

    state: State
    confidence: float
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one answer; appended, never changed.

    ``seq`` is its row of the log, 0 while it has none; ``undoes`` the row that an ``undo`` takes
    back. ``crop`` says which ink was seen: the stored image's SHA-256 and the box in
    millimetres; ``template`` and ``readers`` by what it was read. ``how`` it came about: from the
    queue, a group, a form, second keying, a sample; a ``lot`` joins decisions of one keystroke.
    ``seconds`` is the time that it was in hand. ``reading`` is there when it was read anew (a
    ``recheck`` by another model): the raw reading that stands from here on.
    """

    record: str
    field: str
    action: Action
    value: str | None
    by: str
    at: datetime
    standing: Standing | None = None
    undoes: int | None = None
    crop: str = ""
    template: str = ""
    readers: str = ""
    how: str = ""
    lot: str = ""
    note: str = ""
    seconds: float | None = None
    reading: Reading | None = None
    seq: int = dataclass_field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SheetRef:
    """A page of the form: which page of which scan, and the stored image of it."""

    page: int
    scan_page: int
    image: str
    """SHA-256 of the stored image in template space."""
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One respondent's form. ``scan_page`` is where its first page stands in the scan."""

    id: str
    template: str
    revision: int
    scan_path: str
    scan_sha256: str
    scan_page: int
    answers: tuple[Answer, ...]
    sheets: tuple[SheetRef, ...] = ()
    created_at: datetime | None = None
    version: int = 0
    """How many decisions it stands after: the first ``version`` ones of its log."""

    @property
    def status(self) -> Literal["complete", "pending"]:
        return "pending" if "pending" in map(_STATE, self.answers) else "complete"

    def answer(self, field_id: str) -> Answer:
        """The answer of that field; raises ``KeyError`` when the record has none."""
        for answer in self.answers:
            if answer.field == field_id:
                return answer
        raise KeyError(field_id)

    def decided(self, decision: Decision) -> Record:
        """The record after a person's decision. The reading stays as it was."""
        answers = tuple(
            _decide(answer, decision) if answer.field == decision.field else answer
            for answer in self.answers
        )
        return replace(self, answers=answers, version=self.version + 1)


def _decide(answer: Answer, decision: Decision) -> Answer:
    match decision.action:
        case "accept":
            state: State = "blank" if answer.value is None else "accepted"
            return replace(answer, state=state, confidence=1.0)
        case "correct":
            return replace(answer, value=decision.value, state="corrected", confidence=1.0)
        case "blank":
            return replace(answer, value=None, state="blank", confidence=1.0)
        case "unreadable":
            return replace(answer, value=None, state="unreadable", confidence=1.0)
        case "recheck":
            return _rechecked(answer, decision)
        case _:  # an undo is the fold's affair; the rest changes no answer
            return answer


def _rechecked(answer: Answer, decision: Decision) -> Answer:
    now = decision.standing
    if now is None:
        return answer
    return replace(
        answer,
        value=decision.value,
        state=now.state,
        confidence=now.confidence,
        doubts=now.doubts,
        reading=decision.reading or answer.reading,
    )


def fold(record: Record, decisions: Iterable[Decision]) -> Record:
    """The record as it stands after ``decisions``, oldest first. What one of them takes back is
    as if it had never been said."""
    log = list(decisions)
    undone = {decision.undoes for decision in log if decision.action == "undo"}
    for decision in log:
        counts = not decision.seq or decision.seq not in undone
        record = record.decided(decision if counts else replace(decision, action="note"))
    return record


def record_id(scan_sha256: str, scan_page: int, template_ref: str) -> str:
    """A record's id: the same page read by the same template revision is the same record."""
    text = f"{scan_sha256}/{scan_page}/{template_ref}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]

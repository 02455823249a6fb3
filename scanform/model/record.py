"""What a form says: answers, the record they make, and people's decisions on top."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from scanform.model.reading import Reading
from scanform.model.scan import Quality

State = Literal["accepted", "pending", "corrected", "blank", "unreadable"]
Action = Literal["accept", "correct", "blank", "unreadable"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason for a person to look. ``code`` is a key of ``model.phrases.DOUBTS``; ``detail``
    is what the wording speaks of (a field id, a number)."""

    code: str
    detail: str = ""


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
class Decision:
    """What a person decided about one answer; appended, never changed."""

    record: str
    field: str
    action: Action
    value: str | None
    by: str
    at: datetime


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

    @property
    def status(self) -> Literal["complete", "pending"]:
        waiting = any(answer.state == "pending" for answer in self.answers)
        return "pending" if waiting else "complete"

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
        return replace(self, answers=answers)


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


def fold(record: Record, decisions: Iterable[Decision]) -> Record:
    """The record as it stands after ``decisions``, oldest first."""
    for decision in decisions:
        record = record.decided(decision)
    return record


def record_id(scan_sha256: str, scan_page: int, template_ref: str) -> str:
    """A record's id: the same page read by the same template revision is the same record."""
    text = f"{scan_sha256}/{scan_page}/{template_ref}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]

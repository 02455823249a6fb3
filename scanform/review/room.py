"""What the parts of the desk share: the use-case, the store, the clock, the lease."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scanform.errors import Overtaken
from scanform.model.geometry import Box
from scanform.model.record import Answer, Record
from scanform.model.template import Field, Template
from scanform.review import wording
from scanform.review.claims import Filter, Outcome
from scanform.review.decide import MARGIN_MM, Item, Review, Warned, Written
from scanform.review.people import Person
from scanform.store.desk_interface import ClaimRow, DeskStore, Wish

LEASE = timedelta(minutes=10)
"""How long an answer stays in hand without a sign of life: a cup of tea, not a night."""

ROW_MM = 14.0
"""Of the page above and below a field, in the view of its row."""


@dataclass(frozen=True, slots=True)
class Room:
    review: Review
    store: DeskStore
    lease: timedelta = LEASE
    token: Callable[[], str] = lambda: secrets.token_urlsafe(16)

    @property
    def now(self) -> datetime:
        return self.review.clock()

    def wish(self, who: Person, work: str, token: str = "") -> Wish:
        now = self.now
        return Wish(who.name, work, token or self.token(), now, now + self.lease)

    def row(self, who: Person, token: str) -> ClaimRow:
        """The person's claim; raises ``Overtaken`` when it is gone or another's."""
        rows = self.store.claims(token)
        if not rows or rows[0].by != who.name:
            raise Overtaken(wording.NOT_IN_HAND)
        return rows[0]

    def of_template(self, template: str, field: str, revision: int) -> Field | None:
        try:
            return self.review.template(template, revision).field(field)
        except KeyError:
            return None


def fits(only: Filter, template: str, field: str, kind: str | None) -> bool:
    """Whether a field of a template is what the filter asks for."""
    return (
        only.template in (None, template)
        and only.field in (None, field)
        and (only.kind is None or only.kind == kind)
    )


def outcome(written: Written, value: str | None, warnings: tuple[Warned, ...] = ()) -> Outcome:
    """What a person is told of what was written."""
    waits = [
        (row.field, row.standing is not None and row.standing.state == "pending")
        for row in written.follows
        if row.field != written.decision.field
    ]
    return Outcome(
        value,
        warnings,
        tuple(field for field, pending in waits if pending),
        tuple(field for field, pending in waits if not pending),
        written.decision.seq,
    )


def emptied(item: Item) -> Item:
    """The item without anything that was read or said about its answer."""

    def empty(answer: Answer) -> Answer:
        return replace(answer, value=None, confidence=0.0, doubts=(), reading=None)

    answers = tuple(
        empty(answer) if answer.field == item.field.id else answer for answer in item.record.answers
    )
    record = replace(item.record, answers=answers)
    return replace(item, record=record, answer=empty(item.answer), log=())


def box_of_view(template: Template, field: Field, view: str) -> Box:
    """What a picture shows, in millimetres on the page."""
    width, height = template.page_mm
    if view == "page":
        return Box(0, 0, width, height)
    if view == "row":
        top = max(0.0, field.box.y - ROW_MM)
        return Box(0, top, width, min(height, field.box.bottom + ROW_MM) - top)
    return field.box.grown(MARGIN_MM)


def picture(room: Room, record: Record, field: Field, view: str) -> bytes:
    """PNG of the field in that view; raises ``StoreError`` when the record has no such sheet."""
    template = room.review.template(record.template, record.revision)
    return room.review.picture(record, field, box_of_view(template, field, view))

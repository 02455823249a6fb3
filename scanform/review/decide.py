"""Review: what the machine doubts, a person decides. Every decision is one appended row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from scanform.errors import NoSuchField, StoreError, UsageError
from scanform.fields.interface import FieldKind, InvalidValue
from scanform.model.geometry import Box
from scanform.model.reading import Reading
from scanform.model.record import Action, Answer, Decision, Doubt, Record
from scanform.model.template import Field, Template
from scanform.store.interface import Store, Waiting

MARGIN_MM = 4.0
"""What is shown around a region: enough to see the printed label and the strokes that leave it."""


@dataclass(frozen=True, slots=True)
class Warned:
    """A doubt that a decision leaves: the field that it is about, and why."""

    field: str
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Item:
    """One answer to look at, with everything that is known about it."""

    record: Record
    field: Field
    answer: Answer


@dataclass(frozen=True, slots=True)
class Review:
    """The use-case, handed all that it works with.

    ``template`` finds a template by id and revision; ``check`` applies its rules to answers;
    ``image`` gives the bytes of a stored sheet by its SHA-256; ``cut`` makes a PNG of a box (in
    millimetres) of such an image.
    """

    store: Store
    kinds: Mapping[str, FieldKind]
    template: Callable[[str, int], Template]
    check: Callable[[Template, Sequence[Answer]], tuple[Answer, ...]]
    image: Callable[[str], bytes]
    cut: Callable[[bytes, Box], bytes]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def queue(self, template: str | None = None, limit: int | None = None) -> Iterator[Waiting]:
        """Answers that wait, grouped by field; at most ``limit``."""
        return islice(self.store.waiting(template), limit)

    def item(self, record_id: str, field_id: str) -> Item:
        """Raises ``NoSuchRecord``, ``NoSuchField``, and what ``template`` raises."""
        record = self.store.record(record_id)
        template = self.template(record.template, record.revision)
        try:
            return Item(record, template.field(field_id), record.answer(field_id))
        except KeyError:
            raise NoSuchField(f"Record {record_id} has no field {field_id!r}.") from None

    def snippet(self, item: Item) -> bytes:
        """PNG of the answer's region on the stored sheet; raises ``StoreError`` when the record
        has no such sheet."""
        for sheet in item.record.sheets:
            if sheet.page == item.field.page:
                return self.cut(self.image(sheet.image), item.field.box.grown(MARGIN_MM))
        raise StoreError(
            f"Record {item.record.id} has no page {item.field.page}, where {item.field.id} stands."
        )

    def correct(self, item: Item, text: str, by: str) -> tuple[str, tuple[Warned, ...]]:
        """Takes what a person typed. Returns the value kept and the rules that it breaks: they
        are told, not enforced, for the form may say so. Raises ``UsageError`` with what would do
        when the text can't be an answer at all."""
        kind = self.kinds[item.field.kind]
        try:
            value = kind.typed(item.field, text)
        except InvalidValue as error:
            raise UsageError(f"{item.field.id}: {error}") from error
        warnings = self._warnings(item, kind, value)
        self._decide(item, "correct", value, by)
        return value, warnings

    def accept(self, item: Item, by: str) -> None:
        """The value that was read is right; raises ``UsageError`` where nothing could be read."""
        if item.answer.state == "pending" and _nothing_read(item.answer):
            raise UsageError(
                f"{item.field.id} could not be read, so there is nothing to accept.",
                "Type the value, or say that it is blank or unreadable.",
            )
        self._decide(item, "accept", None, by)

    def blank(self, item: Item, by: str) -> None:
        self._decide(item, "blank", None, by)

    def unreadable(self, item: Item, by: str) -> None:
        self._decide(item, "unreadable", None, by)

    def _decide(self, item: Item, action: Action, value: str | None, by: str) -> None:
        decision = Decision(item.record.id, item.field.id, action, value, by, self.clock())
        self.store.decide(decision)

    def _warnings(self, item: Item, kind: FieldKind, value: str) -> tuple[Warned, ...]:
        template = self.template(item.record.template, item.record.revision)
        before = [_unjudged(answer) for answer in item.record.answers]
        after = [
            replace(answer, value=value, state="accepted")
            if answer.field == item.field.id
            else answer
            for answer in before
        ]
        known = _doubts(self.check(template, before))
        found = _kind_doubts(item, kind, value)
        found += [
            each
            for each in _doubts(self.check(template, after))
            if each.field == item.field.id or each not in known
        ]
        return tuple(dict.fromkeys(found))


def _nothing_read(answer: Answer) -> bool:
    return answer.value is None and any(doubt.code == "unreadable" for doubt in answer.doubts)


def _unjudged(answer: Answer) -> Answer:
    """The answer as if nobody had doubted or decided it, so that the rules judge it anew."""
    state = answer.state if answer.value is None else "accepted"
    return replace(answer, doubts=(), state=state, confidence=1.0)


def _doubts(answers: Sequence[Answer]) -> list[Warned]:
    return [Warned(answer.field, doubt) for answer in answers for doubt in answer.doubts]


def _kind_doubts(item: Item, kind: FieldKind, value: str) -> list[Warned]:
    """What the kind itself would doubt about the value, had a reader read it for certain."""
    if kind.reader in ("marks", "presence"):
        return []
    others = {answer.field: answer for answer in item.record.answers}
    within = {name: others[name] for name in item.field.within if name in others}
    answer = kind.answer(item.field, Reading("read", value, 1.0, "typed"), within)
    if answer.value != value:
        return []
    doubts = (doubt for doubt in answer.doubts if doubt.code != "low_confidence")
    return [Warned(item.field.id, doubt) for doubt in doubts]

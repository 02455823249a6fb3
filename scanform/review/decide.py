"""Deciding about one answer: the value, its warnings, and what follows for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import UTC, datetime
from itertools import islice

from scanform.errors import NoSuchField, Overtaken, StoreError, UsageError
from scanform.fields.interface import FieldKind, InvalidValue
from scanform.fields.policy import Bounds
from scanform.model.geometry import Box
from scanform.model.reading import Reading
from scanform.model.record import SILENT, Action, Answer, Decision, Doubt, Record, fold
from scanform.model.template import Field, Template
from scanform.review import wording
from scanform.review.kept import Kept, Standing
from scanform.review.recheck import Change, Check, rechecked, ruled, unjudged
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
    """One answer to look at, with everything that is known about it. ``version`` is the last row
    of the log that changed it (0: none)."""

    record: Record
    field: Field
    answer: Answer
    version: int = 0
    log: tuple[Decision, ...] = dataclass_field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says about an answer, before it is a row of the log."""

    action: Action
    value: str | None = None
    how: str = ""
    lot: str = ""
    note: str = ""
    seconds: float | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The row of the log, and the rows that followed from it."""

    decision: Decision
    follows: tuple[Decision, ...] = ()


Write = Callable[[Sequence[Decision], Mapping[str, int]], list[Decision]]
"""Appends decisions to records that are still at the versions given; raises ``Overtaken``."""

TRIES = 8
"""How often a decision is worked out anew because the record changed at that very moment."""


@dataclass(frozen=True, slots=True)
class Review:
    """The use-case, handed all that it works with.

    ``template`` finds a template by id and revision; ``check`` applies its rules to answers;
    ``image`` gives the bytes of a stored sheet by its SHA-256; ``cut`` makes a PNG of a box (in
    millimetres) of such an image; ``bounds`` tells what is accepted without a look at present.
    """

    store: Store
    kinds: Mapping[str, FieldKind]
    template: Callable[[str, int], Template]
    check: Check
    image: Callable[[str], bytes]
    cut: Callable[[bytes, Box], bytes]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    bounds: Callable[[], Bounds] = Bounds
    promised: Callable[[], Bounds] = Bounds
    """What the user allows; ``bounds`` may be tighter, after a sample has shown that it must."""
    kept: Kept = dataclass_field(default_factory=Kept)

    def queue(self, template: str | None = None, limit: int | None = None) -> Iterator[Waiting]:
        """Answers that wait, grouped by field; at most ``limit``."""
        return islice(self.store.waiting(template), limit)

    def item(self, record_id: str, field_id: str) -> Item:
        """Raises ``NoSuchRecord``, ``NoSuchField``, and what ``template`` raises."""
        record, log = self._standing(record_id)
        template = self.template(record.template, record.revision)
        try:
            answer = record.answer(field_id)
            version = last_row(log, field_id)
            return Item(record, template.field(field_id), answer, version, log)
        except KeyError:
            raise NoSuchField(
                NoSuchField.named.of(record=record_id, field=repr(field_id))
            ) from None

    def snippet(self, item: Item) -> bytes:
        """PNG of the answer's region on the stored sheet; raises ``StoreError`` when the record
        has no such sheet."""
        return self.picture(item.record, item.field, item.field.box.grown(MARGIN_MM))

    def picture(self, record: Record, field: Field, box: Box) -> bytes:
        """PNG of ``box`` of the page that the field stands on."""
        return self.cut(self.page(record, field.page), box)

    def page(self, record: Record, page: int) -> bytes:
        """The stored image of a page, as it was encoded; raises ``StoreError`` without one."""
        for sheet in record.sheets:
            if sheet.page == page:
                return self.image(sheet.image)
        raise StoreError(wording.NO_PAGE.of(record=record.id, page=str(page)))

    def correct(self, item: Item, text: str, by: str) -> tuple[str, tuple[Warned, ...]]:
        """Takes what a person typed. Returns the value kept and the rules that it breaks: they
        are told, not enforced, for the form may say so. Raises ``UsageError`` with what would do
        when the text can't be an answer at all."""
        value, warnings = self.typed(item, text)
        self.decide(item, Said("correct", value), by)
        return value, warnings

    def typed(self, item: Item, text: str) -> tuple[str, tuple[Warned, ...]]:
        """The value that ``correct`` would keep, and its warnings; writes nothing."""
        kind = self.kinds[item.field.handled_by]
        try:
            value = kind.typed(item.field, text)
        except InvalidValue as error:
            raise UsageError(
                wording.NOT_AN_ANSWER.of(field=item.field.id, why=error.words)
            ) from error
        return value, self._warnings(item, kind, value)

    def accept(self, item: Item, by: str) -> None:
        """The value that was read is right; raises ``UsageError`` where nothing could be read."""
        self.decide(item, self.accepting(item), by)

    def accepting(self, item: Item) -> Said:
        """That the value is right, unless there is none: then raises ``UsageError``."""
        if item.answer.state == "pending" and nothing_read(item.answer):
            raise UsageError(wording.NOTHING_READ.of(field=item.field.id), wording.TYPE_OR_SAY)
        return Said("accept")

    def blank(self, item: Item, by: str) -> None:
        self.decide(item, Said("blank"), by)

    def unreadable(self, item: Item, by: str) -> None:
        self.decide(item, Said("unreadable"), by)

    def decide(
        self,
        item: Item,
        said: Said,
        by: str,
        version: int | None = None,
        write: Write | None = None,
    ) -> Written:
        """Appends the decision and what follows from it, all or nothing.

        Raises ``Overtaken`` when ``version`` is given and no longer the answer's last row, and
        what ``write`` raises (the store's ``decide_all`` unless given).
        """
        record, log = item.record, item.log
        for left in reversed(range(TRIES)):
            if record.version != len(log) or left < TRIES - 1:
                record, log = self._standing(item.record.id)
            if version is not None and last_row(log, item.field.id) != version:
                raise Overtaken(wording.DECIDED_MEANWHILE.of(field=item.field.id))
            decision = self._decision(record, item.field, said, by)
            follows = self._follows(record, log, decision)
            try:
                versions = {record.id: record.version}
                rows = (write or self.store.decide_all)([decision, *follows], versions)
            except Overtaken:
                if not left or self.store.record(record.id).version == record.version:
                    raise  # it isn't that the record moved on
                continue
            return Written(rows[0], tuple(rows[1:]))
        raise AssertionError("not reached")

    def _standing(self, record_id: str) -> Standing:
        return self.kept.standing(self.store, record_id)

    def _decision(self, record: Record, field: Field, said: Said, by: str) -> Decision:
        answer = record.answer(field.id)
        return Decision(
            record.id,
            field.id,
            said.action,
            said.value,
            by,
            self.clock(),
            undoes=said.undoes,
            crop=crop_name(record, field),
            template=f"{record.template}@{record.revision}",
            readers=answer.reading.reader if answer.reading else "",
            how=said.how,
            lot=said.lot,
            note=said.note,
            seconds=None if said.seconds is None else round(said.seconds, 3),
        )

    def _follows(
        self, record: Record, log: Sequence[Decision], decision: Decision
    ) -> list[Decision]:
        now = record.decided(decision).answer(decision.field).value
        if decision.action != "undo" and now == record.answer(decision.field).value:
            return []  # nothing that a rule or another field could see has changed
        template = self.template(record.template, record.revision)
        as_read = self.store.record_at(record.id, 0)
        after = fold(as_read, [*log, decision])
        # A model that learnt may have read it anew: that is what a rule's change starts from.
        as_read = fold(as_read, [each for each in log if each.reading is not None])
        change = Change(
            template,
            decision.field,
            as_read,
            record,
            after,
            [*log, decision],
            self.bounds()[record.template],
        )
        return rechecked(change, self.kinds, self.check)

    def _warnings(self, item: Item, kind: FieldKind, value: str) -> tuple[Warned, ...]:
        template = self.template(item.record.template, item.record.revision)
        known = _warned(ruled(self.check, template, item.record))
        answers = tuple(
            replace(answer, value=value, state="accepted")
            if answer.field == item.field.id
            else unjudged(answer)
            for answer in item.record.answers
        )
        found = _kind_doubts(item, kind, value)
        found += [
            each
            for each in _warned(ruled(self.check, template, replace(item.record, answers=answers)))
            if each.field == item.field.id or each not in known
        ]
        return tuple(dict.fromkeys(found))


def last_row(log: Sequence[Decision], field: str) -> int:
    """The last row of the log that changed the answer, 0 for none."""
    rows = [each.seq for each in log if each.field == field and each.action not in SILENT]
    return rows[-1] if rows else 0


def crop_name(record: Record, field: Field) -> str:
    """Names the ink that is seen: the SHA-256 of the stored page and the box on it, in
    millimetres. Whoever has the image can cut it again, byte for byte the same ink."""
    for sheet in record.sheets:
        if sheet.page == field.page:
            box = field.box
            return f"{sheet.image}#mm={box.x:g},{box.y:g},{box.w:g},{box.h:g}"
    return ""


def nothing_read(answer: Answer) -> bool:
    return answer.value is None and any(doubt.code in _NOT_READ for doubt in answer.doubts)


_NOT_READ = ("unreadable", "to_key", "not_read")


def _warned(doubts: Mapping[str, Sequence[Doubt]]) -> list[Warned]:
    return [Warned(field, doubt) for field, found in doubts.items() for doubt in found]


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

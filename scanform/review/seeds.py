"""Seeded checks: crops of known truth, unmarked in the queue, that never reach an export."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scanform.errors import UsageError
from scanform.model.interval import clopper_pearson
from scanform.model.record import Record
from scanform.model.template import Field
from scanform.review import wording
from scanform.review.claims import Filter
from scanform.review.decide import Said
from scanform.review.options import kept_of
from scanform.review.people import Person
from scanform.review.room import Room, fits
from scanform.store.desk_interface import ClaimRow, Kept, SeedAnswer, SeedRow

NOTHING = Filter()
MOST = 0.2
SKIPPED = "skip"
PASSED_ON = ("unreadable", "paper", SKIPPED)
"""What is no error, and no answer either."""

Truth = Mapping[str, str | None]
"""What stands in each field of a rehearsed form; None for blank."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How one person did on seeded checks of one kind, with the 95 % interval of the error.
    ``left``: he called them unreadable, asked for the paper or skipped them, which is no error;
    they are not among ``shown``."""

    person: str
    kind: str
    shown: int
    wrong: int
    left: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Seeds:
    """Needs ``seeds``. In the queue a seeded check looks like any other claim; what is said about
    it is kept apart from the log, and no record changes by it."""

    room: Room

    def from_confirmed(self, who: Person, count: int, only: Filter = NOTHING, seed: int = 0) -> int:
        """Lays out up to ``count`` answers that two people have confirmed, as the machine had
        read them. Gives the number laid out."""
        who.need("seeds")
        found = [
            row
            for row in self.room.store.confirmed(only.template)
            if only.record in (None, row[0]) and self._fits(only, row[0], row[1])
        ]
        random.Random(seed).shuffle(found)  # noqa: S311 - a draw, no secret
        laid = 0
        for record_id, field, template, _, value in found:
            if laid == count:
                break
            raw = self.room.review.store.record_at(record_id, 0).answer(field)
            if raw.state != "pending":
                continue  # nobody would have been asked
            kept = kept_of(self.room.review.store.record(record_id).answer(field))
            row = SeedRow(0, record_id, field, template, kept, value)
            laid += self.room.store.add_seed(row, who.name, self.room.now)
        return laid

    def from_rehearsed(
        self,
        who: Person,
        forms: Sequence[tuple[Record, Truth]],
        count: int | None,
        keep: Callable[[Record], None],
        only: Filter = NOTHING,
        seed: int = 0,
    ) -> int:
        """Lays out answers of rehearsed forms that the machine doubts, as it read them; up to
        ``count``, or all. ``keep`` stores the pages of a form, once. The forms are kept apart from
        all records. Gives the number laid out."""
        who.need("seeds")
        found = [
            (record, field, truth[field.id])
            for record, truth in forms
            for field in self.room.review.template(record.template, record.revision).fields
            if fits(only, record.template, field.id, field.kind)
            and field.id in truth
            and record.answer(field.id).state == "pending"
        ]
        random.Random(seed).shuffle(found)  # noqa: S311 - a draw, no secret
        laid = 0
        numbers: dict[str, int] = {}
        for record, field, value in found:
            if laid == count:
                break
            kept: Kept = "blank" if value is None else "value"
            if record.id not in numbers:
                keep(record)
                numbers[record.id] = self.room.store.add_rehearsed(record)
            number = numbers[record.id]
            row = SeedRow(0, record.id, field.id, record.template, kept, value, rehearsed=number)
            laid += self.room.store.add_seed(row, who.name, self.room.now)
        return laid

    def count(self, who: Person) -> tuple[int, int]:
        """How many are laid out: of confirmed answers, and of rehearsed forms."""
        who.need("seeds")
        return self.room.store.count_seeds()

    def _fits(self, only: Filter, record_id: str, field: str) -> bool:
        item = self.room.review.item(record_id, field)
        return fits(only, item.record.template, field, item.field.kind)

    def share(self, who: Person) -> float:
        """The share of seeded checks among what the queue gives, 0..1; 0 at first."""
        who.need("seeds")
        return float(self.room.store.setting("seed_share") or 0.0)

    def set_share(self, who: Person, share: float) -> None:
        """Raises ``UsageError`` outside 0..0.2."""
        who.need("seeds")
        if not 0 <= share <= MOST:
            raise UsageError(wording.SEED_SHARE.of(most=str(MOST)))
        self.room.store.set_setting("seed_share", share)

    def measured(self, who: Person) -> list[Measure]:
        """By person and kind. An answer taken back and given anew counts as given last."""
        who.need("seeds")
        shown: Counter[tuple[str, str]] = Counter()
        wrong: Counter[tuple[str, str]] = Counter()
        left: Counter[tuple[str, str]] = Counter()
        for answer in self.room.store.seed_answers():
            if answer.undone:
                continue
            field = self.room.of_template(answer.template, answer.field, answer.revision)
            key = answer.by, field.kind if field else "?"
            judged = answer.right or answer.action not in PASSED_ON
            left[key] += not judged
            shown[key] += judged
            wrong[key] += judged and not answer.right
        return [
            Measure(
                person,
                kind,
                n,
                wrong[person, kind],
                left[person, kind],
                *clopper_pearson(wrong[person, kind], n),
            )
            for (person, kind), n in sorted(shown.items())
        ]


def answer_seed(
    room: Room, row: ClaimRow, field: Field, said: Said, value: str | None, seconds: float | None
) -> None:
    """Notes what somebody said about a seeded check, and ends the claim."""
    if row.seed is None:
        raise ValueError("the claim is of no seeded check")
    seed = room.store.seed(row.seed)
    kept = said.action if said.action in ("blank", "unreadable") else "value"
    if said.action == "accept" and value is None:
        kept = "blank"
    right = _plain(field, kept, value) == _plain(field, seed.outcome, seed.truth)
    answer = SeedAnswer(
        0,
        seed.number,
        row.by,
        room.now,
        said.action,
        value,
        right and said.action != "paper",
        seconds,
        seed.record,
        seed.field,
        seed.template,
    )
    room.store.answer_seed(answer, row.token)


def skip_seed(room: Room, row: ClaimRow) -> None:
    """Notes that somebody passed a seeded check on, and ends the claim: he doesn't get it again."""
    if row.seed is None:
        raise ValueError("the claim is of no seeded check")
    seed = room.store.seed(row.seed)
    place = seed.record, seed.field, seed.template
    answer = SeedAnswer(0, seed.number, row.by, room.now, SKIPPED, None, False, None, *place)
    room.store.answer_seed(answer, row.token)


def _plain(field: Field, kept: str, value: str | None) -> tuple[str, str | None]:
    """Nothing where a signature belongs is called blank by some and absent by others."""
    absent = field.kind == "presence" and value == "absent"
    return ("blank", None) if absent else (kept, value)

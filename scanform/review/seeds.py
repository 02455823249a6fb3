"""Seeded checks: crops of known truth, unmarked in the queue, that never reach an export."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

from scanform.errors import UsageError
from scanform.model.interval import clopper_pearson
from scanform.review.claims import Filter
from scanform.review.decide import Said
from scanform.review.options import kept_of
from scanform.review.people import Person
from scanform.review.room import Room, fits
from scanform.store.desk_interface import ClaimRow, SeedAnswer, SeedRow

NOTHING = Filter()
MOST = 0.2


@dataclass(frozen=True, slots=True)
class Measure:
    """How one person did on seeded checks of one kind, with the 95 % interval of the error."""

    person: str
    kind: str
    shown: int
    wrong: int
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
            raise UsageError(f"The share must lie between 0 and {MOST}.")
        self.room.store.set_setting("seed_share", share)

    def measured(self, who: Person) -> list[Measure]:
        """By person and kind. An answer taken back and given anew counts as given last."""
        who.need("seeds")
        shown: Counter[tuple[str, str]] = Counter()
        wrong: Counter[tuple[str, str]] = Counter()
        for answer in self.room.store.seed_answers():
            if answer.undone:
                continue
            item = self.room.review.item(answer.record, answer.field)
            key = answer.by, item.field.kind
            shown[key] += 1
            wrong[key] += not answer.right
        return [
            Measure(person, kind, n, wrong[person, kind], *clopper_pearson(wrong[person, kind], n))
            for (person, kind), n in sorted(shown.items())
        ]


def answer_seed(
    room: Room, row: ClaimRow, said: Said, value: str | None, seconds: float | None
) -> None:
    """Notes what somebody said about a seeded check, and ends the claim."""
    if row.seed is None:
        raise ValueError("the claim is of no seeded check")
    seed = room.store.seed(row.seed)
    kept = said.action if said.action in ("blank", "unreadable") else "value"
    if said.action == "accept" and value is None:
        kept = "blank"
    right = (kept, value) == (seed.outcome, seed.truth)
    answer = SeedAnswer(
        0,
        seed.number,
        row.by,
        room.now,
        said.action,
        value,
        right,
        seconds,
        seed.record,
        seed.field,
        seed.template,
    )
    room.store.answer_seed(answer, row.token)

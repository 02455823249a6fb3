"""Taking back one's own decisions."""

from __future__ import annotations

from scanform.errors import Overtaken, UsageError
from scanform.review import wording
from scanform.review.claims import Mine
from scanform.review.decide import Said
from scanform.review.people import Person
from scanform.review.room import Room
from scanform.review.seeds import SKIPPED
from scanform.store.desk_interface import SeedAnswer
from scanform.store.interface import LogRow

FAR_BACK = 100_000
"""Decisions that are looked through for one that a person names."""


def recent(room: Room, who: Person, limit: int) -> list[Mine]:
    """See ``Queue.recent``. Seeded checks stand among the others, unmarked."""
    rows = [_of_log(room, row, last) for row, last in room.store.last_log(who.name, limit)]
    checks = room.store.seed_answers(who.name)
    seeds = [each for each in checks if not each.undone and each.action != SKIPPED]
    found = [*rows, *(_of_seed(room, each) for each in seeds)]
    return sorted(found, key=lambda mine: mine.at, reverse=True)[:limit]


def undo(room: Room, who: Person, number: str | None) -> Mine:
    """See ``Queue.undo``."""
    mine = recent(room, who, 1 if number is None else FAR_BACK)
    if number is not None and number.startswith("lot:"):
        return _lot(room, who, [each for each in mine if each.lot == number[4:]])
    wanted = mine if number is None else [each for each in mine if each.number == number]
    if not wanted:
        raise UsageError(wording.NONE_OF_YOURS)
    return _one(room, who, wanted[0])


def _lot(room: Room, who: Person, mine: list[Mine]) -> Mine:
    """All of a lot that nobody has decided since."""
    done = [_one(room, who, each) for each in mine if each.undoable]
    if not done:
        raise UsageError(wording.NONE_OF_THAT_LOT)
    return done[0]


def _one(room: Room, who: Person, mine: Mine) -> Mine:
    if not mine.undoable:
        raise Overtaken(wording.DECIDED_SINCE)
    if mine.number.startswith("s"):
        room.store.undo_seed(int(mine.number[1:]))
        return mine
    item = room.review.item(mine.record, mine.field)
    said = Said("undo", undoes=int(mine.number), how="undo", lot=mine.lot)
    room.review.decide(item, said, who.name)
    return mine


def _of_log(room: Room, row: LogRow, last: bool) -> Mine:
    said = row.decision
    return Mine(
        str(said.seq),
        said.record,
        said.field,
        _label(room, said.template, said.field),
        said.action,
        row.from_value if said.action == "accept" else said.value,
        said.at,
        last,
        said.lot,
    )


def _of_seed(room: Room, answer: SeedAnswer) -> Mine:
    return Mine(
        f"s{answer.number}",
        answer.record,
        answer.field,
        _label(room, f"{answer.template}@{answer.revision}", answer.field),
        answer.action,
        answer.value,
        answer.at,
        True,
    )


def _label(room: Room, ref: str, field: str) -> str:
    """The field's label; its id where the template isn't here any more."""
    template, _, revision = ref.partition("@")
    try:
        return room.review.template(template, int(revision or 0)).field(field).label
    except (KeyError, ValueError, UsageError):
        return field

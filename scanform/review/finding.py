"""What comes next for a person, and how it is shown."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scanform.errors import NoSuchRecord, Overtaken
from scanform.review import wording
from scanform.review.claims import Claim, Filter, Option, Order, Work
from scanform.review.decide import Item
from scanform.review.memory import Memory, Place
from scanform.review.options import entry, offered, typed
from scanform.review.people import Person
from scanform.review.room import Room, emptied, fits
from scanform.store.desk_interface import ClaimRow, Wish

SOON = 0.1
"""Of a lease: before so much of it has passed it needs no renewing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for."""

    who: Person
    work: Work
    order: Order
    only: Filter
    holding: Collection[str] = ()


def claim(room: Room, memory: Memory, asked: Asked) -> Claim | None:
    """See ``Queue.claim``."""
    for row in room.store.held(asked.who.name, room.now):
        found = _resumed(room, memory, row, asked)
        if found is not None:
            return found
    while True:
        new = _next(room, memory, asked)
        if new is None:
            return None
        claim = shown(room, new)
        if not decided(new, claim):
            record = claim.item.record
            memory.had(asked.who.name, asked.work, (record.template, new.field, record.id))
            return claim
        room.store.release(new.token)


def _resumed(room: Room, memory: Memory, row: ClaimRow, asked: Asked) -> Claim | None:
    """A claim that he has from before, if it is what he asks for."""
    if row.work != asked.work or row.token in asked.holding or row.asked.get("sheet"):
        return None
    found = shown(room, row)
    item = found.item
    if decided(row, found):
        room.store.release(row.token)
        return None
    if not fits(asked.only, item.record.template, row.field, item.field.kind):
        return None
    if asked.only.record not in (None, row.record):
        return None
    until = renewed(room, row, item)
    memory.had(row.by, row.work, (item.record.template, row.field, row.record))
    return replace(found, until=until)


def renewed(room: Room, row: ClaimRow, item: Item) -> datetime:
    """Until when the claim is good now that somebody has seen it as ``item``. One that was made or
    renewed a moment ago is left as it is: a write that changes nothing holds up the others."""
    now = room.now
    seen = row.seed is not None or row.version == item.version
    if seen and timedelta() <= now + room.lease - row.until < room.lease * SOON:
        return row.until
    room.store.renew(row.token, now + room.lease, None if row.seed is not None else item.version)
    return now + room.lease


def _next(room: Room, memory: Memory, asked: Asked) -> ClaimRow | None:
    for fresh in (False, True):
        places = _in_turn(room, memory, asked, fresh)
        for skipped in (False, True):
            wish = room.wish(asked.who, asked.work)
            wish = replace(wish, skipped=skipped, record=asked.only.record)
            by_form = asked.order == "by_form" and asked.only.kind is None
            if asked.work == "review" and by_form:
                found = _of_form(room, memory, wish, places, asked.only)
            else:
                found = _of_field(room, memory, wish, places)
            if found is not None:
                return found
    return None


def _in_turn(room: Room, memory: Memory, asked: Asked, fresh: bool) -> list[Place]:
    """The places asked for; that of his last answer first, so that one kind comes in a row."""
    last = memory.last(asked.who.name, asked.work)
    places = [
        place
        for place in memory.places(room, asked.work, fresh)
        if fits(asked.only, place.template, place.field.id, place.field.kind)
    ]
    return sorted(
        places, key=lambda each: last is None or (each.template, each.field.id) != last[:2]
    )


def _of_field(room: Room, memory: Memory, wish: Wish, places: list[Place]) -> ClaimRow | None:
    for place in places:
        here = replace(wish, template=place.template, field=place.field.id)
        found: ClaimRow | None
        if wish.work == "review":
            found = (
                _seed(room, memory, here)
                or memory.telling(room, here)
                or room.store.claim_answer(here)
            )
        else:
            found = room.store.claim_task(here)
        if found is not None:
            return found
    return None


def _of_form(
    room: Room, memory: Memory, wish: Wish, places: list[Place], only: Filter
) -> ClaimRow | None:
    templates = list(dict.fromkeys(place.template for place in places))
    last = memory.last(wish.by, "review")
    if only.record is None and last is not None and last[0] in templates:
        here = replace(wish, template=last[0], record=last[2], field=only.field or "")
        found = None
        with suppress(NoSuchRecord):  # it was a rehearsed form, or was erased meanwhile
            found = room.store.claim_form(here)
        if found is not None:
            return found
    for template in templates:
        here = replace(wish, template=template, field=only.field or "")
        found = room.store.claim_form(here)
        if found is not None:
            return found
    return None


def _seed(room: Room, memory: Memory, wish: Wish) -> ClaimRow | None:
    if wish.record is not None or memory.chance() >= memory.share(room):
        return None
    return room.store.claim_seed(wish)


def item_of(room: Room, row: ClaimRow) -> Item:
    """The item of a claim: as it stands, or for a seeded check as it was read."""
    if row.seed is None:
        return room.review.item(row.record, row.field)
    number = room.store.seed(row.seed).rehearsed
    record = (
        room.review.store.record_at(row.record, 0)
        if number is None
        else room.store.rehearsed(number)
    )
    field = room.review.template(record.template, record.revision).field(row.field)
    return Item(record, field, record.answer(row.field), row.version)


def decided(row: ClaimRow, claim: Claim) -> bool:
    """Whether the claim is of nothing any more: its answer doesn't wait."""
    return row.work == "review" and row.seed is None and claim.item.answer.state != "pending"


def shown(room: Room, row: ClaimRow) -> Claim:
    """The claim with its item, options and notes, or with nothing to see but the crop."""
    item = item_of(room, row)
    notes = tuple(
        each.note
        for each in item.log
        if each.field == row.field and each.action in ("note", "paper") and each.note
    )
    blind = row.work in ("key", "sample")
    options: tuple[Option, ...] = ()
    if row.work == "review":
        options = offered(item.field, item.record)
    elif row.work == "settle" and row.task is not None:
        options = _differing(room, row.task)
    doubts = () if row.work != "review" else item.answer.doubts
    seen = item if row.work == "review" else emptied(item)
    return Claim(
        row.token,
        _work(row),
        seen,
        row.by,
        row.at,
        row.until,
        blind,
        options,
        doubts,
        () if blind or row.seed is not None else notes,
    )


def _work(row: ClaimRow) -> Work:
    for work in ("review", "key", "settle", "sample"):
        if row.work == work:
            return work
    raise Overtaken(wording.OTHER_VERSION.of(work=row.work))


def _differing(room: Room, number: int) -> tuple[Option, ...]:
    task = room.store.task(number)
    others = room.store.tasks(order=task.order, record=task.record, field=task.field)
    said = [entry(each) for each in others if each.done]
    if task.expected_outcome is not None:
        said.append((task.expected_outcome, task.expected))
    return typed(said)

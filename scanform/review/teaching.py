"""A share of what the queue gives may be what teaches the reader most: ``learn --ask``."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from scanform.errors import NoSuchRecord
from scanform.review.room import Room
from scanform.store.desk_interface import ClaimRow, Wish

SETTING = "teaching"
"""The name under which a store keeps it."""
TRIES = 4
"""Of the list for one claim: most of it may be decided by now."""
MOST_LISTED = 2000


@dataclass(frozen=True, slots=True)
class Teaching:
    """``share`` of what is given, 0..1; ``records``: by template and field those whose answer
    teaches most, first things first. ``made`` names the list."""

    share: float = 0.0
    made: str = ""
    records: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        listed = [[*place, *records] for place, records in sorted(self.records.items())]
        return {"share": self.share, "made": self.made, "records": listed}

    @classmethod
    def from_json(cls, value: object) -> Teaching:
        """As kept by a store; none for what isn't one."""
        if not isinstance(value, dict):
            return cls()
        listed = [[str(each) for each in row] for row in value.get("records") or ()]
        records = {(row[0], row[1]): tuple(row[2:]) for row in listed if len(row) > 2}
        return cls(float(value.get("share") or 0.0), str(value.get("made") or ""), records)


def next_telling(room: Room, teaching: Teaching, tried: set[str], wish: Wish) -> ClaimRow | None:
    """The next of the list at the wish's place that waits still and that nobody holds; None where
    there is none. ``tried`` (changed): what of the list needn't be asked for again."""
    tries = 0
    for record in teaching.records.get((wish.template, wish.field), ()):
        mark = f"{teaching.made} {record} {wish.field}"
        if mark in tried:
            continue
        tries += 1
        tried.add(mark)
        with suppress(NoSuchRecord):  # it was erased meanwhile
            found = room.store.claim_answer(replace(wish, record=record))
            if found is not None:
                return found
        if tries == TRIES:
            break
    return None

"""What this process remembers of people at work. Losing it costs nobody a decision."""

from __future__ import annotations

import random
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scanform.errors import ScanformError
from scanform.model.template import Field
from scanform.review.room import Room
from scanform.review.teaching import SETTING, Teaching, next_telling
from scanform.store.desk_interface import ClaimRow, Wish

STALE = timedelta(seconds=60)
"""How long the list of fields of which something waits is believed: it says what comes first.
Whether an answer waits is always asked, and the list anew before anybody hears that it is done."""
QUICK_COUNT = 0.01
"""Seconds of the processor: a count that takes less is never kept."""
COUNT_SHARE = 50
"""How many times as long as it took a count is believed: of a million answers, a second or two."""
COUNT_STALE = 60.0
"""Seconds: an older count than that is never shown, however long the next one takes."""
SEEN = 4096
"""Claims whose looks are remembered. One that was forgotten is noted once more."""
SHARE_STALE = timedelta(seconds=5)

Count = Sequence[tuple[str, str, str, int]]
"""Template, field, desk and how many answers wait there."""


@dataclass(frozen=True, slots=True)
class Place:
    """A template's field of which something waits."""

    template: str
    field: Field
    weight: int


@dataclass(frozen=True, slots=True)
class _Counted:
    """``until`` and ``at`` are of ``time.monotonic``."""

    rows: Count
    at: float
    until: float


class Waiting:
    """How many answers wait. To count a million takes a tenth of a second, so whoever asks for the
    next field never waits for that: he is told the last count while the next one is made."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: _Counted | None = None
        self._counting = False

    def rows(self, room: Room) -> Count:
        """Counted anew, or, where that takes long, as it was a moment ago."""
        with self._lock:
            known, now = self._known, self._clock()
            if known is not None and now < known.until:
                return known.rows
            slow = known is not None and known.until > known.at
            if known is not None and slow and now - known.at < COUNT_STALE:
                if not self._counting:
                    self._counting = True
                    threading.Thread(target=self._recount, args=(room,), daemon=True).start()
                return known.rows
            self._known = self._count(room)
            return self._known.rows

    def _recount(self, room: Room) -> None:
        found = None
        with suppress(ScanformError):  # whoever asks next finds out
            found = self._count(room)
        with self._lock:
            self._known = found or self._known
            self._counting = False

    def _count(self, room: Room) -> _Counted:
        began = time.thread_time()
        rows = room.store.count_waiting()
        took = time.thread_time() - began
        now = self._clock()
        return _Counted(rows, now, now + (COUNT_SHARE * took if took > QUICK_COUNT else 0.0))


@dataclass(slots=True)
class Memory:
    chance: Callable[[], float] = random.random
    counts: Waiting = field(default_factory=Waiting)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _last: dict[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)
    _done: dict[str, datetime] = field(default_factory=dict)
    _places: dict[str, tuple[datetime, list[Place]]] = field(default_factory=dict)
    _notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _share: tuple[datetime, float] | None = None
    _teaching: tuple[datetime, Teaching] | None = None
    _tried: set[str] = field(default_factory=set)
    _seen: OrderedDict[tuple[str, str], None] = field(default_factory=OrderedDict)

    def last(self, who: str, work: str) -> tuple[str, str, str] | None:
        """Template, field and record of what he had last."""
        return self._last.get((who, work))

    def had(self, who: str, work: str, place: tuple[str, str, str]) -> None:
        self._last[who, work] = place

    def note(self, token: str, text: str) -> None:
        """A remark on a seeded check: nobody but its author sees it, but he does."""
        self._notes[token] = (*self._notes.get(token, ()), text)

    def noted(self, token: str) -> tuple[str, ...]:
        return self._notes.get(token, ())

    def seen(self, token: str, how: str) -> bool:
        """Whether it is noted already that the claim was looked at so."""
        return (token, how) in self._seen

    def saw(self, token: str, how: str) -> None:
        with self._lock:
            self._seen[token, how] = None
            while len(self._seen) > SEEN:
                self._seen.popitem(last=False)

    def did(self, who: str, now: datetime) -> None:
        self._done[who] = now

    def seconds(self, who: str, claimed: datetime, now: datetime) -> float:
        """For how long he looked: from the claim, or from his last decision where the claim was
        fetched ahead of it."""
        began = max(claimed, self._done.get(who, claimed))
        return max(0.0, (now - began).total_seconds())

    def places(self, room: Room, work: str, fresh: bool = False) -> list[Place]:
        """What waits, what helps most first: the field that the count goes by, then what the
        form requires, then the rest, in the form's order."""
        now = room.now
        with self._lock:
            known = self._places.get(work)
            if known is None or fresh or not timedelta() <= now - known[0] < STALE:
                known = now, _places(room, work)
                self._places[work] = known
            return known[1]

    def share(self, room: Room) -> float:
        """The share of seeded checks."""
        now = room.now
        if self._share is None or not timedelta() <= now - self._share[0] < SHARE_STALE:
            self._share = now, float(room.store.setting("seed_share") or 0.0)
        return self._share[1]

    def telling(self, room: Room, wish: Wish) -> ClaimRow | None:
        """Now and then the answer at this place that teaches the reader most."""
        now = room.now
        if self._teaching is None or not timedelta() <= now - self._teaching[0] < SHARE_STALE:
            fresh = Teaching.from_json(room.store.setting(SETTING))
            if self._teaching is None or fresh.made != self._teaching[1].made:
                self._tried.clear()
            self._teaching = now, fresh
        teaching = self._teaching[1]
        if not teaching.share or wish.record is not None or self.chance() >= teaching.share:
            return None
        return next_telling(room, teaching, self._tried, wish)

    def kind(self, room: Room, template: str, field_id: str) -> str | None:
        for work in ("review", "key", "settle", "sample"):
            for place in self.places(room, work):
                if (place.template, place.field.id) == (template, field_id):
                    return place.field.kind
        return None


def _places(room: Room, work: str) -> list[Place]:
    groups = room.store.groups() if work == "review" else room.store.task_groups(work)
    found = []
    for group in groups:
        template = room.review.template(group.template, group.revision)
        for position, asked in enumerate(template.fields):
            if asked.id == group.field:
                first = 0 if asked.id == template.unit else 1 if asked.required else 2
                found.append(Place(group.template, asked, first * 10_000 + position))
    return sorted(found, key=lambda each: (each.weight // 10_000, each.template, each.weight))

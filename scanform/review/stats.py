"""Figures for the officer: seconds a field, corrections, agreement."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations, groupby
from statistics import median

from scanform.review.options import entry
from scanform.review.people import Person
from scanform.review.room import Room

BREAK_SECONDS = 300.0
"""Whoever takes longer over one field was away."""


@dataclass(frozen=True, slots=True)
class Pace:
    """One person's work on one field kind. ``seconds`` is the median of those decisions that
    took less than five minutes (longer ones were a break); ``per_hour`` is 3600 / their mean."""

    person: str
    kind: str
    decided: int
    corrected: int
    seconds: float | None
    per_hour: float | None


@dataclass(frozen=True, slots=True)
class Corrections:
    """How often people changed what a reader read, per field kind."""

    reader: str
    kind: str
    decided: int
    corrected: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two keyers typed the same, per field kind."""

    kind: str
    pairs: int
    agreed: int


@dataclass(frozen=True, slots=True)
class Figures:
    paces: tuple[Pace, ...]
    corrections: tuple[Corrections, ...]
    agreement: tuple[Agreement, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    room: Room

    def of(self, who: Person, person: str | None = None) -> Figures:
        """Of everybody, or of one person. All but one's own need ``stats``."""
        if person != who.name:
            who.need("stats")
        seconds: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        decided: Counter[tuple[str, str]] = Counter()
        corrected: Counter[tuple[str, str]] = Counter()
        read: Counter[tuple[str, str]] = Counter()
        changed: Counter[tuple[str, str]] = Counter()
        kinds = self._kinds()
        for by, template, field, reader, _, took, other in self.room.store.paces(person):
            kind = kinds.get((template, field), "?")
            decided[by, kind] += 1
            corrected[by, kind] += other
            if took is not None and took < BREAK_SECONDS:
                seconds[by, kind].append(took)
            if reader:
                read[reader, kind] += 1
                changed[reader, kind] += other
        paces = [
            _pace(by, kind, count, corrected[by, kind], seconds[by, kind])
            for (by, kind), count in sorted(decided.items())
        ]
        readers = [
            Corrections(reader, kind, count, changed[reader, kind])
            for (reader, kind), count in sorted(read.items())
        ]
        return Figures(tuple(paces), tuple(readers), tuple(self._agreement(kinds)))

    def _kinds(self) -> dict[tuple[str, str], str]:
        found = {}
        for template_id, revision in self.room.review.store.revisions():
            template = self.room.review.template(template_id, revision)
            found.update({(template_id, field.id): field.kind for field in template.fields})
        return found

    def _agreement(self, kinds: dict[tuple[str, str], str]) -> list[Agreement]:
        pairs: Counter[str] = Counter()
        agreed: Counter[str] = Counter()
        tasks = [each for each in self.room.store.tasks(work="key") if each.done]
        tasks.sort(key=lambda each: (each.order, each.record, each.field))
        for _, keyed in groupby(tasks, key=lambda each: (each.order, each.record, each.field)):
            for one, other in combinations(keyed, 2):
                kind = kinds.get((one.template, one.field), "?")
                pairs[kind] += 1
                agreed[kind] += entry(one) == entry(other)
        return [Agreement(kind, count, agreed[kind]) for kind, count in sorted(pairs.items())]


def _pace(by: str, kind: str, decided: int, corrected: int, seconds: list[float]) -> Pace:
    if not seconds or not sum(seconds):
        return Pace(by, kind, decided, corrected, median(seconds) if seconds else None, None)
    per_hour = 3600 * len(seconds) / sum(seconds)
    return Pace(by, kind, decided, corrected, round(median(seconds), 2), round(per_hour, 1))

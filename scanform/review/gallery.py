"""Crops of one kind by how sure the machine was of them, so that people see where to draw the line.

What a person decided meanwhile is told beside the machine's word, not instead of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scanform.fields.calibration import BLANK, DOUBTED, RAW, again, sort_of
from scanform.fields.policy import Bounds, bound_of, needed
from scanform.model.record import Answer, Record
from scanform.model.template import Field, Template


@dataclass(frozen=True, slots=True)
class Shot:
    """One answer to show: what the machine read and how sure it was, and what a person made of it
    (``said``; None where nobody looked, or where it was right)."""

    record: str
    field: Field
    image: str
    """SHA-256 of the page's stored image; empty where there is none."""
    read: str | None
    confidence: float
    doubted: bool
    said: str | None = None
    looked_at: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """Answers that the same line holds for, the surest first: ``least`` is the confidence from
    which they are accepted at ``bound`` (None: nothing is). ``count`` were there before some were
    left out. ``sort`` is a kind of field, ``blank`` or ``doubted``."""

    sort: str
    reader: str
    bound: float
    least: float | None
    shots: tuple[Shot, ...]
    count: int

    def accepted(self, shot: Shot) -> bool:
        return self.least is not None and shot.confidence >= self.least - 1e-9


def shelves(
    records: Iterable[Record],
    template_of: Mapping[tuple[str, int], Template],
    kind: str,
    bounds: Bounds,
    most: int,
) -> list[Shelf]:
    """The answers of fields of ``kind``, at most about ``most`` of them: of a longer shelf evenly
    many from all heights. Doubted ones come last: no line holds for them."""
    piles: dict[tuple[int, str, str, float, float | None], list[Shot]] = defaultdict(list)
    for record in records:
        template = template_of[record.template, record.revision]
        images = {sheet.page: sheet.image for sheet in record.sheets}
        for answer, field in _of_kind(record, template, kind):
            shot, machine = _shot(record, template, field, answer, images)
            sort = sort_of(machine, kind)
            bound = bound_of(field, bounds[record.template])
            least = needed(machine, field, bounds[record.template], template.calibration)
            reader = machine.reading.reader.split(" ")[0] if machine.reading else ""
            order = {BLANK: 1, DOUBTED: 2}.get(sort, 0)
            piles[order, sort, reader, bound, least].append(shot)
    whole = sum(map(len, piles.values()))
    made = []
    for (_, sort, reader, bound, least), shots in sorted(
        piles.items(), key=lambda each: (*each[0][:4], each[0][4] or 2.0)
    ):
        shots.sort(key=lambda shot: (-shot.confidence, shot.record, shot.field.id))
        some = _evenly(shots, max(12, round(most * len(shots) / max(1, whole))))
        made.append(Shelf(sort, reader, bound, least, tuple(some), len(shots)))
    return made


def _of_kind(record: Record, template: Template, kind: str) -> Iterator[tuple[Answer, Field]]:
    for answer in record.answers:
        field = template.field(answer.field)
        if field.handled_by == kind and answer.reading is not None:
            yield answer, field


def _shot(
    record: Record, template: Template, field: Field, answer: Answer, images: Mapping[int, str]
) -> tuple[Shot, Answer]:
    """The answer to show, and as the machine alone would have it."""
    reading = answer.reading
    decided = answer.state in ("corrected", "unreadable") or answer.confidence == 1.0
    machine = _undecided(answer, field, template) if decided else answer
    read = reading.text if reading is not None and reading.outcome == "read" else None
    if not decided:
        read = answer.value
    changed = answer.state in ("corrected", "unreadable")
    said = (answer.value or answer.state) if changed else None
    doubted = sort_of(answer, field.handled_by) == DOUBTED
    shot = Shot(
        record.id,
        field,
        images.get(field.page, ""),
        read,
        machine.confidence,
        doubted,
        said,
        decided,
    )
    return shot, machine


def _undecided(answer: Answer, field: Field, template: Template) -> Answer:
    """The answer with the confidence that the machine had; a person's is 1."""
    raw = answer.reading.measures.get(RAW, 1.0) if answer.reading else 1.0
    return again(replace(answer, confidence=raw), field.handled_by, template.calibration)


def _evenly(shots: Sequence[Shot], most: int) -> Sequence[Shot]:
    if len(shots) <= most:
        return shots
    return [shots[round(at * (len(shots) - 1) / (most - 1))] for at in range(most)]

"""Reading again what still waits, after a model learnt; and taking that back.

A reading anew is a row of the log like a recheck: no person's decision, appended, with the raw
reading beside it. What people decided is left alone, the first reading stays for ever, and going
back appends the reading that stood before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scanform.digitise.anew import as_it_lies, measured_as_before, stored_sheet
from scanform.errors import Overtaken
from scanform.fields.calibration import calibrated
from scanform.fields.confirm import confirmed
from scanform.fields.interface import FieldKind, ReaderName
from scanform.fields.policy import Bounds, judged
from scanform.fields.rules import DOUBTED, check
from scanform.fields.together import decoded
from scanform.fields.writing import doubted_by_writing
from scanform.model.reading import Crop, Reading
from scanform.model.record import DECIDES, TO_KEY, Answer, Decision, Record, Standing
from scanform.model.scan import Sheet
from scanform.model.template import Template
from scanform.page.crop import crop
from scanform.page.reference import Reference
from scanform.recognise.interface import Recogniser, read_each
from scanform.review.recheck import ruled
from scanform.store.interface import Selection, Store

HOW = "read anew"
BACK = "reading taken back"


@dataclass(slots=True)
class Reread:
    """What came of it: records and answers looked at, answers that changed, those accepted now."""

    records: int = 0
    looked: int = 0
    changed: int = 0
    accepted: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What reading anew is done with. ``references``: by template's ref and page. ``readers``: by
    the sort of reading; what is read by others stays."""

    store: Store
    images: Callable[[str], bytes]
    template_of: Callable[[str, int], Template]
    references: Callable[[Template], Mapping[int, Reference]]
    kinds: Mapping[str, FieldKind]
    readers: Mapping[ReaderName, Recogniser]
    bounds: Bounds
    clock: Callable[[], datetime]
    by: str
    model: str


def reread_pending(
    desk: Desk, told: Callable[[int, int], None] = lambda _done, _all: None
) -> Reread:
    """Reads every line and comb that waits again. A record is changed whole or not at all; one
    that somebody decided about meanwhile is left for the next time."""
    done = Reread()
    waiting = [
        each.id
        for each in desk.store.selected(Selection(), readings=False)
        if each.status == "pending"
    ]
    for number, record_id in enumerate(waiting):
        try:
            _reread(desk, record_id, done)
        except Overtaken:
            continue
        told(number + 1, len(waiting))
    return done


def _reread(desk: Desk, record_id: str, done: Reread) -> None:
    record = desk.store.record(record_id)
    log = desk.store.decisions(record_id)
    template = desk.template_of(record.template, record.revision)
    wanted = _wanted(desk, template, record, log)
    crops = list(_crops(desk, template, record, wanted))
    if not crops:
        return
    readings = read_each(crops, desk.kinds, desk.readers)
    now = _read_anew(desk, template, record, crops, readings)
    rows = [
        _row(desk, record, answer)
        for answer in now
        if not _same(answer, record.answer(answer.field))
    ]
    if rows:
        desk.store.decide_all(rows, {record.id: record.version})
    done.records += 1
    done.looked += len(now)
    done.changed += len(rows)
    done.accepted += sum(answer.state != "pending" for answer in now)


def _wanted(
    desk: Desk, template: Template, record: Record, log: Sequence[Decision]
) -> list[Answer]:
    """Answers that wait, that a reader is there for and that no person has touched."""
    people = DECIDES | {"paper"}
    undone = {each.undoes for each in log if each.action == "undo"}
    touched = {each.field for each in log if each.action in people and each.seq not in undone}
    return [
        answer
        for answer in record.answers
        if answer.state == "pending"
        and answer.reading is not None
        and answer.field not in touched
        and TO_KEY not in answer.doubts
        and desk.kinds[template.field(answer.field).handled_by].reader in desk.readers
    ]


def _crops(
    desk: Desk, template: Template, record: Record, wanted: Sequence[Answer]
) -> Iterator[Crop]:
    pages: dict[int, Sheet | None] = {}
    references = desk.references(template) if wanted else {}
    for answer in wanted:
        field = template.field(answer.field)
        if field.page not in references:
            continue
        if field.page not in pages:
            pages[field.page] = stored_sheet(record, template, field.page, desk.images)
        sheet = pages[field.page]
        if sheet is not None:
            yield crop(sheet, field, references[field.page].blank)


def _read_anew(
    desk: Desk,
    template: Template,
    record: Record,
    crops: Sequence[Crop],
    readings: Sequence[Reading],
) -> list[Answer]:
    """The answers as they are read now, held to the rules and the bound."""
    standing = {answer.field: answer for answer in record.answers}
    for each, reading in zip(crops, readings, strict=True):
        before = standing[each.field.id]
        others = {name: standing[name] for name in each.field.within if name in standing}
        kind = desk.kinds[each.field.handled_by]
        answer = kind.answer(each.field, measured_as_before(reading, before), others)
        standing[each.field.id] = answer
    standing |= _together(template, standing, crops)
    agreed = confirmed(template, tuple(standing[a.field] for a in record.answers))
    for each in crops:
        field, before = each.field, record.answer(each.field.id)
        answer = calibrated(
            standing[field.id], field.handled_by, template.calibration, agreed.get(field.id, 0)
        )
        standing[field.id] = as_it_lies(answer, before)
    read = doubted_by_writing(template, tuple(standing[a.field] for a in record.answers))
    whole = replace(record, answers=read)
    rules = ruled(check, template, whole)
    found = []
    bound = desk.bounds[record.template]
    for each in crops:
        answer = whole.answer(each.field.id)
        for doubt in rules[each.field.id]:
            answer = answer.doubted(doubt, DOUBTED)
        found.append(judged(answer, each.field, bound, template.calibration))
    return found


def _together(
    template: Template, standing: Mapping[str, Answer], crops: Sequence[Crop]
) -> dict[str, Answer]:
    """What was read anew, combs decoded together as a run does it; what stood is taken as it is."""
    anew = {each.field.id for each in crops}
    known = [
        each if each.field in anew else replace(each, reading=None) for each in standing.values()
    ]
    return {each.field: each for each in decoded(template, known) if each.field in anew}


def _same(one: Answer, other: Answer) -> bool:
    return (one.value, one.state, one.doubts) == (other.value, other.state, other.doubts)


def _row(desk: Desk, record: Record, answer: Answer, how: str = HOW) -> Decision:
    return Decision(
        record.id,
        answer.field,
        "recheck",
        answer.value,
        desk.by,
        desk.clock(),
        standing=Standing(answer.state, answer.confidence, answer.doubts),
        template=f"{record.template}@{record.revision}",
        readers=answer.reading.reader if answer.reading else "",
        how=how,
        note=desk.model,
        reading=answer.reading,
    )


def take_back(desk: Desk) -> int:
    """Puts the readings back that stood before ``desk.model`` read anew, wherever no person has
    decided since; gives their number."""
    count = 0
    for record_id in [each.id for each in desk.store.selected(Selection(), readings=False)]:
        log = desk.store.decisions(record_id)
        rows = list(_rows_back(desk, record_id, log))
        if rows:
            desk.store.decide_all(rows, {record_id: len(log)})
        count += len(rows)
    return count


def _rows_back(desk: Desk, record_id: str, log: Sequence[Decision]) -> Iterator[Decision]:
    undone = {each.undoes for each in log if each.action == "undo"}
    decided = {e.field for e in log if e.action in DECIDES | {"paper"} and e.seq not in undone}
    last: dict[str, tuple[int, Decision]] = {}
    for at, each in enumerate(log):
        if each.reading is not None and each.field not in decided:
            last[each.field] = (at, each)
    for field, (at, row) in last.items():
        if row.how == HOW and row.note == desk.model:
            before = desk.store.record_at(record_id, at)
            yield _row(desk, before, before.answer(field), BACK)

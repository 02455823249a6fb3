"""Corrections that come back in an exported table: every changed cell is a logged decision.

A row says at which version its record was exported, and the log says what the record was then.
So each cell is compared with what was exported (was it edited?) and with what stands now (did
somebody else decide meanwhile?): a three-way merge that needs no copy of the exported file.
Nothing is written before all of it is known to be good.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from scanform.errors import Overtaken
from scanform.fields.interface import FieldKind, InvalidValue
from scanform.model.phrases import Phrase
from scanform.model.record import Answer, Decision, Record, fold
from scanform.model.sheet import Cell, SheetRow
from scanform.model.template import Field, Template
from scanform.store.interface import Store

BATCH = 500  # rows that are looked up at a time

_MEANWHILE = Phrase(
    "Trong khi đó đã có người quyết định về phiếu {record}.",
    "Somebody decided about record {record} meanwhile.",
)
REASONS: Mapping[str, Phrase] = {
    "unknown_record": Phrase("Không có phiếu này.", "There is no such record."),
    "twice": Phrase("Phiếu này đã có ở một dòng trên.", "The record stands in a row above, too."),
    "bad_version": Phrase(
        "Cột version đã bị sửa: không biết phiếu được xuất khi nào.",
        "The column version was changed: what was exported is not known.",
    ),
    "unknown_field": Phrase("Phiếu không có mục này.", "The record has no such field."),
    "formula": Phrase("Ô chứa công thức.", "A formula stands in the cell: type its value."),
    "damaged": Phrase(
        "Ô chứa bí danh bị sửa.", "The cell holds a damaged pseudonym: type the value, or leave it."
    ),
    "invalid": Phrase("Giá trị không hợp lệ: {detail}", "It can't be a value: {detail}"),
    "ambiguous_date": Phrase(
        "Không rõ ngày và tháng: hãy ghi {detail}.",
        "Which is the day and which the month? Write {detail}.",
    ),
    "conflict": Phrase(
        "Có người đã sửa mục này sau khi xuất; nay là: {detail}",
        "Somebody decided about it after the export; it is now: {detail}",
    ),
}
"""Why a cell or row can't be taken, keyed by ``Problem.reason``."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell or row that can't be taken. ``column`` is its heading."""

    row: int
    column: str
    record: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """A value that is taken although a rule speaks against it."""

    row: int
    column: str
    record: str
    code: str
    detail: str


@dataclass
class Outcome:
    """What an import comes to."""

    rows: int = 0
    corrected: int = 0
    blanked: int = 0
    records: int = 0
    """Records that change."""
    masked: int = 0
    """Cells that only stand for a value, and were left alone."""
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    written: bool = False


class Reviewer(Protocol):
    """The part of review that an import needs: decide about one answer, as a person's word."""

    def correct(self, record_id: str, field_id: str, text: str) -> Iterable[tuple[str, str]]:
        """Keeps the text's value. Gives the doubts that it leaves, as code and detail."""
        ...

    def blank(self, record_id: str, field_id: str) -> None: ...


class Draft:
    """A store whose decisions are only noted, until ``commit`` takes them over all at once.

    Review decides on it as on any other: what a decision means for later ones of the same record
    shows at once.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: defaultdict[str, list[Decision]] = defaultdict(list)
        self._versions: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def record(self, record_id: str) -> Record:
        record = self._store.record(record_id)
        return fold(record, self._noted[record_id]) if record_id in self._noted else record

    def version(self, record_id: str) -> int:
        return self._store.version(record_id) + len(self._noted.get(record_id, ()))

    def record_at(self, record_id: str, version: int) -> Record:
        return fold(self._store.record_at(record_id, 0), self.decisions(record_id)[:version])

    def decisions(self, record_id: str) -> list[Decision]:
        return [*self._store.decisions(record_id), *self._noted.get(record_id, ())]

    def decide(self, decision: Decision) -> None:
        self.decide_all([decision], {decision.record: self.record(decision.record).version})

    def decide_all(
        self, decisions: Sequence[Decision], versions: Mapping[str, int]
    ) -> list[Decision]:
        for record_id, version in versions.items():
            standing = self.record(record_id).version
            if standing != version:
                raise Overtaken(_MEANWHILE.of(record=record_id))
            self._versions.setdefault(record_id, standing)
        for decision in decisions:
            self._noted[decision.record].append(decision)
        return list(decisions)

    def commit(self) -> None:
        """All of it or nothing; raises ``Overtaken`` when a record moved on meanwhile."""
        noted = [each for record_id in self._noted for each in self._noted[record_id]]
        self._store.decide_all(noted, self._versions)


@dataclass
class Importer:
    """The use-case. ``store`` is asked, ``reviewer`` decides (on a draft of the store)."""

    store: Store
    reviewer: Reviewer
    kinds: Mapping[str, FieldKind]
    template: Callable[[str, int], Template]
    outcome: Outcome = field(default_factory=Outcome)
    _seen: set[str] = field(default_factory=set)
    _strange: set[tuple[str, str]] = field(default_factory=set)

    def take(self, rows: Iterable[SheetRow]) -> Outcome:
        """Decides about every cell that was edited, and lists what can't be taken."""
        waiting = iter(rows)
        while batch := list(islice(waiting, BATCH)):
            standing = self.store.standing([row.record for row in batch])
            for row in batch:
                self.outcome.rows += 1
                self._row(row, standing.get(row.record))
        return self.outcome

    def _row(self, row: SheetRow, now: Record | None) -> None:
        if now is None:
            self._problem(row, "record", "unknown_record")
        elif row.record in self._seen:
            self._problem(row, "record", "twice")
        elif row.version is None or not 0 <= row.version <= now.version:
            self._problem(row, "version", "bad_version")
        else:
            self._seen.add(row.record)
            same = row.version == now.version
            base = now if same else self.store.record_at(now.id, row.version)
            changed = [self._cell(row, cell, base, now) for cell in row.cells]
            self.outcome.records += any(changed)

    def _cell(self, row: SheetRow, cell: Cell, base: Record, now: Record) -> bool:
        """Takes a cell; True when something changes by it."""
        was, stands = _answer(base, cell.field), _answer(now, cell.field)
        if was is None or stands is None:
            if cell.text.strip() and (now.template, cell.field) not in self._strange:
                self._strange.add((now.template, cell.field))  # once for a whole column
                self._problem(row, cell.column, "unknown_field")
            return False
        known = (was.value or "", stands.value or "")
        if cell.text in known or cell.sort == "masked":
            self.outcome.masked += cell.sort == "masked"
            return False
        meant = self._meant(cell, was, now)
        if isinstance(meant, Refused):
            return self._problem(row, cell.column, meant.reason, meant.detail)
        if meant in known:
            return False
        if _overtaken(was, stands):
            return self._problem(row, cell.column, "conflict", stands.value or stands.state)
        return self._decide(row, cell, meant)

    def _meant(self, cell: Cell, was: Answer, now: Record) -> str | Refused:
        """The value of an edited cell, empty for a blank."""
        if cell.sort != "typed":
            return Refused(cell.sort)
        if not cell.text.strip():
            return ""
        asked = self.template(now.template, now.revision).field(cell.field)
        return meaning(self.kinds[asked.handled_by], asked, cell.text, was.value or "")

    def _decide(self, row: SheetRow, cell: Cell, text: str) -> bool:
        if not text:
            self.reviewer.blank(row.record, cell.field)
            self.outcome.blanked += 1
            return True
        for code, detail in self.reviewer.correct(row.record, cell.field, text):
            told = Warned(row.number, cell.column, row.record, code, detail)
            self.outcome.warnings.append(told)
        self.outcome.corrected += 1
        return True

    def _problem(self, row: SheetRow, column: str, reason: str, detail: str = "") -> bool:
        self.outcome.problems.append(Problem(row.number, column, row.record, reason, detail))
        return False


def _answer(record: Record, field_id: str) -> Answer | None:
    return next((each for each in record.answers if each.field == field_id), None)


def _overtaken(was: Answer, stands: Answer) -> bool:
    """Whether somebody gave another value meanwhile, or said that the exported one is right."""
    if was.value != stands.value:
        return True
    return stands.state not in (was.state, "pending")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a cell can't be taken: a key of ``REASONS``."""

    reason: str
    detail: str = ""


def meaning(kind: FieldKind, asked: Field, text: str, base: str) -> str | Refused:
    """The value of an edited cell; ``base`` where a spreadsheet only spelt it in its own way (a
    date in the country's order, a number without its leading zeros)."""
    values = list(dict.fromkeys(_values(kind, asked, text)))
    if base in values or (kind.name == "digits" and _same_number(text, base)):
        return base
    match values:
        case [one]:
            return one
        case [one, other]:
            return Refused("ambiguous_date", f"{one} / {other}")
        case _:
            return Refused("invalid", _complaint(kind, asked, text))


def _values(kind: FieldKind, asked: Field, text: str) -> Iterator[str]:
    """What the text may mean: one value, or two for a date that may be day or month first."""
    spellings = [text]
    found = re.fullmatch(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\s*", text)
    if kind.name == "date" and found:
        spellings.append(f"{found[3]}/{found[1]}/{found[4]}")
    for spelling in spellings:
        try:
            yield kind.typed(asked, spelling)
        except InvalidValue:
            continue


def _complaint(kind: FieldKind, asked: Field, text: str) -> str:
    try:
        kind.typed(asked, text)
    except InvalidValue as error:
        return str(error)
    return ""


def _same_number(text: str, base: str) -> bool:
    return text.isdecimal() and text.zfill(len(base)) == base

"""Small doubles for the ports, for tests of one's own templates, exporters and use-cases.

They keep the same contract as the real ones: one suite of tests runs over all stores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from scanform.errors import NoSuchField, NoSuchRecord, Overtaken, StoreError
from scanform.model.reading import Crop, Reading
from scanform.model.record import DECIDES, Answer, Decision, Record, fold
from scanform.model.scan import Rejected, ScanFile
from scanform.store.interface import (
    ALL,
    Figures,
    PageRow,
    Readings,
    ScanState,
    Selection,
    UnitCount,
    Waiting,
)

__all__ = ["CannedRecogniser", "MemoryStore"]

_RANK = {"rejected": 0, "blank": 1, "separator": 1, "form": 2}


class CannedRecogniser:
    """Reads what it was told: ``texts`` maps field ids to texts, an empty one meaning blank.
    Whatever it wasn't told is unreadable."""

    def __init__(self, texts: Mapping[str, str], score: float = 0.99) -> None:
        self.texts = dict(texts)
        self.score = score
        self.seen: list[str] = []
        """Ids of the fields whose crops were given, in order."""

    @property
    def name(self) -> str:
        return "canned 1"

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        self.seen += [crop.field.id for crop in crops]
        return [self._reading(crop.field.id) for crop in crops]

    def _reading(self, field: str) -> Reading:
        text = self.texts.get(field)
        if text is None:
            return Reading("unreadable", None, 0.0, self.name)
        if not text:
            return Reading("blank", None, self.score, self.name)
        return Reading("read", text, self.score, self.name)


class MemoryStore:
    """``store.interface.Store`` in memory: every answer is the fold of its log, worked out anew
    each time. Slow and plainly right."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._scans: dict[str, ScanFile] = {}
        self._finished: set[str] = set()
        self._names: set[tuple[str, str]] = set()
        self._pages: dict[tuple[str, int], PageRow] = {}
        self._whole: dict[str, Rejected] = {}
        self._unopened: dict[str, Rejected] = {}
        self._records: dict[str, Record] = {}
        self._log: list[Decision] = []

    def close(self) -> None:
        pass

    def open_scan(self, scan: ScanFile) -> ScanState:
        known = scan.sha256 in self._scans
        self._scans.setdefault(scan.sha256, scan)
        self._names.add((str(scan.path), scan.sha256))
        self._unopened.pop(str(scan.path), None)
        if not known or scan.sha256 in self._whole:
            return "new"
        return "finished" if scan.sha256 in self._finished else "unfinished"

    def _known(self, sha256: str) -> ScanFile:
        if sha256 not in self._scans:
            raise StoreError(f"The scan {sha256[:12]} is not in the workspace.")
        return self._scans[sha256]

    def page_rows(self, scan_sha256: str) -> list[PageRow]:
        rows = [row for (sha256, _), row in self._pages.items() if sha256 == scan_sha256]
        return sorted(rows, key=lambda row: row.number)

    def save(self, pages: Sequence[PageRow], record: Record | None = None) -> bool:
        shas = [page.scan_sha256 for page in pages]
        for sha256 in shas + ([record.scan_sha256] if record else []):
            self._known(sha256)
        for page in pages:
            self._save_page(page)
        if record is None or record.id in self._records:
            return False
        self._records[record.id] = replace(record, created_at=record.created_at or self._clock())
        return True

    def _save_page(self, page: PageRow) -> None:
        key = page.scan_sha256, page.number
        before = self._pages.get(key)
        if page.rejected is not None:
            path = self._scans[page.scan_sha256].path
            rejected = replace(page.rejected, path=path, sha256=page.scan_sha256, page=page.number)
            page = replace(page, rejected=rejected)
        again = before is not None and page.outcome == before.outcome == "rejected"
        if before is None or again or _RANK[page.outcome] > _RANK[before.outcome]:
            self._pages[key] = page
        if page.outcome != "rejected":
            self._whole.pop(page.scan_sha256, None)

    def reject_scan(self, rejected: Rejected) -> None:
        if not rejected.sha256:
            self._unopened[str(rejected.path)] = rejected
            return
        scan = ScanFile(rejected.path, rejected.sha256, 0)
        first = self._scans.setdefault(rejected.sha256, scan)
        self._names.add((str(rejected.path), rejected.sha256))
        if rejected.sha256 not in self._finished:
            self._whole[rejected.sha256] = replace(rejected, path=first.path, page=None)

    def finish_scan(self, scan_sha256: str, pages: int | None = None) -> None:  # noqa: ARG002
        self._known(scan_sha256)
        self._finished.add(scan_sha256)
        self._whole.pop(scan_sha256, None)

    def rejected(self) -> list[Rejected]:
        of_pages = [row.rejected for row in self._pages.values() if row.rejected is not None]
        found = [*self._whole.values(), *of_pages, *self._unopened.values()]
        return sorted(found, key=lambda each: (str(each.path), each.page or 0, each.sha256))

    def records(
        self, template: str | None = None, as_of: datetime | None = None
    ) -> Iterator[Record]:
        found = [
            self._standing(record, as_of)
            for record in self._records.values()
            if template in (None, record.template)
            and (as_of is None or (record.created_at is not None and record.created_at <= as_of))
        ]
        yield from sorted(found, key=lambda each: (each.scan_path, each.scan_page, each.id))

    def _standing(self, record: Record, as_of: datetime | None = None) -> Record:
        log = [each for each in self._log if each.record == record.id]
        return fold(record, [each for each in log if as_of is None or each.at <= as_of])

    def selected(self, chosen: Selection = ALL, *, readings: Readings = True) -> Iterator[Record]:
        for record in self.records(chosen.template):
            if self._is_chosen(record, chosen):
                yield record if readings is True else _plain(record, bool(readings))

    def _is_chosen(self, record: Record, chosen: Selection) -> bool:
        if chosen.complete and record.status != "complete":
            return False
        moments = [record.created_at, *(each.at for each in self._log if each.record == record.id)]
        if chosen.since and not any(at and at >= chosen.since for at in moments):
            return False
        if chosen.units is None:
            return True
        values = {answer.field: answer.value for answer in record.answers}
        unit, *below = map(values.get, chosen.unit_fields.get(record.template, "").split("/"))
        for each in below:
            unit = f"{each}, {unit}" if unit and each else unit
        return unit in chosen.units

    def revisions(self) -> list[tuple[str, int]]:
        return sorted({(record.template, record.revision) for record in self._records.values()})

    def fields(self, template: str, revision: int) -> list[str]:
        first: dict[str, int] = {}
        for record in self._records.values():
            if (record.template, record.revision) == (template, revision):
                for at, answer in enumerate(record.answers):
                    first[answer.field] = min(at, first.get(answer.field, at))
        return sorted(first, key=lambda field: (first[field], field))

    def newest(self) -> datetime | None:
        made = [record.created_at for record in self._records.values() if record.created_at]
        return max([*made, *(each.at for each in self._log)], default=None)

    def standing(self, record_ids: Sequence[str]) -> dict[str, Record]:
        return {each: _plain(self.record(each)) for each in record_ids if each in self._records}

    def record_at(self, record_id: str, version: int) -> Record:
        log = self.decisions(record_id)[:version]
        return fold(self._records[record_id], log)

    def record(self, record_id: str) -> Record:
        if record_id not in self._records:
            raise NoSuchRecord(NoSuchRecord.named.of(record=repr(record_id)))
        return self._standing(self._records[record_id])

    def version(self, record_id: str) -> int:
        return self.record(record_id).version

    def waiting(self, template: str | None = None) -> Iterator[Waiting]:
        queue = [
            ((record.template, position, answer.field, number), record.id)
            for number, record in enumerate(self._records.values())
            for position, answer in enumerate(record.answers)
            if template in (None, record.template)
        ]
        for (_, _, field, _), record_id in sorted(queue):
            record = self.record(record_id)
            answer = record.answer(field)
            if answer.state == "pending":
                yield Waiting(record.id, record.template, record.scan_path, answer)

    def decide(self, decision: Decision) -> Decision:
        try:
            self.record(decision.record).answer(decision.field)
        except KeyError as error:
            raise NoSuchField(
                NoSuchField.named.of(record=decision.record, field=repr(decision.field))
            ) from error
        if decision.action == "undo" and not self._may_undo(decision):
            raise Overtaken("There is no such decision about the answer, or it was taken back.")
        self._log.append(replace(decision, seq=len(self._log) + 1))
        return self._log[-1]

    def _may_undo(self, undo: Decision) -> bool:
        about = [e for e in self._log if (e.record, e.field) == (undo.record, undo.field)]
        taken_back = {each.undoes for each in about}
        wanted = [each for each in about if each.seq == undo.undoes and each.action in DECIDES]
        return bool(wanted) and undo.undoes not in taken_back

    def decide_all(
        self, decisions: Sequence[Decision], versions: Mapping[str, int]
    ) -> list[Decision]:
        for record_id, version in sorted(versions.items()):
            if self.record(record_id).version != version:
                raise Overtaken(f"Somebody decided about record {record_id} meanwhile.")
        before = len(self._log)
        try:
            return [self.decide(decision) for decision in decisions]
        except StoreError:
            del self._log[before:]
            raise

    def decisions(self, record_id: str) -> list[Decision]:
        self.record(record_id)
        return [each for each in self._log if each.record == record_id]

    def unit_counts(
        self, unit_fields: dict[str, str], as_of: datetime | None = None
    ) -> list[UnitCount]:
        found: defaultdict[str | None, list[str]] = defaultdict(list)
        for record in self.records(as_of=as_of):
            if record.template in unit_fields:
                values = {answer.field: answer.value for answer in record.answers}
                found[values.get(unit_fields[record.template])].append(record.status)
        units = sorted(found, key=lambda unit: (unit is not None, unit or ""))
        return [
            UnitCount(unit, found[unit].count("complete"), found[unit].count("pending"))
            for unit in units
        ]

    def figures(self) -> Figures:
        records = list(self.records())
        states = [answer.state for record in records for answer in record.answers]
        outcomes = [row.outcome for row in self._pages.values()]
        finished = {sha256: self.page_rows(sha256) for sha256 in self._finished}
        fruitless = sum(
            bool(rows) and all(row.outcome == "rejected" for row in rows)
            for rows in finished.values()
        )
        return Figures(
            scans_digitised=len(finished) - fruitless,
            scans_rejected=len(self._whole) + fruitless + len(self._unopened),
            scans_unfinished=len(self._scans) - len(finished) - len(self._whole),
            duplicates=len(self._names) - len(self._scans),
            pages=len(outcomes),
            pages_blank=outcomes.count("blank"),
            pages_rejected=outcomes.count("rejected"),
            records=len(records),
            complete=sum(record.status == "complete" for record in records),
            answers_accepted=states.count("accepted") + states.count("corrected"),
            answers_pending=states.count("pending"),
            answers_blank=states.count("blank"),
            answers_unreadable=states.count("unreadable"),
            pages_separator=outcomes.count("separator"),
        )

    def waited_at_first(self, since: datetime | None = None) -> float | None:
        states = [
            answer.state
            for record in self._records.values()
            if since is None or (record.created_at is not None and record.created_at > since)
            for answer in record.answers
        ]
        return states.count("pending") / len(states) if states else None


def _plain(record: Record, texts: bool = False) -> Record:
    def bare(answer: Answer) -> Answer:
        read = answer.reading
        if not texts:
            return replace(answer, doubts=(), reading=None)
        short = read and Reading(read.outcome, read.text, read.score, read.reader)
        return replace(answer, reading=short)

    return replace(record, answers=tuple(map(bare, record.answers)), sheets=())

"""The store in a database: SQLite in the workspace, or PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from scanform.errors import NoSuchRecord
from scanform.model.record import Decision, Record
from scanform.model.scan import Rejected, ScanFile
from scanform.store import asked_by_template, counts, log, refusals, selection, units
from scanform.store.faults import told
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
from scanform.store.queries import (
    QUEUE_ORDER,
    known_scan,
    page_from,
    queue,
    record_row,
    rejected_from,
    set_scan,
    whole_records,
    with_rereadings,
)
from scanform.store.rows import answer_from, answer_row, decision_from, reading_row, sheet_row
from scanform.store.tables import (
    answers,
    decisions,
    erased,
    extents,
    insert_for,
    names,
    pages,
    readings,
    records,
    scans,
    sheets,
    unopened,
)

Clock = Callable[[], datetime]

BATCH = 200  # rows fetched at a time: enough to be quick, few enough to need no memory

_RANK = {"rejected": 0, "blank": 1, "separator": 1, "form": 2}


def utc_now() -> datetime:
    return datetime.now(UTC)


class SqlStore:
    """``store.interface.Store`` over SQLAlchemy. Made by ``store.open.open_store``."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self.engine = engine
        self._clock = clock
        # SQLite lets one write at a time and has the others ask again and again; threads of one
        # program wait here instead, and go on at once when it is their turn.
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        self.insert = insert_for(engine.dialect)

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> SqlStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def now(self) -> datetime:
        return self._clock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One moment of the store, however long it is looked at."""
        with told(), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self, lasting: bool = True) -> Iterator[Connection]:
        """One transaction that changes something; it waits its turn. Without ``lasting`` a power
        cut may undo it (never a crash of the program): good enough for who has what in hand."""
        with told(), self._turn, self.engine.connect() as connection:
            connection.execution_options(scanform_write=True, scanform_lasting=lasting)
            with connection.begin():
                yield connection

    # Scans and pages

    def open_scan(self, scan: ScanFile) -> ScanState:
        path = str(scan.path)
        with self.writing() as connection:
            added = self._add_scan(connection, path, scan.sha256, scan.size, "unfinished")
            gone = sa.delete(unopened).where(unopened.c.path == path)
            if connection.execute(gone).rowcount:
                refusals.note(connection, self._clock(), "", path)
            query = sa.select(scans.c.state).where(scans.c.sha256 == scan.sha256)
            state = connection.execute(query).scalar_one()
        if added or state == "rejected":
            return "new"
        return "finished" if state == "finished" else "unfinished"

    def _add_scan(
        self, connection: Connection, path: str, sha256: str, size: int, state: str
    ) -> bool:
        """Adds the scan and the name it was seen under; False when the scan was known."""
        now = self._clock()
        row = {"sha256": sha256, "path": path, "size": size, "state": state, "seen_at": now}
        insert = self.insert(scans).values(row).on_conflict_do_nothing()
        added = connection.execute(insert.returning(scans.c.sha256)).scalar_one_or_none()
        name = {"path": path, "sha256": sha256, "seen_at": now}
        connection.execute(self.insert(names).values(name).on_conflict_do_nothing())
        return added is not None

    def page_rows(self, scan_sha256: str) -> list[PageRow]:
        query = (
            sa.select(pages, scans.c.path)
            .join(scans, scans.c.sha256 == pages.c.scan)
            .where(pages.c.scan == scan_sha256)
            .order_by(pages.c.number)
        )
        with self.reading() as connection:
            return [page_from(row) for row in connection.execute(query).mappings()]

    def save(self, pages: Sequence[PageRow], record: Record | None = None) -> bool:
        with self.writing() as connection:
            for page in pages:
                self._save_page(connection, page)
            return record is not None and self._save_record(connection, record)

    def _save_page(self, connection: Connection, page: PageRow) -> None:
        state = known_scan(connection, page.scan_sha256)
        key = (pages.c.scan == page.scan_sha256) & (pages.c.number == page.number)
        before = connection.execute(sa.select(pages.c.outcome).where(key)).scalar_one_or_none()
        row: dict[str, Any] = {
            "outcome": page.outcome,
            "image": page.image,
            "reason": page.rejected.reason if page.rejected else None,
            "details": dict(page.rejected.details) if page.rejected else None,
            "seen_at": self._clock(),
        }
        if before is None:
            row |= {"scan": page.scan_sha256, "number": page.number}
            connection.execute(self.insert(pages).values(row).on_conflict_do_nothing())
        elif _RANK[page.outcome] > _RANK[before] or page.outcome == before == "rejected":
            connection.execute(sa.update(pages).where(key).values(row))
        self._note_refusal(connection, page, before, state)
        if page.outcome != "rejected" and state == "rejected":
            set_scan(connection, page.scan_sha256, state="unfinished", reason=None, details=None)

    def _note_refusal(
        self, connection: Connection, page: PageRow, before: str | None, state: str
    ) -> None:
        refused, scan, at = page.rejected, page.scan_sha256, self._clock()
        if page.outcome == "rejected":
            if refused is not None and before in (None, "rejected"):
                path = str(refused.path)
                refusals.note(connection, at, refused.reason, path, scan, page.number)
            return
        if before == "rejected":
            refusals.note(connection, at, "", "", scan, page.number)
        if state == "rejected":
            refusals.note(connection, at, "", "", scan)

    def _save_record(self, connection: Connection, record: Record) -> bool:
        known_scan(connection, record.scan_sha256)
        gone = sa.select(erased.c.id).where(erased.c.id == record.id)
        if connection.execute(gone).scalar_one_or_none() is not None:
            return False  # somebody asked that it be forgotten
        waiting = sum(answer.state == "pending" for answer in record.answers)
        row = {
            "id": record.id,
            "template": record.template,
            "revision": record.revision,
            "scan": record.scan_sha256,
            "scan_path": record.scan_path,
            "scan_page": record.scan_page,
            "created_at": record.created_at or self._clock(),
            "doubted": waiting,
            "waiting": waiting,
        }
        insert = self.insert(records).values(row).on_conflict_do_nothing()
        number = connection.execute(insert.returning(records.c.number)).scalar_one_or_none()
        if number is None:
            return False
        for table, rows in (
            (readings, [reading_row(number, record, n) for n in range(len(record.answers))]),
            (answers, [answer_row(number, record, n, waiting) for n in range(len(record.answers))]),
            (sheets, [sheet_row(number, record, n) for n in range(len(record.sheets))]),
        ):
            if rows:
                connection.execute(sa.insert(table), rows)
        asked_by_template.key_twice(connection, record, self._clock())
        units.keep_unit(connection, number, record.template)
        return True

    def reject_scan(self, rejected: Rejected) -> None:
        path, details = str(rejected.path), dict(rejected.details)
        with self.writing() as connection:
            if not rejected.sha256:
                row: dict[str, Any] = {"path": path, "reason": rejected.reason}
                row |= {"details": details, "seen_at": self._clock()}
                insert = self.insert(unopened).values(row)
                connection.execute(insert.on_conflict_do_update(index_elements=["path"], set_=row))
                refusals.note(connection, self._clock(), rejected.reason, path)
                return
            self._add_scan(connection, path, rejected.sha256, 0, "rejected")
            if known_scan(connection, rejected.sha256) != "finished":
                refusals.note(connection, self._clock(), rejected.reason, path, rejected.sha256)
                set_scan(
                    connection,
                    rejected.sha256,
                    state="rejected",
                    reason=rejected.reason,
                    details=details,
                )

    def finish_scan(self, scan_sha256: str, pages: int | None = None) -> None:
        with self.writing() as connection:
            if known_scan(connection, scan_sha256) == "rejected":
                refusals.note(connection, self._clock(), "", "", scan_sha256)
            if pages is not None:
                row = {"scan": scan_sha256, "pages": pages}
                insert = self.insert(extents).values(row)
                connection.execute(insert.on_conflict_do_update(index_elements=["scan"], set_=row))
            set_scan(connection, scan_sha256, state="finished", reason=None, details=None)

    def rejected(self) -> list[Rejected]:
        whole = sa.select(scans).where(scans.c.state == "rejected")
        of_pages = (
            sa.select(pages, scans.c.path)
            .join(scans, scans.c.sha256 == pages.c.scan)
            .where(pages.c.outcome == "rejected")
        )
        with self.reading() as connection:
            found = [rejected_from(row) for row in connection.execute(whole).mappings()]
            found += [rejected_from(row) for row in connection.execute(of_pages).mappings()]
            found += [
                rejected_from(row) for row in connection.execute(sa.select(unopened)).mappings()
            ]
        return sorted(found, key=lambda each: (str(each.path), each.page or 0, each.sha256))

    # Records

    def records(
        self, template: str | None = None, as_of: datetime | None = None
    ) -> Iterator[Record]:
        order = sa.tuple_(records.c.scan_path, records.c.scan_page, records.c.id)
        query = sa.select(records).order_by(*order.clauses).limit(BATCH)
        if template is not None:
            query = query.where(records.c.template == template)
        if as_of is not None:
            query = query.where(records.c.created_at <= as_of)
        with self.reading() as connection:
            batch = connection.execute(query).mappings().all()
            while batch:
                yield from whole_records(connection, batch, as_of)
                last = batch[-1]
                after = sa.tuple_(last["scan_path"], last["scan_page"], last["id"])
                batch = connection.execute(query.where(order > after)).mappings().all()

    def selected(self, chosen: Selection = ALL, *, readings: Readings = True) -> Iterator[Record]:
        with self.reading() as connection:
            yield from selection.selected(connection, chosen, readings)

    def revisions(self) -> list[tuple[str, int]]:
        with self.reading() as connection:
            return selection.revisions(connection)

    def fields(self, template: str, revision: int) -> list[str]:
        with self.reading() as connection:
            return selection.fields(connection, template, revision)

    def newest(self) -> datetime | None:
        with self.reading() as connection:
            return selection.newest(connection)

    def standing(self, record_ids: Sequence[str]) -> dict[str, Record]:
        with self.reading() as connection:
            return selection.standing(connection, record_ids)

    def record_at(self, record_id: str, version: int) -> Record:
        with self.reading() as connection:
            return selection.record_at(connection, record_id, version)

    def record(self, record_id: str) -> Record:
        with self.reading() as connection:
            row = record_row(connection, record_id)
            return next(iter(whole_records(connection, [row], None)))

    def version(self, record_id: str) -> int:
        query = (
            sa.select(records.c.number, sa.func.count(decisions.c.seq))
            .outerjoin(decisions, decisions.c.record == records.c.number)
            .where(records.c.id == record_id)
            .group_by(records.c.number)
        )
        with self.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NoSuchRecord(NoSuchRecord.named.of(record=repr(record_id)))
        return int(row[1])

    def unit_counts(
        self, unit_fields: dict[str, str], as_of: datetime | None = None
    ) -> list[UnitCount]:
        with self.reading() as connection:
            return counts.unit_counts(connection, unit_fields, as_of)

    def figures(self) -> Figures:
        with self.reading() as connection:
            return counts.figures(connection)

    def waited_at_first(self, since: datetime | None = None) -> float | None:
        with self.reading() as connection:
            return counts.waited_at_first(connection, since)

    # Review

    def waiting(self, template: str | None = None) -> Iterator[Waiting]:
        query = page = queue(template, BATCH)
        # A column that is the same throughout would keep SQLite from starting in the middle.
        order = QUEUE_ORDER if template is None else QUEUE_ORDER[1:]
        while True:
            # Each batch is a look of its own: whoever works through the queue takes hours, and
            # the store must not be held at one moment all that time.
            with self.reading() as connection:
                batch = connection.execute(page).mappings().all()
            for row in batch:
                yield Waiting(row["id"], row["template"], row["scan_path"], answer_from(row))
            if len(batch) < BATCH:
                return
            after = [batch[-1][column.name] for column in order]
            page = query.where(sa.tuple_(*order) > sa.tuple_(*after))

    def decide(self, decision: Decision) -> Decision:
        with self.writing() as connection:
            return log.append(connection, decision)

    def decide_all(
        self, decisions: Sequence[Decision], versions: Mapping[str, int]
    ) -> list[Decision]:
        with self.writing() as connection:
            selection.hold(connection, versions)
            return log.append_all(connection, decisions)

    def decisions(self, record_id: str) -> list[Decision]:
        with self.reading() as connection:
            number = record_row(connection, record_id)["number"]
            query = (
                with_rereadings(sa.select(decisions))
                .where(decisions.c.record == number)
                .order_by(decisions.c.seq)
            )
            rows = connection.execute(query).mappings()
            return [decision_from(row, record_id) for row in rows]

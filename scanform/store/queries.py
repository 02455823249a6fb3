"""Questions to the tables that the store asks in several places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, RowMapping, Select

from scanform.errors import NoSuchRecord, StoreError
from scanform.model.record import Answer, Decision, Record, SheetRef, fold
from scanform.model.scan import Rejected
from scanform.store import wording
from scanform.store.interface import PageRow
from scanform.store.rows import answer_from, decision_from, record_from, sheet_from
from scanform.store.tables import (
    answers,
    decisions,
    readings,
    records,
    rereadings,
    scans,
    sheets,
)

QUEUE_ORDER = (answers.c.template, answers.c.position, answers.c.field, answers.c.record)

# SQLite uses an index over some rows only where the query names them in the same words.
_IS_PENDING = answers.c.state == sa.literal_column("'pending'")


def known_scan(connection: Connection, sha256: str) -> str:
    """State of the scan, locked until the transaction ends; raises ``StoreError`` when
    ``open_scan`` was never called for it."""
    query = sa.select(scans.c.state).where(scans.c.sha256 == sha256).with_for_update()
    state = connection.execute(query).scalar_one_or_none()
    if state is None:
        raise StoreError(wording.SCAN_NOT_HERE.of(scan=sha256[:12]))
    return str(state)


def set_scan(connection: Connection, sha256: str, **values: Any) -> None:
    connection.execute(sa.update(scans).where(scans.c.sha256 == sha256).values(values))


def page_from(row: RowMapping) -> PageRow:
    rejected = rejected_from(row) if row["outcome"] == "rejected" else None
    return PageRow(row["scan"], row["number"], row["outcome"], row["image"], rejected)


def rejected_from(row: RowMapping) -> Rejected:
    """From a row of ``scans``, of ``unopened``, or of ``pages`` with the scan's path."""
    return Rejected(
        path=Path(row["path"]),
        sha256=row.get("scan") or row.get("sha256") or "",
        page=row.get("number"),
        reason=row["reason"],
        details=row["details"] or {},
    )


def record_row(connection: Connection, record_id: str, lock: bool = False) -> RowMapping:
    """The row of ``records``; raises ``NoSuchRecord``. With ``lock`` nobody else decides about
    the record until the transaction ends."""
    query = sa.select(records).where(records.c.id == record_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NoSuchRecord(NoSuchRecord.named.of(record=repr(record_id)))
    return row


def whole_records(
    connection: Connection, rows: Sequence[RowMapping], as_of: datetime | None = None
) -> Iterator[Record]:
    """The records of those rows, in their order: as they stand, or as they stood."""
    numbers = [row["number"] for row in rows]
    sheets_of = _sheets(connection, numbers)
    if as_of is None:
        standing = _answers(connection, numbers, as_they_stand=True)
        taken = versions(connection, numbers)
        for row in rows:
            number = row["number"]
            yield record_from(row, standing[number], sheets_of[number], taken.get(number, 0))
        return
    as_read = _answers(connection, numbers, as_they_stand=False)
    log = _log(connection, rows, as_of)
    for row in rows:
        record = record_from(row, as_read[row["number"]], sheets_of[row["number"]])
        yield fold(record, log[row["number"]])


def versions(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """How many decisions there are about each of the records that have any."""
    query = (
        sa.select(decisions.c.record, sa.func.count())
        .where(decisions.c.record.in_(numbers))
        .group_by(decisions.c.record)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def with_rereadings(query: Select[Any]) -> Select[Any]:
    """A query of ``decisions`` with what was read anew: ``reread_reader``, ``reread_reading``."""
    return query.add_columns(
        rereadings.c.reader.label("reread_reader"), rereadings.c.reading.label("reread_reading")
    ).outerjoin(rereadings, rereadings.c.seq == decisions.c.seq)


def _sheets(connection: Connection, numbers: Sequence[int]) -> defaultdict[int, list[SheetRef]]:
    query = (
        sa.select(sheets)
        .where(sheets.c.record.in_(numbers))
        .order_by(sheets.c.record, sheets.c.position)
    )
    found: defaultdict[int, list[SheetRef]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["record"]].append(sheet_from(row))
    return found


def _answers(
    connection: Connection, numbers: Sequence[int], as_they_stand: bool
) -> defaultdict[int, list[Answer]]:
    query = sa.select(readings).where(readings.c.record.in_(numbers)).order_by(readings.c.position)
    if as_they_stand:
        query = _with_standing(query)
    found: defaultdict[int, list[Answer]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["record"]].append(answer_from(row))
    return found


def _with_standing(query: Select[Any]) -> Select[Any]:
    """Rows of ``readings`` with value, confidence and state as they stand now."""
    same = (answers.c.record == readings.c.record) & (answers.c.field == readings.c.field)
    return (
        query.join(answers, same)
        .outerjoin(rereadings, _latest())
        .with_only_columns(
            readings.c.record,
            readings.c.field,
            # A recheck may have found other doubts than the machine had at first.
            sa.func.coalesce(answers.c.doubts, readings.c.doubts, type_=sa.JSON).label("doubts"),
            sa.func.coalesce(rereadings.c.reader, readings.c.reader).label("reader"),
            sa.func.coalesce(rereadings.c.reading, readings.c.reading, type_=sa.JSON).label(
                "reading"
            ),
            answers.c.value,
            answers.c.confidence,
            answers.c.state,
            answers.c.template,
            answers.c.position,
        )
    )


def _log(
    connection: Connection, rows: Sequence[RowMapping], as_of: datetime
) -> defaultdict[int, list[Decision]]:
    ids = {row["number"]: row["id"] for row in rows}
    query = (
        with_rereadings(sa.select(decisions))
        .where(decisions.c.record.in_(list(ids)), decisions.c.at <= as_of)
        .order_by(decisions.c.seq)
    )
    found: defaultdict[int, list[Decision]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["record"]].append(decision_from(row, ids[row["record"]]))
    return found


def texts(connection: Connection) -> Select[Any]:
    """Record, field, value, confidence, state, doubts, reader and reading of every answer as it
    stands, the last two but one and two as the JSON that is stored."""
    same = (answers.c.record == readings.c.record) & (answers.c.field == readings.c.field)
    start: Any = answers.join(readings, same)
    reader: Any = readings.c.reader
    reading: Any = readings.c.reading
    # Hardly any workspace has readings of later models, and they are looked up one by one.
    if connection.execute(sa.select(sa.exists(sa.select(rereadings.c.seq)))).scalar():
        start = start.outerjoin(rereadings, _latest())
        reader = sa.func.coalesce(rereadings.c.reader, reader)
        reading = sa.func.coalesce(rereadings.c.reading, reading)
    doubts = sa.func.coalesce(answers.c.doubts, readings.c.doubts)
    return (
        sa.select(
            answers.c.record,
            answers.c.field,
            answers.c.value,
            answers.c.confidence,
            answers.c.state,
            sa.cast(doubts, sa.String).label("doubts"),
            reader.label("reader"),
            sa.cast(reading, sa.String).label("reading"),
        )
        .select_from(start)
        .order_by(answers.c.record, answers.c.position)
    )


def _latest() -> ColumnElement[bool]:
    """The last reading of the answer by a model that learnt later."""
    other = rereadings.alias("other")
    last = (
        sa.select(sa.func.max(other.c.seq))
        .where(other.c.record == answers.c.record, other.c.field == answers.c.field)
        .correlate(answers)
        .scalar_subquery()
    )
    return rereadings.c.seq == last


def queue(template: str | None, limit: int) -> Select[Any]:
    """The first ``limit`` answers that wait, each with its reading and record."""
    query = (
        _with_standing(sa.select(readings))
        .join(records, records.c.number == answers.c.record)
        .add_columns(records.c.id, records.c.scan_path)
        .where(_IS_PENDING)
        .order_by(*QUEUE_ORDER)
        .limit(limit)
    )
    return query if template is None else query.where(answers.c.template == template)

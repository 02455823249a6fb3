"""Counting records by unit and day, done by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from scanform.model.campaign import BY_BATCH
from scanform.store.campaign_interface import DayCount
from scanform.store.log import counted
from scanform.store.tables import answers, batch_scans, batches, decisions, readings, records

CHUNK = 500
"""Ids in one question: no database has a limit below it."""


def day_counts(
    connection: Connection,
    unit_fields: Mapping[str, str],
    zone: tzinfo,
    as_of: datetime | None,
    duplicates: Collection[str],
) -> list[DayCount]:
    """See ``CampaignStore.day_counts``. By day, then unit, the unknown first."""
    found: defaultdict[tuple[date, str | None], list[int]] = defaultdict(lambda: [0, 0, 0])
    for first, last, offset in _stretches(connection, zone):
        within = (records.c.created_at >= first) & (records.c.created_at < last)
        for template, field in sorted(unit_fields.items()):
            each = _each(connection, template, field, as_of, offset).where(within)
            for unit, day, count, complete in connection.execute(_grouped(each)):
                both = found[date.fromisoformat(str(day)), unit]
                both[0] += complete
                both[1] += count - complete
            for unit, day, is_complete in _among(connection, each, duplicates):
                three = found[date.fromisoformat(str(day)), unit]
                three[0 if is_complete else 1] -= 1
                three[2] += 1
    order = sorted(found, key=lambda key: (key[0], key[1] is not None, key[1] or ""))
    return [DayCount(unit, day, *found[day, unit]) for day, unit in order]


def _stretches(
    connection: Connection, zone: tzinfo
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Times in which the zone has one offset from UTC, as far as there are records: a database
    can add an offset, but knows nothing of summer time. Found by noon of each day (UTC)."""
    query = sa.select(sa.func.min(records.c.created_at), sa.func.max(records.c.created_at))
    first, last = connection.execute(query).one()
    if first is None:
        return
    begun = datetime.combine(first.date(), time(0), UTC) - timedelta(days=1)
    offset = _offset(begun, zone)
    day = begun
    while day <= last:
        now = _offset(day, zone)
        if now != offset:
            yield begun, day, offset
            begun, offset = day, now
        day += timedelta(days=1)
    yield begun, day + timedelta(days=1), offset


def _offset(day: datetime, zone: tzinfo) -> timedelta:
    return (day + timedelta(hours=12)).astimezone(zone).utcoffset() or timedelta()


def _grouped(each: Select[Any]) -> Select[Any]:
    rows = each.subquery("each_record")
    return sa.select(
        rows.c.unit, rows.c.day, sa.func.count(), sa.func.sum(rows.c.complete)
    ).group_by(rows.c.unit, rows.c.day)


def _among(
    connection: Connection, each: Select[Any], ids: Collection[str]
) -> Iterator[tuple[str | None, str, int]]:
    """Unit, day and whether complete, of those records."""
    for chunk in _chunks(sorted(ids)):
        for row in connection.execute(each.where(records.c.id.in_(chunk))):
            yield row.unit, row.day, row.complete


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _day(connection: Connection, offset: timedelta) -> ColumnElement[str]:
    """The day on which a record came in, that far from UTC: ``YYYY-MM-DD`` or a date, as the
    database has it."""
    if connection.dialect.name == "postgresql":
        local = sa.func.timezone("UTC", records.c.created_at) + offset
        return sa.type_coerce(sa.cast(local, sa.Date), sa.String)
    # SQLite holds the moment as text in UTC.
    moment = sa.type_coerce(records.c.created_at, sa.String)
    return sa.func.date(moment, f"{offset.total_seconds():+.0f} seconds", type_=sa.String)


def _each(
    connection: Connection, template: str, field: str, as_of: datetime | None, offset: timedelta
) -> Select[Any]:
    """One row a record of the template: unit, day, 1 where it is complete."""
    day = _day(connection, offset).label("day")
    if as_of is None:
        complete: ColumnElement[int] = sa.case((records.c.waiting == 0, 1), else_=0)
        joined: Any = records
        unit: ColumnElement[str | None] = answers.c.value
        if field != BY_BATCH:
            here = (answers.c.record == records.c.number) & (answers.c.field == field)
            joined = records.outerjoin(answers, here)
    else:
        joined, unit, complete = standing_then(records, field, as_of)
    if field == BY_BATCH:
        joined, unit = _unit_of_batch(joined)
    query: Any = (
        sa.select(unit.label("unit"), day, complete.label("complete"))
        .select_from(joined)
        .where(records.c.template == template)
    )
    return cast(Select[Any], query if as_of is None else query.where(records.c.created_at <= as_of))


def _unit_of_batch(joined: Any) -> tuple[Any, ColumnElement[str | None]]:
    """The unit of the first batch that had the record's scan."""
    first = (
        sa.select(batch_scans.c.sha256, sa.func.min(batch_scans.c.batch).label("batch"))
        .group_by(batch_scans.c.sha256)
        .subquery("first_batch")
    )
    joined = joined.outerjoin(first, first.c.sha256 == records.c.scan)
    return joined.outerjoin(batches, batches.c.number == first.c.batch), batches.c.unit


def standing_then(
    start: Any, field: str, as_of: datetime
) -> tuple[Any, ColumnElement[str | None], ColumnElement[int]]:
    """The fold of the log up to ``as_of``: what to select from, the answer of ``field`` and
    whether the record was complete (1 or 0). A decision ends the waiting of its answer unless
    it was taken back or a recheck found a doubt since, and the answer is what the last of them
    said that was no plain acceptance."""
    of_field = (
        sa.select(decisions.c.record, decisions.c.field, sa.func.max(decisions.c.seq).label("seq"))
        .where(*counted(as_of))
        .group_by(decisions.c.record, decisions.c.field)
        .subquery("of_field")
    )
    now, at_first = decisions.c.to_state == "pending", readings.c.state == "pending"
    waits = (decisions.c.action == "recheck") & now
    ended = (
        sa.select(
            of_field.c.record,
            sa.func.sum(sa.case((at_first & ~waits, 1), (~at_first & waits, -1), else_=0)).label(
                "answers"
            ),
        )
        .join(decisions, decisions.c.seq == of_field.c.seq)
        .join(
            readings,
            (readings.c.record == of_field.c.record) & (readings.c.field == of_field.c.field),
        )
        .group_by(of_field.c.record)
        .subquery("ended")
    )
    last = (
        sa.select(decisions.c.record, sa.func.max(decisions.c.seq).label("seq"))
        .where(*counted(as_of), decisions.c.field == field, decisions.c.action != "accept")
        .group_by(decisions.c.record)
        .subquery("last")
    )
    said = decisions.alias("said")
    here = (readings.c.record == records.c.number) & (readings.c.field == field)
    joined = (
        start.outerjoin(readings, here)
        .outerjoin(ended, ended.c.record == records.c.number)
        .outerjoin(last, last.c.record == records.c.number)
        .outerjoin(said, said.c.seq == last.c.seq)
    )
    value = sa.case((said.c.seq.is_not(None), said.c.value), else_=readings.c.value)
    over = records.c.doubted <= sa.func.coalesce(ended.c.answers, 0)
    return joined, value, sa.case((over, 1), else_=0)

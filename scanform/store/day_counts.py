"""Counting records by unit and day, done by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from scanform.store.campaign_interface import DayCount
from scanform.store.moment import completeness, unit_of
from scanform.store.tables import records

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
    joined, complete = completeness(records, as_of)
    joined, unit = unit_of(joined, field, as_of)
    query: Any = (
        sa.select(unit.label("unit"), day, complete.label("complete"))
        .select_from(joined)
        .where(records.c.template == template)
    )
    return cast(Select[Any], query if as_of is None else query.where(records.c.created_at <= as_of))

"""Counting records by unit and day, done by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from scanform.store import units
from scanform.store.campaign_interface import DayCount
from scanform.store.moment import completeness, unit_of
from scanform.store.tables import records

CHUNK = 500
"""Ids in one question: no database has a limit below it."""

Stretch = tuple[ColumnElement[bool], ColumnElement[str]]
"""A condition on when a record came in, and the day on which it did: ``YYYY-MM-DD`` or a date."""


def day_counts(
    connection: Connection,
    unit_fields: Mapping[str, str],
    zone: tzinfo,
    as_of: datetime | None,
    duplicates: Collection[str],
) -> list[DayCount]:
    """See ``CampaignStore.day_counts``. By day, then unit, the unknown first."""
    found: defaultdict[tuple[date, str | None], list[int]] = defaultdict(lambda: [0, 0, 0])
    kept = units.fields_of(connection)
    for template, field in sorted(unit_fields.items()):
        each = _each(template, field, as_of, kept.get(template))
        for within, day in _stretches(connection, template, zone, as_of):
            for unit, on, count, complete in connection.execute(_grouped(each, within, day)):
                both = found[date.fromisoformat(str(on)), unit]
                both[0] += complete
                both[1] += count - complete
        for unit, at, is_complete in _among(connection, each, duplicates):
            three = found[at.astimezone(zone).date(), unit]
            three[0 if is_complete else 1] -= 1
            three[2] += 1
    order = sorted(found, key=lambda key: (key[0], key[1] is not None, key[1] or ""))
    return [DayCount(unit, day, *found[day, unit]) for day, unit in order]


def _stretches(
    connection: Connection, template: str, zone: tzinfo, as_of: datetime | None
) -> Iterator[Stretch]:
    """Now the days one by one: the index has the records in that order, and many short lists are
    sorted faster than a long one. Of a past moment the log has to be gone through, once."""
    if as_of is None:
        return _days(connection, template, zone)
    return _of_one_offset(connection, template, zone)


def _days(connection: Connection, template: str, zone: tzinfo) -> Iterator[Stretch]:
    """Every day on which records came in."""
    first = sa.select(sa.func.min(records.c.created_at)).where(records.c.template == template)
    moment = connection.execute(first).scalar_one()
    while moment is not None:
        day = moment.astimezone(zone).date()
        start, end = (datetime.combine(day + timedelta(n), time(0), zone) for n in (0, 1))
        yield _between(start, end), sa.literal(day.isoformat())
        moment = connection.execute(first.where(records.c.created_at >= end)).scalar_one()


def _of_one_offset(connection: Connection, template: str, zone: tzinfo) -> Iterator[Stretch]:
    """Times in which the zone has one offset from UTC, as far as there are records: a database
    can add an offset, but knows nothing of summer time. Found by noon of each day (UTC)."""
    query = sa.select(sa.func.min(records.c.created_at), sa.func.max(records.c.created_at))
    first, last = connection.execute(query.where(records.c.template == template)).one()
    if first is None:
        return
    begun = datetime.combine(first.date(), time(0), UTC) - timedelta(days=1)
    offset = _offset(begun, zone)
    day = begun
    while day <= last:
        now = _offset(day, zone)
        if now != offset:
            yield _between(begun, day), _day(connection, offset)
            begun, offset = day, now
        day += timedelta(days=1)
    yield _between(begun, day + timedelta(days=1)), _day(connection, offset)


def _between(first: datetime, last: datetime) -> ColumnElement[bool]:
    return (records.c.created_at >= first) & (records.c.created_at < last)


def _offset(day: datetime, zone: tzinfo) -> timedelta:
    return (day + timedelta(hours=12)).astimezone(zone).utcoffset() or timedelta()


def _day(connection: Connection, offset: timedelta) -> ColumnElement[str]:
    """The day on which a record came in, that far from UTC."""
    if connection.dialect.name == "postgresql":
        local = sa.func.timezone("UTC", records.c.created_at) + offset
        return sa.type_coerce(sa.cast(local, sa.Date), sa.String)
    # SQLite holds the moment as text in UTC.
    moment = sa.type_coerce(records.c.created_at, sa.String)
    return sa.func.date(moment, f"{offset.total_seconds():+.0f} seconds", type_=sa.String)


def _grouped(
    each: Select[Any], within: ColumnElement[bool], day: ColumnElement[str]
) -> Select[Any]:
    rows = each.add_columns(day.label("day")).where(within).subquery("each_record")
    return sa.select(
        rows.c.unit, rows.c.day, sa.func.count(), sa.func.sum(rows.c.complete)
    ).group_by(rows.c.unit, rows.c.day)


def _among(
    connection: Connection, each: Select[Any], ids: Collection[str]
) -> Iterator[tuple[str | None, datetime, int]]:
    """Unit, moment and whether complete, of those records."""
    for chunk in _chunks(sorted(ids)):
        query = each.add_columns(records.c.created_at).where(records.c.id.in_(chunk))
        for unit, complete, moment in connection.execute(query):
            yield unit, moment, complete


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _each(template: str, field: str, as_of: datetime | None, kept: str | None) -> Select[Any]:
    """One row a record of the template: unit, 1 where it is complete."""
    joined, complete = completeness(records, as_of)
    joined, unit = unit_of(joined, field, as_of, kept)
    until = sa.true() if as_of is None else records.c.created_at <= as_of
    query: Any = (
        sa.select(unit.label("unit"), complete.label("complete"))
        .select_from(joined)
        .where(records.c.template == template, until)
    )
    return cast(Select[Any], query)

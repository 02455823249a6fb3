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
from scanform.store.moment import (
    complete_now,
    complete_then,
    completeness,
    touched_since,
    unit_of,
)
from scanform.store.tables import records

CHUNK = 500
"""Ids in one question: no database has a limit below it."""

Counted = tuple[str | None, date, bool, int]
"""Unit, day on which they came in, whether complete, how many."""

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
        known = kept.get(template)
        for unit, on, complete, count in _standing(connection, template, field, as_of, known, zone):
            found[on, unit][0 if complete else 1] += count
        if as_of is not None:
            asked = template, field, as_of, known
            for unit, on, complete, count in _changed_since(connection, *asked, zone):
                found[on, unit][0 if complete else 1] += count
        each = _each(template, field, as_of, known)
        for unit, at, is_complete in _among(connection, each, duplicates):
            three = found[at.astimezone(zone).date(), unit]
            three[0 if is_complete else 1] -= 1
            three[2] += 1
    order = sorted(
        (key for key, counts in found.items() if any(counts)),
        key=lambda key: (key[0], key[1] is not None, key[1] or ""),
    )
    return [DayCount(unit, day, *found[day, unit]) for day, unit in order]


def _standing(
    connection: Connection,
    template: str,
    field: str,
    as_of: datetime | None,
    kept: str | None,
    zone: tzinfo,
) -> Iterator[Counted]:
    """The records that had come in, as they stand today. Day by day: the index has them in that
    order, and many short lists are sorted faster than a long one."""
    each = _each(template, field, None, kept)
    for within, day in _days(connection, template, zone, as_of):
        rows = each.where(within).subquery("each_record")
        complete = sa.func.sum(rows.c.complete)
        query = sa.select(rows.c.unit, complete, sa.func.count()).group_by(rows.c.unit)
        for unit, done, count in connection.execute(query):
            yield unit, day, True, done
            yield unit, day, False, count - done


def _changed_since(
    connection: Connection,
    template: str,
    field: str,
    as_of: datetime,
    kept: str | None,
    zone: tzinfo,
) -> Iterator[Counted]:
    """What makes of them what they were then: the records about which something was said since,
    once as they were, and once as they stand today, counted down."""
    changed = touched_since(as_of)
    joined: Any = changed.join(records, records.c.number == changed.c.record)
    joined, now = unit_of(joined, field, None, kept)
    joined, then = unit_of(joined, field, as_of, kept)
    joined, was_complete = complete_then(joined, as_of, changed)
    both = (now.label("now"), then.label("then"), complete_now().label("done"))
    each: Any = (
        sa.select(*both, was_complete.label("was"))
        .select_from(joined)
        .where(records.c.template == template, _until(as_of))
    )
    for within, day in _of_one_offset(connection, template, zone):
        rows = each.add_columns(day.label("day")).where(within).subquery("each_record")
        names = (rows.c.day, rows.c.now, rows.c.then, rows.c.done, rows.c.was)
        query = sa.select(*names, sa.func.count()).group_by(*names)
        for on, is_of, was_of, is_complete, was, count in connection.execute(query):
            when = date.fromisoformat(str(on))
            yield was_of, when, bool(was), count
            yield is_of, when, bool(is_complete), -count


def _until(as_of: datetime | None) -> ColumnElement[bool]:
    return sa.true() if as_of is None else records.c.created_at <= as_of


def _days(
    connection: Connection, template: str, zone: tzinfo, as_of: datetime | None
) -> Iterator[tuple[ColumnElement[bool], date]]:
    """Every day until then on which records came in."""
    first = sa.select(sa.func.min(records.c.created_at)).where(
        records.c.template == template, _until(as_of)
    )
    moment = connection.execute(first).scalar_one()
    while moment is not None:
        day = moment.astimezone(zone).date()
        start, end = (datetime.combine(day + timedelta(n), time(0), zone) for n in (0, 1))
        # One upper end alone: of two SQLite may take the far one, and walk there every day.
        whole = as_of is None or end <= as_of
        within = records.c.created_at < end if whole else _until(as_of)
        yield (records.c.created_at >= start) & within, day
        moment = connection.execute(first.where(records.c.created_at >= end)).scalar_one()


def _of_one_offset(connection: Connection, template: str, zone: tzinfo) -> Iterator[Stretch]:
    """Times in which the zone has one offset from UTC, as far as there are records: a database
    can add an offset, but knows nothing of summer time. Found by noon of each day (UTC)."""
    # One end at a time: asked for both at once SQLite walks through the whole index.
    ends = (sa.select(end(records.c.created_at)) for end in (sa.func.min, sa.func.max))
    mine = records.c.template == template
    first, last = (connection.execute(each.where(mine)).scalar_one() for each in ends)
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
    query: Any = (
        sa.select(unit.label("unit"), complete.label("complete"))
        .select_from(joined)
        .where(records.c.template == template, _until(as_of))
    )
    return cast(Select[Any], query)

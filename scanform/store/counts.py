"""Counting, done by the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Select

from scanform.store import units
from scanform.store.interface import Figures, UnitCount
from scanform.store.moment import completeness, unit_of
from scanform.store.tables import (
    answers,
    names,
    pages,
    readings,
    records,
    scans,
    unopened,
)


def unit_counts(
    connection: Connection, unit_fields: dict[str, str], as_of: datetime | None
) -> list[UnitCount]:
    """Records per unit of all those templates together; by unit, the unknown first."""
    found: dict[str | None, list[int]] = {}
    kept = units.fields_of(connection)
    for template, field in sorted(unit_fields.items()):
        query = _of_template(template, field, as_of, kept.get(template))
        for unit, count, complete in connection.execute(query):
            both = found.setdefault(unit, [0, 0])
            both[0] += complete
            both[1] += count - complete
    order = sorted(found, key=lambda unit: (unit is not None, unit or ""))
    return [UnitCount(unit, *found[unit]) for unit in order]


def _of_template(
    template: str, field: str, as_of: datetime | None, kept: str | None
) -> Select[Any]:
    joined, complete = completeness(records, as_of)
    joined, unit = unit_of(joined, field, as_of, kept)
    each = (
        sa.select(unit.label("unit"), complete.label("complete"))
        .select_from(joined)
        .where(records.c.template == template)
        .where(sa.true() if as_of is None else records.c.created_at <= as_of)
        .subquery("each_record")
    )
    return sa.select(each.c.unit, sa.func.count(), sa.func.sum(each.c.complete)).group_by(
        each.c.unit
    )


def figures(connection: Connection) -> Figures:
    """The workspace in numbers."""
    by_scan = _count_by(connection, scans.c.state)
    by_page = _count_by(connection, pages.c.outcome)
    by_answer = _count_by(connection, answers.c.state)
    record_count, complete = connection.execute(
        sa.select(sa.func.count(), sa.func.sum(sa.case((records.c.waiting == 0, 1), else_=0)))
    ).one()
    # A finished scan none of whose pages could be taken is rejected, for whoever put it in.
    fruitless = _number(connection, _fruitless())
    name_count = _number(connection, sa.select(sa.func.count()).select_from(names))
    lost = _number(connection, sa.select(sa.func.count()).select_from(unopened))
    return Figures(
        scans_digitised=by_scan.get("finished", 0) - fruitless,
        scans_rejected=by_scan.get("rejected", 0) + fruitless + lost,
        scans_unfinished=by_scan.get("unfinished", 0),
        duplicates=name_count - sum(by_scan.values()),
        pages=sum(by_page.values()),
        pages_blank=by_page.get("blank", 0),
        pages_rejected=by_page.get("rejected", 0),
        records=record_count,
        complete=complete or 0,
        answers_accepted=by_answer.get("accepted", 0) + by_answer.get("corrected", 0),
        answers_pending=by_answer.get("pending", 0),
        answers_blank=by_answer.get("blank", 0),
        answers_unreadable=by_answer.get("unreadable", 0),
        pages_separator=by_page.get("separator", 0),
    )


def waited_at_first(connection: Connection, since: datetime | None) -> float | None:
    """See ``Store.waited_at_first``."""
    waits = sa.func.sum(sa.case((readings.c.state == "pending", 1), else_=0))
    query = sa.select(sa.func.count(), waits).select_from(readings.join(records))
    if since is not None:
        query = query.where(records.c.created_at > since)
    every, waited = connection.execute(query).one()
    return waited / every if every else None


def _fruitless() -> Select[Any]:
    here = pages.c.scan == scans.c.sha256
    some_rejected = sa.exists().where(here, pages.c.outcome == "rejected")
    some_taken = sa.exists().where(here, pages.c.outcome != "rejected")
    return (
        sa.select(sa.func.count())
        .select_from(scans)
        .where(scans.c.state == "finished", some_rejected, ~some_taken)
    )


def _count_by(connection: Connection, column: sa.Column[str]) -> dict[str, int]:
    query = sa.select(column, sa.func.count()).group_by(column)
    return {row[0]: row[1] for row in connection.execute(query)}


def _number(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())

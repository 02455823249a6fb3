"""Counting the answers of one field, by unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import Connection, Select

from scanform.store import units
from scanform.store.campaign_interface import ValueCount
from scanform.store.moment import answer_of, unit_of
from scanform.store.tables import records

CHUNK = 500
"""Ids in one question: no database has a limit below it."""


def value_counts(
    connection: Connection,
    template: str,
    fields: tuple[str, str],
    as_of: datetime | None,
    without: Collection[str],
) -> list[ValueCount]:
    """See ``CampaignStore.value_counts``. By unit, then value, the unknown first."""
    each = _each(template, fields, as_of, units.fields_of(connection).get(template))
    rows = each.subquery("each_record")
    grouped = sa.select(rows.c.unit, rows.c.value, sa.func.count()).group_by(
        rows.c.unit, rows.c.value
    )
    found: Counter[tuple[str | None, str | None]] = Counter()
    for unit, value, count in connection.execute(grouped):
        found[unit, value] += count
    ids = sorted(without)
    for start in range(0, len(ids), CHUNK):
        chunk = each.where(records.c.id.in_(ids[start : start + CHUNK]))
        for unit, value in connection.execute(chunk):
            found[unit, value] -= 1
    order = sorted(
        (key for key in found if found[key]),
        key=lambda key: [(text is not None, text or "") for text in key],
    )
    return [ValueCount(unit, value, found[unit, value]) for unit, value in order]


def _each(
    template: str, fields: tuple[str, str], as_of: datetime | None, kept: str | None
) -> Select[Any]:
    """One row a record of the template: its unit and its answer."""
    unit_field, field = fields
    joined, unit = unit_of(records, unit_field, as_of, kept)
    joined, value = answer_of(joined, field, as_of)
    query: Any = (
        sa.select(unit.label("unit"), value.label("value"))
        .select_from(joined)
        .where(records.c.template == template)
    )
    return cast(Select[Any], query if as_of is None else query.where(records.c.created_at <= as_of))

"""Records as lines of a few answers, for the counting."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from scanform.store.campaign_interface import FormLine
from scanform.store.tables import answers, records


def lines_of(
    connection: Connection,
    template: str,
    fields: Collection[str],
    some: ColumnElement[bool] | None,
) -> list[FormLine]:
    """The records with those answers. One question for all of them: what is wanted of a million
    records is a few short texts each."""
    query: Select[Any] = (
        sa.select(records, answers.c.field, answers.c.value)
        .outerjoin(
            answers,
            (answers.c.record == records.c.number) & answers.c.field.in_(sorted(fields)),
        )
        .where(records.c.template == template)
        .order_by(records.c.number)
    )
    if some is not None:
        query = query.where(some)
    found: dict[str, FormLine] = {}
    said: dict[str, dict[str, str | None]] = {}
    for row in connection.execute(query):
        if row.id not in found:
            said[row.id] = {}
            place = row.scan_path, row.scan, row.scan_page
            found[row.id] = FormLine(row.id, row.template, *place, said[row.id])
        if row.field is not None:
            said[row.id][row.field] = row.value
    return list(found.values())

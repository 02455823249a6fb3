"""The unit of every record, kept beside it: a count of a million need not look up their answers.

Which field says it is noted for each template, by the campaign or by the first run. The column
follows the answers in the same transaction, as ``waiting`` does; who counts by another field
looks the answers up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from scanform.model.campaign import BY_BATCH
from scanform.store.tables import answers, insert_for, records, unit_fields


def count_by(connection: Connection, wanted: Mapping[str, str], *, anew: bool) -> None:
    """Notes the unit fields and brings the records of those templates up to date. Without ``anew``
    a template that has one already keeps it. A unit that the box says is not kept here."""
    if connection.dialect.name == "postgresql":
        # A record that another run is saving this moment would miss its field.
        connection.exec_driver_sql("LOCK TABLE records IN EXCLUSIVE MODE")
    known = fields_of(connection)
    for template, field in sorted(wanted.items()):
        if field in ("", BY_BATCH) or known.get(template) == field:
            continue
        if template in known and not anew:
            continue
        row = insert_for(connection.dialect)(unit_fields).values(template=template, field=field)
        connection.execute(
            row.on_conflict_do_update(index_elements=["template"], set_={"field": field})
        )
        here = records.c.template == template
        connection.execute(sa.update(records).where(here).values(unit=unit_now(field)))


def fields_of(connection: Connection) -> dict[str, str]:
    """Template -> the field whose unit is kept."""
    query = sa.select(unit_fields.c.template, unit_fields.c.field)
    return {row.template: row.field for row in connection.execute(query)}


def keep_unit(connection: Connection, number: int, template: str, changed: str = "") -> None:
    """Brings the record's unit up to date, where the field that ``changed`` has to do with it."""
    here = unit_fields.c.template == template
    field = connection.execute(sa.select(unit_fields.c.field).where(here)).scalar_one_or_none()
    if field is not None and (not changed or changed in field.split("/")):
        own = records.c.number == number
        connection.execute(sa.update(records).where(own).values(unit=unit_now(field)))


def strayed(connection: Connection) -> Iterator[tuple[str, str | None]]:
    """Records whose unit isn't what their answers name, each with the unit that is kept."""
    for template, field in fields_of(connection).items():
        here = records.c.template == template
        other = records.c.unit.is_distinct_from(unit_now(field))
        query = sa.select(records.c.id, records.c.unit).where(here, other)
        for row in connection.execute(query):
            yield row.id, row.unit


def unit_now(field: str) -> ColumnElement[str | None]:
    """The unit that the record's answers name: of a path of fields from the commune down both
    (``Ấp 1, Xã Thạnh Hải``). A form that doesn't say its hamlet is its commune's."""
    first, *below = field.split("/")
    unit: ColumnElement[Any] = _answer(first)
    for each in below:
        unit = within(unit, _answer(each))
    return unit


def within(unit: ColumnElement[Any], below: ColumnElement[Any]) -> ColumnElement[Any]:
    """The unit and one that lies in it, in one."""
    return sa.case(
        (unit.is_(None) | below.is_(None), unit),
        else_=sa.type_coerce(below, sa.String) + ", " + sa.type_coerce(unit, sa.String),
    )


def _answer(field: str) -> ColumnElement[Any]:
    own = answers.alias()
    here = (own.c.record == records.c.number) & (own.c.field == field)
    return sa.select(own.c.value).where(here).correlate(records).scalar_subquery()

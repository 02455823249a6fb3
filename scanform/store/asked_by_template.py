"""Second keying that a template asks for: tasks that come with the record."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.model.record import TO_KEY, Record
from scanform.store.desk_interface import NewTask, OrderRow
from scanform.store.desk_tasks import add, add_order
from scanform.store.tables import orders

BY = "template"
"""Who ordered it, by the books."""
KEYERS = 2


def key_twice(connection: Connection, record: Record, at: datetime) -> None:
    """Two tasks for each answer of a new record that waits to be keyed, under the one order of its
    template."""
    fields = [answer.field for answer in record.answers if TO_KEY in answer.doubts]
    if not fields:
        return
    order = _order(connection, record.template, at)
    add(
        connection,
        [NewTask(order, "key", record.id, field) for field in fields for _ in range(KEYERS)],
    )


def _order(connection: Connection, template: str, at: datetime) -> int:
    query = (
        sa.select(orders.c.number)
        .where(orders.c.work == "key", orders.c.by == BY, orders.c.template == template)
        .order_by(orders.c.number)
        .limit(1)
    )
    known = connection.execute(query).scalar_one_or_none()
    if known is not None:
        return int(known)
    return add_order(connection, OrderRow(0, "key", BY, at, template, (), 1.0, KEYERS, 0))

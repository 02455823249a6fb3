"""Keying that is asked for no more, because somebody decided the answer meanwhile.

What was ordered to be keyed may still be decided by an officer on the form's page, or by whoever
has the paper in his hands. Then nobody needs to key it, and what keyers typed later must not
overrule him. If he takes it back the keying is asked for again. A withdrawn task is closed and
done by nobody. Samples go on: they measure what was accepted, whatever became of it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from scanform.store.tables import claims, tasks


def _keying(record: int, field: str) -> ColumnElement[bool]:
    here = (tasks.c.record == record) & (tasks.c.field == field)
    return here & tasks.c.work.in_(["key", "settle"]) & tasks.c.expected_outcome.is_(None)


def withdraw(connection: Connection, record: int, field: str) -> None:
    """Closes what is open of keying the answer, and takes it out of people's hands."""
    still = _keying(record, field) & tasks.c.open.is_(True)
    gone = sa.update(tasks).where(still).values(open=False).returning(tasks.c.number)
    numbers = list(connection.execute(gone).scalars())
    if numbers:
        connection.execute(sa.delete(claims).where(claims.c.task.in_(numbers)))


def ask_again(connection: Connection, record: int, field: str) -> bool:
    """Opens what was withdrawn; whether keying the answer is asked for now."""
    keying = _keying(record, field)
    closed = keying & tasks.c.open.is_(False) & tasks.c.by.is_(None)
    connection.execute(sa.update(tasks).where(closed).values(open=True))
    still = sa.exists().where(keying, tasks.c.open.is_(True))
    return bool(connection.execute(sa.select(still)).scalar_one())

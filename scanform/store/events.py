"""Rows of the log that are about no answer: that somebody looked, took away, or erased.

They stand in the same chain as the decisions, so none can be taken out unseen. They say that it
happened, who did it and when; never what it was about beyond a record's id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from scanform.store.chain import chained, event_json
from scanform.store.log import locked_head
from scanform.store.sql import SqlStore
from scanform.store.tables import events, log_head, storable


@dataclass(frozen=True, slots=True)
class Event:
    """``action``: ``find``, ``show``, ``erase``, ``purge``, ``export``, ``backup``, ``restore``.
    ``record`` is an id where it was about one. ``detail``: numbers and codes, nothing of people."""

    seq: int
    action: str
    by: str
    at: datetime
    record: str | None
    how: str
    detail: Mapping[str, Any]


def note(
    store: SqlStore,
    action: str,
    by: str,
    *,
    record: str | None = None,
    how: str = "",
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Appends an event in a transaction of its own; its number in the log."""
    with store.writing() as connection:
        return append(connection, action, by, store.now(), record=record, how=how, detail=detail)


def append(  # noqa: PLR0913 - as above
    connection: Connection,
    action: str,
    by: str,
    at: datetime,
    *,
    record: str | None = None,
    how: str = "",
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Appends an event to the log."""
    last, previous = locked_head(connection)
    seq, kept = last + 1, dict(detail or {})
    row: dict[str, Any] = {"record": record, "action": action, "by": storable(by), "at": at}
    row |= {"how": storable(how), "detail": kept, "seq": seq}
    digest = chained(previous, event_json(**row))
    empty = {"field": "", "template": "", "readers": "", "lot": ""}
    connection.execute(sa.insert(events).values(row | empty | {"hash": digest}))
    connection.execute(sa.update(log_head).values(seq=seq, hash=digest))
    return seq


def listed(connection: Connection, after: int = 0) -> Iterator[Event]:
    """Events about no answer, oldest first."""
    query = (
        sa.select(events)
        .where(events.c.seq > after, events.c.from_state.is_(None))
        .order_by(events.c.seq)
    )
    yield from map(_event, connection.execute(query).mappings())


def _event(row: RowMapping) -> Event:
    return Event(
        row["seq"],
        row["action"],
        row["by"],
        row["at"],
        row["record"],
        row["how"],
        row["detail"] or {},
    )

"""Who was shown a person's form: rows of the log, one for each look and not for each picture.

A reviewer who goes through a form field by field, or turns its pages, looks once. So a look is
the same person at the same record in the same way within a quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from scanform.errors import NoSuchRecord
from scanform.store import events
from scanform.store.sql import SqlStore
from scanform.store.tables import decisions, storable
from scanform.store.tables import events as rows
from scanform.store.tables import records as kept

AGAIN = timedelta(minutes=15)
"""After which the same look is noted again."""

ACTION = "show"


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody did with one record. ``what``: ``show``, or what was decided; ``how`` says
    where: ``pages``, ``terminal``, ``review``, ``gallery`` and so on."""

    seq: int
    at: datetime
    by: str
    what: str
    how: str
    field: str = ""


def note_looks(store: SqlStore, by: str, records: Sequence[str], how: str) -> int:
    """Notes that ``by`` was shown these records; how many rows that gave. To be called before what
    they say is handed out: what can't be noted isn't shown. Raises ``StoreError``."""
    wanted = list(dict.fromkeys(records))
    if not wanted:
        return 0
    by, how, now = storable(by), storable(how), store.now()
    with store.writing() as connection:
        # Rows of the future are a clock's that was wrong: they excuse nothing.
        lately = sa.select(rows.c.record).where(
            rows.c.record.in_(wanted),
            rows.c.action == ACTION,
            rows.c.by == by,
            rows.c.how == how,
            rows.c.at.between(now - AGAIN, now),
        )
        known = set(connection.execute(lately).scalars())
        new = [each for each in wanted if each not in known]
        for record in new:
            events.append(connection, ACTION, by, now, record=record, how=how)
    return len(new)


def accesses(store: SqlStore, record_id: str) -> list[Access]:
    """Everybody who was shown the record, decided about it or erased it, oldest first; also of a
    record that was erased. Raises ``NoSuchRecord`` for one that never was."""
    mine = sa.select(rows.c.seq, rows.c.at, rows.c.by, rows.c.action, rows.c.how, rows.c.field)
    said = sa.select(
        decisions.c.seq,
        decisions.c.at,
        decisions.c.by,
        decisions.c.action,
        decisions.c.how,
        decisions.c.field,
    )
    with store.reading() as connection:
        number = connection.scalar(sa.select(kept.c.number).where(kept.c.id == record_id))
        here = (mine.where(rows.c.record == record_id), said.where(decisions.c.record == number))
        found = [Access(*row) for query in here for row in connection.execute(query)]
    if number is None and not found:
        raise NoSuchRecord(NoSuchRecord.named.of(record=repr(record_id)))
    return sorted(found, key=lambda each: each.seq)

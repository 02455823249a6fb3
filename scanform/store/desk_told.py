"""What the log tells: ``DeskStore``'s log, looks and paces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from scanform.model.record import DECIDES
from scanform.store import (
    events,
    log,
    looks,
)
from scanform.store.chain import Link
from scanform.store.desk_part import DeskPart
from scanform.store.interface import LogRow
from scanform.store.queries import record_row
from scanform.store.tables import (
    decisions,
    readings,
    records,
)


class Told(DeskPart):
    """See ``desk_interface.Told``."""

    def log(
        self, record: str | None = None, by: str | None = None, after: int = 0
    ) -> Iterator[LogRow]:
        only = [decisions.c.seq > after]
        with self._store.reading() as connection:
            if record is not None:
                only.append(decisions.c.record == record_row(connection, record)["number"])
            if by is not None:
                only.append(decisions.c.by == by)
            yield from log.rows(connection, sa.and_(*only))

    def note_looks(self, by: str, records: Sequence[str], how: str) -> int:
        return looks.note_looks(self._store, by, records, how)

    def note_taking(self, by: str, how: str) -> None:
        events.note(self._store, "export", by, how=how)

    def links(self) -> Iterator[Link]:
        with self._store.reading() as connection:
            yield from log.links(connection)

    def last_log(self, by: str, limit: int) -> list[tuple[LogRow, bool]]:
        later, undo = decisions.alias("later"), decisions.alias("undo_of_later")
        taken_back = sa.exists().where(
            undo.c.record == later.c.record, undo.c.undoes == later.c.seq
        )
        overtaken = sa.exists().where(
            later.c.record == decisions.c.record,
            later.c.field == decisions.c.field,
            later.c.seq > decisions.c.seq,
            later.c.action.in_(sorted(DECIDES)),
            ~taken_back,
        )
        last = (
            sa.select(decisions.c.seq, overtaken)
            .where(decisions.c.by == by, decisions.c.action.in_(sorted(DECIDES)), *log.counted())
            .order_by(decisions.c.seq.desc())
            .limit(limit)
        )
        with self._store.reading() as connection:
            gone = {row[0]: bool(row[1]) for row in connection.execute(last)}
            rows = list(log.rows(connection, decisions.c.seq.in_(gone)))
        return [(row, not gone[row.decision.seq]) for row in reversed(rows)]

    def head(self) -> tuple[int, str]:
        with self._store.reading() as connection:
            return log.head(connection)

    def paces(self, by: str | None) -> list[tuple[str, str, str, str, str, float | None, bool]]:
        changed = decisions.c.value.is_distinct_from(readings.c.value) & (
            decisions.c.action != "accept"
        )
        query = (
            sa.select(
                decisions.c.by,
                records.c.template,
                decisions.c.field,
                sa.func.coalesce(readings.c.reader, ""),
                decisions.c.action,
                decisions.c.seconds,
                sa.case((changed, 1), else_=0),
            )
            .join(records, records.c.number == decisions.c.record)
            .join(
                readings,
                (readings.c.record == decisions.c.record) & (readings.c.field == decisions.c.field),
            )
            .where(*log.counted(), decisions.c.action.in_(sorted(DECIDES)))
        )
        if by is not None:
            query = query.where(decisions.c.by == by)
        with self._store.reading() as connection:
            return [
                (row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]))
                for row in connection.execute(query)
            ]

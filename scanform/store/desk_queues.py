"""What waits, where and how much of it: ``DeskStore``'s queues, paper and records."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.store import (
    desk_tasks,
)
from scanform.store.desk_claims import IS_OPEN, IS_PENDING
from scanform.store.desk_interface import (
    Alike,
    GroupRow,
    PaperRow,
)
from scanform.store.desk_part import DeskPart
from scanform.store.queries import record_row
from scanform.store.tables import (
    answers,
    claims,
    decisions,
    records,
    tasks,
)


class Queues(DeskPart):
    """See ``desk_interface.Queues``."""

    def groups(self, desk: str = "review", template: str | None = None) -> list[GroupRow]:
        found: list[GroupRow] = []
        with self._store.reading() as connection:
            row = _next_group(connection, template, None)
            while row is not None:
                here = sa.exists().where(
                    IS_PENDING,
                    answers.c.template == row.template,
                    answers.c.field == row.field,
                    answers.c.desk == desk,
                )
                if connection.execute(sa.select(here)).scalar_one():
                    found.append(row)
                row = _next_group(connection, template, row)
        return found

    def task_groups(self, work: str) -> list[GroupRow]:
        query = (
            sa.select(tasks.c.template, tasks.c.field, sa.func.max(records.c.revision))
            .join(records, records.c.number == tasks.c.record)
            .where(IS_OPEN, tasks.c.work == work)
            .group_by(tasks.c.template, tasks.c.field)
            .order_by(tasks.c.template, tasks.c.field)
        )
        with self._store.reading() as connection:
            return [GroupRow(*row) for row in connection.execute(query)]

    def alike(self, template: str, field: str, least: int) -> list[Alike]:
        query = (
            sa.select(answers.c.value, sa.func.count())
            .where(
                IS_PENDING,
                answers.c.template == template,
                answers.c.field == field,
                answers.c.desk == "review",
            )
            .group_by(answers.c.value)
            .having(sa.func.count() >= least)
        )
        with self._store.reading() as connection:
            return [Alike(template, field, *row) for row in connection.execute(query)]

    def count_waiting(self) -> list[tuple[str, str, str, int]]:
        columns = (answers.c.template, answers.c.field, answers.c.desk)
        query = sa.select(*columns, sa.func.count()).where(IS_PENDING).group_by(*columns)
        with self._store.reading() as connection:
            return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]

    def count_tasks(self, by: str) -> dict[str, int]:
        with self._store.reading() as connection:
            return desk_tasks.count(connection, by)

    def count_claims(self, now: datetime) -> int:
        query = sa.select(sa.func.count()).select_from(claims).where(claims.c.until > now)
        with self._store.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def papers(self) -> list[PaperRow]:
        asked = decisions.alias("asked")
        last = (
            sa.select(sa.func.max(asked.c.seq))
            .where(
                asked.c.record == answers.c.record,
                asked.c.field == answers.c.field,
                asked.c.action == "paper",
            )
            .correlate(answers)
            .scalar_subquery()
        )
        query = (
            sa.select(records, answers.c.field, decisions.c.note, decisions.c.by)
            .select_from(
                answers.join(records, records.c.number == answers.c.record).join(
                    decisions, decisions.c.seq == last
                )
            )
            .where(IS_PENDING, answers.c.desk == "paper")
            .order_by(records.c.scan_path, records.c.scan_page, records.c.id, answers.c.position)
        )
        with self._store.reading() as connection:
            return [
                PaperRow(
                    row["id"],
                    row["template"],
                    row["scan_path"],
                    row["scan_page"],
                    row["field"],
                    row["note"],
                    row["by"],
                )
                for row in connection.execute(query).mappings()
            ]

    def set_desk(self, record: str, field: str | None, desk: str) -> None:
        with self._store.writing() as connection:
            number = record_row(connection, record)["number"]
            here = [answers.c.record == number, answers.c.desk == "paper"]
            if field is not None:
                here.append(answers.c.field == field)
            connection.execute(sa.update(answers).where(*here).values(desk=desk))

    def find_records(
        self,
        template: str | None,
        status: str | None,
        scan: str | None,
        after: str | None,
        limit: int,
    ) -> list[str]:
        order = (records.c.scan_path, records.c.scan_page, records.c.id)
        query = sa.select(records.c.id).order_by(*order).limit(limit)
        if template is not None:
            query = query.where(records.c.template == template)
        if status is not None:
            waits = records.c.waiting > 0
            query = query.where(waits if status == "pending" else ~waits)
        if scan:
            query = query.where(records.c.scan_path.icontains(scan, autoescape=True))
        with self._store.reading() as connection:
            if after is not None:
                last = record_row(connection, after)
                here = sa.tuple_(last["scan_path"], last["scan_page"], last["id"])
                query = query.where(sa.tuple_(*order) > here)
            return list(connection.execute(query).scalars())


def _next_group(
    connection: Connection, template: str | None, last: GroupRow | None
) -> GroupRow | None:
    """The group behind the last one. From group to group by the index, so that a million answers
    are never counted for this; SQLite can't do that for pairs compared as such."""
    query = (
        sa.select(answers.c.template, answers.c.field, records.c.revision)
        .join(records, records.c.number == answers.c.record)
        .where(IS_PENDING)
        .limit(1)
    )
    first = query.order_by(answers.c.template, answers.c.field)
    if last is None:
        page = first if template is None else first.where(answers.c.template == template)
        row = connection.execute(page).one_or_none()
    else:
        same = query.where(answers.c.template == last.template, answers.c.field > last.field)
        row = connection.execute(same.order_by(answers.c.field)).one_or_none()
        if row is None and template is None:
            row = connection.execute(first.where(answers.c.template > last.template)).one_or_none()
    return None if row is None else GroupRow(*row)

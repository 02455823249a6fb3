"""``DeskStore`` over SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.model.record import DECIDES, Decision, Record
from scanform.store import (
    desk_claims,
    desk_people,
    desk_seeds,
    desk_tasks,
    events,
    log,
    looks,
    selection,
)
from scanform.store.chain import Link
from scanform.store.desk_claims import IS_OPEN, IS_PENDING
from scanform.store.desk_interface import (
    Alike,
    ClaimRow,
    Doing,
    GroupRow,
    NewTask,
    OrderRow,
    PaperRow,
    PersonRow,
    SeedAnswer,
    SeedRow,
    SessionRow,
    TaskRow,
    Wish,
)
from scanform.store.interface import LogRow
from scanform.store.queries import record_row
from scanform.store.sql import SqlStore
from scanform.store.tables import (
    answers,
    claims,
    decisions,
    readings,
    records,
    seed_answers,
    sessions,
    skips,
    tasks,
)


class SqlDesk:
    """See ``desk_interface.DeskStore``; the same database as the store's."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._insert = store.insert

    # Claims

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

    def claim_answer(self, wish: Wish) -> ClaimRow | None:
        with self._store.writing(lasting=False) as connection:
            return desk_claims.claim_answer(connection, self._insert, wish)

    def claim_form(self, wish: Wish) -> ClaimRow | None:
        with self._store.writing(lasting=False) as connection:
            return desk_claims.claim_form(connection, self._insert, wish)

    def claim_alike(self, wish: Wish, value: str | None, count: int) -> list[ClaimRow]:
        with self._store.writing(lasting=False) as connection:
            return desk_claims.claim_alike(connection, self._insert, wish, value, count)

    def claim_task(self, wish: Wish) -> ClaimRow | None:
        with self._store.writing(lasting=False) as connection:
            return desk_claims.claim_task(connection, self._insert, wish)

    def claim_seed(self, wish: Wish) -> ClaimRow | None:
        with self._store.writing(lasting=False) as connection:
            return desk_claims.claim_seed(connection, self._insert, wish)

    def held(self, by: str, now: datetime) -> list[ClaimRow]:
        with self._store.reading() as connection:
            return desk_claims.held(connection, by, now)

    def claims(self, token: str) -> list[ClaimRow]:
        with self._store.reading() as connection:
            return desk_claims.of_token(connection, token)

    def renew(self, token: str, until: datetime, version: int | None = None) -> None:
        now: dict[str, Any] = {"until": until}
        if version is not None:
            now["version"] = version
        with self._store.writing(lasting=False) as connection:
            connection.execute(sa.update(claims).where(claims.c.token == token).values(now))

    def release(self, token: str) -> None:
        with self._store.writing(lasting=False) as connection:
            connection.execute(sa.delete(claims).where(claims.c.token == token))

    def skip(self, by: str, record: str, field: str, now: datetime) -> None:
        with self._store.writing(lasting=False) as connection:
            number = record_row(connection, record)["number"]
            row = {"by": by, "record": number, "field": field, "at": now}
            connection.execute(self._insert(skips).values(row).on_conflict_do_nothing())

    def act(
        self, decisions: Sequence[Decision], versions: Mapping[str, int], doing: Doing
    ) -> list[Decision]:
        with self._store.writing() as connection:
            desk_claims.end(connection, doing.tokens)
            selection.hold(connection, versions)
            # A decision withdraws what is open of keying its answer, so the task comes first.
            if doing.done is not None:
                desk_tasks.finish(connection, doing.done)
            rows = log.append_all(connection, decisions)
            desk_tasks.add(connection, doing.tasks)
            for (record, field), desk in doing.to_desk.items():
                number = record_row(connection, record)["number"]
                here = (answers.c.record == number) & (answers.c.field == field)
                connection.execute(sa.update(answers).where(here).values(desk=desk))
            return rows

    # How much there is

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

    # Paper

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

    # Orders, tasks, seeded checks

    def add_order(self, order: OrderRow) -> int:
        with self._store.writing() as connection:
            return desk_tasks.add_order(connection, order)

    def orders(self, work: str) -> list[OrderRow]:
        with self._store.reading() as connection:
            return desk_tasks.all_orders(connection, work)

    def sampled_batches(self) -> dict[str, str]:
        with self._store.reading() as connection:
            return desk_tasks.sampled_batches(connection)

    def candidates(self, template: str | None, states: Sequence[str]) -> Iterator[tuple[str, ...]]:
        with self._store.reading() as connection:
            yield from desk_tasks.candidates(connection, template, states)

    def tasks(
        self,
        order: int | None = None,
        record: str | None = None,
        field: str | None = None,
        work: str | None = None,
    ) -> list[TaskRow]:
        with self._store.reading() as connection:
            return desk_tasks.found(connection, order, record, field, work)

    def task(self, number: int) -> TaskRow:
        with self._store.reading() as connection:
            return desk_tasks.one(connection, number)

    def add_tasks(self, tasks: Iterable[NewTask]) -> None:
        with self._store.writing() as connection:
            desk_tasks.add(connection, tasks)

    def confirmed(self, template: str | None) -> Iterator[tuple[str, str, str, str, str | None]]:
        with self._store.reading() as connection:
            yield from desk_tasks.confirmed(connection, template)

    def add_rehearsed(self, record: Record) -> int:
        with self._store.writing() as connection:
            return desk_seeds.add_rehearsed(connection, self._insert, record)

    def rehearsed(self, number: int) -> Record:
        with self._store.reading() as connection:
            return desk_seeds.rehearsed_record(connection, number)

    def count_seeds(self) -> tuple[int, int]:
        with self._store.reading() as connection:
            return desk_seeds.count(connection)

    def add_seed(self, seed: SeedRow, by: str, at: datetime) -> bool:
        with self._store.writing() as connection:
            return desk_seeds.add_seed(connection, self._insert, seed, by, at)

    def seed(self, number: int) -> SeedRow:
        with self._store.reading() as connection:
            return desk_seeds.seed(connection, number)

    def answer_seed(self, answer: SeedAnswer, token: str) -> int:
        with self._store.writing() as connection:
            desk_claims.end(connection, [token])
            return desk_seeds.answer_seed(connection, answer)

    def seed_answers(self, by: str | None = None) -> list[SeedAnswer]:
        with self._store.reading() as connection:
            return desk_seeds.answered_seeds(connection, by)

    def undo_seed(self, number: int) -> None:
        with self._store.writing() as connection:
            here = seed_answers.c.number == number
            connection.execute(sa.update(seed_answers).where(here).values(undone=True))

    # People

    def setting(self, name: str) -> Any:
        with self._store.reading() as connection:
            return desk_people.setting(connection, name)

    def set_setting(self, name: str, value: object) -> None:
        with self._store.writing() as connection:
            desk_people.set_setting(connection, self._insert, name, value)

    def people(self) -> list[PersonRow]:
        with self._store.reading() as connection:
            return desk_people.all_people(connection)

    def put_person(self, person: PersonRow) -> None:
        with self._store.writing() as connection:
            desk_people.put_person(connection, self._insert, person)

    def put_session(self, session: SessionRow) -> None:
        with self._store.writing() as connection:
            desk_people.put_session(connection, self._insert, session)

    def session(self, hashed: str) -> SessionRow | None:
        with self._store.reading() as connection:
            return desk_people.session(connection, hashed)

    def end_session(self, hashed: str) -> None:
        with self._store.writing() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.hash == hashed))

    def end_sessions(self, person: str) -> None:
        with self._store.writing() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.person == person))

    # The log

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

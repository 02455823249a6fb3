"""Orders and tasks in the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping, Select

from scanform.errors import Overtaken, StoreError
from scanform.phrase import Phrase
from scanform.store.campaign_rows import batch_name
from scanform.store.desk_interface import NewTask, OrderRow, TaskRow
from scanform.store.log import counted
from scanform.store.queries import record_row
from scanform.store.tables import (
    answers,
    batch_scans,
    decisions,
    orders,
    records,
    tasks,
)

_KEYED = Phrase(
    "Mục này đã được nhập rồi. Chưa ghi gì.", "This was keyed already. Nothing was written."
)
_NO_TASK = Phrase("Không có việc {number}.", "There is no task {number}.")


def add_order(connection: Connection, order: OrderRow) -> int:
    row = {
        "work": order.work,
        "by": order.by,
        "at": order.at,
        "template": order.template,
        "fields": list(order.fields),
        "share": order.share,
        "keyers": order.keyers,
        "seed": order.seed,
    }
    added = connection.execute(sa.insert(orders).values(row).returning(orders.c.number))
    return int(added.scalar_one())


def all_orders(connection: Connection, work: str) -> list[OrderRow]:
    query = sa.select(orders).where(orders.c.work == work).order_by(orders.c.number)
    return [
        OrderRow(
            row["number"],
            row["work"],
            row["by"],
            row["at"],
            row["template"],
            tuple(row["fields"]),
            row["share"],
            row["keyers"],
            row["seed"],
        )
        for row in connection.execute(query).mappings()
    ]


def sampled_batches(connection: Connection) -> dict[str, str]:
    """See ``DeskStore.sampled_batches``. A scan in two batches counts for the first."""
    query = (
        sa.select(records.c.id, sa.func.min(batch_scans.c.batch))
        .join(tasks, tasks.c.record == records.c.number)
        .join(batch_scans, batch_scans.c.sha256 == records.c.scan)
        .where(tasks.c.work == "sample")
        .group_by(records.c.id)
    )
    return {record: batch_name(number) for record, number in connection.execute(query)}


def candidates(
    connection: Connection, template: str | None, states: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """See ``DeskStore.candidates``."""
    query = (
        sa.select(
            records.c.id, answers.c.template, answers.c.field, answers.c.value, answers.c.state
        )
        .join(records, records.c.number == answers.c.record)
        .where(answers.c.state.in_(list(states)))
        .order_by(answers.c.record, answers.c.position)
    )
    if template is not None:
        query = query.where(answers.c.template == template)
    for row in connection.execute(query, execution_options={"yield_per": 1000}):
        yield tuple(row)


def add(connection: Connection, new: Iterable[NewTask]) -> None:
    for task in new:
        row = record_row(connection, task.record)
        connection.execute(
            sa.insert(tasks).values(
                {
                    "order": task.order,
                    "work": task.work,
                    "record": row["number"],
                    "field": task.field,
                    "template": row["template"],
                    "open": True,
                    "not_by": task.not_by,
                    "nor_by": task.nor_by,
                    "expected": task.expected,
                    "expected_outcome": task.expected_outcome,
                }
            )
        )


def finish(connection: Connection, task: TaskRow) -> None:
    """Notes what the task came to; raises ``Overtaken`` when it is done already."""
    done = connection.execute(
        sa.update(tasks)
        .where(tasks.c.number == task.number, tasks.c.open.is_(True))
        .values(
            {
                "open": False,
                "by": task.by,
                "at": task.at,
                "outcome": task.outcome,
                "value": task.value,
                "seconds": task.seconds,
            }
        )
    ).rowcount
    if not done:
        raise Overtaken(_KEYED)


def _tasks() -> Select[Any]:
    return sa.select(tasks, records.c.id).join(records, records.c.number == tasks.c.record)


def found(
    connection: Connection,
    order: int | None,
    record: str | None,
    field: str | None,
    work: str | None,
) -> list[TaskRow]:
    """See ``DeskStore.tasks``."""
    query = _tasks().order_by(tasks.c.number)
    if order is not None:
        query = query.where(tasks.c.order == order)
    if record is not None:
        query = query.where(records.c.id == record)
    if field is not None:
        query = query.where(tasks.c.field == field)
    if work is not None:
        query = query.where(tasks.c.work == work)
    return [_task(row) for row in connection.execute(query).mappings()]


def one(connection: Connection, number: int) -> TaskRow:
    query = _tasks().where(tasks.c.number == number)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise StoreError(_NO_TASK.of(number=str(number)))
    return _task(row)


def _task(row: RowMapping) -> TaskRow:
    return TaskRow(
        number=row["number"],
        order=row["order"],
        work=row["work"],
        record=row["id"],
        field=row["field"],
        template=row["template"],
        open=row["open"],
        not_by=row["not_by"],
        nor_by=row["nor_by"],
        expected=row["expected"],
        expected_outcome=row["expected_outcome"],
        by=row["by"],
        at=row["at"],
        outcome=row["outcome"],
        value=row["value"],
        seconds=row["seconds"],
    )


def count(connection: Connection, by: str) -> dict[str, int]:
    """See ``DeskStore.count_tasks``."""
    other = tasks.alias("other")
    his = sa.exists().where(
        other.c.record == tasks.c.record,
        other.c.field == tasks.c.field,
        other.c.order == tasks.c.order,
        other.c.by == by,
    )
    query = (
        sa.select(tasks.c.work, sa.func.count())
        .where(tasks.c.open.is_(True), tasks.c.not_by != by, tasks.c.nor_by != by, ~his)
        .group_by(tasks.c.work)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def confirmed(
    connection: Connection, template: str | None
) -> Iterator[tuple[str, str, str, str, str | None]]:
    """See ``DeskStore.confirmed``: two people decided or keyed about the answer, and the last
    two of them left it with the value that it has."""
    said = (
        sa.select(decisions.c.record, decisions.c.field)
        .where(*counted(), decisions.c.action.in_(["accept", "correct", "blank", "unreadable"]))
        .group_by(decisions.c.record, decisions.c.field)
        .having(sa.func.count(decisions.c.by.distinct()) >= 2)
    )
    keyed = (
        sa.select(tasks.c.record, tasks.c.field)
        .join(answers, (answers.c.record == tasks.c.record) & (answers.c.field == tasks.c.field))
        .where(
            tasks.c.open.is_(False),
            tasks.c.value.is_not_distinct_from(answers.c.value),
        )
        .group_by(tasks.c.record, tasks.c.field)
        .having(sa.func.count(tasks.c.by.distinct()) >= 2)
    )
    both = sa.union(said, keyed).subquery("both")
    query = (
        sa.select(records.c.id, both.c.field, records.c.template, answers.c.state, answers.c.value)
        .join(records, records.c.number == both.c.record)
        .join(answers, (answers.c.record == both.c.record) & (answers.c.field == both.c.field))
        .where(answers.c.state != "pending")
        .order_by(both.c.record, both.c.field)
    )
    if template is not None:
        query = query.where(records.c.template == template)
    for row in connection.execute(query):
        yield row[0], row[1], row[2], row[3], row[4]

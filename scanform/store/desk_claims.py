"""Claims in the database: who has what in hand at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, RowMapping, Select

from scanform.errors import Overtaken
from scanform.model.record import SILENT
from scanform.phrase import Phrase
from scanform.store.desk_interface import ClaimRow, Wish
from scanform.store.queries import record_row
from scanform.store.tables import (
    answers,
    claims,
    decisions,
    records,
    rehearsed,
    seed_answers,
    seeds,
    skips,
    tasks,
)

_HAS_ANOTHER = Phrase(
    "Mục này nay do người khác giữ. Chưa ghi gì.",
    "Somebody else has this answer now. Nothing was written.",
)

# SQLite uses an index over some rows only where the query names them in the same words.
IS_PENDING = answers.c.state == sa.literal_column("'pending'")
IS_OPEN = tasks.c.open.is_(True)


NO_RECORD = 0
"""Number of no record: what is claimed is of a rehearsed form."""


def _held(record: Any, field: Any, now: datetime, *more: ColumnElement[bool]) -> Any:
    return sa.exists().where(
        claims.c.record == record,
        claims.c.field == field,
        claims.c.work == "review",
        claims.c.until > now,
        *more,
    )


def _free(wish: Wish) -> list[ColumnElement[bool]]:
    """Conditions on ``answers``: it waits in the queue, and this person may have it now."""
    found = [
        IS_PENDING,
        answers.c.desk == "review",
        ~_held(answers.c.record, answers.c.field, wish.now),
    ]
    if not wish.skipped:
        found.append(
            ~sa.exists().where(
                skips.c.by == wish.by,
                skips.c.record == answers.c.record,
                skips.c.field == answers.c.field,
            )
        )
    return found


def claim_answer(connection: Connection, insert: Any, wish: Wish) -> ClaimRow | None:
    """See ``DeskStore.claim_answer``."""
    query = (
        sa.select(answers.c.record)
        .where(answers.c.template == wish.template, answers.c.field == wish.field, *_free(wish))
        .order_by(answers.c.rank, answers.c.record)
        .limit(1)
    )
    if wish.record is not None:
        number = record_row(connection, wish.record)["number"]
        query = query.where(answers.c.record == number)
    while (found := connection.execute(query).scalar_one_or_none()) is not None:
        claim = _take(connection, insert, wish, _Place(found, wish.field))
        if claim is not None:
            return claim
    return None


def claim_form(connection: Connection, insert: Any, wish: Wish) -> ClaimRow | None:
    """See ``DeskStore.claim_form``."""
    while True:
        number = _form(connection, wish)
        if number is None:
            return None
        query = (
            sa.select(answers.c.field)
            .where(answers.c.record == number, *_free(wish))
            .order_by(answers.c.position)
            .limit(1)
        )
        if wish.field:
            query = query.where(answers.c.field == wish.field)
        field = connection.execute(query).scalar_one_or_none()
        if field is None:
            return None
        claim = _take(connection, insert, wish, _Place(number, field))
        if claim is not None:
            return claim


def _form(connection: Connection, wish: Wish) -> int | None:
    if wish.record is not None:
        return int(record_row(connection, wish.record)["number"])
    of_record = [answers.c.record == records.c.number, *_free(wish)]
    if wish.field:
        of_record.append(answers.c.field == wish.field)
    others = sa.exists().where(
        claims.c.record == records.c.number,
        claims.c.work == "review",
        claims.c.until > wish.now,
        claims.c.by != wish.by,
    )
    query = (
        sa.select(records.c.number)
        .where(
            records.c.template == wish.template,
            records.c.waiting > 0,
            ~others,
            sa.exists().where(*of_record),
        )
        .order_by(records.c.waiting, records.c.number)
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def claim_alike(
    connection: Connection, insert: Any, wish: Wish, value: str | None, count: int
) -> list[ClaimRow]:
    """See ``DeskStore.claim_alike``."""
    same = answers.c.value.is_(None) if value is None else answers.c.value == value
    query = (
        sa.select(answers.c.record)
        .where(
            answers.c.template == wish.template, answers.c.field == wish.field, same, *_free(wish)
        )
        .order_by(answers.c.record)
        .limit(count)
    )
    found = [
        _take(connection, insert, wish, _Place(number, wish.field))
        for number in connection.execute(query).scalars().all()
    ]
    return [claim for claim in found if claim is not None]


def claim_task(connection: Connection, insert: Any, wish: Wish) -> ClaimRow | None:
    """See ``DeskStore.claim_task``. Nobody keys the same answer twice, nor holds it twice."""
    other = tasks.alias("other")
    same = (other.c.record == tasks.c.record) & (other.c.field == tasks.c.field)
    his = sa.exists().where(same, other.c.order == tasks.c.order, other.c.by == wish.by)
    held = sa.exists().where(claims.c.task == tasks.c.number, claims.c.until > wish.now)
    beside = sa.exists().where(
        claims.c.record == tasks.c.record,
        claims.c.field == tasks.c.field,
        claims.c.work == wish.work,
        claims.c.by == wish.by,
        claims.c.until > wish.now,
    )
    query = (
        sa.select(tasks.c.number, tasks.c.record, tasks.c.field)
        .where(
            IS_OPEN,
            tasks.c.work == wish.work,
            tasks.c.template == wish.template,
            tasks.c.field == wish.field,
            tasks.c.not_by != wish.by,
            tasks.c.nor_by != wish.by,
            ~his,
            ~held,
            ~beside,
        )
        .order_by(tasks.c.number)
        .limit(1)
    )
    if wish.record is not None:
        query = query.where(tasks.c.record == record_row(connection, wish.record)["number"])
    if not wish.skipped:
        skipped = sa.exists().where(
            skips.c.by == wish.by,
            skips.c.record == tasks.c.record,
            skips.c.field == tasks.c.field,
        )
        query = query.where(~skipped)
    while (found := connection.execute(query).one_or_none()) is not None:
        claim = _take(connection, insert, wish, _Place(found[1], found[2], task=found[0]))
        if claim is not None:
            return claim
    return None


def claim_seed(connection: Connection, insert: Any, wish: Wish) -> ClaimRow | None:
    """See ``DeskStore.claim_seed``."""
    had = sa.exists().where(seed_answers.c.seed == seeds.c.number, seed_answers.c.by == wish.by)
    place = sa.literal("seed ") + sa.cast(seeds.c.number, sa.String) + " " + wish.by
    in_hand = sa.exists().where(claims.c.place == place, claims.c.until > wish.now)
    query = (
        sa.select(seeds.c.number, seeds.c.record, seeds.c.field)
        .where(seeds.c.template == wish.template, seeds.c.field == wish.field, ~had, ~in_hand)
        .order_by(seeds.c.number)
        .limit(1)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return None
    number, record, field = found
    return _take(connection, insert, wish, _Place(record or NO_RECORD, field, seed=number))


@dataclass(frozen=True, slots=True)
class _Place:
    """What is claimed: an answer of the queue, somebody's task, or a seeded check."""

    record: int
    field: str
    task: int | None = None
    seed: int | None = None

    def name(self, by: str) -> str:
        """What nobody else can have at the same time."""
        if self.task is not None:
            return f"task {self.task}"
        if self.seed is not None:
            return f"seed {self.seed} {by}"
        return f"review {self.record} {self.field}"


def _take(connection: Connection, insert: Any, wish: Wish, what: _Place) -> ClaimRow | None:
    """Makes the claim; None when somebody else was quicker. One that ran out is taken over."""
    place = what.name(wish.by)
    row = {
        "place": place,
        "token": wish.token,
        "work": wish.work if what.seed is None else "seed",
        "record": what.record,
        "field": what.field,
        "task": what.task,
        "seed": what.seed,
        "version": _version(connection, what),
        "by": wish.by,
        "at": wish.now,
        "until": wish.until,
        "asked": dict(wish.asked),
    }
    statement = (
        insert(claims)
        .values(row)
        .on_conflict_do_update(index_elements=["place"], set_=row, where=claims.c.until <= wish.now)
        .returning(claims.c.token)
    )
    if connection.execute(statement).scalar_one_or_none() != wish.token:
        return None
    return next(iter(_rows(connection, _all().where(claims.c.place == place))), None)


def _version(connection: Connection, what: _Place) -> int:
    query = sa.select(sa.func.max(decisions.c.seq)).where(
        decisions.c.record == what.record,
        decisions.c.field == what.field,
        decisions.c.action.not_in(sorted(SILENT)),
    )
    return connection.execute(query).scalar_one() or 0


def _all() -> Select[Any]:
    return (
        sa.select(claims, sa.func.coalesce(records.c.id, rehearsed.c.id).label("id"))
        .outerjoin(records, records.c.number == claims.c.record)
        .outerjoin(seeds, seeds.c.number == claims.c.seed)
        .outerjoin(rehearsed, rehearsed.c.number == seeds.c.rehearsed)
        .order_by(claims.c.at, claims.c.record, claims.c.place)
    )


def _rows(connection: Connection, query: Select[Any]) -> list[ClaimRow]:
    return [_claim(row) for row in connection.execute(query).mappings()]


def _claim(row: RowMapping) -> ClaimRow:
    return ClaimRow(
        row["token"],
        "review" if row["work"] == "seed" else row["work"],
        row["id"],
        row["field"],
        row["task"],
        row["seed"],
        row["by"],
        row["at"],
        row["until"],
        row["asked"],
        row["version"],
    )


def held(connection: Connection, by: str, now: datetime) -> list[ClaimRow]:
    return _rows(connection, _all().where(claims.c.by == by, claims.c.until > now))


def of_token(connection: Connection, token: str) -> list[ClaimRow]:
    return _rows(connection, _all().where(claims.c.token == token))


def end(connection: Connection, tokens: Sequence[str]) -> None:
    """Ends the claims; raises ``Overtaken`` when one of them is gone already."""
    for token in tokens:
        gone = connection.execute(sa.delete(claims).where(claims.c.token == token)).rowcount
        if not gone:
            raise Overtaken(_HAS_ANOTHER)

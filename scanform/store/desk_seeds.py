"""Seeded checks in the database: answers of records that people confirmed, and of rehearsed forms.

A rehearsed form is no record. It lies in tables of its own, which nothing that counts, exports or
learns ever looks into.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.errors import StoreError
from scanform.model.record import Record, SheetRef
from scanform.phrase import Phrase
from scanform.store.desk_interface import SeedAnswer, SeedRow
from scanform.store.queries import record_row
from scanform.store.rows import answer_from, reading_row
from scanform.store.tables import records, rehearsed, rehearsed_sheets, seed_answers, seeds

RECORD = sa.func.coalesce(records.c.id, rehearsed.c.id)
REVISION = sa.func.coalesce(records.c.revision, rehearsed.c.revision)
_NO_REHEARSED = Phrase("Không có phiếu diễn tập {number}.", "There is no rehearsed form {number}.")


def joined(table: Any) -> Any:
    """``table`` (of seeds, or joined with them) with the record or rehearsed form of each."""
    return table.outerjoin(records, records.c.number == seeds.c.record).outerjoin(
        rehearsed, rehearsed.c.number == seeds.c.rehearsed
    )


def add_rehearsed(connection: Connection, insert: Any, record: Record) -> int:
    """Keeps a rehearsed form as it was read; its number, also where it is kept already."""
    rows = [reading_row(0, record, at) for at in range(len(record.answers))]
    answers = [{name: row[name] for name in row if name != "record"} for row in rows]
    row = {"id": record.id, "template": record.template, "revision": record.revision}
    new = insert(rehearsed).values(row | {"answers": answers}).on_conflict_do_nothing()
    number = connection.execute(new.returning(rehearsed.c.number)).scalar_one_or_none()
    if number is None:
        known = sa.select(rehearsed.c.number).where(rehearsed.c.id == record.id)
        return int(connection.execute(known).scalar_one())
    pages = [{"rehearsed": number, "page": s.page, "image": s.image} for s in record.sheets]
    if pages:
        connection.execute(sa.insert(rehearsed_sheets), pages)
    return int(number)


def rehearsed_record(connection: Connection, number: int) -> Record:
    """The form as it was read."""
    here = sa.select(rehearsed).where(rehearsed.c.number == number)
    row = connection.execute(here).mappings().one_or_none()
    if row is None:
        raise StoreError(_NO_REHEARSED.of(number=str(number)))
    pages = sa.select(rehearsed_sheets).where(rehearsed_sheets.c.rehearsed == number)
    sheets = [
        SheetRef(page["page"], page["page"], page["image"])
        for page in connection.execute(pages.order_by(rehearsed_sheets.c.page)).mappings()
    ]
    return Record(
        id=row["id"],
        template=row["template"],
        revision=row["revision"],
        scan_path="",
        scan_sha256="",
        scan_page=1,
        answers=tuple(map(answer_from, row["answers"])),
        sheets=tuple(sheets),
    )


def add_seed(connection: Connection, insert: Any, seed: SeedRow, by: str, at: datetime) -> bool:
    place: dict[str, Any] = (
        {"record": record_row(connection, seed.record)["number"]}
        if seed.rehearsed is None
        else {"rehearsed": seed.rehearsed}
    )
    row = {
        "field": seed.field,
        "template": seed.template,
        "outcome": seed.outcome,
        "truth": seed.truth,
        "by": by,
        "at": at,
    }
    added = insert(seeds).values(row | place).on_conflict_do_nothing().returning(seeds.c.number)
    return connection.execute(added).scalar_one_or_none() is not None


def seed(connection: Connection, number: int) -> SeedRow:
    query = (
        sa.select(seeds, RECORD.label("id"), REVISION.label("revision"))
        .select_from(joined(seeds))
        .where(seeds.c.number == number)
    )
    row = connection.execute(query).mappings().one()
    return SeedRow(
        row["number"],
        row["id"],
        row["field"],
        row["template"],
        row["outcome"],
        row["truth"],
        row["revision"],
        row["rehearsed"],
    )


def count(connection: Connection) -> tuple[int, int]:
    """How many there are: of records, and of rehearsed forms."""
    of_records = sa.select(sa.func.count(seeds.c.record), sa.func.count(seeds.c.rehearsed))
    row = connection.execute(of_records).one()
    return int(row[0]), int(row[1])


def answer_seed(connection: Connection, answer: SeedAnswer) -> int:
    row = {
        "seed": answer.seed,
        "by": answer.by,
        "at": answer.at,
        "action": answer.action,
        "value": answer.value,
        "right": answer.right,
        "seconds": answer.seconds,
        "undone": False,
    }
    added = connection.execute(sa.insert(seed_answers).values(row).returning(seed_answers.c.number))
    return int(added.scalar_one())


def answered_seeds(connection: Connection, by: str | None) -> list[SeedAnswer]:
    there = joined(seed_answers.join(seeds, seeds.c.number == seed_answers.c.seed))
    query = (
        sa.select(
            seed_answers,
            seeds.c.field,
            seeds.c.template,
            RECORD.label("id"),
            REVISION.label("revision"),
        )
        .select_from(there)
        .order_by(seed_answers.c.number)
    )
    if by is not None:
        query = query.where(seed_answers.c.by == by)
    return [
        SeedAnswer(
            row["number"],
            row["seed"],
            row["by"],
            row["at"],
            row["action"],
            row["value"],
            row["right"],
            row["seconds"],
            row["id"],
            row["field"],
            row["template"],
            row["revision"],
            row["undone"],
        )
        for row in connection.execute(query).mappings()
    ]

"""Forgetting a person, so that no byte of the workspace tells of him, and the books still balance.

What stays: that a form was there (a record's id, template, scan hash), that it was erased, when
and by whom; and of each decision about it everything but what it said. A record's id and a scan's
hash tell a person only to who holds the scan itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, RowMapping

from scanform.lexicon.spelling import fold
from scanform.store import events, outputs, unfinished
from scanform.store.chain import sealed
from scanform.store.persons import telling
from scanform.store.queries import record_row
from scanform.store.rows import decision_from
from scanform.store.scrub import securely
from scanform.store.sql import SqlStore
from scanform.store.tables import (
    answers,
    batch_scans,
    claims,
    decisions,
    erased,
    metadata,
    names,
    pages,
    readings,
    records,
    refusals,
    scans,
    seals,
    sheets,
    skips,
    unopened,
)
from scanform.store.tables import events as events_table
from scanform.store.unfinished import Taken

_TELLING = 6
"""Letters or digits from which on an answer in a file's name is no chance."""

NAMED = (
    (scans.c.sha256, scans.c.path),
    (names.c.sha256, names.c.path),
    (batch_scans.c.sha256, batch_scans.c.path),
    (refusals.c.scan, refusals.c.path),
    (records.c.scan, records.c.scan_path),
)
"""Where a scan's hash stands beside what its file was called."""


@dataclass(frozen=True, slots=True)
class Erasing:
    """``why``: ``request`` (the person asked), ``retention`` (the time is over), ``restored`` (it
    was erased before the backup was restored)."""

    records: tuple[str, ...]
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Erased:
    """``images`` and ``files`` were overwritten and deleted. ``scans`` are files outside the
    workspace, as they were called: they are still there, if somebody has not moved them.
    ``models`` are ids of readers that learnt from one of the records."""

    records: tuple[str, ...]
    images: int
    files: tuple[Path, ...]
    scans: tuple[Path, ...]
    models: tuple[str, ...] = ()


def erase(store: SqlStore, workspace: Path, what: Erasing) -> Erased:
    """Erases records whole: rows, page images, copies of their scans in the workspace. One that is
    not there, or is no more, is passed over. The rows go in one transaction, the files after it:
    killed in between, the next erasure, purge or ``verify --mend`` goes on (``unfinished``).
    """
    done: list[str] = []
    images: set[str] = set()
    paths: dict[Path, str] = {}
    tells: list[str] = []
    with store.writing() as connection:
        securely(connection)
        for record_id in dict.fromkeys(what.records):
            row = _row(connection, record_id)
            if row is None:
                continue
            said = _said(connection, row["number"])
            tells += telling(_answers(connection, row["number"]))
            images |= _forget(connection, row, what, store)
            paths |= _forget_scan(connection, row, said)
            done.append(record_id)
        outputs.forget_names(connection, tells)
        if done:
            unfinished.note(connection, images, paths, done)
    taken = unfinished.finish(store, workspace) or Taken()
    folder = workspace.resolve()
    outside = tuple(path for path in paths if not path.resolve().is_relative_to(folder))
    return Erased(tuple(done), taken.images, taken.files, outside, taken.models)


def _row(connection: Connection, record_id: str) -> RowMapping | None:
    query = sa.select(records).where(records.c.id == record_id).with_for_update()
    return connection.execute(query).mappings().one_or_none()


def _forget(connection: Connection, row: RowMapping, what: Erasing, store: SqlStore) -> set[str]:
    """Takes the record's rows out; the names of its images."""
    number = row["number"]
    of_record = sa.select(sheets).where(sheets.c.record == number)
    there = connection.execute(of_record).mappings().all()
    _seal_decisions(connection, row)
    for each in there:
        page = (pages.c.scan == row["scan"]) & (pages.c.number == each["scan_page"])
        connection.execute(sa.update(pages).where(page).values(image=""))
    for table in (claims, skips):
        connection.execute(sa.delete(table).where(table.c.record == number))
    _delete(connection, records, records.c.number == number)
    said = {"id": row["id"], "template": row["template"], "revision": row["revision"]}
    said |= {"scan": row["scan"], "pages": len(there), "at": store.now(), "why": what.why}
    connection.execute(sa.insert(erased).values(said))
    events.append(connection, "erase", what.by, store.now(), record=row["id"], how=what.why)
    return {each["image"] for each in there if each["image"]}


def _seal_decisions(connection: Connection, row: RowMapping) -> None:
    """Moves the rows of the log, without what they said, to where no record is needed."""
    query = (
        sa.select(decisions, seals.c.salt)
        .outerjoin(seals, seals.c.seq == decisions.c.seq)
        .where(decisions.c.record == row["number"])
    )
    for said in connection.execute(query).mappings().all():
        seal = None
        if said["salt"] is not None:
            seal = sealed(said["salt"], decision_from(said, row["id"]), said["from_value"])
        kept = {column.name: said[column.name] for column in events_table.c if column.name in said}
        values = kept | {"record": row["id"], "sealed": seal}
        connection.execute(sa.insert(events_table).values(values))
        connection.execute(sa.delete(seals).where(seals.c.seq == said["seq"]))


def _delete(connection: Connection, table: sa.Table, where: ColumnElement[bool]) -> None:
    """Deletes rows and all that refer to them, in whatever table there will ever be."""
    for other in metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table:
                inside = key.parent.in_(sa.select(key.column).where(where))
                _delete(connection, other, inside)
    connection.execute(sa.delete(table).where(where))


def _said(connection: Connection, number: int) -> list[str]:
    """What the record's answers say that might be in the name of a file."""
    found: set[str] = set()
    for table in (answers, readings):
        query = sa.select(table.c.value).where(table.c.record == number)
        found |= {fold(each) for each in connection.execute(query).scalars() if each}
    return [each for each in found if len(each) >= _TELLING]


def _answers(connection: Connection, number: int) -> list[tuple[str, str | None]]:
    query = sa.select(answers.c.field, answers.c.value).where(answers.c.record == number)
    return [(field, value) for field, value in connection.execute(query)]


def _forget_scan(connection: Connection, row: RowMapping, said: Sequence[str]) -> dict[Path, str]:
    """Scans are often named after people: one of nobody else's, or whose name says what the
    record said, gets a name that says nothing. The paths that it had, with its hash."""
    sha256: str = row["scan"]
    others = sa.select(sa.exists().where(records.c.scan == sha256))
    if connection.execute(others).scalar():
        query = sa.select(names.c.path).where(names.c.sha256 == sha256)
        called = " ".join(re.sub(r"[\W_]+", " ", fold(path)) for path in
                          connection.execute(query).scalars())  # fmt: skip
        if not any(each in called for each in said):
            return {}
    return rename_scan(connection, sha256)


def rename_scan(connection: Connection, sha256: str) -> dict[Path, str]:
    """Gives the scan names that say nothing; the paths that it had, with its hash."""
    query = sa.select(names.c.path).where(names.c.sha256 == sha256).order_by(names.c.path)
    had = list(connection.execute(query).scalars())
    own = sa.select(scans.c.path).where(scans.c.sha256 == sha256)
    # The name that the scan goes by is as a rule one of them.
    every = dict.fromkeys([*had, connection.execute(own).scalar_one()])
    new = {path: f"erased/{sha256[:16]}-{number}" for number, path in enumerate(every, 1)}
    for path, name in new.items():
        for scan, called in NAMED:
            here = (scan == sha256) & (called == path)
            values = {called.name: name}
            connection.execute(sa.update(called.table).where(here).values(values))
        _rename_others(connection, path, name)
    return {Path(path): sha256 for path in had if not path.startswith("erased/")}


def _rename_others(connection: Connection, path: str, name: str) -> None:
    """The file was called that before, too, when it could not be read, or was another scan that
    gave no record: a copy that broke off, say, and was made again."""
    connection.execute(sa.update(unopened).where(unopened.c.path == path).values(path=name))
    for scan, called in NAMED:
        if called.table is records:
            continue
        here = (called == path) & ~sa.exists().where(records.c.scan == scan)
        for other in connection.execute(sa.select(scan).where(here).distinct()).scalars().all():
            values = {called.name: f"erased/{other[:16]}-0" if other else name}
            this = (called == path) & (scan == other)
            connection.execute(sa.update(called.table).where(this).values(values))


def erased_records(store: SqlStore) -> list[dict[str, Any]]:
    """What is known of records that were erased, oldest first."""
    with store.reading() as connection:
        rows = connection.execute(sa.select(erased).order_by(erased.c.at, erased.c.id)).mappings()
        return [dict(row) for row in rows]


def ids_of(store: SqlStore, record_ids: Sequence[str]) -> None:
    """Raises ``NoSuchRecord`` unless all of the records are there."""
    with store.reading() as connection:
        for each in record_ids:
            record_row(connection, each)

"""A scan's file was moved: its name in the workspace follows."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from scanform.store.erase import NAMED
from scanform.store.sql import SqlStore
from scanform.store.tables import names, scans, unopened


def known_as(store: SqlStore, sha256: str, path: Path) -> bool:
    """Whether another scan is known by that path, or was: a folder may have been emptied since."""
    with store.reading() as connection:
        return any(
            connection.scalar(sa.select(sa.exists().where(scan != sha256, called == str(path))))
            for scan, called in NAMED
        )


def done_with(store: SqlStore, folder: Path) -> set[str]:
    """Paths under ``folder`` of files that were digitised or rejected."""
    of_scans = (
        sa.select(names.c.path)
        .join(scans, scans.c.sha256 == names.c.sha256)
        .where(names.c.path.startswith(str(folder), autoescape=True), scans.c.state != "unfinished")
    )
    with store.reading() as connection:
        others = connection.execute(sa.select(unopened.c.path)).scalars()
        return {*connection.execute(of_scans).scalars(), *others}


def moved(store: SqlStore, sha256: str, old: Path, new: Path) -> None:
    """Wherever the scan is known by the path ``old`` it is ``new`` from now on."""
    with store.writing() as connection:
        for scan, called in NAMED:
            here = (scan == sha256) & (called == str(old))
            _drop_twins(connection, scan, called, here, str(new))
            connection.execute(sa.update(called.table).where(here).values({called.name: str(new)}))


def _drop_twins(
    connection: Connection,
    scan: sa.Column[str],
    called: sa.Column[str],
    here: ColumnElement[bool],
    new: str,
) -> None:
    """The scan lay there before, as when the folder was emptied and the same file came again: it
    is known by that name once."""
    table = called.table
    keys = [each for each in table.primary_key if each is not called]
    if called not in list(table.primary_key):
        return
    twin = table.alias("twin")
    same = [twin.c[each.name] == each for each in keys]
    there = sa.exists().where(twin.c[called.name] == new, twin.c[scan.name] == scan, *same)
    connection.execute(sa.delete(table).where(here, there))

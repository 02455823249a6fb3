"""What a database complains of, in words that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from scanform.errors import StoreError

_SQLITE: tuple[tuple[str, str, str], ...] = (
    (
        "SQLITE_BUSY",
        "The workspace is locked: another scanform is writing to it.",
        "Wait until the other run is done, or stop it, then run the same command again.",
    ),
    (
        "SQLITE_LOCKED",
        "The workspace is locked: another scanform is writing to it.",
        "Wait until the other run is done, or stop it, then run the same command again.",
    ),
    (
        "SQLITE_NOTADB",
        "The workspace's scanform.db is no database of scanform, or it is damaged.",
        "Give another workspace (-w), or bring scanform.db back from a backup. "
        "Delete nothing: its records may still be saved.",
    ),
    (
        "SQLITE_CORRUPT",
        "The workspace's database is damaged.",
        "Bring scanform.db back from a backup, or copy it and try `sqlite3 scanform.db .recover`. "
        "Have the disk checked.",
    ),
    (
        "SQLITE_FULL",
        "The disk is full. What was finished is kept.",
        "Make room on the workspace's disk, then run the same command again.",
    ),
    (
        "SQLITE_READONLY",
        "The workspace may not be written to.",
        "Mend its permissions, or give another workspace (-w).",
    ),
    (
        "SQLITE_CANTOPEN",
        "The workspace's database can't be opened.",
        "Check that the folder is there and that you may write to it, or give another (-w).",
    ),
    (
        "SQLITE_IOERR",
        "The workspace's disk gave an error.",
        "Check the disk (is it full, or a share that went away?), then run the same command again.",
    ),
)


@contextmanager
def told() -> Iterator[None]:
    """Turns what the database raises into a ``StoreError``. What the rows held is never said:
    it is about people."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise _meaning(error) from error


def _meaning(error: sa.exc.DBAPIError) -> StoreError:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "")
        for prefix, message, next_step in _SQLITE:
            if name.startswith(prefix):
                return StoreError(message, next_step)
        return StoreError(f"The workspace's database failed ({name or type(cause).__name__}).")
    if isinstance(error, sa.exc.OperationalError):
        lines = str(cause).strip().splitlines() or ["no answer"]
        return StoreError(
            f"The database can't be reached: {lines[0]}",
            "Check that the server runs and that --database names its host, user and database.",
        )
    return StoreError(
        f"The database refused ({type(cause).__name__}).",
        "Check that --database names a database that belongs to scanform.",
    )

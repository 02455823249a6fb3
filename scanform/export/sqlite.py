"""A SQLite database of its own: one table of records, one that says what its columns mean."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import BinaryIO

from scanform.export.columns import NUMBERS, column_of, columns, is_number, row
from scanform.export.interface import Layout, Tell
from scanform.model.record import Record
from scanform.programs.scratch import scratch

_NOTES = ("column", "field", "template", "label", "kind", "lexicon", "vintage", "masked")


def write_sqlite(records: Iterable[Record], to: BinaryIO, layout: Layout, tell: Tell) -> int:
    """See ``export.interface.Exporter``. Table ``records``, blank is NULL; table ``dictionary``."""
    del tell  # a table can say everything
    with scratch() as folder:
        file = folder / "records.db"
        with closing(sqlite3.connect(file)) as database:
            # Nobody sees the file before it is whole, so it needs no journal.
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            count = _records(database, records, layout)
            _dictionary(database, layout)
            database.commit()
        with file.open("rb") as whole:
            shutil.copyfileobj(whole, to)
    return count


def _records(database: sqlite3.Connection, records: Iterable[Record], layout: Layout) -> int:
    names = columns(layout)
    declared = ", ".join(f"{quoted(name)} {_type(name)}" for name in names)
    # nosemgrep: sql-from-text - names of columns can't be bound; they are quoted
    database.execute(f"CREATE TABLE records ({declared}, PRIMARY KEY (record))")
    marks = ", ".join("?" * len(names))
    cells = (row(record, layout) for record in records)
    # The columns' own types make numbers of what counts; all else stays the text that it is.
    done = database.executemany(f"INSERT INTO records VALUES ({marks})", cells)  # noqa: S608  # nosec B608
    return done.rowcount if done.rowcount > 0 else 0


def _type(column: str) -> str:
    if column in NUMBERS:
        return "INTEGER"
    return "REAL" if is_number(column) else "TEXT"


def _dictionary(database: sqlite3.Connection, layout: Layout) -> None:
    declared = ", ".join(f"{quoted(name)} TEXT" for name in _NOTES)
    # nosemgrep: sql-from-text - our own names
    database.execute(f"CREATE TABLE dictionary ({declared})")
    database.executemany(
        "INSERT INTO dictionary VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                column_of(note.field),
                note.field,
                note.template,
                note.label,
                note.kind,
                note.lexicon or None,
                note.vintage or None,
                note.masked or None,
            )
            for note in layout.notes
        ),
    )


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'

"""A large workspace out of a small one: its scans and records copied inside its database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from scanform.store.open import DATABASE_NAME

COPIED = {
    "scans": "sha256",
    "names": "sha256",
    "extents": "scan",
    "pages": "scan",
    "records": "scan",
    "sheets": None,
    "readings": None,
    "answers": None,
}
"""Tables and the column that names the scan; the others name the record."""
_SCAN = "(SELECT printf('%064x', own.number + {add}) FROM own WHERE own.sha256 = {table}.{column})"


def multiply(workspace: Path, count: int) -> None:
    """Copies scans and records until there are ``count`` records, which must be there in whole
    numbers from 1; each copy has an id, a scan and a path of its own, and shows the same pages."""
    with closing(sqlite3.connect(workspace / DATABASE_NAME)) as database:
        ((records, last),) = database.execute("SELECT count(*), max(number) FROM records")
        if records != last:
            raise SystemExit("a workspace whose records have gaps can't be copied")
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute(
            "CREATE TEMP TABLE own AS SELECT scan AS sha256, min(number) AS number"
            " FROM records GROUP BY scan"
        )
        database.execute("CREATE INDEX temp.own_sha256 ON own (sha256)")
        for start in range(records, count, records):
            for table, scan in COPIED.items():
                _copy(database, table, scan, start, min(records, count - start))
            database.commit()
        database.execute("PRAGMA journal_mode = WAL")


def _copy(
    database: sqlite3.Connection, table: str, scan: str | None, start: int, most: int
) -> None:
    """The rows of the first ``most`` records once more, as those of the records from ``start``."""
    names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    changed = {"path": f"path || ' {start}'", "scan_path": f"scan_path || ' {start}'"}
    if scan is None:
        changed["record"] = f"record + {start}"
        which = f"record <= {most}"
    else:
        changed[scan] = _SCAN.format(add=start, table=table, column=scan)
        which = f"{scan} IN (SELECT scan FROM records WHERE number <= {most})"
    if table == "records":
        changed |= {"number": f"number + {start}", "id": f"printf('%016x', number + {start})"}
        which = f"number <= {most}"
    columns = ", ".join(changed.get(name, name) for name in names)
    database.execute(f"INSERT INTO {table} SELECT {columns} FROM {table} WHERE {which}")

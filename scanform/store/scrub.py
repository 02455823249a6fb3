"""Leaving nothing of what was deleted in the database's own files."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.errors import StoreError
from scanform.store import wording
from scanform.store.faults import told
from scanform.store.sql import SqlStore
from scanform.store.tables import metadata


def securely(connection: Connection) -> None:
    """Has SQLite overwrite what this connection deletes, instead of only forgetting where it is."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def scrub(store: SqlStore) -> None:
    """Writes the database anew without its free pages, and empties the write-ahead log. Raises
    ``StoreError`` while others hold the database."""
    if store.engine.dialect.name != "sqlite":
        # Each table is written anew; the server's own log and archives are its keeper's affair.
        with told(), store.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in metadata.sorted_tables:
                # nosemgrep: sql-from-text - our own names
                alone.execute(sa.text(f'VACUUM FULL "{table.name}"'))
        return
    with told():
        raw = store.engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("VACUUM")
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            cursor.close()
        finally:
            raw.close()
    if busy:
        raise StoreError(wording.STILL_READ, wording.STOP_OTHERS)

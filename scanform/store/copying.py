"""All tables from one database to another, whatever sort each is."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.store.open import HEAD, VERSION_TABLE
from scanform.store.tables import metadata

BATCH = 1000


def to_file(source: Connection, place: Path) -> None:
    """Writes a SQLite database with everything that ``source`` holds at this moment."""
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(place)))
    try:
        metadata.create_all(engine)
        with engine.begin() as target:
            target.exec_driver_sql(  # nosemgrep: sql-from-text - our own names
                f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL)"
            )
            # nosemgrep: sql-from-text - our own names
            target.exec_driver_sql(f"INSERT INTO {VERSION_TABLE} VALUES ('{HEAD}')")  # noqa: S608  # nosec B608
            copy(source, target)
    finally:
        engine.dispose()


def copy(source: Connection, target: Connection) -> None:
    """Copies every row into tables that are there and empty."""
    for table in metadata.sorted_tables:
        rows = source.execute(sa.select(table), execution_options={"yield_per": BATCH})
        for batch in rows.mappings().partitions(BATCH):
            target.execute(sa.insert(table), [dict(row) for row in batch])
        _count_on(target, table)


def _count_on(target: Connection, table: sa.Table) -> None:
    """Has PostgreSQL give the next number where the copied rows end."""
    column = table.autoincrement_column
    if target.dialect.name != "postgresql" or column is None:
        return
    last = target.execute(sa.select(sa.func.max(column))).scalar()
    sequence = sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name)
    target.execute(sa.select(sa.func.setval(sequence, last or 1, last is not None)))


def is_empty(connection: Connection) -> bool:
    """Whether no table holds a row."""
    return not any(
        connection.execute(
            sa.select(sa.exists(sa.select(sa.literal(1)).select_from(table)))
        ).scalar()
        for table in metadata.sorted_tables
    )

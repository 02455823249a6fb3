from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from scanform.errors import MissingProgram, StoreError, UsageError
from scanform.model.scan import Rejected, ScanFile
from scanform.store import open as opening
from scanform.store.open import DATABASE_NAME, HEAD, VERSION_TABLE, open_store
from scanform.store.tables import metadata

SHA = "ab" * 32


def schema(connection: sqlite3.Connection) -> dict[str, object]:
    """Every table and index as its text; of a table the words, in any order, for SQLite writes a
    column that was added later behind all others."""
    query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> ?"
    return {
        name: sorted(re.findall(r"\w+", sql)) if kind == "table" else sql
        for kind, name, sql in connection.execute(query, (VERSION_TABLE,))
    }


def test_the_migrations_make_exactly_the_tables(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    metadata.create_all(engine)
    migrated = schema(sqlite3.connect(tmp_path / DATABASE_NAME))
    assert migrated == schema(sqlite3.connect(tmp_path / "fresh.db"))
    assert len(migrated) > 10


def test_alembic_finds_nothing_to_change(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        assert (
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        )


@pytest.mark.slow
def test_alembic_finds_nothing_to_change_in_postgresql(
    tmp_path: Path, new_postgresql: Callable[[], str]
) -> None:
    with open_store(tmp_path, new_postgresql()) as store, store.engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        assert (
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        )


def test_the_newest_migration_is_the_head_the_program_knows() -> None:
    folder = Path(opening.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def test_an_up_to_date_store_opens_without_alembic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(tmp_path).close()
    monkeypatch.setitem(sys.modules, "alembic", None)
    with open_store(tmp_path) as store:
        assert store.figures().records == 0


def test_sqlite_writes_ahead_and_syncs_fully(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.engine.connect() as connection:

        def pragma(name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2
        assert pragma("foreign_keys") == 1


def test_a_percent_sign_and_accents_in_the_folder_do_no_harm(tmp_path: Path) -> None:
    open_store(tmp_path / "Xã 100% ?#").close()
    assert (tmp_path / "Xã 100% ?#" / DATABASE_NAME).exists()


def test_a_missing_workspace_is_not_made_for_those_who_only_look(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no workspace") as told:
        open_store(tmp_path / "typo", create=False)
    assert "-w" in told.value.next_step
    assert not (tmp_path / "typo").exists()


def test_a_workspace_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="can't be made"):
        open_store(tmp_path / "file")


def test_a_locked_workspace_is_told_after_waiting(tmp_path: Path) -> None:
    with open_store(tmp_path, busy_seconds=0.01) as store:
        other = sqlite3.connect(tmp_path / DATABASE_NAME, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert store.figures().records == 0  # whoever reads needn't wait
        with pytest.raises(StoreError, match="locked") as told:
            store.open_scan(ScanFile(Path("a"), SHA, 1))
        assert "Wait" in told.value.next_step
        other.execute("ROLLBACK")
        other.close()
        assert store.open_scan(ScanFile(Path("a"), SHA, 1)) == "new"


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"these are no pages of a database\n" * 100)
    with pytest.raises(StoreError, match="damaged") as told:
        open_store(tmp_path)
    assert "backup" in told.value.next_step


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for number in range(200):
            store.open_scan(ScanFile(Path(f"{number}.pdf"), f"{number:064}", 1))
    file = tmp_path / DATABASE_NAME
    data = bytearray(file.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    file.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"), open_store(tmp_path) as store:
        store.figures()


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / DATABASE_NAME
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE photos (id INTEGER)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(tmp_path)
    assert file.read_bytes() == before


def test_a_newer_schema_is_told(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / DATABASE_NAME)
    with connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="newer scanform") as told:
        open_store(tmp_path)
    assert "Update" in told.value.next_step


@pytest.mark.parametrize("url", ["mysql://host/name", "sqlite:///x.db", "nonsense", ""])
def test_other_databases_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError) as told:
        open_store(tmp_path, url)
    assert "postgresql://" in told.value.next_step


def test_without_the_driver_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingProgram) as told:
        open_store(tmp_path, "postgresql://host/name")
    assert "scanform[postgres]" in told.value.next_step


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can't be reached"):
        open_store(tmp_path, f"postgresql://nobody@/none?host={tmp_path}")


def test_what_the_rows_hold_is_never_said(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE unopened")
        connection.commit()
        with pytest.raises(StoreError) as told:
            store.reject_scan(Rejected(Path("Nguyen Van An.pdf"), "", None, "damaged"))
    assert "Nguyen" not in f"{told.value} {told.value.__cause__}"


def test_a_file_name_that_is_no_utf8_is_kept_as_escapes(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for _ in range(2):
            store.open_scan(ScanFile(Path("box/\udcff.pdf"), SHA, 1))
        store.reject_scan(Rejected(Path("box/\udcff.pdf"), SHA, None, "damaged", {"x": "\udcff\0"}))
        (rejected,) = store.rejected()
        assert str(rejected.path) == "box/\\udcff.pdf"
        assert store.figures().duplicates == 0

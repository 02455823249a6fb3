"""Opening a workspace's store: the database, made or brought up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event

from scanform.errors import MissingProgram, StoreError, UsageError
from scanform.fields import learnt
from scanform.phrase import Phrase
from scanform.store.faults import told
from scanform.store.models import FOLDER
from scanform.store.sql import Clock, SqlStore, utc_now
from scanform.store.tables import metadata

DATABASE_NAME = "scanform.db"

VERSION_TABLE = "scanform_version"
"""Where Alembic notes the schema. Its own default name may be another program's in PostgreSQL."""

HEAD = "0006"
"""The newest migration. Known here so that an up-to-date store opens without Alembic."""

BUSY_SECONDS = 30.0
"""How long a write waits for another run's write. One write takes milliseconds."""

_CONNECTIONS = 20  # kept open for the threads of a server

_MIGRATION_LOCK = 0x5CAF0D01  # any number that others don't use


def open_store(
    workspace: Path,
    database: str | None = None,
    *,
    create: bool = True,
    clock: Clock = utc_now,
    busy_seconds: float = BUSY_SECONDS,
) -> SqlStore:
    """The store of ``workspace``, or of ``database``, a PostgreSQL URL.

    Makes what is missing and brings an older schema up to date; without ``create`` a workspace
    that isn't there is an error, so that a mistyped folder isn't taken for an empty one. Raises
    ``StoreError`` when it is locked, damaged, newer than this program or not scanform's,
    ``MissingProgram`` without PostgreSQL's driver, ``UsageError`` for another sort of URL.

    From now on this process judges what the workspace's models read by the scales that they have.
    """
    learnt.use(workspace / FOLDER)
    if database is None:
        engine = _sqlite(_database_file(workspace, create), busy_seconds)
    else:
        engine = _postgresql(database)
    try:
        with told():
            _bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(engine, clock)


def _database_file(workspace: Path, create: bool) -> Path:
    file = workspace / DATABASE_NAME
    if not create and not file.exists():
        raise StoreError(_NO_WORKSPACE.of(folder=str(workspace)), _GIVE_IT)
    try:
        workspace.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            _CANT_MAKE.of(folder=str(workspace), why=error.strerror or "?"), _WRITABLE
        ) from error
    return file


def _sqlite(file: Path, busy_seconds: float) -> Engine:
    url = sa.URL.create("sqlite", database=str(file))
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"timeout": busy_seconds}, pool_size=_CONNECTIONS
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        # The driver would begin transactions at moments of its own choosing.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        # What was committed outlasts a power cut, also in the write-ahead log.
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A write that takes the lock only at its first change may find that others were quicker
        # and must fail; one that takes it at once just waits its turn.
        options = connection.get_execution_options()
        writing = options.get("scanform_write", False)
        if writing:
            lasting = options.get("scanform_lasting", True)
            # nosemgrep: sql-from-text - one of two words of ours
            connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _postgresql(database: str) -> Engine:
    try:
        url = sa.make_url(database)
    except sa.exc.ArgumentError as error:
        raise UsageError(_NO_URL, _URL_ADVICE) from error
    if url.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise UsageError(_OTHER_URL.of(sort=url.drivername), _URL_ADVICE)
    try:
        return sa.create_engine(
            url.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True
        )
    except ModuleNotFoundError as error:
        raise MissingProgram(_NO_DRIVER, _INSTALL_DRIVER) from error


_NO_WORKSPACE = Phrase(
    "Không có thư mục làm việc ở {folder}.", "There is no workspace at {folder}."
)
_GIVE_IT = Phrase(
    "Hãy nêu đúng thư mục bằng -w THƯ_MỤC; `scanform run` tạo thư mục mới.",
    "Give the one you mean with -w DIR; `scanform run` makes a new one.",
)
_CANT_MAKE = Phrase(
    "Không tạo được thư mục làm việc {folder}: {why}.",
    "The workspace {folder} can't be made: {why}.",
)
_WRITABLE = Phrase(
    "Hãy nêu thư mục ghi được bằng -w THƯ_MỤC.",
    "Give a folder that you may write to with -w DIR.",
)
_NOT_OURS = Phrase(
    "Cơ sở dữ liệu này của chương trình khác.", "The database belongs to another program."
)
_GIVE_OURS = Phrase(
    "Hãy nêu thư mục làm việc khác (-w), hoặc cơ sở dữ liệu riêng của scanform (--database).",
    "Give another workspace (-w), or with --database a database of scanform's own.",
)
_NEWER = Phrase(
    "Thư mục làm việc do scanform mới hơn tạo ra (lược đồ {version}; bản này biết {known}).",
    "The workspace was made by a newer scanform (schema {version}; this knows {known}).",
)
_UPDATE = Phrase(
    "Hãy cập nhật scanform rồi chạy lại lệnh này.",
    "Update this scanform, then run the same command again.",
)
_NO_URL = Phrase("--database không phải là URL.", "--database is no URL.")
_OTHER_URL = Phrase("--database không thể là {sort}.", "--database can't be {sort}.")
_URL_ADVICE = Phrase(
    "Hãy viết postgresql://NGƯỜI_DÙNG@MÁY/CƠ_SỞ_DỮ_LIỆU, hoặc bỏ đi để dùng thư mục làm việc.",
    "Write postgresql://USER@HOST/DATABASE, or leave it out to use the workspace.",
)
_NO_DRIVER = Phrase(
    "Chưa cài trình điều khiển PostgreSQL (psycopg).",
    "PostgreSQL's driver (psycopg) is not installed.",
)
_INSTALL_DRIVER = Phrase(
    "Cài bằng: pip install 'scanform[postgres]'",
    "Install it with: pip install 'scanform[postgres]'",
)


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection, connection.begin():
        version = _version(connection)
    if version == HEAD:
        return
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            _write_ahead(connection)
    with engine.connect() as connection:
        connection.execution_options(scanform_write=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                lock: dict[str, Any] = {"number": _MIGRATION_LOCK}
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), lock)
            # Another run may have done it while this one waited.
            if _version(connection) != HEAD:
                _migrate(connection)


def _write_ahead(connection: Connection) -> None:
    """Readers and the writer don't wait for each other. Can't be said inside a transaction."""
    raw = connection.connection.dbapi_connection
    if raw is not None:
        with closing(raw.cursor()) as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")


def _version(connection: Connection) -> str | None:
    """The schema's version, None for an empty database; raises ``StoreError`` where the tables
    are of somebody else or of a newer scanform."""
    present = set(sa.inspect(connection).get_table_names())
    if VERSION_TABLE not in present:
        ours = present & set(metadata.tables)
        if ours or (present and connection.dialect.name == "sqlite"):
            raise StoreError(_NOT_OURS, _GIVE_OURS)
        return None
    # nosemgrep: sql-from-text - our own name
    query = sa.text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608  # nosec B608
    version = connection.execute(query).scalar_one_or_none()
    if version is not None and version > HEAD:
        raise StoreError(_NEWER.of(version=version, known=HEAD), _UPDATE)
    return version


def _migrate(connection: Connection) -> None:
    # Imported late: it takes a moment that only a new or an old store needs.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")

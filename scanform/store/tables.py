"""The tables, and how a value looks inside them.

``readings`` holds what the machine read and made of it, and ``decisions`` what people said; both
are only ever appended to. ``answers`` (and ``records.waiting``) is the fold of the two, kept in
the same transaction, so that the queue and the count need not fold a million rows.
A change here needs a migration; a test proves that the migrations make these tables.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Text(TypeDecorator[str]):
    """Text that every database takes and sorts alike.

    A file name may hold bytes that are no UTF-8 (Python has them as lone surrogates) and a reader
    may give a NUL: both become backslash escapes. Sorted by code point, whatever the locale.
    """

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[str]:
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(sa.String(collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else storable(value)


class Moment(TypeDecorator[datetime]):
    """A time with its zone; SQLite has no zones, so it is stored there in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def storable(text: str) -> str:
    """The text with what no database takes written as backslash escapes."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


# Names for constraints, so that a migration can speak of them.
metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# A number that the database gives, counting upwards. SQLite counts only an INTEGER by itself.
Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

scans = sa.Table(
    "scans",
    metadata,
    sa.Column("sha256", Text, primary_key=True),
    sa.Column("path", Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("state", Text, nullable=False),  # unfinished, finished, rejected
    sa.Column("reason", Text),
    sa.Column("details", sa.JSON),
    sa.Column("seen_at", Moment, nullable=False),
)

names = sa.Table(
    "names",
    metadata,
    sa.Column("path", Text, primary_key=True),
    sa.Column("sha256", Text, sa.ForeignKey("scans.sha256"), primary_key=True),
    sa.Column("seen_at", Moment, nullable=False),
)

unopened = sa.Table(  # files that could not even be hashed
    "unopened",
    metadata,
    sa.Column("path", Text, primary_key=True),
    sa.Column("reason", Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
)

pages = sa.Table(
    "pages",
    metadata,
    sa.Column("scan", Text, sa.ForeignKey("scans.sha256"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("outcome", Text, nullable=False),  # form, blank, rejected
    sa.Column("image", Text, nullable=False),
    sa.Column("reason", Text),
    sa.Column("details", sa.JSON),
    sa.Column("seen_at", Moment, nullable=False),
)

records = sa.Table(
    "records",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("id", Text, nullable=False, unique=True),
    sa.Column("template", Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("scan", Text, sa.ForeignKey("scans.sha256"), nullable=False),
    sa.Column("scan_path", Text, nullable=False),
    sa.Column("scan_page", sa.Integer, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("doubted", sa.Integer, nullable=False),  # answers that were pending at first
    sa.Column("waiting", sa.Integer, nullable=False),  # answers that are pending now
    sa.Index("ix_records_order", "scan_path", "scan_page", "id"),
    sa.Index("ix_records_template", "template", "waiting"),
)

sheets = sa.Table(
    "sheets",
    metadata,
    sa.Column("record", Number, sa.ForeignKey("records.number"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("scan_page", sa.Integer, nullable=False),
    sa.Column("image", Text, nullable=False),
)

readings = sa.Table(
    "readings",
    metadata,
    sa.Column("record", Number, sa.ForeignKey("records.number"), primary_key=True),
    sa.Column("field", Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("value", Text),
    sa.Column("confidence", sa.Double, nullable=False),
    sa.Column("state", Text, nullable=False),
    sa.Column("doubts", sa.JSON, nullable=False),  # [[code, detail], ...]
    sa.Column("reader", Text),
    sa.Column("reading", sa.JSON),  # the rest of the raw reading
)

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("record", Number, sa.ForeignKey("records.number"), primary_key=True),
    sa.Column("field", Text, primary_key=True),
    sa.Column("template", Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("value", Text),
    sa.Column("confidence", sa.Double, nullable=False),
    sa.Column("state", Text, nullable=False),
    # The row is narrow and always found by its key, so the key is the table.
    sqlite_with_rowid=False,
)

# The queue: only what waits, in the order in which it is shown.
sa.Index(
    "ix_answers_waiting",
    answers.c.template,
    answers.c.position,
    answers.c.field,
    answers.c.record,
    sqlite_where=answers.c.state == "pending",
    postgresql_where=answers.c.state == "pending",
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("seq", Number, primary_key=True, autoincrement=True),
    sa.Column("record", Number, sa.ForeignKey("records.number"), nullable=False),
    sa.Column("field", Text, nullable=False),
    sa.Column("action", Text, nullable=False),
    sa.Column("value", Text),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("from_value", Text),
    sa.Column("from_state", Text, nullable=False),
    sa.Index("ix_decisions_record", "record", "seq"),
    sqlite_autoincrement=True,  # a number is never given twice
)

campaigns = sa.Table(  # every revision; the last one is in force
    "campaigns",
    metadata,
    sa.Column("seq", Number, primary_key=True, autoincrement=True),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

entered = sa.Table(  # figures that communes reported without forms
    "entered",
    metadata,
    sa.Column("seq", Number, primary_key=True, autoincrement=True),
    sa.Column("unit", Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

pair_verdicts = sa.Table(  # whether two records are of the same person
    "pair_verdicts",
    metadata,
    sa.Column("seq", Number, primary_key=True, autoincrement=True),
    sa.Column("first", Text, sa.ForeignKey("records.id"), nullable=False),
    sa.Column("second", Text, sa.ForeignKey("records.id"), nullable=False),
    sa.Column("verdict", Text, nullable=False),  # same, different
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

batches = sa.Table(  # boxes that were handed in, as their slips say
    "batches",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("unit", Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("handed_by", Text, nullable=False),
    sa.Column("forms", sa.Integer, nullable=False),
    sa.Column("opened_by", Text, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
)

batch_scans = sa.Table(  # every file of a batch, also what could not be read
    "batch_scans",
    metadata,
    sa.Column("batch", Number, sa.ForeignKey("batches.number"), primary_key=True),
    sa.Column("path", Text, primary_key=True),
    sa.Column("sha256", Text, nullable=False),  # empty where it could not even be read
    sa.Column("seen_at", Moment, nullable=False),
    sa.Index("ix_batch_scans_sha256", "sha256"),
)

"""The tables, and how a value looks inside them.

``readings`` holds what the machine read and made of it, and ``decisions`` what people said; both
are only ever appended to. ``answers`` (and ``records.waiting``) is the fold of the two, kept in
the same transaction, so that the queue and the count need not fold a million rows.
A change here needs a migration; a test proves that the migrations make these tables.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
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


def insert_for(dialect: Dialect) -> Any:
    """``INSERT`` as the database knows it, with what is to happen where the row is there."""
    return postgresql.insert if dialect.name == "postgresql" else sqlite.insert


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

refusals = sa.Table(  # every time that something was refused, or taken after all
    "refusals",
    metadata,
    sa.Column("seq", Number, primary_key=True, autoincrement=True),
    sa.Column("path", Text, nullable=False),
    sa.Column("scan", Text, nullable=False),  # empty: a file that could not even be read
    sa.Column("page", sa.Integer, nullable=False),  # 0: the whole file
    sa.Column("reason", Text, nullable=False),  # empty: it was taken after all
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_refusals_scan", "scan", "page", "path", "seq"),
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
    sa.Column("unit", Text),  # what its answers name as its unit; see store.units
    sa.Index("ix_records_order", "scan_path", "scan_page", "id"),
    sa.Index("ix_records_template", "template", "waiting"),
    # The count, day by day, needs nothing but this index.
    sa.Index("ix_records_count", "template", "created_at", "unit", "waiting", "doubted"),
)

unit_fields = sa.Table(  # whose answer, or path of answers, is ``records.unit``
    "unit_fields",
    metadata,
    sa.Column("template", Text, primary_key=True),
    sa.Column("field", Text, nullable=False),
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
    sa.Column("doubts", sa.JSON(none_as_null=True)),  # None: still those of the reading
    sa.Column("rank", sa.Integer, nullable=False),  # answers of the record that waited at first
    sa.Column("desk", Text, nullable=False),  # where it waits, if it does: review, key, paper
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

# The queue, group by group; what completes a record first comes first. In this index and the
# next ``state`` is a part although it is always the same: SQLite would look into the table for it.
sa.Index(
    "ix_answers_desk",
    answers.c.template,
    answers.c.field,
    answers.c.desk,
    answers.c.rank,
    answers.c.record,
    answers.c.state,
    sqlite_where=answers.c.state == "pending",
    postgresql_where=answers.c.state == "pending",
)

# Answers that wait and were read alike.
sa.Index(
    "ix_answers_alike",
    answers.c.template,
    answers.c.field,
    answers.c.desk,
    answers.c.value,
    answers.c.record,
    answers.c.state,
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
    sa.Column("to_state", Text, nullable=False),
    sa.Column("confidence", sa.Double),  # with doubts: how the answer stands after a recheck
    sa.Column("doubts", sa.JSON(none_as_null=True)),
    sa.Column("undoes", Number),
    sa.Column("crop", Text, nullable=False),
    sa.Column("template", Text, nullable=False),
    sa.Column("readers", Text, nullable=False),
    sa.Column("how", Text, nullable=False),
    sa.Column("lot", Text, nullable=False),
    sa.Column("note", Text, nullable=False),
    sa.Column("seconds", sa.Double),
    sa.Column("hash", Text, nullable=False),
    sa.Index("ix_decisions_record", "record", "seq"),
    sa.Index("ix_decisions_by", "by", "seq"),
    sqlite_autoincrement=True,  # a number is never given twice
)

seals = sa.Table(  # what the hash of a row's personal part is salted with; see store.chain
    "seals",
    metadata,
    sa.Column("seq", Number, primary_key=True, autoincrement=False),
    sa.Column("salt", Text, nullable=False),
)

events = sa.Table(  # rows of the log about no answer that is still there
    "events",
    metadata,
    sa.Column("seq", Number, primary_key=True, autoincrement=False),
    sa.Column("record", Text),  # its id, not its number: the record may be gone
    sa.Column("field", Text, nullable=False),
    sa.Column("action", Text, nullable=False),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("from_state", Text),
    sa.Column("to_state", Text),
    sa.Column("undoes", Number),
    sa.Column("template", Text, nullable=False),
    sa.Column("readers", Text, nullable=False),
    sa.Column("how", Text, nullable=False),
    sa.Column("lot", Text, nullable=False),
    sa.Column("seconds", sa.Double),
    sa.Column("sealed", Text),  # hash of what was erased; None: nothing was, or an old row
    sa.Column("detail", sa.JSON(none_as_null=True)),
    sa.Column("hash", Text, nullable=False),
    sa.Index("ix_events_record", "record"),
)

erased = sa.Table(  # records that are gone, and what may be known of them
    "erased",
    metadata,
    sa.Column("id", Text, primary_key=True),
    sa.Column("template", Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("scan", Text, nullable=False),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("why", Text, nullable=False),  # request, retention
)

extents = sa.Table(  # how many pages a scan has, once all of them have an outcome
    "extents",
    metadata,
    sa.Column("scan", Text, sa.ForeignKey("scans.sha256"), primary_key=True),
    sa.Column("pages", sa.Integer, nullable=False),
)

rereadings = sa.Table(  # raw readings of models that learnt later; the first ones stay
    "rereadings",
    metadata,
    sa.Column(
        "seq",
        Number,
        sa.ForeignKey("decisions.seq", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("record", Number, nullable=False),
    sa.Column("field", Text, nullable=False),
    sa.Column("reader", Text, nullable=False),
    sa.Column("reading", sa.JSON, nullable=False),
    # The last one of an answer is the one that stands.
    sa.Index("ix_rereadings_answer", "record", "field", "seq"),
)

log_head = sa.Table(  # one row: the end of the chain
    "log_head",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", Number, nullable=False),
    sa.Column("hash", Text, nullable=False),
)

claims = sa.Table(  # what somebody has in hand; no record of anything, only of the moment
    "claims",
    metadata,
    sa.Column("place", Text, primary_key=True),  # what is claimed: nobody else can
    sa.Column("token", Text, nullable=False, index=True),
    sa.Column("work", Text, nullable=False),  # review, key, settle, sample
    sa.Column("record", Number, nullable=False),
    sa.Column("field", Text, nullable=False),
    sa.Column("task", Number),
    sa.Column("seed", Number),
    sa.Column("version", Number, nullable=False),  # last row of the log about the answer
    sa.Column("by", Text, nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("asked", sa.JSON, nullable=False),
    sa.Index("ix_claims_answer", "record", "field"),
)

skips = sa.Table(
    "skips",
    metadata,
    sa.Column("by", Text, primary_key=True),
    sa.Column("record", Number, primary_key=True, autoincrement=False),
    sa.Column("field", Text, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

orders = sa.Table(  # what was ordered to be keyed or sampled
    "orders",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("work", Text, nullable=False),  # key, sample
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("template", Text),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("share", sa.Double, nullable=False),
    sa.Column("keyers", sa.Integer, nullable=False),
    sa.Column("seed", sa.Integer, nullable=False),
)

tasks = sa.Table(  # one person's share of an order
    "tasks",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("order", Number, sa.ForeignKey("orders.number"), nullable=False),
    sa.Column("work", Text, nullable=False),  # key, settle, sample
    sa.Column("record", Number, sa.ForeignKey("records.number"), nullable=False),
    sa.Column("field", Text, nullable=False),
    sa.Column("template", Text, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("not_by", Text, nullable=False),  # who must not do it, and a second one
    sa.Column("nor_by", Text, nullable=False),
    sa.Column("expected", Text),  # of a sample: what was accepted
    sa.Column("expected_outcome", Text),
    sa.Column("by", Text),
    sa.Column("at", Moment),
    sa.Column("outcome", Text),  # value, blank, unreadable
    sa.Column("value", Text),
    sa.Column("seconds", sa.Double),
    sa.Index("ix_tasks_answer", "record", "field"),
    sa.Index("ix_tasks_order", "order"),
)

sa.Index(
    "ix_tasks_open",
    tasks.c.work,
    tasks.c.template,
    tasks.c.field,
    tasks.c.number,
    tasks.c.not_by,
    tasks.c.nor_by,
    sqlite_where=tasks.c.open.is_(True),
    postgresql_where=tasks.c.open.is_(True),
)

rehearsed = sa.Table(  # made-up forms, read for seeded checks: no records, nothing counts them
    "rehearsed",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("id", Text, nullable=False, unique=True),
    sa.Column("template", Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),  # as the rows of readings
)

rehearsed_sheets = sa.Table(
    "rehearsed_sheets",
    metadata,
    sa.Column("rehearsed", Number, sa.ForeignKey("rehearsed.number"), primary_key=True),
    sa.Column("page", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("image", Text, nullable=False),
)

seeds = sa.Table(  # answers of known truth, shown unmarked: of a record, or of a rehearsed form
    "seeds",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("record", Number, sa.ForeignKey("records.number")),
    sa.Column("rehearsed", Number, sa.ForeignKey("rehearsed.number")),
    sa.Column("field", Text, nullable=False),
    sa.Column("template", Text, nullable=False),
    sa.Column("outcome", Text, nullable=False),
    sa.Column("truth", Text),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("record", "field"),
    sa.UniqueConstraint("rehearsed", "field"),
)

seed_answers = sa.Table(
    "seed_answers",
    metadata,
    sa.Column("number", Number, primary_key=True, autoincrement=True),
    sa.Column("seed", Number, sa.ForeignKey("seeds.number"), nullable=False),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("action", Text, nullable=False),
    sa.Column("value", Text),
    sa.Column("right", sa.Boolean, nullable=False),
    sa.Column("seconds", sa.Double),
    sa.Column("undone", sa.Boolean, nullable=False),
    sa.Index("ix_seed_answers_by", "by", "seed"),
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("name", Text, primary_key=True),
    sa.Column("role", Text, nullable=False),
    sa.Column("language", Text, nullable=False),
    sa.Column("secret", Text),  # Argon2's hash of the password; None: can't sign in
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("last_seen", Moment),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("waits_until", Moment),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("hash", Text, primary_key=True),  # of the cookie's value
    sa.Column("person", Text, sa.ForeignKey("people.name"), nullable=False, index=True),
    sa.Column("csrf", Text, nullable=False),
    sa.Column("until", Moment, nullable=False),
)

settings = sa.Table(
    "settings",
    metadata,
    sa.Column("name", Text, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
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
    sa.Column("cover", sa.Boolean, nullable=False),  # its first page is the batch's cover sheet
    sa.Column("seen_at", Moment, nullable=False),
    sa.Index("ix_batch_scans_sha256", "sha256"),
)

settlements = sa.Table(  # what people said about the differences of a batch
    "settlements",
    metadata,
    sa.Column("seq", Number, primary_key=True, autoincrement=True),
    sa.Column("batch", Number, sa.ForeignKey("batches.number"), nullable=False),
    sa.Column("task", Text, nullable=False),
    sa.Column("state", Text, nullable=False),  # settled, open (again)
    sa.Column("note", Text, nullable=False),
    sa.Column("by", Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

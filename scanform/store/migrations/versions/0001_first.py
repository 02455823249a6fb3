"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scanform.store.tables import Moment, Number, Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _scans()
    _records()
    _answers()
    _log()
    _claims()
    _tasks()
    _people()
    _campaigns()
    _batches()


def _scans() -> None:
    op.create_table(
        "scans",
        sa.Column("sha256", Text(), nullable=False),
        sa.Column("path", Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", Text(), nullable=False),
        sa.Column("reason", Text()),
        sa.Column("details", sa.JSON()),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_scans"),
    )
    op.create_table(
        "names",
        sa.Column("path", Text(), nullable=False),
        sa.Column("sha256", Text(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("path", "sha256", name="pk_names"),
        sa.ForeignKeyConstraint(["sha256"], ["scans.sha256"], name="fk_names_sha256"),
    )
    op.create_table(
        "unopened",
        sa.Column("path", Text(), nullable=False),
        sa.Column("reason", Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_unopened"),
    )
    op.create_table(
        "pages",
        sa.Column("scan", Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", Text(), nullable=False),
        sa.Column("image", Text(), nullable=False),
        sa.Column("reason", Text()),
        sa.Column("details", sa.JSON()),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("scan", "number", name="pk_pages"),
        sa.ForeignKeyConstraint(["scan"], ["scans.sha256"], name="fk_pages_scan"),
    )


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("id", Text(), nullable=False),
        sa.Column("template", Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("scan", Text(), nullable=False),
        sa.Column("scan_path", Text(), nullable=False),
        sa.Column("scan_page", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("doubted", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_records"),
        sa.UniqueConstraint("id", name="uq_records_id"),
        sa.ForeignKeyConstraint(["scan"], ["scans.sha256"], name="fk_records_scan"),
    )
    op.create_index("ix_records_order", "records", ["scan_path", "scan_page", "id"])
    op.create_index("ix_records_template", "records", ["template", "waiting"])
    op.create_table(
        "sheets",
        sa.Column("record", Number, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("scan_page", sa.Integer(), nullable=False),
        sa.Column("image", Text(), nullable=False),
        sa.PrimaryKeyConstraint("record", "position", name="pk_sheets"),
        sa.ForeignKeyConstraint(["record"], ["records.number"], name="fk_sheets_record"),
    )


def _answers() -> None:
    op.create_table(
        "readings",
        sa.Column("record", Number, nullable=False),
        sa.Column("field", Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", Text()),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("state", Text(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("reader", Text()),
        sa.Column("reading", sa.JSON()),
        sa.PrimaryKeyConstraint("record", "field", name="pk_readings"),
        sa.ForeignKeyConstraint(["record"], ["records.number"], name="fk_readings_record"),
    )
    op.create_table(
        "answers",
        sa.Column("record", Number, nullable=False),
        sa.Column("field", Text(), nullable=False),
        sa.Column("template", Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", Text()),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("state", Text(), nullable=False),
        sa.Column("doubts", sa.JSON()),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("desk", Text(), nullable=False),
        sa.PrimaryKeyConstraint("record", "field", name="pk_answers"),
        sa.ForeignKeyConstraint(["record"], ["records.number"], name="fk_answers_record"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_answers_waiting",
        "answers",
        ["template", "position", "field", "record"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_answers_desk",
        "answers",
        ["template", "field", "desk", "rank", "record", "state"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_answers_alike",
        "answers",
        ["template", "field", "desk", "value", "record", "state"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )


def _log() -> None:
    op.create_table(
        "decisions",
        sa.Column("seq", Number, autoincrement=True, nullable=False),
        sa.Column("record", Number, nullable=False),
        sa.Column("field", Text(), nullable=False),
        sa.Column("action", Text(), nullable=False),
        sa.Column("value", Text()),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("from_value", Text()),
        sa.Column("from_state", Text(), nullable=False),
        sa.Column("to_state", Text(), nullable=False),
        sa.Column("confidence", sa.Double()),
        sa.Column("doubts", sa.JSON()),
        sa.Column("undoes", Number),
        sa.Column("crop", Text(), nullable=False),
        sa.Column("template", Text(), nullable=False),
        sa.Column("readers", Text(), nullable=False),
        sa.Column("how", Text(), nullable=False),
        sa.Column("lot", Text(), nullable=False),
        sa.Column("note", Text(), nullable=False),
        sa.Column("seconds", sa.Double()),
        sa.Column("hash", Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_decisions"),
        sa.ForeignKeyConstraint(["record"], ["records.number"], name="fk_decisions_record"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_record", "decisions", ["record", "seq"])
    op.create_index("ix_decisions_by", "decisions", ["by", "seq"])
    op.create_table(
        "log_head",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", Number, nullable=False),
        sa.Column("hash", Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_log_head"),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("place", Text(), nullable=False),
        sa.Column("token", Text(), nullable=False),
        sa.Column("work", Text(), nullable=False),
        sa.Column("record", Number, nullable=False),
        sa.Column("field", Text(), nullable=False),
        sa.Column("task", Number),
        sa.Column("seed", Number),
        sa.Column("version", Number, nullable=False),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_claims"),
    )
    op.create_index("ix_claims_token", "claims", ["token"])
    op.create_index("ix_claims_by", "claims", ["by"])
    op.create_index("ix_claims_answer", "claims", ["record", "field"])
    op.create_table(
        "skips",
        sa.Column("by", Text(), nullable=False),
        sa.Column("record", Number, autoincrement=False, nullable=False),
        sa.Column("field", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("by", "record", "field", name="pk_skips"),
    )


def _tasks() -> None:
    op.create_table(
        "orders",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("work", Text(), nullable=False),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("template", Text()),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("keyers", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_orders"),
    )
    op.create_table(
        "tasks",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("order", Number, nullable=False),
        sa.Column("work", Text(), nullable=False),
        sa.Column("record", Number, nullable=False),
        sa.Column("field", Text(), nullable=False),
        sa.Column("template", Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("not_by", Text(), nullable=False),
        sa.Column("nor_by", Text(), nullable=False),
        sa.Column("expected", Text()),
        sa.Column("expected_outcome", Text()),
        sa.Column("by", Text()),
        sa.Column("at", Moment()),
        sa.Column("outcome", Text()),
        sa.Column("value", Text()),
        sa.Column("seconds", sa.Double()),
        sa.PrimaryKeyConstraint("number", name="pk_tasks"),
        sa.ForeignKeyConstraint(["order"], ["orders.number"], name="fk_tasks_order"),
        sa.ForeignKeyConstraint(["record"], ["records.number"], name="fk_tasks_record"),
    )
    op.create_index("ix_tasks_answer", "tasks", ["record", "field"])
    op.create_index("ix_tasks_order", "tasks", ["order"])
    op.create_index(
        "ix_tasks_open",
        "tasks",
        ["work", "template", "field", "number", "not_by", "nor_by"],
        sqlite_where=sa.text("open IS 1"),
        postgresql_where=sa.text("open IS true"),
    )
    op.create_table(
        "seeds",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("record", Number, nullable=False),
        sa.Column("field", Text(), nullable=False),
        sa.Column("template", Text(), nullable=False),
        sa.Column("outcome", Text(), nullable=False),
        sa.Column("truth", Text()),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_seeds"),
        sa.UniqueConstraint("record", "field", name="uq_seeds_record"),
        sa.ForeignKeyConstraint(["record"], ["records.number"], name="fk_seeds_record"),
    )
    op.create_table(
        "seed_answers",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("seed", Number, nullable=False),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("action", Text(), nullable=False),
        sa.Column("value", Text()),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Double()),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_seed_answers"),
        sa.ForeignKeyConstraint(["seed"], ["seeds.number"], name="fk_seed_answers_seed"),
    )
    op.create_index("ix_seed_answers_by", "seed_answers", ["by", "seed"])


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("name", Text(), nullable=False),
        sa.Column("role", Text(), nullable=False),
        sa.Column("language", Text(), nullable=False),
        sa.Column("secret", Text()),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("last_seen", Moment()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("waits_until", Moment()),
        sa.PrimaryKeyConstraint("name", name="pk_people"),
    )
    op.create_table(
        "sessions",
        sa.Column("hash", Text(), nullable=False),
        sa.Column("person", Text(), nullable=False),
        sa.Column("csrf", Text(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
        sa.ForeignKeyConstraint(["person"], ["people.name"], name="fk_sessions_person"),
    )
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_table(
        "settings",
        sa.Column("name", Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )


def _campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("seq", Number, autoincrement=True, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_campaigns"),
    )
    op.create_table(
        "entered",
        sa.Column("seq", Number, autoincrement=True, nullable=False),
        sa.Column("unit", Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_entered"),
    )
    op.create_table(
        "pair_verdicts",
        sa.Column("seq", Number, autoincrement=True, nullable=False),
        sa.Column("first", Text(), nullable=False),
        sa.Column("second", Text(), nullable=False),
        sa.Column("verdict", Text(), nullable=False),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_pair_verdicts"),
        sa.ForeignKeyConstraint(["first"], ["records.id"], name="fk_pair_verdicts_first"),
        sa.ForeignKeyConstraint(["second"], ["records.id"], name="fk_pair_verdicts_second"),
    )


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("unit", Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("handed_by", Text(), nullable=False),
        sa.Column("forms", sa.Integer(), nullable=False),
        sa.Column("opened_by", Text(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment()),
        sa.PrimaryKeyConstraint("number", name="pk_batches"),
    )
    op.create_table(
        "batch_scans",
        sa.Column("batch", Number, nullable=False),
        sa.Column("path", Text(), nullable=False),
        sa.Column("sha256", Text(), nullable=False),
        sa.Column("cover", sa.Boolean(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "path", name="pk_batch_scans"),
        sa.ForeignKeyConstraint(["batch"], ["batches.number"], name="fk_batch_scans_batch"),
    )
    op.create_index("ix_batch_scans_sha256", "batch_scans", ["sha256"])

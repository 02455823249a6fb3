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
        sa.PrimaryKeyConstraint("seq", name="pk_decisions"),
        sa.ForeignKeyConstraint(["record"], ["records.number"], name="fk_decisions_record"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_record", "decisions", ["record", "seq"])


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
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "path", name="pk_batch_scans"),
        sa.ForeignKeyConstraint(["batch"], ["batches.number"], name="fk_batch_scans_batch"),
    )
    op.create_index("ix_batch_scans_sha256", "batch_scans", ["sha256"])

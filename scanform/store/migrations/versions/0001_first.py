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

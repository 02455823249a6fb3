"""Accounting for every page; a log that stays whole when a person is erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scanform.store.tables import Moment, Number, Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seals",
        sa.Column("seq", Number, autoincrement=False, nullable=False),
        sa.Column("salt", Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_seals"),
    )
    op.create_table(
        "events",
        sa.Column("seq", Number, autoincrement=False, nullable=False),
        sa.Column("record", Text()),
        sa.Column("field", Text(), nullable=False),
        sa.Column("action", Text(), nullable=False),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("from_state", Text()),
        sa.Column("to_state", Text()),
        sa.Column("undoes", Number),
        sa.Column("template", Text(), nullable=False),
        sa.Column("readers", Text(), nullable=False),
        sa.Column("how", Text(), nullable=False),
        sa.Column("lot", Text(), nullable=False),
        sa.Column("seconds", sa.Double()),
        sa.Column("sealed", Text()),
        sa.Column("detail", sa.JSON(none_as_null=True)),
        sa.Column("hash", Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
    )
    op.create_index("ix_events_record", "events", ["record"])
    op.create_table(
        "erased",
        sa.Column("id", Text(), nullable=False),
        sa.Column("template", Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("scan", Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("why", Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erased"),
    )
    op.create_table(
        "extents",
        sa.Column("scan", Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scan", name="pk_extents"),
        sa.ForeignKeyConstraint(["scan"], ["scans.sha256"], name="fk_extents_scan"),
    )

"""When what was refused, and when it was taken after all; what was said about differences."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scanform.store.tables import Moment, Number, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refusals",
        sa.Column("seq", Number, autoincrement=True, nullable=False),
        sa.Column("path", Text(), nullable=False),
        sa.Column("scan", Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("reason", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_refusals"),
    )
    op.create_index("ix_refusals_scan", "refusals", ["scan", "page", "path", "seq"])
    op.create_table(
        "settlements",
        sa.Column("seq", Number, autoincrement=True, nullable=False),
        sa.Column("batch", Number, nullable=False),
        sa.Column("task", Text(), nullable=False),
        sa.Column("state", Text(), nullable=False),
        sa.Column("note", Text(), nullable=False),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_settlements"),
        sa.ForeignKeyConstraint(["batch"], ["batches.number"], name="fk_settlements_batch"),
    )
    _refused_already()


def _refused_already() -> None:
    """What is refused at present was refused when it was last seen."""
    columns = "INSERT INTO refusals (path, scan, page, reason, at) "
    op.execute(
        columns + "SELECT scans.path, scans.sha256, 0, COALESCE(scans.reason, ''), scans.seen_at "
        "FROM scans WHERE scans.state = 'rejected' ORDER BY scans.sha256"
    )
    op.execute(
        columns + "SELECT scans.path, pages.scan, pages.number, COALESCE(pages.reason, ''), "
        "pages.seen_at FROM pages JOIN scans ON scans.sha256 = pages.scan "
        "WHERE pages.outcome = 'rejected' ORDER BY pages.scan, pages.number"
    )
    op.execute(columns + "SELECT path, '', 0, reason, seen_at FROM unopened ORDER BY path")

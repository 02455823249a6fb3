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
    for source in (
        sa.select(scans.c.path, scans.c.sha256, sa.literal(0), scans.c.reason, scans.c.seen_at)
        .where(scans.c.state == "rejected")
        .order_by(scans.c.sha256),
        sa.select(scans.c.path, pages.c.scan, pages.c.number, pages.c.reason, pages.c.seen_at)
        .join(scans, scans.c.sha256 == pages.c.scan)
        .where(pages.c.outcome == "rejected")
        .order_by(pages.c.scan, pages.c.number),
        sa.select(
            unopened.c.path, sa.literal(""), sa.literal(0), unopened.c.reason, unopened.c.seen_at
        ).order_by(unopened.c.path),
    ):
        columns = [refusals.c[name] for name in ("path", "scan", "page", "reason", "at")]
        op.execute(sa.insert(refusals).from_select(columns, source))


# The columns that it needs, as they were then: later tables may be others.
scans = sa.table("scans", *map(sa.column, ("path", "sha256", "state", "reason", "seen_at")))
pages = sa.table("pages", *map(sa.column, ("scan", "number", "outcome", "reason", "seen_at")))
unopened = sa.table("unopened", *map(sa.column, ("path", "reason", "seen_at")))
refusals = sa.table("refusals", *map(sa.column, ("path", "scan", "page", "reason", "at")))

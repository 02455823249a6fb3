"""Raw readings of models that learnt later, beside the first ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scanform.store.tables import Number, Text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rereadings",
        sa.Column("seq", Number, autoincrement=False, nullable=False),
        sa.Column("record", Number, nullable=False),
        sa.Column("field", Text(), nullable=False),
        sa.Column("reader", Text(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_rereadings"),
        sa.ForeignKeyConstraint(
            ["seq"], ["decisions.seq"], name="fk_rereadings_seq", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_rereadings_answer", "rereadings", ["record", "field", "seq"])

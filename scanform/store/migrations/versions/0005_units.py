"""The unit of every record beside it, so that the count need not look up the answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scanform.store.tables import Text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Which field names the unit, the next run or the campaign says: until then it is looked up.
    op.create_table(
        "unit_fields",
        sa.Column("template", Text(), nullable=False),
        sa.Column("field", Text(), nullable=False),
        sa.PrimaryKeyConstraint("template", name="pk_unit_fields"),
    )
    op.add_column("records", sa.Column("unit", Text(), nullable=True))
    op.create_index(
        "ix_records_count", "records", ["template", "created_at", "unit", "waiting", "doubted"]
    )

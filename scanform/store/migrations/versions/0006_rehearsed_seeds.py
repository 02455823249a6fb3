"""Seeded checks of rehearsed forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scanform.store.tables import Moment, Number, Text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rehearsed",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("id", Text(), nullable=False),
        sa.Column("template", Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_rehearsed"),
        sa.UniqueConstraint("id", name="uq_rehearsed_id"),
    )
    op.create_table(
        "rehearsed_sheets",
        sa.Column("rehearsed", Number, nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("image", Text(), nullable=False),
        sa.PrimaryKeyConstraint("rehearsed", "page", name="pk_rehearsed_sheets"),
        sa.ForeignKeyConstraint(
            ["rehearsed"], ["rehearsed.number"], name="fk_rehearsed_sheets_rehearsed"
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("seeds", "record", existing_type=Number, nullable=True)
        op.add_column("seeds", sa.Column("rehearsed", Number, nullable=True))
        op.create_foreign_key("fk_seeds_rehearsed", "seeds", "rehearsed", ["rehearsed"], ["number"])
        op.create_unique_constraint("uq_seeds_rehearsed", "seeds", ["rehearsed", "field"])
    else:
        _made_anew()


def _made_anew() -> None:
    """SQLite can't change a column; the rows wait aside until the tables are there again."""
    op.execute("CREATE TEMPORARY TABLE kept_answers AS SELECT * FROM seed_answers")
    op.execute("CREATE TEMPORARY TABLE kept_seeds AS SELECT * FROM seeds")
    op.drop_table("seed_answers")
    op.drop_table("seeds")
    op.create_table(
        "seeds",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("record", Number, nullable=True),
        sa.Column("rehearsed", Number, nullable=True),
        sa.Column("field", Text(), nullable=False),
        sa.Column("template", Text(), nullable=False),
        sa.Column("outcome", Text(), nullable=False),
        sa.Column("truth", Text(), nullable=True),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_seeds"),
        sa.UniqueConstraint("record", "field", name="uq_seeds_record"),
        sa.UniqueConstraint("rehearsed", "field", name="uq_seeds_rehearsed"),
        sa.ForeignKeyConstraint(["record"], ["records.number"], name="fk_seeds_record"),
        sa.ForeignKeyConstraint(["rehearsed"], ["rehearsed.number"], name="fk_seeds_rehearsed"),
    )
    op.create_table(
        "seed_answers",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("seed", Number, nullable=False),
        sa.Column("by", Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("action", Text(), nullable=False),
        sa.Column("value", Text(), nullable=True),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_seed_answers"),
        sa.ForeignKeyConstraint(["seed"], ["seeds.number"], name="fk_seed_answers_seed"),
    )
    op.create_index("ix_seed_answers_by", "seed_answers", ["by", "seed"])
    op.execute(
        'INSERT INTO seeds (number, record, field, template, outcome, truth, "by", at) '
        'SELECT number, record, field, template, outcome, truth, "by", at FROM kept_seeds'
    )
    op.execute("INSERT INTO seed_answers SELECT * FROM kept_answers")
    op.execute("DROP TABLE kept_answers")
    op.execute("DROP TABLE kept_seeds")

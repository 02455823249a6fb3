"""Run by Alembic, always on a connection that ``store.open`` hands over."""

from __future__ import annotations

from alembic import context

from scanform.store.open import VERSION_TABLE
from scanform.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

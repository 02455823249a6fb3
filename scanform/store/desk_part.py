"""What the parts of ``SqlDesk`` share."""

from __future__ import annotations

from scanform.store.sql import SqlStore


class DeskPart:
    """Works on the same database as the store does."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._insert = store.insert

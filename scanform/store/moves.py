"""A scan's file was moved: its name in the workspace follows."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from scanform.store.erase import NAMED
from scanform.store.sql import SqlStore


def moved(store: SqlStore, sha256: str, old: Path, new: Path) -> None:
    """Wherever the scan is known by the path ``old`` it is ``new`` from now on."""
    with store.writing() as connection:
        for scan, called in NAMED:
            here = (scan == sha256) & (called == str(old))
            connection.execute(sa.update(called.table).where(here).values({called.name: str(new)}))

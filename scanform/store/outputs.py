"""Files that were written out with people's data in them, and where they were put.

It is kept beside the log and not in it: a path may name a person, and the log forgets nothing. So
an erasure can say which files may hold somebody, and look into those that are still there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.lexicon.spelling import fold
from scanform.store.sql import SqlStore
from scanform.store.tables import settings, storable

_NAME = "outputs"
MOST = 2000
"""So many are remembered, the newest."""

What = Literal["export", "show", "gallery", "crop", "log", "lines", "backup"]


@dataclass(frozen=True, slots=True)
class Output:
    """``what`` command wrote it; ``searchable``: what it says stands in its bytes, or in those of
    its parts, as letters (a picture doesn't, nor what is encrypted)."""

    path: Path
    what: What
    at: datetime
    by: str
    searchable: bool = True


def note(store: SqlStore, what: What, by: str, path: Path, searchable: bool = True) -> None:
    """Notes that a file, or a folder of them, was written; one that was there before is replaced.
    Nothing is noted of standard output (``-``)."""
    if str(path) == "-":
        return
    place = storable(str(path.absolute()))
    row = {"path": place, "what": what, "at": store.now().isoformat(), "by": by}
    with store.writing() as connection:
        others = [each for each in _rows(connection, lock=True) if each["path"] != place]
        _put(connection, [*others, {**row, "searchable": searchable}][-MOST:])


def since(connection: Connection, moment: datetime | None) -> list[Output]:
    """What was written from that moment on, oldest first."""
    found = [
        Output(
            Path(row["path"]), row["what"], datetime.fromisoformat(row["at"]), row["by"],
            row["searchable"],
        )
        for row in _rows(connection)
    ]  # fmt: skip
    return [each for each in found if moment is None or each.at >= moment]


def forget_names(connection: Connection, said: Iterable[str]) -> None:
    """Forgets files whose path says one of the texts, whatever its case and marks."""
    wanted = [text for each in said if (text := words(each))]
    rows = _rows(connection, lock=True)
    kept = [row for row in rows if not any(each in words(row["path"]) for each in wanted)]
    if kept != rows:
        _put(connection, kept)


def words(text: str) -> str:
    """A text or path as words alone, without case and marks."""
    return " ".join(re.sub(r"[\W_]+", " ", fold(text)).split())


def _rows(connection: Connection, lock: bool = False) -> list[dict[str, Any]]:
    query = sa.select(settings.c.value).where(settings.c.name == _NAME)
    found = connection.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    return list(found or ())


def _put(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    connection.execute(sa.delete(settings).where(settings.c.name == _NAME))
    connection.execute(sa.insert(settings).values(name=_NAME, value=list(rows)))

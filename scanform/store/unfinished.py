"""An erasure outlasts a kill between the rows, which go in one transaction, and the files.

What is still to be taken away is noted in that transaction. Whoever erases, purges or mends next
finishes it; ``verify`` says that it isn't.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.programs import scratch
from scanform.store.images import ImageStore
from scanform.store.leftovers import leftovers, take_away
from scanform.store.model_erase import forget
from scanform.store.scrub import scrub, securely
from scanform.store.shred import holds, overwrite
from scanform.store.sql import SqlStore
from scanform.store.tables import pages, rehearsed_sheets, settings, sheets

_NAME = "unfinished_erasure"
_PART = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """``images``: how many were overwritten. ``files``: copies of scans in the workspace.
    ``models``: ids of readers that learnt from one of the records."""

    images: int = 0
    files: tuple[Path, ...] = ()
    models: tuple[str, ...] = ()


def note(
    connection: Connection,
    images: Iterable[str],
    paths: Mapping[Path, str] | None = None,
    records: Iterable[str] = (),
) -> None:
    """Notes what the rest of the erasure has to do, in the transaction that takes the rows.
    ``paths``: what scans were called, with their hashes."""
    said = _noted(connection) or {"images": [], "paths": {}, "records": []}
    called = {str(path): sha256 for path, sha256 in (paths or {}).items()}
    _put(
        connection,
        {
            "images": sorted({*said["images"], *images}),
            "paths": said["paths"] | called,
            "records": sorted({*said["records"], *records}),
        },
    )


def what_is_left(connection: Connection) -> int | None:
    """How many images and files an erasure has still to take away; None: there is none."""
    said = _noted(connection)
    return None if said is None else len(said["images"]) + len(said["paths"])


def finish(store: SqlStore, workspace: Path) -> Taken | None:
    """Takes away what was noted, then writes the database anew; None where nothing was. Each step
    may be done twice: what was noted is forgotten after the last one."""
    with store.reading() as connection:
        said = _noted(connection)
        if said is None:
            return None
        gone = set(said["images"]) - _named(connection, said["images"])
    kept = ImageStore(workspace)
    images = sum(kept.remove(each) for each in sorted(gone))
    called = {Path(path): sha256 for path, sha256 in said["paths"].items()}
    inside = [path for path in called if path.resolve().is_relative_to(workspace.resolve())]
    files = tuple(path for path in inside if holds(path, called[path]) and overwrite(path))
    for each in leftovers(workspace):
        take_away(each)
    scratch.sweep()
    models = forget(workspace, said["records"]) if said["records"] else ()
    with store.writing() as connection:
        securely(connection)
        # Not even the names of the scans are in the database when it is written anew.
        _put(connection, {"images": [], "paths": {}, "records": []})
    scrub(store)
    with store.writing() as connection:
        connection.execute(sa.delete(settings).where(settings.c.name == _NAME))
    return Taken(images, files, models)


def _noted(connection: Connection) -> dict[str, Any] | None:
    query = sa.select(settings.c.value).where(settings.c.name == _NAME)
    found: dict[str, Any] | None = connection.execute(query).scalar_one_or_none()
    return found


def _put(connection: Connection, value: dict[str, Any]) -> None:
    connection.execute(sa.delete(settings).where(settings.c.name == _NAME))
    connection.execute(sa.insert(settings).values(name=_NAME, value=value))


def _named(connection: Connection, images: list[str]) -> set[str]:
    """Those of the images that somebody else's page is, too."""
    found: set[str] = set()
    for table in (sheets, pages, rehearsed_sheets):
        for at in range(0, len(images), _PART):
            part = images[at : at + _PART]
            query = sa.select(table.c.image).where(table.c.image.in_(part))
            found |= set(connection.execute(query).scalars())
    return found

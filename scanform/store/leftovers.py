"""What a killed process leaves in a workspace and beside it: files under a name of passage.

They hold what people wrote (half an image, a copy of the whole database), so they are overwritten,
not only deleted. One that somebody still works on is held by its process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from scanform.store.shred import overwrite, overwrite_folder
from scanform.whole import UNHELD_SECONDS, is_left

PLAIN = ".plain"
"""Ending of an image's second name while it is being encrypted."""

PASSING = re.compile(r"\.[0-9a-f]{16}\.(new|plain|snapshot(-journal|-wal|-shm)?)")
_OLD_SECONDS = 60.0
"""Not all of them are held from the first."""


def leftovers(workspace: Path) -> Iterator[Path]:
    """Files of passage in the workspace that no process works on any more."""
    for folder in (workspace, *sorted((workspace / "images").glob("??")), *_others(workspace)):
        try:
            found = sorted(folder.iterdir())
        except OSError:
            continue
        for path in found:
            old = UNHELD_SECONDS if path.suffix == ".new" else _OLD_SECONDS
            if PASSING.fullmatch(path.name) and _is_left(path, old):
                yield path
    parts = sorted((workspace / "uploads").glob(".*.part"))  # they came in through the pages
    yield from (each for each in parts if is_left(each))


def _others(workspace: Path) -> Iterator[Path]:
    models = workspace / "models"
    yield from (workspace / "backups", models, *sorted(models.glob("*/")))


def half_restored(workspace: Path) -> Iterator[Path]:
    """Folders beside the workspace in which a restore was killed."""
    pattern = re.compile(rf"\.{re.escape(workspace.name)}\.[0-9a-f]{{8}}\.restoring")
    try:
        found = sorted(workspace.absolute().parent.iterdir())
    except OSError:
        return
    yield from (each for each in found if pattern.fullmatch(each.name) and is_left(each, 0))


def take_away(path: Path) -> bool:
    """Overwrites and deletes what was left; False when it wasn't there. An image that still has
    its own name, too, only loses the second one."""
    try:
        if path.is_dir():
            overwrite_folder(path)
            return True
        if path.lstat().st_nlink > 1:
            path.unlink()
            return True
    except FileNotFoundError:
        return False
    return overwrite(path)


def beside(output: Path) -> Iterator[Path]:
    """Files of passage in the folder that ``output`` is written to."""
    for path in sorted(output.absolute().parent.glob(".*.new")):
        if PASSING.fullmatch(path.name) and is_left(path):
            yield path


def sweep_beside(output: Path) -> None:
    """Takes away what commands that were killed left beside ``output``."""
    for each in beside(output):
        with suppress(OSError):  # somebody else's, or gone meanwhile
            take_away(each)


def _is_left(path: Path, old: float) -> bool:
    database = path.with_name(path.name.partition("-")[0])  # of SQLite's files beside it
    return is_left(path, old) and not (database.exists() and not is_left(database, old))

"""What a killed process leaves in a workspace and beside it: files under a name of passage.

They hold what people wrote (half an image, a copy of the whole database), so they are overwritten,
not only deleted. One that somebody still works on is held by its process.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from scanform.store.shred import overwrite, overwrite_folder
from scanform.store.whole import is_in_hand

PLAIN = ".plain"
"""Ending of an image's second name while it is being encrypted."""

PASSING = re.compile(r"\.[0-9a-f]{16}\.(new|plain|snapshot(-journal|-wal|-shm)?)")
_OLD_SECONDS = 60.0
"""A younger one may not be held yet."""
_EXPORT_SECONDS = 24 * 3600.0
"""Exports that are written into the workspace itself, and uploads, are held by nobody."""


def leftovers(workspace: Path) -> Iterator[Path]:
    """Files of passage in the workspace that no process works on any more."""
    for folder in (workspace, *sorted((workspace / "images").glob("??")), *_others(workspace)):
        try:
            found = sorted(folder.iterdir())
        except OSError:
            continue
        for path in found:
            is_export = folder == workspace and path.suffix == ".new"
            old = _EXPORT_SECONDS if is_export else _OLD_SECONDS
            if PASSING.fullmatch(path.name) and _is_left(path, old):
                yield path
    parts = sorted((workspace / "uploads").glob(".*.part"))  # they came in through the pages
    yield from (each for each in parts if _is_left(each, _EXPORT_SECONDS))


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
    yield from (each for each in found if pattern.fullmatch(each.name) and _is_left(each, 0))


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
    """Files of passage in a folder that outputs are written to, a day old and more."""
    for path in sorted(output.absolute().parent.glob(".*.new")):
        if PASSING.fullmatch(path.name) and _is_left(path, _EXPORT_SECONDS):
            yield path


def _is_left(path: Path, old: float) -> bool:
    try:
        if path.is_symlink() or time.time() - path.lstat().st_mtime <= old:
            return False
        database = path.with_name(path.name.partition("-")[0])  # of SQLite's files beside it
        return not (is_in_hand(path) or (database.exists() and is_in_hand(database)))
    except OSError:
        return False  # it got its own name meanwhile

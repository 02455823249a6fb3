"""Folders for what a program is given to read, for what it says and for what must lie in a file for
a while, gone when it is done.

They hold what people wrote, so they are in memory where the system has a folder there, and what a
process that was killed has left is swept up by the next one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scanform.whole import in_hand, is_left

MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108 - the folders made in it are private
"""Where Linux keeps files in memory: hundreds of small ones are made there in no time."""
ROOM = 32 * 2**20
"""Bytes that are left in memory to others."""

PICTURE = 2**21
"""Bytes: the picture of an answer or of a page, at most."""

_PREFIX = "scanform-scratch-"


@contextmanager
def scratch(size: int | None = None) -> Iterator[Path]:
    """A private folder that will hold some ``size`` bytes (None: nobody knows, so it is no
    memory's). Raises ``OSError`` where none can be made."""
    place = None if size is None else _place_for(size)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=place) as folder, in_hand(Path(folder)):
        yield Path(folder)


def sweep() -> None:
    """Takes away the folders of this user whose process was killed: nobody holds them."""
    for place in {MEMORY, Path(tempfile.gettempdir())}:
        for folder in place.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                told = folder.lstat()
                if (not hasattr(os, "getuid") or told.st_uid == os.getuid()) and is_left(folder):
                    shutil.rmtree(folder)


def _place_for(size: int) -> Path | None:
    """None: where the system keeps files that aren't needed for long."""
    try:
        free = shutil.disk_usage(MEMORY).free if os.access(MEMORY, os.W_OK) else 0
    except OSError:
        return None
    return MEMORY if free > 2 * size + ROOM else None

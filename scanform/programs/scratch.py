"""Folders for what a program is given to read and for what it says, gone when it is done.

They hold what people wrote, so they are in memory where the system has a folder there, and what a
process that was killed has left is swept up by the next one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108 - the folders made in it are private
"""Where Linux keeps files in memory: hundreds of small ones are made there in no time."""
ROOM = 32 * 2**20
"""Bytes that are left in memory to others."""
LEFT_SECONDS = 3600.0
"""No program is given as long as this: an older folder has lost its process."""

_PREFIX = "scanform-scratch-"


@contextmanager
def scratch(size: int) -> Iterator[Path]:
    """A private folder that will hold some ``size`` bytes. Raises ``OSError`` where none can be
    made."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=_place_for(size)) as folder:
        yield Path(folder)


def sweep() -> None:
    """Takes away the folders of this user whose process was killed."""
    for place in {MEMORY, Path(tempfile.gettempdir())}:
        for folder in place.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                told = folder.lstat()
                mine = not hasattr(os, "getuid") or told.st_uid == os.getuid()
                if mine and time.time() - told.st_mtime > LEFT_SECONDS:
                    shutil.rmtree(folder)


def _place_for(size: int) -> Path | None:
    """None: where the system keeps files that aren't needed for long."""
    try:
        free = shutil.disk_usage(MEMORY).free if os.access(MEMORY, os.W_OK) else 0
    except OSError:
        return None
    return MEMORY if free > 2 * size + ROOM else None

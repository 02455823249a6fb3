"""Files that are whole or not there, also after a power cut."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def writing_whole(place: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A file to write to that takes ``place`` once the block is left without an exception."""
    temporary = place.with_name(f".{secrets.token_hex(8)}.new")
    try:
        handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(place.parent)


def write_whole(place: Path, data: bytes, mode: int = 0o600) -> None:
    with writing_whole(place, mode) as file:
        file.write(data)


def make_folder(folder: Path) -> None:
    """Makes the folder and those above it; their names outlast a power cut."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        sync_folder(each.parent)


def sync_folder(folder: Path) -> None:
    """Makes a new name in ``folder`` outlast a power cut. Windows has no such call."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Files that are whole or not there, also after a power cut.

What is half done has a name of passage and is held: who finds it later can tell whether somebody
still works on it, or was killed over it.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":  # there nobody can delete what is open
    import fcntl


UNHELD_SECONDS = 1.0
"""A younger file may not be held yet."""
UNKNOWN_SECONDS = 24 * 3600.0
"""So old is what a process left, where nobody can tell whether it is held."""
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS)


@contextmanager
def writing_whole(place: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """A file to write to (and read again) that takes ``place`` once the block is left without an
    exception."""
    temporary = place.with_name(f".{secrets.token_hex(8)}.new")
    try:
        handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode)
        with os.fdopen(handle, "w+b") as file:
            hold(handle)
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


def hold(handle: int) -> None:
    """Tells others, for as long as this process has the file open, that it is worked on."""
    if sys.platform != "win32":
        with suppress(OSError):  # a share that knows no locks
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)


@contextmanager
def in_hand(path: Path) -> Iterator[None]:
    """As ``hold``, of a file or folder that others open by its name."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        hold(handle)
        yield
    finally:
        os.close(handle)


def is_left(path: Path, unheld: float = UNHELD_SECONDS) -> bool:
    """Whether a file or folder of passage is there that nobody works on any more: one that is not
    held, ``unheld`` seconds after it was last written to. Where locks aren't known that takes a
    day. A link is none."""
    try:
        if path.is_symlink():
            return False
        age = time.time() - path.lstat().st_mtime
        if sys.platform == "win32":
            return age > UNKNOWN_SECONDS
        try:
            return not is_in_hand(path) and age > unheld
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            return age > UNKNOWN_SECONDS
    except OSError:
        return False  # it got its own name meanwhile, or is somebody else's


def is_in_hand(path: Path) -> bool:
    """Whether a process works on it: the lock ends with its process. Raises ``OSError``."""
    if sys.platform == "win32":
        return False
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False

"""Taking data away so that the bytes are gone, as far as a program can see to that.

A disk keeps old copies out of a program's reach (flash cells, a file system's snapshots or
journal): against whoever takes the disk out, only an encrypted disk helps. docs/security.md.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from scanform.whole import sync_folder

_CHUNK = 1 << 20


def overwrite(path: Path) -> bool:
    """Overwrites a file with zeros, syncs it and deletes it. False when it wasn't there."""
    try:
        with path.open("r+b") as file:
            left = os.fstat(file.fileno()).st_size
            while left > 0:
                left -= file.write(bytes(min(_CHUNK, left)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return False
    sync_folder(path.parent)
    return True


def holds(path: Path, sha256: str) -> bool:
    """Whether the file is there and its bytes have that hash."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def overwrite_folder(folder: Path) -> int:
    """Overwrites and deletes every file under ``folder``, then the folder; how many there were."""
    count = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_symlink():
            path.unlink()
        elif path.is_file():
            count += overwrite(path)
    shutil.rmtree(folder, ignore_errors=True)
    return count

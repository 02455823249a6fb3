"""Page images, kept under the hash of their bytes."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import sys
from pathlib import Path

from scanform.errors import StoreError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class ImageStore:
    """The workspace's folder of images, each file named by its SHA-256.

    The same image twice is one file, and a file that is there is whole: it is written beside its
    place, synced, then moved.
    """

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / "images"

    def path(self, sha256: str) -> Path:
        """Where the image lies or would lie; raises ``ValueError`` for what is no hash."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self.folder / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Keeps the image and gives its SHA-256; raises ``StoreError`` when it can't."""
        sha256 = hashlib.sha256(data).hexdigest()
        place = self.path(sha256)
        if place.exists():
            return sha256
        try:
            _make_folder(place.parent)
            _write(place, data)
        except OSError as error:
            raise StoreError(
                f"A page image could not be written to the workspace: {error.strerror}.",
                "Make room on the disk or mend its permissions, then run the same command again.",
            ) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The image's bytes; raises ``StoreError`` when they are gone or were changed."""
        try:
            data = self.path(sha256).read_bytes()
        except (OSError, ValueError) as error:
            raise StoreError(
                f"The page image {sha256[:12]} is not in the workspace.",
                "Give the workspace that the scan was run in (-w), or bring its images folder back "
                "from a backup.",
            ) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreError(
                f"The page image {sha256[:12]} was changed on disk.",
                "Bring it back from a backup, and have the disk checked.",
            )
        return data


def _make_folder(folder: Path) -> None:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        _sync_folder(each.parent)


def _write(place: Path, data: bytes) -> None:
    temporary = place.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    """Makes a new name in ``folder`` outlast a power cut. Windows has no such call."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

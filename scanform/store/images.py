"""Page images, kept under the hash of their bytes.

Where the workspace has a recipient (``scanform encrypt``), images are encrypted to it with age:
whoever only takes pages in needs no key, whoever looks at one does.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

from scanform.errors import StoreError
from scanform.store import age, wording
from scanform.store.keyring import identities_in
from scanform.store.leftovers import PLAIN
from scanform.store.shred import overwrite
from scanform.whole import in_hand, make_folder, write_whole

RECIPIENT = "images.recipient"
"""File of the workspace: the age recipient that new images are encrypted to."""

KEY_ENVIRONMENT = "SCANFORM_KEY"
"""Names the file with the age identity that opens encrypted images."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


class ImageStore:
    """The workspace's folder of images, each file named by its SHA-256.

    The same image twice is one file, and a file that is there is whole: it is written beside its
    place, synced, then moved.
    """

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / "images"
        self._recipient_file = workspace / RECIPIENT

    @property
    def recipient(self) -> str:
        """Empty where images are not encrypted. Asked anew for each image: somebody may have them
        encrypted while a run goes on."""
        try:
            return self._recipient_file.read_text("ascii").strip()
        except FileNotFoundError:
            return ""
        except (OSError, ValueError) as error:
            # Never fall back to writing them plain.
            raise StoreError(wording.CANT_BE_READ.of(file=str(self._recipient_file))) from error

    @functools.cached_property
    def _identities(self) -> Sequence[str]:
        named = os.environ.get(KEY_ENVIRONMENT)
        return identities_in(Path(named)) if named else ()

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
            make_folder(place.parent)
            write_whole(place, age.encrypt(data, [self.recipient]) if self.recipient else data)
        except OSError as error:
            raise StoreError(
                wording.IMAGE_CANT_BE_WRITTEN.of(why=error.strerror or str(error)),
                wording.MAKE_ROOM_AGAIN,
            ) from error
        return sha256

    def stored(self, sha256: str) -> bytes:
        """The file's bytes as they lie on the disk, checked; raises as ``get`` does."""
        data = self._read(sha256)
        if not self.is_stored_form(data, sha256):
            raise _changed(sha256)
        return data

    def is_stored_form(self, data: bytes, sha256: str) -> bool:
        """Whether ``data`` may lie in the place of that image. Without the key an encrypted one
        can't be looked into and is taken for right."""
        if data.startswith(age.MAGIC) and not self._identities:
            return True
        return hashlib.sha256(self._plain(data)).hexdigest() == sha256

    def _plain(self, data: bytes) -> bytes:
        if not data.startswith(age.MAGIC):
            return data
        if not self._identities:
            raise StoreError(
                wording.IMAGES_ENCRYPTED, wording.NAME_KEY_FILE.of(variable=KEY_ENVIRONMENT)
            )
        return age.decrypt(data, self._identities)

    def get(self, sha256: str) -> bytes:
        """The image's bytes; raises ``StoreError`` when they are gone or were changed."""
        data = self._plain(self._read(sha256))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise _changed(sha256)
        return data

    def all(self) -> Iterator[str]:
        """The names of the images that are there."""
        for path in sorted(self.folder.glob("??/*")):
            if _SHA256.fullmatch(path.name) and path == self.path(path.name):
                yield path.name

    def is_plain(self, sha256: str) -> bool:
        """Whether the image lies there for everybody to see; not where it is gone."""
        try:
            with self.path(sha256).open("rb") as file:
                return file.read(len(age.MAGIC)) != age.MAGIC
        except FileNotFoundError:
            return False

    def seal(self, sha256: str) -> bool:
        """Encrypts an image that lies there plain; False for one that is encrypted already."""
        return self.seal_file(self.path(sha256))

    def seal_file(self, place: Path) -> bool:
        """As ``seal``, of any file on the workspace's disk. Raises ``StoreError``."""
        try:
            data = place.read_bytes()
        except OSError as error:
            raise StoreError(
                wording.CANT_BE_READ_WHY.of(file=str(place), why=error.strerror or str(error))
            ) from error
        if not self.recipient or data.startswith(age.MAGIC):
            return False
        # Killed before the overwriting, this name is what tells of the plain image.
        plain = place.with_name(f".{secrets.token_hex(8)}{PLAIN}")
        os.link(place, plain)
        with in_hand(plain):
            write_whole(place, age.encrypt(data, [self.recipient]))
            overwrite(plain)
        return True

    def remove(self, sha256: str) -> bool:
        """Overwrites and deletes the image; False when it wasn't there."""
        return overwrite(self.path(sha256))

    def _read(self, sha256: str) -> bytes:
        try:
            return self.path(sha256).read_bytes()
        except (OSError, ValueError) as error:
            raise StoreError(
                wording.IMAGE_NOT_HERE.of(image=sha256[:12]), wording.GIVE_WORKSPACE
            ) from error


def _changed(sha256: str) -> StoreError:
    return StoreError(wording.IMAGE_CHANGED.of(image=sha256[:12]), wording.BRING_BACK)

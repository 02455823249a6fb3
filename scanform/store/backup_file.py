"""A backup's file, read: its manifest, its members. Nothing in it is believed."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO

from scanform.errors import StoreError
from scanform.store import age, wording
from scanform.store.backup import FORMAT, Manifest

MAX_MANIFEST = 2**20


def manifest_of(file: Path, identities: Sequence[str] = ()) -> Manifest:
    """What the backup says of itself; raises ``StoreError`` when it is none."""
    for name, size, read in members(file, identities):
        if name != "manifest.json" or size > MAX_MANIFEST:
            break
        try:
            said: dict[str, Any] = json.loads(read(size))
            known = {each.name for each in fields(Manifest)}
            kept = {key: value for key, value in said.items() if key in known}
            models = {str(key): str(value) for key, value in said.get("models", {}).items()}
            manifest = Manifest(**{**kept, "bases": tuple(said["bases"]), "models": models})
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            break
        if manifest.format != FORMAT:
            raise StoreError(wording.OF_A_NEWER.of(file=str(file)), wording.UPDATE)
        return manifest
    raise no_backup(file)


@contextmanager
def _opened(file: Path, identities: Sequence[str]) -> Iterator[BinaryIO]:
    try:
        opened = file.open("rb")
    except OSError as error:
        raise StoreError(
            wording.CANT_BE_OPENED.of(file=str(file), why=error.strerror or str(error))
        ) from error
    with opened:
        is_sealed = opened.read(len(age.MAGIC)) == age.MAGIC
        opened.seek(0)
        if not is_sealed:
            yield opened
            return
        if not identities:
            raise StoreError(wording.BACKUP_ENCRYPTED, wording.GIVE_KEY)
        with age.decrypting(opened, identities) as stream:
            yield stream


def members(
    file: Path, identities: Sequence[str]
) -> Iterator[tuple[str, int, Callable[[int], bytes]]]:
    """Name, size and content of each file in a backup. Names are only ever compared."""
    try:
        with _opened(file, identities) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is not None:
                    yield member.name, member.size, partial(_read, file, content)
    except (tarfile.TarError, EOFError) as error:
        raise no_backup(file) from error


def _read(file: Path, content: IO[bytes], size: int) -> bytes:
    try:
        return content.read(size)
    except (tarfile.TarError, EOFError) as error:
        raise no_backup(file) from error


def no_backup(file: Path) -> StoreError:
    return StoreError(wording.NO_BACKUP.of(file=str(file)), wording.COPY_AGAIN)

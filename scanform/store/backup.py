"""A copy of the workspace at one moment, taken while others work in it.

A backup is a tar file: ``manifest.json``, ``scanform.db`` (a SQLite database, also where the store
is PostgreSQL), ``models/`` and ``images/``. The database is copied first, in one look; every image
that it names, and every model that read for it, is there by then and never changes, so what is
copied afterwards belongs to that moment.
"""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import sqlite3
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from scanform import __version__
from scanform.errors import StoreError
from scanform.store import age, copying, wording
from scanform.store.check import images_named
from scanform.store.images import RECIPIENT, ImageStore
from scanform.store.models import ModelStore
from scanform.store.open import HEAD
from scanform.store.shred import overwrite
from scanform.store.sql import SqlStore
from scanform.whole import in_hand, writing_whole

FORMAT = 1
REGISTER = "backups"
"""Folder of the workspace: for each backup the hashes of the images and of the models' files that
it and those before it hold."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. ``bases`` are the ids of the backups that an incremental one
    stands on, oldest first; ``images`` are in this file, ``all_images`` with those before.
    ``models``: files of the readers that learnt, in this file or those before, with their
    SHA-256."""

    id: str
    made_at: str
    bases: tuple[str, ...]
    database_sha256: str
    database_bytes: int
    records: int
    log_rows: int
    log_head: str
    images: int
    image_bytes: int
    all_images: int
    schema: str = HEAD
    scanform: str = __version__
    format: int = FORMAT
    models: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Held:
    """What the last backup and those that it stands on hold: images, and files of models by name
    and SHA-256."""

    bases: tuple[str, ...] = ()
    images: frozenset[str] = frozenset()
    models: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class _New:
    """What goes into this file: models' files, and images with their sizes."""

    models: Mapping[str, Path]
    images: Mapping[str, int]


@dataclass(slots=True)
class Wish:
    """``recipients`` (age) may open it, none: it is not encrypted. ``incremental``: only images
    that the last backup of this workspace and those it stands on don't hold."""

    recipients: Sequence[str] = ()
    incremental: bool = False
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    told: Callable[[int, int], None] = lambda _done, _all: None


def write(store: SqlStore, workspace: Path, output: Path, wish: Wish) -> Manifest:
    """Writes the backup to ``output``, whole or not at all. Raises ``StoreError`` when there is no
    room, or an image is missing or was changed."""
    images = ImageStore(workspace)
    with _snapshot(store, workspace) as database:
        wanted, about = _contents(database)
        held = _last(workspace) if wish.incremental else _Held()
        models = ModelStore(workspace).files()
        hashes = {name: _sha256(path) for name, path in models.items()}
        new = _New(
            {
                name: path
                for name, path in models.items()
                if (name, hashes[name]) not in held.models
            },
            {image: _size(images, image) for image in wanted if image not in held.images},
        )
        manifest = Manifest(
            id=wish.id,
            made_at=store.now().isoformat(timespec="microseconds"),
            bases=held.bases,
            database_sha256=_sha256(database),
            database_bytes=database.stat().st_size,
            images=len(new.images),
            image_bytes=sum(new.images.values()),
            all_images=len(wanted),
            models=hashes,
            **about,
        )
        try:
            with writing_whole(output) as file, _sealed(file, wish.recipients) as out:
                _pack(out, manifest, database, images, new, wish.told)
            _register(workspace, manifest, wanted)
        except OSError as error:
            raise StoreError(
                wording.BACKUP_CANT_BE_WRITTEN.of(why=error.strerror or str(error)),
                wording.MAKE_ROOM,
            ) from error
    return manifest


@contextmanager
def _snapshot(store: SqlStore, workspace: Path) -> Iterator[Path]:
    """The database as it is at one moment, in a file that is overwritten afterwards."""
    place = workspace / f".{secrets.token_hex(8)}.snapshot"
    try:
        place.touch(mode=0o600)
        with in_hand(place):
            if store.engine.dialect.name == "sqlite":
                _copy_sqlite(store, place)
            else:
                with store.reading() as source:
                    copying.to_file(source, place)
            yield place
    finally:
        overwrite(place)


def _copy_sqlite(store: SqlStore, place: Path) -> None:
    with store.reading() as connection, closing(sqlite3.connect(place)) as copy:
        source = connection.connection.dbapi_connection
        source.backup(copy)  # type: ignore[union-attr]  # all in one step: one moment
        copy.execute("PRAGMA journal_mode = DELETE")


def _contents(database: Path) -> tuple[list[str], dict[str, Any]]:
    """The images that the database names, sorted, and what the manifest says of it."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:

        def ask(query: str) -> list[Any]:
            return connection.execute(query).fetchall()

        named = images_named(connection)
        head = ask("SELECT seq, hash FROM log_head") or [(0, "")]
        about = {
            "records": ask("SELECT count(*) FROM records")[0][0],
            "log_rows": head[0][0],
            "log_head": head[0][1],
        }
    return sorted(named), about


def _size(images: ImageStore, image: str) -> int:
    try:
        return images.path(image).stat().st_size
    except OSError as error:
        raise StoreError(wording.IMAGE_NOT_HERE.of(image=image[:12]), wording.RUN_VERIFY) from error


@contextmanager
def _sealed(file: BinaryIO, recipients: Sequence[str]) -> Iterator[BinaryIO]:
    with age.encrypting(file, recipients) if recipients else nullcontext(file) as out:
        yield out


def _pack(
    out: BinaryIO,
    manifest: Manifest,
    database: Path,
    images: ImageStore,
    new: _New,
    told: Callable[[int, int], None],
) -> None:
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        text = json.dumps(asdict(manifest), indent=1).encode()
        _add(tar, "manifest.json", io.BytesIO(text), len(text))
        with database.open("rb") as file:
            _add(tar, "scanform.db", file, manifest.database_bytes)
        if images.recipient:
            key = images.recipient.encode()
            _add(tar, RECIPIENT, io.BytesIO(key), len(key))
        for name, path in new.models.items():
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() != manifest.models[name]:
                raise StoreError(wording.MODEL_CHANGED.of(name=name), wording.MAKE_AGAIN)
            _add(tar, f"models/{name}", io.BytesIO(data), len(data))
        for number, (image, size) in enumerate(new.images.items(), 1):
            data = images.stored(image)
            if len(data) != size:
                raise StoreError(wording.IMAGE_CHANGED.of(image=image[:12]), wording.BRING_BACK)
            _add(tar, f"images/{image[:2]}/{image}", io.BytesIO(data), size)
            told(number, len(new.images))


def _add(tar: tarfile.TarFile, name: str, file: BinaryIO, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, file)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


# What earlier backups hold


def _register(workspace: Path, manifest: Manifest, images: Sequence[str]) -> None:
    folder = workspace / REGISTER
    folder.mkdir(exist_ok=True)
    about = {"id": manifest.id, "bases": manifest.bases, "models": sorted(manifest.models.items())}
    lines = [json.dumps(about), *images]
    with writing_whole(folder / f"{manifest.made_at.replace(':', '')}-{manifest.id}") as file:
        file.write("\n".join(lines).encode())


def _last(workspace: Path) -> _Held:
    """Raises ``StoreError`` when there is none."""
    found = sorted((workspace / REGISTER).glob("*-*"))
    if not found:
        raise StoreError(wording.NO_EARLIER, wording.WHOLE_FIRST)
    first, *images = found[-1].read_text("utf-8").splitlines()
    about = json.loads(first)
    models = frozenset((name, sha256) for name, sha256 in about.get("models", ()))
    return _Held((*about["bases"], about["id"]), frozenset(images), models)


def taken(workspace: Path) -> list[str]:
    """Ids of the backups that were made of this workspace, oldest first."""
    return [each.name.rpartition("-")[2] for each in sorted((workspace / REGISTER).glob("*-*"))]

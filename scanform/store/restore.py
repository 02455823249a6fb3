"""From backups to a workspace. Nothing in a backup is believed before it was checked."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from scanform.errors import StoreError
from scanform.store import copying, wording
from scanform.store.backup import Manifest
from scanform.store.backup_file import manifest_of, members
from scanform.store.check import images_named
from scanform.store.images import RECIPIENT, ImageStore
from scanform.store.leftovers import half_restored, take_away
from scanform.store.models import FOLDER, KEPT, MOST_BYTES
from scanform.store.open import DATABASE_NAME, open_store
from scanform.store.shred import overwrite
from scanform.whole import in_hand, make_folder, sync_folder, write_whole

MAX_IMAGE = 64 * 2**20
_IMAGE = re.compile(r"images/([0-9a-f]{2})/(\1[0-9a-f]{62})")


@dataclass(frozen=True, slots=True)
class Restored:
    """``manifest`` is of the newest backup; ``images`` were written."""

    manifest: Manifest
    images: int


def restore(
    files: Sequence[Path],
    workspace: Path,
    identities: Sequence[str] = (),
    database: str | None = None,
    before_it_appears: Callable[[Path, Manifest], None] = lambda *_: None,
) -> Restored:
    """Makes ``workspace`` from a whole backup and the incremental ones that stand on it, in any
    order. With ``database`` (PostgreSQL, empty) the rows go there. ``before_it_appears`` may
    change the workspace, which is elsewhere and has its rows in SQLite by then.

    The folder appears whole, or not at all. Raises ``StoreError`` when it is there already, a
    backup is missing, damaged or of another's, or no key opens it.
    """
    if workspace.exists() and any(workspace.iterdir()):
        raise StoreError(wording.SOMETHING_THERE.of(folder=str(workspace)), wording.NEW_FOLDER)
    chain = _chain(files, identities)
    newest, last = chain[-1]
    for each in half_restored(workspace):
        take_away(each)
    beside = workspace.with_name(f".{workspace.name}.{secrets.token_hex(4)}.restoring")
    make_folder(beside)
    try:
        with in_hand(beside):
            place = beside / DATABASE_NAME
            _take_database(last, newest, identities, place)
            _take_recipient(last, identities, beside)
            wanted = _wanted(place)
            images = ImageStore(beside)
            written = sum(_take_images(file, identities, images, wanted) for _, file in chain)
            lacking = [each for each in wanted if not images.path(each).exists()]
            if lacking:
                raise StoreError(
                    wording.IMAGES_LACKING.of(count=str(len(lacking))), wording.GIVE_ALL
                )
            _take_models([file for _, file in chain], identities, newest.models, beside)
            before_it_appears(beside, newest)
            if database is not None:
                _into(database, beside, place)
            _settle(beside, workspace)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return Restored(newest, written)


def restore_images(
    files: Sequence[Path], workspace: Path, wanted: Sequence[str], identities: Sequence[str] = ()
) -> int:
    """Puts those page images back that are missing or damaged in the workspace; their number."""
    images = ImageStore(workspace)
    lost = {each for each in wanted if not _is_right(images, each)}
    for each in lost:
        images.path(each).unlink(missing_ok=True)
    return sum(_take_images(file, identities, images, lost) for file in files)


def _chain(files: Sequence[Path], identities: Sequence[str]) -> list[tuple[Manifest, Path]]:
    """The backups in order: a whole one, then each that stands on those before."""
    by_id = {each.id: (each, file) for file in files for each in [manifest_of(file, identities)]}
    newest = max(by_id.values(), key=lambda pair: (len(pair[0].bases), pair[0].made_at))[0]
    missing = [each for each in newest.bases if each not in by_id]
    if missing:
        raise StoreError(wording.STANDS_ON.of(ids=", ".join(missing)), wording.NAME_ALL)
    return [by_id[each] for each in (*newest.bases, newest.id)]


def _take_database(file: Path, manifest: Manifest, identities: Sequence[str], place: Path) -> None:
    for name, size, read in members(file, identities):
        if name != "scanform.db":
            continue
        if size != manifest.database_bytes:
            break
        digest = hashlib.sha256()
        with place.open("xb") as out:
            while chunk := read(1 << 20):
                digest.update(chunk)
                out.write(chunk)
        place.chmod(0o600)
        with closing(sqlite3.connect(place)) as connection:
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if digest.hexdigest() == manifest.database_sha256 and said == "ok":
            return
        break
    raise StoreError(wording.DATABASE_DAMAGED.of(file=str(file)), wording.TAKE_EARLIER)


def _take_recipient(file: Path, identities: Sequence[str], workspace: Path) -> None:
    """To whom page images are encrypted from now on, where they are."""
    for name, size, read in members(file, identities):
        if name == RECIPIENT and size < 1000:
            write_whole(workspace / RECIPIENT, read(size))
        if name.startswith("images/"):
            return


def _take_images(
    file: Path, identities: Sequence[str], images: ImageStore, wanted: set[str]
) -> int:
    """Images are checked by their own names. One that nobody wants any more is passed over: what
    was purged or erased since doesn't come back."""
    written = 0
    for name, size, read in members(file, identities):
        match = _IMAGE.fullmatch(name)
        if match is None or match[2] not in wanted or images.path(match[2]).exists():
            continue
        if size > MAX_IMAGE:
            raise StoreError(wording.IMAGE_TOO_LARGE.of(file=str(file)), wording.TAKE_EARLIER)
        data = read(size)
        if not images.is_stored_form(data, match[2]):
            raise StoreError(
                wording.IMAGE_DAMAGED.of(image=match[2][:12], file=str(file)), wording.TAKE_EARLIER
            )
        place = images.path(match[2])
        make_folder(place.parent)
        write_whole(place, data)
        written += 1
    return written


def _take_models(
    files: Sequence[Path], identities: Sequence[str], wanted: Mapping[str, str], workspace: Path
) -> None:
    """Readers that learnt: each file that the newest backup names, from whichever holds it."""
    folder, left = workspace / FOLDER, dict(wanted)
    for file in reversed(files) if left else ():
        for name, size, read in members(file, identities):
            if name.startswith("images/"):
                break
            inside = name.removeprefix(f"{FOLDER}/")
            if inside not in left or not KEPT.fullmatch(inside) or size > MOST_BYTES:
                continue
            data = read(size)
            if hashlib.sha256(data).hexdigest() == left[inside]:
                make_folder((folder / inside).parent)
                write_whole(folder / inside, data)
                del left[inside]
    if left:
        raise StoreError(wording.MODELS_LACKING.of(count=str(len(left))), wording.GIVE_ALL)


def _wanted(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        return images_named(connection)


def _is_right(images: ImageStore, image: str) -> bool:
    try:
        images.get(image)
    except StoreError:
        return False
    return True


def _into(database: str, beside: Path, place: Path) -> None:
    """Moves the rows to PostgreSQL."""
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(place)))
    try:
        with (
            open_store(beside, database) as store,
            engine.connect() as source,
            store.writing() as target,
        ):
            if not copying.is_empty(target):
                raise StoreError(wording.DATABASE_NOT_EMPTY, wording.GIVE_EMPTY)
            copying.copy(source, target)
    finally:
        engine.dispose()
    overwrite(place)


def _settle(beside: Path, workspace: Path) -> None:
    if workspace.exists():
        workspace.rmdir()
    sync_folder(beside)
    beside.rename(workspace)
    sync_folder(workspace.parent)

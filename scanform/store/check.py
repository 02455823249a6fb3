"""Holds a workspace against itself: rows against rows, rows against page images, bytes against
their hashes. Reads everything, changes nothing."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Select

from scanform.errors import StoreError
from scanform.store import unfinished, units
from scanform.store.accounts import equations
from scanform.store.images import ImageStore
from scanform.store.leftovers import PASSING, half_restored, leftovers, take_away
from scanform.store.models import ModelStore
from scanform.store.queries import record_row
from scanform.store.sql import SqlStore
from scanform.store.tables import (
    answers,
    erased,
    extents,
    names,
    pages,
    records,
    rehearsed,
    rehearsed_sheets,
    scans,
    sheets,
)

_IMAGE = re.compile(r"[0-9a-f]{64}")

SET_ASIDE = "set-aside"
"""Folder of the workspace for images that no record names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written. ``code`` says what (``scanform.cli.verify`` has the
    wording and how to mend it), ``where`` names the thing: a record, a scan and page, a file."""

    code: str
    where: str
    detail: str = ""


def findings(
    store: SqlStore, images: ImageStore, told: Callable[[int], None] = lambda _: None
) -> Iterator[Finding]:
    """Everything found wrong, the database first. ``told`` hears how many images were read."""
    with store.reading() as connection:
        damage = list(_damage(connection))
        yield from damage
        if damage:  # what a damaged database says next would only confuse
            return
        yield from _books(connection)
        yield from _rows(connection)
        wanted = _wanted(connection)
        left = unfinished.what_is_left(connection)
    if left is not None:
        yield Finding("erasure_unfinished", "", str(left))
    yield from _images(store, images, wanted, told)
    yield from _left(images.folder.parent)
    yield from _models(images.folder.parent)


def mend(store: SqlStore, images: ImageStore, found: Sequence[Finding]) -> list[Finding]:
    """Mends what can be mended from what is there, and gives back the findings that were."""
    mended = []
    for each in found:
        match each.code:
            case "waiting_miscounted":
                with store.writing() as connection:
                    here = records.c.id == each.where
                    now = {"waiting": _count_waiting()}
                    connection.execute(sa.update(records).where(here).values(now))
            case "unit_strayed":
                with store.writing() as connection:
                    row = record_row(connection, each.where)
                    units.keep_unit(connection, row["number"], row["template"])
            case "page_missing":
                # The next run of the scan reads what is missing.
                with store.writing() as connection:
                    here = (scans.c.path == each.where) & (scans.c.state == "finished")
                    connection.execute(sa.update(scans).where(here).values(state="unfinished"))
            case "image_unfinished" | "file_unfinished":
                take_away(Path(each.where))
            case "erasure_unfinished":
                unfinished.finish(store, images.folder.parent)
            case "image_plain":
                images.seal(each.where)
            case "image_orphan":
                _set_aside(images, Path(each.where))
            case _:
                continue
        mended.append(each)
    return mended


def _set_aside(images: ImageStore, path: Path) -> None:
    """An orphan may be all that is left of a form whose row was lost: it is not deleted."""
    aside = images.folder.parent / SET_ASIDE
    aside.mkdir(exist_ok=True)
    with suppress(FileNotFoundError):  # it was of an erasure that was finished just now
        path.replace(aside / path.name)


def _damage(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if said != "ok":
            yield Finding("database_damaged", "scanform.db", said)
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Finding("row_without_parent", f"{table} {row}", parent)


def _books(connection: Connection) -> Iterator[Finding]:
    for each in equations(connection):
        if not each.holds:
            parts = " + ".join(f"{name} {number}" for name, number in each.parts.items())
            yield Finding("books", each.what, f"{each.total} ≠ {parts}")


def _rows(connection: Connection) -> Iterator[Finding]:
    """What the equations can't name: which row."""
    for code, query in (
        ("scan_without_name", _scan_without_name()),
        ("page_missing", _page_missing()),
        ("page_without_record", _page_without_record()),
        ("record_without_page", _record_without_page()),
        ("sheet_without_page", _sheet_without_page()),
        ("image_disagrees", _image_disagrees()),
        ("waiting_miscounted", _waiting_miscounted()),
        ("record_without_answers", _record_without_answers()),
    ):
        for row in connection.execute(query):
            where, *more = (str(value) for value in row)
            yield Finding(code, where, ", ".join(more))
    for record, unit in units.strayed(connection):
        yield Finding("unit_strayed", record, unit or "–")


def _scan_without_name() -> Select[Any]:
    here = (names.c.sha256 == scans.c.sha256) & (names.c.path == scans.c.path)
    return sa.select(scans.c.sha256).where(~sa.exists().where(here))


def _page_missing() -> Select[Any]:
    """Scans that are done with and lack the outcome of a page, or have one too many."""
    count = sa.func.count(pages.c.number)
    return (
        sa.select(scans.c.path, extents.c.pages, count)
        .join(extents, extents.c.scan == scans.c.sha256)
        .outerjoin(pages, pages.c.scan == scans.c.sha256)
        .where(scans.c.state == "finished")
        .group_by(scans.c.path, scans.c.sha256, extents.c.pages)
        .having(count != extents.c.pages)
    )


def _page_without_record() -> Select[Any]:
    """Pages of forms that are in no record, and in none that was erased."""
    inside = sa.exists().where(
        records.c.scan == pages.c.scan,
        sheets.c.record == records.c.number,
        sheets.c.scan_page == pages.c.number,
    )
    gone = sa.exists().where(erased.c.scan == pages.c.scan) & (pages.c.image == "")
    return (
        sa.select(scans.c.path, pages.c.number)
        .join(scans, scans.c.sha256 == pages.c.scan)
        .where(pages.c.outcome == "form", ~inside, ~gone)
    )


def _record_without_page() -> Select[Any]:
    return sa.select(records.c.id).where(~sa.exists().where(sheets.c.record == records.c.number))


def _sheet_without_page() -> Select[Any]:
    page = sa.exists().where(
        pages.c.scan == records.c.scan,
        pages.c.number == sheets.c.scan_page,
        pages.c.outcome == "form",
    )
    return (
        sa.select(records.c.id, sheets.c.scan_page)
        .join(sheets, sheets.c.record == records.c.number)
        .where(~page)
    )


def _image_disagrees() -> Select[Any]:
    """The page and the record name different images."""
    return (
        sa.select(records.c.id, sheets.c.scan_page)
        .join(sheets, sheets.c.record == records.c.number)
        .join(pages, (pages.c.scan == records.c.scan) & (pages.c.number == sheets.c.scan_page))
        .where(pages.c.outcome == "form", pages.c.image != sheets.c.image)
    )


def _waiting_miscounted() -> Select[Any]:
    query = sa.select(records.c.id, records.c.waiting)
    return query.where(records.c.waiting != _count_waiting())


def _count_waiting() -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.count())
        .where(answers.c.record == records.c.number, answers.c.state == "pending")
        .scalar_subquery()
    )


def _record_without_answers() -> Select[Any]:
    return sa.select(records.c.id).where(~sa.exists().where(answers.c.record == records.c.number))


def images_named(database: sqlite3.Connection) -> set[str]:
    """Every image that a database file names, also one of an older schema."""
    there = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    found: set[str] = set()
    for table in (sheets, pages, rehearsed_sheets):
        if table.name in there:
            rows = database.execute(f"SELECT image FROM {table.name}")  # noqa: S608  # nosec B608
            found |= {row[0] for row in rows if row[0]}
    return found


def wanted_images(store: SqlStore) -> list[str]:
    """Every page image that the workspace needs, by name."""
    with store.reading() as connection:
        return sorted(_wanted(connection))


def _wanted(connection: Connection) -> dict[str, str]:
    """Every image that a record or a page names, and where. An empty name: it was purged."""
    wanted: dict[str, str] = {}
    of_records = sa.select(sheets.c.image, records.c.id).join(
        records, records.c.number == sheets.c.record
    )
    of_pages = sa.select(pages.c.image, pages.c.scan).where(pages.c.outcome == "form")
    of_checks = sa.select(rehearsed_sheets.c.image, rehearsed.c.id).join(rehearsed)
    for query in (of_records, of_pages, of_checks):
        for image, owner in connection.execute(query):
            if image:
                wanted.setdefault(image, owner)
    return wanted


def _images(
    store: SqlStore, images: ImageStore, wanted: dict[str, str], told: Callable[[int], None]
) -> Iterator[Finding]:
    there: set[str] = set()
    for path in _files(images.folder):
        if PASSING.fullmatch(path.name):
            continue  # being written this moment, or left: see `_left`
        if _IMAGE.fullmatch(path.name) and path == images.path(path.name):
            there.add(path.name)
        else:
            yield Finding("file_unknown", str(path))
    for number, (image, owner) in enumerate(sorted(wanted.items()), 1):
        told(number)
        if image not in there:
            yield Finding("image_missing", owner, image)
            continue
        try:
            images.get(image)
        except StoreError:
            yield Finding("image_damaged", owner, image)
    if images.recipient:
        yield from (Finding("image_plain", each) for each in sorted(there) if images.is_plain(each))
    orphans = sorted(there - wanted.keys())
    if orphans:
        # A run may have kept a page's image since; its row comes right after.
        with store.reading() as connection:
            since = _wanted(connection)
        for image in orphans:
            if image not in since:
                yield Finding("image_orphan", str(images.path(image)))


def _left(workspace: Path) -> Iterator[Finding]:
    """What killed processes left half done."""
    for path in leftovers(workspace):
        is_image = path.is_relative_to(workspace / "images")
        yield Finding("image_unfinished" if is_image else "file_unfinished", str(path))
    yield from (Finding("file_unfinished", str(path)) for path in half_restored(workspace))


def _models(workspace: Path) -> Iterator[Finding]:
    models = ModelStore(workspace)
    try:
        yield from (Finding(code, model) for code, model in models.wrong())
    except StoreError as error:
        yield Finding("models_unreadable", str(models.folder), str(error))


def _files(folder: Path) -> Iterator[Path]:
    for root, _, found in os.walk(folder):
        yield from (Path(root) / name for name in sorted(found))

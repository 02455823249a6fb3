"""Retention: page images, or everything, of records that are older than they may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from scanform.store import events, unfinished
from scanform.store.check import SET_ASIDE, findings
from scanform.store.erase import Erased, Erasing, erase, rename_scan
from scanform.store.images import ImageStore
from scanform.store.leftovers import take_away
from scanform.store.scrub import securely
from scanform.store.sql import SqlStore
from scanform.store.tables import pages, records, scans, sheets

_OF_NOBODY = ("image_orphan", "image_unfinished", "file_unfinished")


@dataclass(frozen=True, slots=True)
class Old:
    """Records that came in before ``before``; those that wait for review only with ``waiting``."""

    before: datetime
    waiting: bool = False

    def condition(self) -> ColumnElement[bool]:
        old = records.c.created_at < self.before
        return old if self.waiting else old & (records.c.waiting == 0)


def old_records(store: SqlStore, old: Old) -> list[str]:
    """Their ids, in the order in which they came."""
    with store.reading() as connection:
        query = sa.select(records.c.id).where(old.condition()).order_by(records.c.number)
        return list(connection.execute(query).scalars())


def purge_images(store: SqlStore, workspace: Path, old: Old, by: str) -> int:
    """Takes the page images of old records away, and keeps the records; the number of images."""
    with store.writing() as connection:
        securely(connection)
        query = (
            sa.select(sheets.c.image, records.c.scan, sheets.c.scan_page, sheets.c.record)
            .join(records, records.c.number == sheets.c.record)
            .where(old.condition(), sheets.c.image != "")
        )
        found = connection.execute(query).mappings().all()
        for row in found:
            sheet = (sheets.c.record == row["record"]) & (sheets.c.scan_page == row["scan_page"])
            page = (pages.c.scan == row["scan"]) & (pages.c.number == row["scan_page"])
            connection.execute(sa.update(sheets).where(sheet).values(image=""))
            connection.execute(sa.update(pages).where(page).values(image=""))
        if found:
            images = {row["image"] for row in found}
            detail = {"images": len(images), "before": old.before.isoformat()}
            events.append(connection, "purge", by, store.now(), how="images", detail=detail)
            unfinished.note(connection, images)
    taken = unfinished.finish(store, workspace)
    return taken.images if taken else 0


def purge_all(store: SqlStore, workspace: Path, old: Old, by: str) -> Erased:
    """Erases old records whole, and what old scans were called that gave no record."""
    done = erase(store, workspace, Erasing(tuple(old_records(store, old)), by, "retention"))
    with store.writing() as connection:
        securely(connection)
        bare = ~sa.exists().where(records.c.scan == scans.c.sha256)
        query = sa.select(scans.c.sha256).where(
            scans.c.seen_at < old.before,
            scans.c.state != "unfinished",
            ~scans.c.path.startswith("erased/"),
            bare,
        )
        renamed = [rename_scan(connection, each) for each in connection.execute(query).scalars()]
        if renamed:
            unfinished.note(connection, ())
    unfinished.finish(store, workspace)
    return done


def purge_orphans(store: SqlStore, workspace: Path, by: str) -> int:
    """Overwrites images that no record names, also those laid aside; their number."""
    images = ImageStore(workspace)
    names = [each for each in findings(store, images) if each.code in _OF_NOBODY]
    aside = sorted((workspace / SET_ASIDE).glob("*"))
    count = sum(take_away(path) for path in (*(Path(each.where) for each in names), *aside))
    if count:
        events.note(store, "purge", by, how="orphans", detail={"images": count})
    return count

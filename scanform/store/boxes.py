"""What came in a box of forms: its files, and what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from scanform.errors import NoSuchBatch
from scanform.model.scan import Rejected
from scanform.phrase import Phrase
from scanform.store.campaign_interface import BatchScan
from scanform.store.campaign_rows import batch_name
from scanform.store.queries import rejected_from
from scanform.store.tables import batch_scans, batches, pages, scans, unopened

_NONE = Phrase("Không có hộp {batch}.", "There is no batch {batch}.")


def row_of(connection: Connection, number: int) -> RowMapping:
    """The row of ``batches``; raises ``NoSuchBatch``."""
    query = sa.select(batches).where(batches.c.number == number)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NoSuchBatch(_NONE.of(batch=batch_name(number)))
    return row


def scans_of(connection: Connection, number: int) -> list[str]:
    """The contents of its files, as SHA-256."""
    query = sa.select(batch_scans.c.sha256).where(batch_scans.c.batch == number)
    return list(connection.execute(query).scalars())


def files(connection: Connection, number: int) -> list[BatchScan]:
    """See ``CampaignStore.batch_scans``."""
    other = batch_scans.alias("other")
    mine = sa.select(batch_scans).where(batch_scans.c.batch == number).order_by(batch_scans.c.path)
    shared = (
        sa.select(batch_scans.c.path, other.c.batch)
        .join(other, (other.c.sha256 == batch_scans.c.sha256) & (other.c.batch < number))
        .where(batch_scans.c.batch == number, batch_scans.c.sha256 != "")
    )
    earlier: dict[str, set[str]] = {}
    for path, batch in connection.execute(shared):
        earlier.setdefault(path, set()).add(batch_name(batch))
    rows = connection.execute(mine).all()
    return [
        BatchScan(row.path, row.sha256, tuple(sorted(earlier.get(row.path, ()))), row.cover)
        for row in rows
    ]


def unfinished(connection: Connection, number: int) -> list[str]:
    """See ``CampaignStore.batch_unfinished``."""
    query = (
        sa.select(batch_scans.c.path)
        .outerjoin(scans, scans.c.sha256 == batch_scans.c.sha256)
        .where(
            batch_scans.c.batch == number,
            batch_scans.c.sha256 != "",
            sa.func.coalesce(scans.c.state, "unfinished") == "unfinished",
        )
        .order_by(batch_scans.c.path)
    )
    return list(connection.execute(query).scalars())


def rejected(connection: Connection, number: int) -> list[Rejected]:
    """See ``CampaignStore.batch_rejected``."""
    mine = sa.select(batch_scans.c.sha256).where(batch_scans.c.batch == number)
    paths = sa.select(batch_scans.c.path).where(batch_scans.c.batch == number)
    whole = sa.select(scans).where(scans.c.state == "rejected", scans.c.sha256.in_(mine))
    of_pages = (
        sa.select(pages, scans.c.path)
        .join(scans, scans.c.sha256 == pages.c.scan)
        .where(pages.c.outcome == "rejected", pages.c.scan.in_(mine))
    )
    lost = sa.select(unopened).where(unopened.c.path.in_(paths))
    found = [
        rejected_from(row)
        for query in (whole, of_pages, lost)
        for row in connection.execute(query).mappings()
    ]
    return sorted(found, key=lambda each: (str(each.path), each.page or 0, each.sha256))

"""What was refused and when: appended to, so that a past moment stays what it was."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, tzinfo

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from scanform.store.campaign_interface import DayRefused
from scanform.store.tables import batch_scans, batches, refusals


def note(
    connection: Connection, at: datetime, reason: str, path: str, scan: str = "", page: int = 0
) -> None:
    """Notes that a file or page is refused now, for that reason, or with none that it was taken
    after all. What stands already is not noted again."""
    query = sa.select(refusals.c.reason).where(*_same(path, scan, page))
    last = connection.execute(query.order_by(refusals.c.seq.desc()).limit(1)).scalar_one_or_none()
    if (last or "") != reason:
        row = {"path": path, "scan": scan, "page": page, "reason": reason, "at": at}
        connection.execute(sa.insert(refusals).values(row))


def _same(path: str, scan: str, page: int) -> list[ColumnElement[bool]]:
    # A file that can be read is known by its contents, whatever it is called.
    own = refusals.c.scan == scan, refusals.c.page == page
    return list(own if scan else (*own, refusals.c.path == path))


def day_refused(
    connection: Connection, zone: tzinfo, as_of: datetime | None = None
) -> list[DayRefused]:
    """See ``CampaignStore.day_refused``."""
    key = refusals.c.scan, refusals.c.page, sa.case((refusals.c.scan == "", refusals.c.path))
    moment = sa.true() if as_of is None else refusals.c.at <= as_of
    last = sa.select(sa.func.max(refusals.c.seq).label("seq")).where(moment).group_by(*key)
    by_scan = _unit_of(batch_scans.c.sha256)
    by_path = _unit_of(batch_scans.c.path)
    query = (
        sa.select(refusals.c.at, sa.func.coalesce(by_scan.c.unit, by_path.c.unit))
        .outerjoin(by_scan, (by_scan.c.key == refusals.c.scan) & (refusals.c.scan != ""))
        .outerjoin(by_path, (by_path.c.key == refusals.c.path) & (refusals.c.scan == ""))
        .where(refusals.c.seq.in_(last), refusals.c.reason != "")
    )
    found: Counter[tuple[date, str | None]] = Counter(
        (at.astimezone(zone).date(), unit) for at, unit in connection.execute(query)
    )
    order = sorted(found, key=lambda key: (key[0], key[1] is not None, key[1] or ""))
    return [DayRefused(unit, day, found[day, unit]) for day, unit in order]


def _unit_of(key: ColumnElement[str]) -> sa.Subquery:
    """The unit of the first batch that had the file."""
    first = (
        sa.select(key.label("key"), sa.func.min(batch_scans.c.batch).label("batch"))
        .group_by(key)
        .subquery()
    )
    query = sa.select(first.c.key, batches.c.unit).join(batches, batches.c.number == first.c.batch)
    return query.subquery()

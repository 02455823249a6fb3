"""A record at a moment: what it answers, whose it is, whether it is complete. For the counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from scanform.model.campaign import BY_BATCH
from scanform.store.log import counted
from scanform.store.tables import answers, batch_scans, batches, decisions, readings, records
from scanform.store.units import within

Unit = tuple[Any, ColumnElement[str | None]]
"""What to select from, and the unit or answer of each record in it."""


def unit_of(joined: Any, field: str, as_of: datetime | None, kept: str | None) -> Unit:
    """The record's unit: the answer of a field, of a path of fields from the commune down (``Ấp
    1, Xã Thạnh Hải``), or the unit of its batch. A form that doesn't say its hamlet is its
    commune's. ``kept`` is the field that ``records.unit`` stands for (``store.units``)."""
    if field == BY_BATCH:
        return _unit_of_batch(joined)
    if field != kept:
        return _named(joined, field, as_of)
    return (joined, records.c.unit) if as_of is None else _kept_then(joined, field, as_of)


def _named(
    joined: Any, path: str, as_of: datetime | None, of: ColumnElement[int] = records.c.number
) -> Unit:
    """What the answers of the path name, of the record whose number is ``of``."""
    first, *below = path.split("/")
    joined, unit = answer_of(joined, first, as_of, of)
    for each in below:
        joined, value = answer_of(joined, each, as_of, of)
        unit = within(unit, value)
    return joined, unit


def _kept_then(joined: Any, path: str, as_of: datetime) -> Unit:
    """As it stood, from the unit as it stands: where nobody decided about it since, it is the
    same. So the readings and decisions of the few others are looked up, not of all."""
    changed = touched_since(as_of, "unit_later", decisions.c.field.in_(path.split("/")))
    joined = joined.outerjoin(changed, changed.c.record == records.c.number)
    joined, then = _named(joined, path, as_of, of=changed.c.record)
    return joined, sa.case((changed.c.record.is_not(None), then), else_=records.c.unit)


def touched_since(as_of: datetime, name: str = "later", *only: ColumnElement[bool]) -> sa.CTE:
    """The records about which something was said after that moment: all others stand today as
    they stood then. Most are decided soon after they come in, so they are few."""
    # First the rows, then each once: asked for at once SQLite walks the log by record.
    later = sa.select(decisions.c.record).where(decisions.c.at > as_of, *only).cte(f"{name}_rows")
    return sa.select(later.c.record).distinct().cte(name)


def answer_of(
    joined: Any, field: str, as_of: datetime | None, of: ColumnElement[int] = records.c.number
) -> Unit:
    """The answer of the field, now or as it stood, of the record whose number is ``of``."""
    if as_of is None:
        now = answers.alias()
        here = (now.c.record == of) & (now.c.field == field)
        return joined.outerjoin(now, here), now.c.value
    last = (
        sa.select(decisions.c.record, sa.func.max(decisions.c.seq).label("seq"))
        .where(*counted(as_of), decisions.c.field == field, decisions.c.action != "accept")
        .group_by(decisions.c.record)
        .subquery()
    )
    said, read = decisions.alias(), readings.alias()
    here = (read.c.record == of) & (read.c.field == field)
    joined = (
        joined.outerjoin(read, here)
        .outerjoin(last, last.c.record == of)
        .outerjoin(said, said.c.seq == last.c.seq)
    )
    return joined, sa.case((said.c.seq.is_not(None), said.c.value), else_=read.c.value)


def _unit_of_batch(joined: Any) -> Unit:
    """The unit of the first batch that had the record's scan."""
    first = (
        sa.select(batch_scans.c.sha256, sa.func.min(batch_scans.c.batch).label("batch"))
        .group_by(batch_scans.c.sha256)
        .subquery("first_batch")
    )
    joined = joined.outerjoin(first, first.c.sha256 == records.c.scan)
    return joined.outerjoin(batches, batches.c.number == first.c.batch), batches.c.unit


def completeness(start: Any, as_of: datetime | None) -> tuple[Any, ColumnElement[int]]:
    """What to select from, and whether the record is complete, or was (1 or 0)."""
    if as_of is None:
        return start, complete_now()
    changed = touched_since(as_of)
    joined = start.outerjoin(changed, changed.c.record == records.c.number)
    joined, then = complete_then(joined, as_of, changed)
    return joined, sa.case((changed.c.record.is_(None), complete_now()), else_=then)


def complete_now() -> ColumnElement[int]:
    return sa.case((records.c.waiting == 0, 1), else_=0)


def complete_then(joined: Any, as_of: datetime, changed: sa.CTE) -> tuple[Any, ColumnElement[int]]:
    """Whether the record was complete, of those in ``changed`` alone: for them the log is folded.
    A decision ends the waiting of its answer unless it was taken back or a recheck found a doubt
    since."""
    of_field = (
        sa.select(decisions.c.record, decisions.c.field, sa.func.max(decisions.c.seq).label("seq"))
        .where(*counted(as_of), decisions.c.record.in_(sa.select(changed.c.record)))
        .group_by(decisions.c.record, decisions.c.field)
        .subquery("of_field")
    )
    now, at_first = decisions.c.to_state == "pending", readings.c.state == "pending"
    waits = (decisions.c.action == "recheck") & now
    ended = (
        sa.select(
            of_field.c.record,
            sa.func.sum(sa.case((at_first & ~waits, 1), (~at_first & waits, -1), else_=0)).label(
                "answers"
            ),
        )
        .join(decisions, decisions.c.seq == of_field.c.seq)
        .join(
            readings,
            (readings.c.record == of_field.c.record) & (readings.c.field == of_field.c.field),
        )
        .group_by(of_field.c.record)
        .subquery("ended")
    )
    joined = joined.outerjoin(ended, ended.c.record == records.c.number)
    return joined, sa.case((records.c.doubted <= sa.func.coalesce(ended.c.answers, 0), 1), else_=0)

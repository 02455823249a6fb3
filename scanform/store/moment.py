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
    if field == kept and as_of is None:
        return joined, records.c.unit
    if field == kept and "/" not in field:
        return _unit_then(joined, field, as_of)
    first, *below = field.split("/")
    joined, unit = answer_of(joined, first, as_of)
    for each in below:
        joined, value = answer_of(joined, each, as_of)
        unit = within(unit, value)
    return joined, unit


def _unit_then(joined: Any, field: str, as_of: datetime | None) -> Unit:
    """As it stood, from the unit as it stands: where nobody ever decided about it, it is as it
    was read. So the readings of the few others are looked up, not of all."""
    touched = (
        sa.select(decisions.c.record)
        .where(decisions.c.field == field, decisions.c.action != "accept")
        .distinct()
        .subquery("touched")
    )
    joined = joined.outerjoin(touched, touched.c.record == records.c.number)
    joined, then = answer_of(joined, field, as_of, of=touched.c.record)
    return joined, sa.case((touched.c.record.is_not(None), then), else_=records.c.unit)


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
    """What to select from, and whether the record is complete, or was (1 or 0). In the fold of
    the log a decision ends the waiting of its answer unless it was taken back or a recheck found
    a doubt since."""
    if as_of is None:
        return start, sa.case((records.c.waiting == 0, 1), else_=0)
    of_field = (
        sa.select(decisions.c.record, decisions.c.field, sa.func.max(decisions.c.seq).label("seq"))
        .where(*counted(as_of))
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
    joined = start.outerjoin(ended, ended.c.record == records.c.number)
    over = records.c.doubted <= sa.func.coalesce(ended.c.answers, 0)
    return joined, sa.case((over, 1), else_=0)

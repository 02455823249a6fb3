"""How much of what was read people have looked at."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.model.record import DECIDES
from scanform.store.campaign_interface import Work
from scanform.store.log import counted
from scanform.store.moment import completeness
from scanform.store.tables import decisions, readings, records


def work(connection: Connection, as_of: datetime | None) -> Work:
    """See ``CampaignStore.work``."""
    moment = sa.true() if as_of is None else records.c.created_at <= as_of
    record_count, doubted = connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(records.c.doubted), 0)).where(
            moment
        )
    ).one()
    joined, complete = completeness(records, as_of)
    complete_query = (
        sa.select(sa.func.coalesce(sa.func.sum(complete), 0)).select_from(joined).where(moment)
    )
    # The last decision about each answer, and what the machine had read there.
    last = (
        sa.select(sa.func.max(decisions.c.seq).label("seq"))
        .where(*counted(as_of), decisions.c.action.in_(sorted(DECIDES)))
        .group_by(decisions.c.record, decisions.c.field)
        .subquery("last")
    )
    other = sa.and_(
        decisions.c.action != "accept", decisions.c.value.is_distinct_from(readings.c.value)
    )
    decided, changed = connection.execute(
        sa.select(
            sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((other, 1), else_=0)), 0)
        ).select_from(
            last.join(decisions, decisions.c.seq == last.c.seq).join(
                readings,
                (readings.c.record == decisions.c.record) & (readings.c.field == decisions.c.field),
            )
        )
    ).one()
    return Work(
        records=record_count,
        complete=connection.execute(complete_query).scalar_one(),
        doubted=doubted,
        decided=decided,
        changed=changed,
    )

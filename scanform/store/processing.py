"""The record of processing (Decree 13/2023/NĐ-CP, art. 24; GDPR art. 30): what is held and done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from scanform.store.backup import taken
from scanform.store.images import ImageStore
from scanform.store.sql import SqlStore
from scanform.store.tables import answers, erased, events, people, records, sheets

SENSITIVE = frozenset({"ethnic_group", "religion", "blood_group"})
"""Fields of the shipped forms that the law calls sensitive."""


def record_of_processing(store: SqlStore, workspace: Path) -> dict[str, Any]:
    """What may be shown to an authority: kinds of data and numbers, nobody's data."""
    with store.reading() as connection:
        return {
            "at": store.now().isoformat(timespec="seconds"),
            "forms": _forms(connection),
            "page_images": _images(connection),
            "encryption": {"page_images": bool(ImageStore(workspace).recipient)},
            "backups": len(taken(workspace)),
            "accounts": _roles(connection),
            "erased": _erased(connection),
            "access": _access(connection),
        }


def _forms(connection: Connection) -> list[dict[str, Any]]:
    each = sa.select(
        records.c.template,
        records.c.revision,
        sa.func.count(),
        sa.func.min(records.c.created_at),
        sa.func.max(records.c.created_at),
    ).group_by(records.c.template, records.c.revision)
    found = []
    for template, revision, count, first, last in connection.execute(each).all():
        fields = sa.select(answers.c.field).where(answers.c.template == template).distinct()
        names = sorted(connection.execute(fields).scalars())
        found.append(
            {
                "template": f"{template}@{revision}",
                "persons": count,
                "since": first.isoformat(),
                "until": last.isoformat(),
                "fields": names,
                "sensitive": sorted(SENSITIVE & set(names)),
            }
        )
    return found


def _roles(connection: Connection) -> dict[str, int]:
    query = sa.select(people.c.role, sa.func.count()).where(~people.c.disabled)
    return {row[0]: row[1] for row in connection.execute(query.group_by(people.c.role))}


def _erased(connection: Connection) -> dict[str, int]:
    query = sa.select(erased.c.why, sa.func.count()).group_by(erased.c.why)
    return {row[0]: row[1] for row in connection.execute(query)}


def _access(connection: Connection) -> list[dict[str, Any]]:
    """How often who did what with people's data, as the log has it."""
    query = (
        sa.select(
            events.c.action,
            events.c.by,
            sa.func.count(),
            sa.func.min(events.c.at),
            sa.func.max(events.c.at),
        )
        .where(events.c.from_state.is_(None))
        .group_by(events.c.action, events.c.by)
        .order_by(events.c.action, events.c.by)
    )
    return [
        {
            "action": action,
            "by": by,
            "times": times,
            "first": first.isoformat(),
            "last": last.isoformat(),
        }
        for action, by, times, first, last in connection.execute(query)
    ]


def _images(connection: Connection) -> int:
    query = sa.select(sa.func.count()).select_from(sheets).where(sheets.c.image != "")
    return int(connection.execute(query).scalar_one())

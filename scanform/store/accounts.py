"""The books: every file, page and form that came in is somewhere.

Each equation has two sides that are counted from different rows, so one that holds says
something. What breaks one is a row that is gone or was put in past the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, FromClause

from scanform.store.counts import figures
from scanform.store.tables import erased, extents, names, pages, scans, sheets, unopened


@dataclass(frozen=True, slots=True)
class Equation:
    """``total`` of ``what`` came in; ``parts`` says what became of them, by name."""

    what: str
    total: int
    parts: Mapping[str, int]

    @property
    def holds(self) -> bool:
        return self.total == sum(self.parts.values())


def equations(connection: Connection) -> tuple[Equation, ...]:
    """``files``: names under which scans were seen, and files that could not be read.
    ``pages``: of scans that are done with, as their files say. ``form_pages``: pages of forms,
    by the record that each is in. ``forms``: records ever made."""
    found = figures(connection)
    seen = _count(connection, names) + _count(connection, unopened)
    files = {
        "digitised": found.scans_digitised,
        "duplicate": _duplicates(connection),
        "rejected": found.scans_rejected,
        "in_work": found.scans_unfinished,
    }
    gone = _count(connection, erased)
    # A form is where a record's first page is.
    forms = sa.select(sa.func.count()).select_from(sheets).where(sheets.c.position == 0)
    return (
        Equation("files", seen, files),
        Equation("pages", *_pages(connection)),
        Equation("form_pages", *_form_pages(connection)),
        Equation(
            "forms",
            _number(connection, forms) + gone,
            {"records": found.records, "erased": gone},
        ),
    )


def _duplicates(connection: Connection) -> int:
    """Other names of known scans."""
    query = (
        sa.select(sa.func.count())
        .select_from(names.join(scans, scans.c.sha256 == names.c.sha256))
        .where(names.c.path != scans.c.path)
    )
    return _number(connection, query)


def _pages(connection: Connection) -> tuple[int, dict[str, int]]:
    done = extents.join(scans, (scans.c.sha256 == extents.c.scan) & (scans.c.state == "finished"))
    total = sa.select(sa.func.coalesce(sa.func.sum(extents.c.pages), 0)).select_from(done)
    outcomes = (
        sa.select(pages.c.outcome, sa.func.count())
        .select_from(pages.join(done, extents.c.scan == pages.c.scan))
        .group_by(pages.c.outcome)
    )
    parts = {"form": 0, "blank": 0, "separator": 0, "rejected": 0}
    parts |= {row[0]: row[1] for row in connection.execute(outcomes)}
    return _number(connection, total), parts


def _form_pages(connection: Connection) -> tuple[int, dict[str, int]]:
    total = sa.select(sa.func.count()).select_from(pages).where(pages.c.outcome == "form")
    gone = sa.select(sa.func.coalesce(sa.func.sum(erased.c.pages), 0))
    return _number(connection, total), {
        "in_records": _count(connection, sheets),
        "erased": _number(connection, gone),
    }


def _count(connection: Connection, table: FromClause) -> int:
    return _number(connection, sa.select(sa.func.count()).select_from(table))


def _number(connection: Connection, query: sa.Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())

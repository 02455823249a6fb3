"""The count against the targets, drawn, and the boxes against their slips."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from scanform.tally import Row
from scanform.tally.receipt import KINDS
from scanform.web.visit import Visit, page

BARS = 60
"""Units that the picture has room for; the table has all."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One unit of the picture; lengths are per mille of the picture's width."""

    row: Row
    complete: float
    pending: float
    target: float | None


@page("forms")
def tally(visit: Visit) -> Response:
    who, counted = visit.who, visit.office.tally()
    return visit.show(
        "tally.html",
        tally=counted,
        bars=bars(counted.by_rate()[:BARS]),
        batches=visit.office.batches() if who.may("upload") else (),
        kinds=KINDS,
        broken=visit.office.desk.sample.broken() if who.may("order") else (),
    )


def bars(rows: list[Row]) -> list[Bar]:
    """The units as bars of one scale: what is complete, what waits, and where the target is."""
    longest = max((max(row.records, row.target or 0) for row in rows), default=0)
    if not longest:
        return []
    return [
        Bar(
            row,
            1000 * row.complete / longest,
            1000 * row.pending / longest,
            None if row.target is None else 1000 * row.target / longest,
        )
        for row in rows
    ]

"""How the reader has learnt the unit's hands: every lesson, the curve, what more would bring."""

from __future__ import annotations

from starlette.responses import Response

from scanform.learn.curve import NEXT, expected
from scanform.web.visit import Visit, page

SHOWN = 30
"""Lessons in the table, the newest first."""


@page("stats")
def learning(visit: Visit) -> Response:
    points = visit.office.learning.lessons()
    last = points[-1] if points else None
    return visit.show(
        "learning.html",
        points=[*reversed(points)][:SHOWN],
        now=None if last is None else (last.new_cer if last.kept else last.old_cer),
        expected=expected(points),
        more=NEXT,
    )


@page("stats")
def curve(visit: Visit) -> Response:
    """PNG; ``KeyError`` (not found) before the first lesson."""
    picture = visit.office.learning.curve(visit.language)
    return Response(picture, media_type="image/png")

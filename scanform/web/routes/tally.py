"""The count against the targets."""

from __future__ import annotations

from starlette.responses import Response

from scanform.web.visit import Visit, page


@page("forms")
def tally(visit: Visit) -> Response:
    return visit.show("tally.html", tally=visit.office.tally())

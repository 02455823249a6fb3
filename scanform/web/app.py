"""The application: every address of the server in one list."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from scanform.web.office import Office
from scanform.web.routes import (
    campaign,
    checks,
    door,
    export,
    groups,
    learning,
    machines,
    overview,
    people,
    records,
    review,
    scans,
    seeds,
    tally,
)
from scanform.web.security import OwnHost, SecurityHeaders
from scanform.web.visit import Visit, page, problem

_STATIC = Path(__file__).parent / "static"

_ROUTES = [
    Route("/", overview.overview),
    Route("/health", machines.health),
    Route("/metrics", machines.metrics),
    Route("/sign-in", door.sign_in_page),
    Route("/sign-in", door.sign_in, methods=["POST"]),
    Route("/start", door.start),
    Route("/sign-out", door.sign_out, methods=["POST"]),
    Route("/language", door.language, methods=["POST"]),
    Route("/review", review.bench),
    Route("/review/decide", review.decide, methods=["POST"]),
    Route("/review/undo", review.undo, methods=["POST"]),
    Route("/review/note", review.note, methods=["POST"]),
    Route("/review/complete", review.complete),
    Route("/review/page/{token}", review.whole_page),
    Route("/review/sight/{token}/{view}", review.sight),
    Route("/review/picture/{token}/{view}.png", review.picture),
    Route("/records", records.records),
    Route("/records/{record}", records.record),
    Route("/records/{record}/page/{page:int}.jpg", records.page_image),
    Route("/records/{record}/field/{field}", records.decide, methods=["POST"]),
    Route("/groups", groups.groups),
    Route("/groups/sheet", groups.sheet),
    Route("/groups/accept", groups.accept, methods=["POST"]),
    Route("/groups/leave", groups.leave, methods=["POST"]),
    Route("/groups/picture/{token}/{record}/{field}.png", groups.picture),
    Route("/scans", scans.scans),
    Route("/scans/jobs", scans.jobs),
    Route("/scans", scans.upload, methods=["POST"]),
    Route("/rejected", scans.rejected),
    Route("/rejected/{number}", scans.rejected_one),
    Route("/rejected/{number}/picture.jpg", scans.rejected_picture),
    Route("/rejected/{number}/again", scans.again, methods=["POST"]),
    Route("/keying", checks.keying),
    Route("/keying", checks.order_keying, methods=["POST"]),
    Route("/sample", checks.sample),
    Route("/sample", checks.draw_sample, methods=["POST"]),
    Route("/sample/tighten", checks.tighten, methods=["POST"]),
    Route("/export", export.write, methods=["POST"]),
    Route("/paper", checks.paper),
    Route("/paper", checks.pulled, methods=["POST"]),
    Route("/figures", checks.figures),
    Route("/learning", learning.learning),
    Route("/learning/curve.png", learning.curve),
    Route("/tally", tally.tally),
    Route("/report", campaign.report),
    Route("/report/curve.png", campaign.curve),
    Route("/report/file.{ending}", campaign.report_file),
    Route("/boxes", campaign.boxes),
    Route("/boxes/{batch}", campaign.box),
    Route("/boxes/{batch}/settle", campaign.settle, methods=["POST"]),
    Route("/pairs", campaign.pairs),
    Route("/pairs", campaign.judge, methods=["POST"]),
    Route("/people", people.people),
    Route("/people", people.change, methods=["POST"]),
    Route("/seeds", seeds.seeds),
    Route("/seeds", seeds.change, methods=["POST"]),
    Route("/password", people.password_page),
    Route("/password", people.password, methods=["POST"]),
    Mount("/static", StaticFiles(directory=_STATIC)),
]


@page(signed_in=False)
def _not_found(visit: Visit) -> Response:
    return problem(visit, visit.say("not_found"), 404)


async def _missing(request: Request, _: Exception) -> Response:
    return await _not_found(request)


def create_app(office: Office) -> Starlette:
    """The ASGI application of one workspace."""
    app = Starlette(
        routes=_ROUTES,
        middleware=[Middleware(SecurityHeaders), Middleware(OwnHost, names=office.hosts)],
        exception_handlers={404: _missing},
    )
    app.state.office = office
    return app

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
from scanform.web.routes import door, overview, review
from scanform.web.security import OwnHost, SecurityHeaders
from scanform.web.visit import Visit, page, problem

_STATIC = Path(__file__).parent / "static"

_ROUTES = [
    Route("/", overview.overview),
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

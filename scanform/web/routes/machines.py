"""Addresses for machines: is it well, and in numbers. No data of people, so nobody signs in."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from scanform.errors import ScanformError
from scanform.web.office import Office

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


async def health(request: Request) -> Response:
    """200 while the store answers, else 503."""
    office: Office = request.app.state.office
    try:
        await run_in_threadpool(office.figures)
    except ScanformError:
        return JSONResponse({"ok": False}, 503)
    return JSONResponse({"ok": True})


async def metrics(request: Request) -> Response:
    office: Office = request.app.state.office
    if office.metrics is None:
        return PlainTextResponse("Start scanform serve with --metrics.\n", 404)
    try:
        text = await run_in_threadpool(office.metrics)
    except ScanformError:
        return PlainTextResponse("The store doesn't answer.\n", 503)
    return Response(text, media_type=PROMETHEUS)

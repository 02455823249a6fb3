"""Scans coming in by drag and drop, and those that could not be taken."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from scanform.model.scan import Rejected
from scanform.web.office import Intake
from scanform.web.visit import Visit, arrived, foreign, page, rightful
from scanform.whole import hold

MOST_BYTES = 1024 * 1024 * 1024
"""Of one file: five thousand pages at 200 kB."""

_NAME = re.compile(r"[^\w.\- ]+")


@page("upload")
def scans(visit: Visit) -> Response:
    intake = _intake(visit)
    return visit.show("scans.html", jobs=intake.jobs(), templates=intake.templates())


@page("upload")
def jobs(visit: Visit) -> Response:
    """The list of what is in hand, asked for again and again."""
    return visit.show("_jobs.html", jobs=_intake(visit).jobs())


async def upload(request: Request) -> Response:
    """One file, sent as the body itself. Written to disk as it comes; digitised later, elsewhere.

    Checked as any other POST, but for the form that it isn't.
    """
    visit = await run_in_threadpool(arrived, request)
    if visit.session is None or foreign(request) or not rightful(visit):
        return JSONResponse({"problem": visit.say("stale_page")}, 403)
    if not visit.who.may("upload"):
        return JSONResponse({"problem": visit.say("not_allowed")}, 403)
    intake = visit.office.intake
    length = request.headers.get("content-length", "")
    if intake is None or not length.isdecimal():
        return JSONResponse({"problem": visit.say("not_found")}, 411)
    if int(length) > MOST_BYTES:
        return JSONResponse({"problem": visit.say("too_large")}, 413)
    name = visit.query("name") or "scan"
    path = await run_in_threadpool(_place, intake.folder, name)
    try:
        await _receive(request, path)
    except (ClientDisconnect, OSError):
        return JSONResponse({"problem": visit.say("something_failed")}, 400)
    chosen = request.query_params.getlist("template")
    number = await run_in_threadpool(intake.put, path, visit.who.name, shown_name(name), chosen)
    return JSONResponse({"job": number})


@page("upload")
def rejected(visit: Visit) -> Response:
    found = visit.office.rejected()
    return visit.show("rejected.html", rejected=[(each, number_of(each)) for each in found])


@page("upload")
def rejected_one(visit: Visit) -> Response:
    """One rejected scan or page: what it looks like, why, and what can be done."""
    each = _found(visit)
    templates = visit.office.intake.templates() if visit.office.intake else []
    return visit.show("rejected_one.html", each=each, address=number_of(each), templates=templates)


@page("upload")
def rejected_picture(visit: Visit) -> Response:
    data = _intake(visit).picture(_found(visit))
    if data is None:
        raise KeyError("picture")
    return Response(data, media_type="image/jpeg")


@page("upload")
def again(visit: Visit) -> Response:
    """The same scan once more, as one of the templates that the person named."""
    each = _found(visit)
    _intake(visit).put(each.path, visit.who.name, each.path.name, visit.many("template"))
    return visit.go("/scans")


def number_of(rejected: Rejected) -> str:
    """What an address calls a rejected scan or page: no path ever stands in one."""
    text = f"{rejected.path}\0{rejected.sha256}\0{rejected.page}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def shown_name(name: str) -> str:
    """The name a file came under, on one line and not endless."""
    return "".join(c if c.isprintable() else " " for c in name)[:200]


def _found(visit: Visit) -> Rejected:
    number = visit.request.path_params["number"]
    for each in visit.office.rejected():
        if number_of(each) == number:
            return each
    raise KeyError(number)


def _intake(visit: Visit) -> Intake:
    if visit.office.intake is None:
        raise KeyError("intake")
    return visit.office.intake


def _place(folder: Path, name: str) -> Path:
    """A new path in ``folder``: of the name only its letters are kept, behind a number of ours."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = _NAME.sub("_", Path(name.replace("\\", "/")).name)[-80:].strip(". ")
    return folder / f"{secrets.token_hex(6)}-{plain or 'scan'}"


async def _receive(request: Request, path: Path) -> None:
    """Has its name once it is whole and on the disk: whoever sent it may throw the paper away."""
    left, part = MOST_BYTES, path.with_name(f".{path.name}.part")
    try:
        with part.open("xb") as file:
            hold(file.fileno())
            async for chunk in request.stream():
                left -= len(chunk)
                if left < 0:
                    raise OSError("too large")
                await run_in_threadpool(file.write, chunk)
            file.flush()
            await run_in_threadpool(os.fsync, file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

"""Coming in and going out; the language."""

from __future__ import annotations

import math
import secrets

from starlette.responses import Response

from scanform.errors import TooMany
from scanform.review.people import Session
from scanform.web.visit import COOKIE, LANGUAGE_COOKIE, Visit, page

BEFORE = "scanform_before"
"""Cookie that ties the sign-in form to the browser that asked for it: without it another site
could sign somebody in under a name of its choosing."""
_YEAR = 365 * 24 * 3600


@page(signed_in=False)
def sign_in_page(visit: Visit) -> Response:
    if visit.session is not None:
        return visit.go("/")
    if visit.office.own is not None and not visit.office.desk.people.exist():
        return visit.show("problem.html", 401, text=visit.say("no_users_yet"))
    return _form(visit)


@page(signed_in=False)
def sign_in(visit: Visit) -> Response:
    sent, kept = visit.form.get("before", ""), visit.request.cookies.get(BEFORE, "")
    if not kept or not secrets.compare_digest(sent.encode(), kept.encode()):
        return _form(visit, visit.say("stale_page"), 403)
    address = visit.request.client.host if visit.request.client else ""
    seconds = visit.office.patience.wait(address)
    if seconds:
        return _form(visit, visit.say("wait_seconds", seconds=math.ceil(seconds)), 429)
    try:
        session = visit.office.desk.people.sign_in(
            visit.form.get("name", ""), visit.form.get("password", "")
        )
    except TooMany as error:
        visit.office.patience.failed(address)
        return _form(visit, error.told(visit.language)[0], 429)
    if session is None:
        visit.office.patience.failed(address)
        return _form(visit, visit.say("wrong_password"), 401)
    visit.office.patience.succeeded(address)
    return _entered(visit, session)


@page(signed_in=False)
def start(visit: Visit) -> Response:
    """The one-time link of the machine's own user."""
    own = visit.office.own
    session = own.enter(visit.query("key") or "") if own else None
    if session is None:
        return visit.show("problem.html", 403, text=visit.say("link_is_used"))
    return _entered(visit, session)


@page()
def sign_out(visit: Visit) -> Response:
    if visit.session is not None:
        visit.office.pictures.forget(visit.who.name)
        visit.office.desk.people.sign_out(visit.session.token)
        if visit.office.own is not None:
            visit.office.own.sign_out(visit.session.token)
    response = visit.go("/sign-in")
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    # Crops stay in a browser's cache for some minutes, and somebody else may sit down here now.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@page(signed_in=False)
def language(visit: Visit) -> Response:
    """The other language; back to where the person was."""
    wanted = "en" if visit.form.get("language") == "en" else "vi"
    back = visit.form.get("back", "/")
    # A path of this server only: "//elsewhere" and "/\elsewhere" would be other servers.
    own = back.startswith("/") and back[1:2] not in ("/", "\\") and back.isprintable()
    response = visit.go(back if own else "/")
    _set_cookie(visit, response, LANGUAGE_COOKIE, wanted, _YEAR)
    return response


def _form(visit: Visit, problem: str = "", status: int = 200) -> Response:
    before = secrets.token_urlsafe(24)
    response = visit.show(
        "sign_in.html", status, problem=problem, before=before, name=visit.form.get("name", "")
    )
    _set_cookie(visit, response, BEFORE, before)
    return response


def _entered(visit: Visit, session: Session) -> Response:
    """The cookie of a session that has just been made: whatever cookie the browser came with
    plays no part in it."""
    response = visit.go("/")
    _set_cookie(visit, response, COOKIE, session.token)
    response.delete_cookie(BEFORE, path="/", httponly=True, samesite="strict")
    return response


def _set_cookie(
    visit: Visit, response: Response, name: str, value: str, seconds: int | None = None
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=visit.office.secure,
        httponly=True,
        samesite="strict",
    )

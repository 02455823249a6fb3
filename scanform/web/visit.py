"""One request, with who asks, in which language, and how to answer.

``page`` makes a route of a plain function: it finds the session, checks the role and the CSRF
token, reads the form, runs the function in a thread (the store blocks) and words what goes wrong.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scanform.errors import NoSuchField, NoSuchRecord, NotAllowed, ScanformError, UsageError
from scanform.model.phrases import Language, Phrase
from scanform.review.people import Permission, Person, Session
from scanform.web.office import Office
from scanform.web.rendering import render
from scanform.web.wording import number, say

log = logging.getLogger(__name__)

COOKIE = "scanform"
LANGUAGE_COOKIE = "scanform_language"
MOST_FIELDS = 500
MOST_BYTES = 256 * 1024
_NOBODY = Phrase("Chưa ai đăng nhập.", "Nobody is signed in.")


@dataclass(slots=True)
class Visit:
    request: Request
    office: Office
    session: Session | None
    language: Language
    form: Mapping[str, str] = field(default_factory=dict)
    many: Callable[[str], list[str]] = lambda _name: []
    """Every value of a form's field."""

    @property
    def who(self) -> Person:
        """Who is signed in; only for routes that need a session."""
        if self.session is None:
            raise NotAllowed(_NOBODY)
        return self.session.person

    @property
    def by_htmx(self) -> bool:
        return "hx-request" in self.request.headers

    def say(self, key: str, **details: object) -> str:
        return say(key, self.language, **details)

    def told(self, error: ScanformError) -> str:
        """What is wrong and what to do about it."""
        return " ".join(filter(None, error.told(self.language)))

    def number(self, value: int) -> str:
        return number(value, self.language)

    def show(self, template: str, status: int = 200, /, **context: Any) -> Response:
        return Response(
            render(template, self, context), status, media_type="text/html; charset=utf-8"
        )

    def query(self, name: str) -> str | None:
        """A parameter of the address; None for none or an empty one."""
        return self.request.query_params.get(name) or None

    def go(self, path: str) -> Response:
        if self.by_htmx:
            return Response(headers={"HX-Redirect": path})
        return RedirectResponse(path, 303)


Work = Callable[[Visit], Response]
Route = Callable[[Request], Awaitable[Response]]


def page(
    permission: Permission | None = None, *, signed_in: bool = True
) -> Callable[[Work], Route]:
    """Makes a route. The use-case checks the permission too; here it is asked first, so that a
    page isn't half drawn before it is refused."""

    def decorate(work: Work) -> Route:
        async def route(request: Request) -> Response:
            visit = await run_in_threadpool(arrived, request)
            refused = await _refusal(visit, permission, signed_in)
            if refused is not None:
                return refused
            return await run_in_threadpool(_worded, work, visit)

        route.__name__ = work.__name__
        return route

    return decorate


def arrived(request: Request) -> Visit:
    """The request with its session; asks the store, so call it in a thread."""
    office: Office = request.app.state.office
    return Visit(request, office, _session(request, office), _language(request, office))


def _session(request: Request, office: Office) -> Session | None:
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    own = office.own.session(token) if office.own else None
    return own or office.desk.people.session(token)


def _language(request: Request, office: Office) -> Language:
    match request.cookies.get(LANGUAGE_COOKIE):
        case "vi":
            return "vi"
        case "en":
            return "en"
        case _:
            return office.language


async def _refusal(visit: Visit, permission: Permission | None, signed_in: bool) -> Response | None:
    """The answer to a request that isn't heard, None for one that is."""
    if signed_in and visit.session is None:
        return visit.go("/sign-in")
    if visit.request.method == "POST":
        refused = await _read_form(visit, signed_in)
        if refused is not None:
            return refused
    if permission is not None and not visit.who.may(permission):
        return problem(visit, visit.say("not_allowed"), 403)
    return None


async def _read_form(visit: Visit, signed_in: bool) -> Response | None:
    request = visit.request
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdecimal() or int(length) > MOST_BYTES:
        return problem(visit, visit.say("too_large"), 413)
    if foreign(request):
        return problem(visit, visit.say("stale_page"), 403)
    form = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=MOST_BYTES)
    values = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    visit.form = dict(values)
    visit.many = lambda name: [value for key, value in values if key == name]
    if signed_in and not rightful(visit):
        return problem(visit, visit.say("stale_page"), 403)
    return None


def foreign(request: Request) -> bool:
    """Whether a browser says that the request was made by a page of somebody else."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2] != request.headers.get("host")


def rightful(visit: Visit) -> bool:
    """Whether the request carries its session's CSRF token, in a header or in the form."""
    sent = visit.request.headers.get("x-csrf-token") or visit.form.get("csrf", "")
    wanted = visit.session.csrf if visit.session else ""
    return bool(wanted) and secrets.compare_digest(sent.encode(), wanted.encode())


def _worded(work: Work, visit: Visit) -> Response:
    try:
        return work(visit)
    except NotAllowed:
        return problem(visit, visit.say("not_allowed"), 403)
    except (NoSuchRecord, NoSuchField, KeyError):
        return problem(visit, visit.say("not_found"), 404)
    except UsageError as error:
        return problem(visit, visit.told(error), 422)
    except ScanformError as error:
        return problem(visit, visit.told(error), 409)
    except Exception:
        log.exception("a page failed")
        return problem(visit, visit.say("something_failed"), 500)


def problem(visit: Visit, text: str, status: int) -> Response:
    """Says what is wrong: a line for a part of a page, a page for a whole one."""
    template = "_problem.html" if visit.by_htmx else "problem.html"
    return visit.show(template, status, text=text)

"""Every address of the pages with all that it reads, each with a value that does: for tests that
try something odd at each place in turn. A route that isn't here, or reads more than is said here,
fails ``test_web_every_route``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from starlette.datastructures import QueryParams
from starlette.routing import Route
from web_office import ADMIN, PASSWORD, Browser, hidden

from scanform.review import Person
from scanform.web import visit
from scanform.web.app import create_app

FEW = 8
"""Answers waiting: with fewer of them some request would find nothing."""
R0 = "r000000000000000"
TOKEN, AHEAD, SHEET, REJECTED, BEFORE, PAIR, OTHER, VERSION = (f"<{n}>" for n in range(8))
"""Made anew for each request: a claim, the one fetched ahead, a sheet of a group, a rejected page's
number, the mark of a sign-in form, two records, the last row of the log about an answer."""

PART = {"work": "review", "order": "by_field", "template": "small", "field": "name"}
PART |= {"kind": "text", "record": R0}
BENCH = PART | {"token": TOKEN, "ahead": AHEAD}
GROUP = {"template": "small", "field": "sex", "value": "Nam"}


@dataclass(frozen=True)
class Asked:
    """What a route reads: in its path, its query, its form. ``file``: the body is a file."""

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    file: bool = False

    def places(self) -> list[tuple[str, str]]:
        parts = (("path", self.path), ("query", self.query), ("form", self.form))
        return [(part, name) for part, names in parts for name in names]


def path(**names: str) -> Asked:
    return Asked(path=names)


ROUTES: dict[tuple[str, str], Asked] = {
    ("GET", "/"): Asked(),
    ("GET", "/health"): Asked(),
    ("GET", "/metrics"): Asked(),
    ("GET", "/sign-in"): Asked(),
    ("POST", "/sign-in"): Asked(form={"name": "clerk", "password": PASSWORD, "before": BEFORE}),
    ("GET", "/start"): Asked(query={"key": "wrong"}),
    ("POST", "/sign-out"): Asked(),
    ("POST", "/language"): Asked(form={"language": "vi", "back": "/"}),
    ("GET", "/review"): Asked(query=PART),
    ("POST", "/review/decide"): Asked(
        query=PART, form=BENCH | {"action": "enter", "text": "LÊ A", "offer": "", "note": ""}
    ),
    ("POST", "/review/undo"): Asked(query=PART, form=BENCH | {"number": "1"}),
    ("POST", "/review/note"): Asked(query=PART, form=BENCH | {"note": "mờ"}),
    ("GET", "/review/complete"): Asked(query={"token": TOKEN, "text": "L"}),
    ("GET", "/review/page/{token}"): path(token=TOKEN),
    ("GET", "/review/sight/{token}/{view}"): path(token=TOKEN, view="row"),
    ("GET", "/review/picture/{token}/{view}.png"): path(token=TOKEN, view="field"),
    ("GET", "/records"): Asked(
        query={"template": "small", "status": "pending", "scan": "box", "after": R0}
    ),
    ("GET", "/records/{record}"): path(record=R0),
    ("GET", "/records/{record}/page/{page}.jpg"): path(record=R0, page="1"),
    ("POST", "/records/{record}/field/{field}"): Asked(
        {"record": R0, "field": "name"},
        form={"action": "correct", "version": VERSION, "text": "LÊ B"},
    ),
    ("GET", "/groups"): Asked(),
    ("GET", "/groups/sheet"): Asked(query=GROUP),
    ("POST", "/groups/accept"): Asked(form=GROUP | {"token": SHEET, "struck": f"{R0}/name"}),
    ("POST", "/groups/leave"): Asked(form={"token": SHEET}),
    ("GET", "/groups/picture/{token}/{record}/{field}.png"): path(
        token=SHEET, record=R0, field="name"
    ),
    ("GET", "/scans"): Asked(),
    ("GET", "/scans/jobs"): Asked(),
    ("POST", "/scans"): Asked(query={"name": "a.pdf", "template": "small"}, file=True),
    ("GET", "/rejected"): Asked(),
    ("GET", "/rejected/{number}"): path(number=REJECTED),
    ("GET", "/rejected/{number}/picture.jpg"): path(number=REJECTED),
    ("POST", "/rejected/{number}/again"): Asked({"number": REJECTED}, form={"template": "small"}),
    ("GET", "/keying"): Asked(),
    ("POST", "/keying"): Asked(
        form={"template": "small", "field": "number", "share": "50", "keyers": "2"}
    ),
    ("GET", "/sample"): Asked(),
    ("POST", "/sample"): Asked(form={"template": "small", "share": "50"}),
    ("POST", "/sample/tighten"): Asked(),
    ("POST", "/export"): Asked(form={"format": "csv", "template": "small", "complete": "yes"}),
    ("GET", "/paper"): Asked(),
    ("POST", "/paper"): Asked(form={"record": R0}),
    ("GET", "/figures"): Asked(),
    ("GET", "/learning"): Asked(),
    ("GET", "/learning/curve.png"): Asked(),
    ("GET", "/tally"): Asked(),
    ("GET", "/report"): Asked(query={"day": "2018-10-26"}),
    ("GET", "/report/curve.png"): Asked(query={"day": "2018-10-26"}),
    ("GET", "/report/file.{ending}"): Asked({"ending": "md"}, query={"day": "2018-10-26"}),
    ("GET", "/boxes"): Asked(),
    ("GET", "/boxes/{batch}"): path(batch="B0001"),
    ("POST", "/boxes/{batch}/settle"): Asked(
        {"batch": "B0001"}, form={"task": "short", "note": "tìm thấy", "again": ""}
    ),
    ("GET", "/pairs"): Asked(),
    ("POST", "/pairs"): Asked(form={"verdict": "same", "first": PAIR, "second": OTHER}),
    ("GET", "/people"): Asked(),
    ("POST", "/people"): Asked(
        form={"action": "add", "name": "tu", "role": "clerk", "password": PASSWORD}
    ),
    ("GET", "/seeds"): Asked(),
    ("POST", "/seeds"): Asked(
        form={"action": "add", "template": "small", "count": "5", "share": "2"}
    ),
    ("GET", "/password"): Asked(),
    ("POST", "/password"): Asked(form={"password": "", "again": ""}),
}
OPEN = {"/health", "/metrics", "/sign-in", "/start", "/language"}
"""What is answered to whoever isn't signed in."""


def plain(route: str) -> str:
    """``/records/{record}/page/{page:int}.jpg`` without what kind of value it takes."""
    return re.sub(r":\w+}", "}", route)


def routes(browser: Browser) -> set[tuple[str, str]]:
    """What the application itself answers to."""
    return {
        (method, plain(route.path))
        for route in create_app(browser.office).routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }


def ask(
    browser: Browser, where: tuple[str, str], odd: Mapping[tuple[str, str], str] | None = None
) -> Any:
    """Asks a route with values that do, but for those that ``odd`` gives by part and name."""
    method, route = where
    if route == "/sign-in":
        browser = Browser(browser.office)
    elif browser.get("/").status_code == 303:  # the last one signed out
        browser.sign_in("admin")
    asked, made = ROUTES[where], _Made(browser)
    values = {
        (part, name): made(getattr(asked, part)[name]) for part, name in asked.places()
    } | dict(odd or {})
    parts: dict[str, dict[str, str]] = {"path": {}, "query": {}, "form": {}}
    for (part, name), value in values.items():
        parts[part][name] = value
    address = route.format(**{name: quote(v, safe="") for name, v in parts["path"].items()})
    if method == "GET":
        return browser.get(address, params=parts["query"] or None)
    headers = {} if route in OPEN else {"X-CSRF-Token": browser.csrf, "HX-Request": "true"}
    body: dict[str, Any] = {"content": b"%PDF"} if asked.file else {"data": parts["form"]}
    return browser.post(address, params=parts["query"], headers=headers, **body)


class _Made:
    """Values that hold for one request."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._bench = ""

    def __call__(self, value: str) -> str:
        if value in (TOKEN, AHEAD):
            self._bench = self._bench or self._given("/review")
            return hidden(self._bench, "token" if value == TOKEN else "ahead")
        if value == SHEET:
            groups = self._browser.office.desk.groups.all(ADMIN, least=1)
            name = next(each.value for each in groups if each.field == "name")
            address = f"/groups/sheet?template=small&field=name&value={quote(name or '')}"
            return hidden(self._given(address), "token")
        if value == REJECTED:
            found = re.search(r"/rejected/(\w+)", self._browser.get("/rejected").text)
            return found[1] if found else "0" * 24
        if value == BEFORE:
            return hidden(self._browser.get("/sign-in").text, "before")
        if value == VERSION:
            return str(self._browser.office.desk.review.item(R0, "name").version)
        return {PAIR: R0, OTHER: "r000000000000001"}.get(value, value)

    def _given(self, address: str) -> str:
        """The page that hands something out, when nothing else is in hand; where nothing waits any
        more, what was decided is taken back."""
        queue = self._browser.office.desk.queue
        for row in queue.room.store.held("admin", datetime.now(UTC)):
            queue.room.store.release(row.token)
        if queue.left(ADMIN, "review") < FEW:
            boss = Person("admin", "admin")
            for each in queue.recent(boss, 1000):
                if each.undoable:
                    queue.undo(boss, each.number)
        return self._browser.get(address).text


@contextmanager
def statements(browser: Browser) -> Iterator[list[tuple[str, str]]]:
    """Every statement that is sent to the database meanwhile, and what is bound to it."""
    seen: list[tuple[str, str]] = []

    def note(*args: Any) -> None:
        seen.append((args[2], repr(args[3])))

    engine = browser.office.desk.review.store.engine  # type: ignore[attr-defined]
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


class Reads:
    """Which names routes ask their query and their form for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: set[tuple[str, str]] = set()
        reads, read_form = self, visit._read_form

        class Form(dict[str, str]):
            def __getitem__(self, name: str) -> str:
                reads.seen.add(("form", name))
                return super().__getitem__(name)

            def get(self, name: str, default: Any = None) -> Any:
                reads.seen.add(("form", name))
                return super().get(name, default)

        async def noting(of: visit.Visit, signed_in: bool) -> Any:
            refused = await read_form(of, signed_in)
            of.form, many = Form(of.form), of.many
            of.many = lambda name: reads.seen.add(("form", name)) or many(name)
            return refused

        monkeypatch.setattr(visit, "_read_form", noting)
        for name in ("__getitem__", "getlist"):
            self._watch(monkeypatch, name)

    def _watch(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        asked = getattr(QueryParams, name)

        def noting(params: QueryParams, key: str) -> Any:
            self.seen.add(("query", key))
            return asked(params, key)

        monkeypatch.setattr(QueryParams, name, noting)

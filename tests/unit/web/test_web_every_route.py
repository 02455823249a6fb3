"""Every route of the application, which is asked for them itself: SQL, paths and HTML at each place
that it reads, headers on each answer, nobody let in unknown."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from web_office import ADMIN, PASSWORD, Browser
from web_routes import OPEN, ROUTES, Reads, ask, routes, statements

import scanform.web.routes
from scanform.cli.campaign_desk import CampaignDesk
from scanform.model.campaign import Slip
from scanform.model.scan import Rejected
from scanform.review import Filter
from scanform.web.doors import OwnMachine
from scanform.web.office import Office
from scanform.web.security import HEADERS

MARK, DAY = "zq7", date(2018, 10, 1)
ODD = [
    f"{MARK}' OR 1=1; --<script>alert(1)</script>",
    f'../../../etc/passwd\x00{MARK}\\"%_) UNION SELECT 1--<img src=x onerror=alert(2)>',
]
"""SQL, HTML and a path in one: whatever a place is read for, it is a value there and no more."""
TRAVERSAL = ["../../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "..\\..\\passwd"]
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>"
PLACES = [(where, *place) for where, asked in ROUTES.items() for place in asked.places()]
PATHS = [(where, name) for where, asked in ROUTES.items() for name in asked.path]
REACH = {
    ("/records", "template"),
    ("/records", "scan"),
    ("/records", "after"),
    ("/records/{record}", "record"),
    ("/records/{record}/field/{field}", "record"),
    ("/records/{record}/field/{field}", "text"),
    ("/review", "record"),
    ("/review/decide", "token"),
    ("/review/decide", "ahead"),
    ("/review/decide", "text"),
    ("/review/note", "note"),
    ("/review/picture/{token}/{view}.png", "token"),
    ("/groups/accept", "token"),
    ("/groups/picture/{token}/{record}/{field}.png", "token"),
    ("/keying", "template"),
    ("/sample", "template"),
    ("/paper", "record"),
    ("/people", "name"),
    ("/pairs", "first"),
}
"""Some that do reach a statement: the probe would see it if they were written into one."""


@pytest.fixture
def full(open_it: Callable[..., Office]) -> Browser:
    """Somebody who may do everything, in an office that has one of everything."""
    office = replace(open_it(records=12, accounts=True), own=OwnMachine(ADMIN))
    browser = Browser(office)
    assert browser.sign_in("admin") == 303
    store = office.desk.review.store
    store.reject_scan(Rejected(Path("box/bad.pdf"), "ff" * 32, None, "damaged", {"detail": "x"}))
    assert isinstance(office.campaign, CampaignDesk)
    office.campaign._kept.open_batch(Slip("Xã Thạnh Hải", DAY, "Lan", 9), "chi")
    return browser


def test_every_route_is_known(full: Browser) -> None:
    assert routes(full) == set(ROUTES)
    for _, route in ROUTES:
        assert {n for w, n in PATHS if w[1] == route} == _named(route), route


def _named(route: str) -> set[str]:
    return {part.partition("}")[0] for part in route.split("{")[1:]}


def test_every_name_that_a_route_reads_is_known(
    full: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it runs, with values that do and with an action of each sort."""
    reads = Reads(monkeypatch)
    actions = ["enter", "paper", "role", "password", "disable", "enable", "accept", "blank"]
    actions += ["add", "share"]
    for where, asked in ROUTES.items():
        for action in actions if "action" in asked.form else [""]:
            odd = {("form", "action"): action} if action else {}
            reads.seen.clear()
            ask(full, where, odd)
            known = {*asked.places(), ("form", "csrf")}
            extra = {each for each in reads.seen if each not in known}
            assert extra <= _on_the_way(), (where, extra)


def _on_the_way() -> set[tuple[str, str]]:
    """What is read on the way: the pages that hand out a token, and signing in anew."""
    on_the_way = {("GET", "/review"), ("GET", "/groups/sheet"), ("POST", "/sign-in")}
    return {place for other in on_the_way for place in ROUTES[other].places()}


def test_every_name_in_the_code_of_a_route_is_known() -> None:
    """As it is written, whatever runs: a name that is read must be one of that module's routes, and
    none may be made up on the way."""
    folder = Path(scanform.web.routes.__file__).parent
    known = {name for asked in ROUTES.values() for _, name in asked.places()}
    for file in sorted(folder.glob("*.py")):
        for call, name in _read_in(ast.parse(file.read_text("utf-8"))):
            if name is None:
                assert (file.name, call) in {("review.py", "get"), ("review.py", "query")}, call
            else:
                assert name in known | {"csrf", "scanform_before"}, f"{file.name}: {name}"


def _read_in(tree: ast.AST) -> Iterator[tuple[str, str | None]]:
    """Calls of ``query``, ``many``, ``asked``, ``getlist`` and ``get`` of forms, with the name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func
            name = getattr(called, "attr", getattr(called, "id", ""))
            of = ast.unparse(called)
            if name in ("query", "many", "asked", "getlist") or of.endswith(
                ("form.get", "params.get")
            ):
                first = node.args[0]
                yield name, first.value if isinstance(first, ast.Constant) else None


@pytest.mark.parametrize("bad", ODD)
def test_a_value_is_a_value_and_nothing_else(full: Browser, bad: str) -> None:
    """Bound and never written into a statement, no file's name, and text where it is sent back."""
    before = [each.id for each in full.office.desk.review.store.records()]
    reached = set()
    with opened() as files:
        for where, part, name in PLACES:
            with statements(full) as seen:
                # A slash in a path would make it the path of another route.
                odd = bad.replace("/", "") if part == "path" else bad
                answer = ask(full, where, {(part, name): odd})
            assert answer.status_code < 500, (where, name)
            assert not [text for text, _ in seen if MARK in text], (where, name)
            reached |= {(where[1], name) for _, bound in seen if MARK in bound}
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert "<script>alert" not in answer.text, (where, name)
                assert "<img src=x" not in answer.text, (where, name)
    assert [each.id for each in full.office.desk.review.store.records()] == before
    assert bad != ODD[0] or reached >= REACH
    assert not [each for each in files if MARK in each and "/uploads/" not in each]


@pytest.mark.parametrize("bad", TRAVERSAL)
def test_no_address_opens_a_file_elsewhere(full: Browser, bad: str) -> None:
    with opened() as files:
        for where, name in PATHS:
            answer = ask(full, where, {("path", name): bad})
            assert answer.status_code < 500, (where, name)
            assert "root:" not in answer.text, (where, name)
    assert not [each for each in files if "passwd" in each]


_watched: list[list[str]] = []


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if event == "open" and _watched and isinstance(args[0], str | bytes | Path):
        _watched[-1].append(str(args[0]))


@contextmanager
def opened() -> Iterator[list[str]]:
    """The files that are opened meanwhile, by whatever."""
    if not hasattr(sys, "_scanform_hook"):
        sys.addaudithook(_hook)
        sys._scanform_hook = True  # type: ignore[attr-defined]
    _watched.append([])
    try:
        yield _watched[-1]
    finally:
        _watched.pop()


def test_what_is_stored_comes_out_as_text_on_every_page(open_it: Callable[..., Office]) -> None:
    """Read from a form, typed, noted, a file's name, an account's, a unit's: on every page."""
    office = open_it(name=XSS, records=6, accounts=True)
    browser = Browser(office)
    browser.sign_in("admin")
    store = office.desk.review.store
    path = Path("box") / XSS.replace("/", "")
    store.reject_scan(Rejected(path, "ff" * 32, None, "damaged", {"detail": XSS}))
    assert isinstance(office.campaign, CampaignDesk)
    office.campaign._kept.open_batch(Slip(XSS, DAY, XSS, 9), "chi")
    office.desk.people.add(ADMIN, XSS[:55], "clerk", PASSWORD)
    ask(browser, ("POST", "/scans"), {("query", "name"): XSS})
    ask(browser, ("POST", "/review/note"), {("form", "note"): XSS})
    ask(browser, ("POST", "/review/decide"), {("form", "text"): XSS})
    claim = office.desk.queue.claim(ADMIN, only=Filter(field="name"))
    assert claim is not None
    office.desk.queue.paper(ADMIN, claim.token, XSS)
    assert "&lt;script&gt;alert" in browser.get("/review").text
    shown = set()
    for where in ROUTES:
        if where[0] == "GET":
            text = ask(browser, where).text
            assert "<script>alert" not in text, where
            assert "<img src=x" not in text, where
            if "&lt;script&gt;alert" in text:
                shown.add(where[1])
    wanted = {"/", "/groups", "/records/{record}", "/scans", "/rejected", "/paper"}
    assert shown >= wanted | {"/scans/jobs", "/rejected/{number}", "/tally", "/people", "/boxes"}


def test_every_answer_carries_the_headers(full: Browser) -> None:
    for where in ROUTES:
        headers = ask(full, where).headers
        for name, value in HEADERS.items():
            assert headers[name] == value, (where, name)
        kept = headers["cache-control"]
        picture = headers.get("content-type", "").startswith("image/")
        assert kept == "no-store" or (picture and kept == "private, max-age=600"), where


def test_nobody_unknown_is_let_in_anywhere(office: Office) -> None:
    browser = Browser(office)
    for method, route in ROUTES:
        if route in OPEN:
            continue
        names = _named(route)
        address = route.format(**dict.fromkeys(names, "1"))
        answer = browser.request(method, address, headers={"X-CSRF-Token": "x"})
        if answer.status_code != 403:
            assert answer.headers["location"] == "/sign-in", route

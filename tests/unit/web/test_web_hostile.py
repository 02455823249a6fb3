from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from web_office import ADMIN, Browser, hidden

from scanform.model.record import Record
from scanform.model.scan import Rejected
from scanform.web.office import Office
from scanform.web.routes.scans import number_of

XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}"
ESCAPED = "&lt;script&gt;alert(1)"
SQL = [
    "' OR '1'='1",
    "x'; DROP TABLE records; --",
    "%",
    "_",
    "\\",
    "\x00",
    "1 UNION SELECT 1",
    "đ'",
]
TRAVERSAL = [
    "../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "....//....//etc/passwd",
    "/etc/passwd",
    "..\\..\\etc\\passwd",
    "%00",
]


@pytest.mark.parametrize("bad", TRAVERSAL)
@pytest.mark.parametrize(
    "address",
    [
        "/review/picture/{}/field.png",
        "/review/picture/x/{}.png",
        "/review/picture/x/{}",
        "/review/page/{}",
        "/review/sight/x/{}",
        "/records/{}/page/1.jpg",
        "/records/r000000000000000/page/{}.jpg",
        "/groups/picture/{}/r000000000000000/name.png",
        "/groups/picture/x/{}/name.png",
        "/groups/picture/x/r000000000000000/{}.png",
        "/rejected/{}/picture.jpg",
        "/static/{}",
        "/static/../templates/{}",
    ],
)
def test_no_address_leads_out_of_the_workspace(browser: Browser, address: str, bad: str) -> None:
    answer = browser.get(address.format(bad))
    assert answer.status_code in (303, 400, 404, 405, 409)
    assert "root:" not in answer.text
    assert str(browser.office.intake.folder.parent) not in answer.text  # type: ignore[union-attr]


def test_what_was_read_is_text_and_nothing_else(open_it: Callable[..., Office]) -> None:
    browser = Browser(open_it(name=XSS, records=4)).start()
    value = browser.office.desk.review.store.record("r000000000000000").answer("name").value
    assert value is not None
    assert XSS[:20] in value
    for path in (
        "/review",
        "/groups",
        "/records/r000000000000000",
        "/tally",
    ):
        text = browser.get(path).text
        assert ESCAPED in text, path
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        assert "{{7*7}}" in text, path


def test_what_was_typed_is_text_and_nothing_else(browser: Browser) -> None:
    token = hidden(browser.get("/review").text, "token")
    status, text = browser.tell("/review/note", token=token, note=XSS)
    assert status == 200
    assert ESCAPED in text
    status, text = browser.tell("/review/decide", token=token, action="enter", text=XSS)
    assert status == 200
    assert ESCAPED in text
    assert "<script>alert" not in text
    for path in ("/", "/records/r000000000000000"):
        text = browser.get(path).text
        assert ESCAPED in text, path
        assert "<script>alert" not in text, path


def test_a_file_s_name_is_text_and_nothing_else(browser: Browser) -> None:
    store = browser.office.desk.review.store
    path = Path("box") / XSS.replace("/", "")
    rejected = Rejected(path, "ff" * 32, None, "damaged", {"detail": XSS})
    store.reject_scan(rejected)
    for address in ("/rejected", f"/rejected/{number_of(store.rejected()[0])}"):
        text = browser.get(address).text
        assert "&lt;script&gt;" in text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    headers = {"X-CSRF-Token": browser.csrf}
    assert (
        browser.post("/scans", params={"name": XSS}, content=b"x", headers=headers).status_code
        == 200
    )
    text = browser.get("/scans/jobs").text
    assert ESCAPED in text
    assert "<script>alert" not in text


def test_a_search_is_shown_back_as_text(browser: Browser) -> None:
    text = browser.get("/records", params={"scan": XSS, "template": XSS, "status": XSS}).text
    assert ESCAPED in text
    assert "<script>alert" not in text


@pytest.mark.parametrize("bad", SQL)
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/records", ["template", "status", "scan", "after"]),
        ("/review", ["template", "field", "kind", "record", "order", "work"]),
        ("/groups/sheet", ["template", "field", "value"]),
        ("/review/complete", ["token", "text"]),
    ],
)
def test_a_filter_is_a_value_and_never_a_command(
    browser: Browser, path: str, names: list[str], bad: str
) -> None:
    before = _all(browser)
    for name in names:
        answer = browser.get(path, params={name: bad})
        assert answer.status_code < 500, name
        if name in ("scan", "template", "record"):
            assert "NGUYEN VAN" not in answer.text, f"{name} let everything through"
    assert _all(browser) == before


@pytest.mark.parametrize("bad", SQL)
def test_a_form_s_field_is_a_value_and_never_a_command(browser: Browser, bad: str) -> None:
    before = _all(browser)
    for path, fields in {
        "/review/decide": {"token": bad, "action": "blank"},
        "/review/undo": {"number": bad},
        "/groups/accept": {"token": bad, "struck": f"{bad}/{bad}"},
        "/paper": {"record": bad},
        "/export": {"format": "csv", "template": bad},
        "/keying": {"template": bad, "field": bad, "share": bad},
        "/sample": {"template": bad, "share": "50"},
        "/records/r000000000000000/field/name": {"action": "accept", "version": bad},
        "/people": {"action": "role", "name": bad, "role": "clerk"},
    }.items():
        assert browser.tell(path, **fields)[0] < 500, path
    after = _all(browser)
    assert [each.id for each in after] == [each.id for each in before]


def _all(browser: Browser) -> list[Record]:
    return list(browser.office.desk.review.store.records())


def test_an_uploaded_file_stays_in_its_folder(browser: Browser) -> None:
    headers = {"X-CSRF-Token": browser.csrf}
    intake = browser.office.intake
    assert intake is not None
    for name in ["../../evil.pdf", "..\\..\\evil.pdf", "/etc/cron.d/x", "", ".", "..", "a" * 500]:
        assert (
            browser.post(
                "/scans", params={"name": name}, content=b"%PDF", headers=headers
            ).status_code
            == 200
        )
    kept = [path for path, *_ in intake.taken]  # type: ignore[attr-defined]
    assert len({*kept}) == 7
    assert {path.parent for path in kept} == {intake.folder}
    assert all(path.resolve().parent == intake.folder.resolve() for path in kept)


def test_an_upload_needs_the_token_the_role_and_a_length(office: Office) -> None:
    clerk, checker = Browser(office), Browser(office)
    clerk.sign_in("clerk")
    checker.sign_in("checker")
    token = {"X-CSRF-Token": clerk.csrf}
    assert clerk.post("/scans", content=b"x", headers=token).status_code == 403
    token = {"X-CSRF-Token": checker.csrf}
    assert checker.post("/scans", content=b"x").status_code == 403
    assert checker.post("/scans", content=iter([b"x"]), headers=token).status_code == 411
    elsewhere = token | {"origin": "https://evil.example"}
    assert checker.post("/scans", content=b"x", headers=elsewhere).status_code == 403
    answer = checker.post("/scans?name=a.pdf&template=small", content=b"%PDF-1", headers=token)
    assert answer.status_code == 200
    ((path, by, name, templates),) = office.intake.taken  # type: ignore[union-attr]
    assert (by, name, templates) == ("checker", "a.pdf", ("small",))
    assert path.read_bytes() == b"%PDF-1"


def test_nothing_is_said_of_the_inside_when_the_server_fails(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("secret path /srv/box")

    object.__setattr__(browser.office, "figures", fail)
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert ADMIN.name in answer.text, "the frame is still there"

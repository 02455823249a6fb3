from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from web_office import ADMIN, PASSWORD, Browser, hidden

from scanform.web.app import create_app
from scanform.web.doors import FREE_TRIES, LONGEST, OwnMachine, Patience
from scanform.web.office import Office
from scanform.web.visit import COOKIE


def test_the_link_works_once(open_it: Callable[..., Office]) -> None:
    office = open_it()
    first, second = Browser(office), Browser(office)
    assert first.get("/").headers["location"] == "/sign-in"
    assert first.get("/start?key=wrong").status_code == 403
    first.start()
    assert first.get("/").status_code == 200
    assert office.own is not None
    assert second.get(f"/start?key={office.own.key}").status_code == 403
    assert second.get("/").headers["location"] == "/sign-in"
    assert "scanform serve" in second.get("/sign-in").text


def test_the_link_s_session_ends() -> None:
    now = [datetime(2018, 10, 1, tzinfo=UTC)]
    own = OwnMachine(ADMIN, lambda: now[0])
    session = own.enter(own.key)
    assert session is not None
    assert own.session(session.token) == session
    assert own.session("something else") is None
    now[0] += LONGEST
    assert own.session(session.token) is None


def test_a_password_opens_and_a_wrong_one_does_not(office: Office) -> None:
    browser = Browser(office)
    assert browser.sign_in("clerk", "nothing like it") == 401
    assert browser.sign_in("nobody") == 401
    assert browser.get("/").status_code == 303
    assert browser.sign_in("clerk") == 303
    assert browser.get("/").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(office: Office) -> None:
    browser = Browser(office)
    before = hidden(browser.get("/sign-in").text, "before")
    sent = {"name": "clerk", "password": PASSWORD, "before": before}
    cookies = browser.post("/sign-in", data=sent).headers.get_list("set-cookie")
    (cookie,) = [each for each in cookies if each.startswith(f"{COOKIE}=")]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/" in cookie
    assert "Max-Age" not in cookie  # ends with the browser


def test_a_session_planted_before_signing_in_is_worth_nothing(office: Office) -> None:
    browser = Browser(office)
    browser.cookies.set(COOKIE, "planted-by-somebody")
    assert browser.sign_in("clerk") == 303
    assert browser.cookies.get(COOKIE, domain="127.0.0.1") != "planted-by-somebody"
    attacker = Browser(office)
    attacker.cookies.set(COOKIE, "planted-by-somebody")
    assert attacker.get("/").headers["location"] == "/sign-in"


def test_each_sign_in_is_a_new_session(office: Office) -> None:
    browser = Browser(office)
    browser.sign_in("clerk")
    first = browser.cookies.get(COOKIE)
    browser.tell("/sign-out")
    browser.sign_in("clerk")
    assert browser.cookies.get(COOKIE) != first


def test_signing_out_ends_the_session_itself(office: Office) -> None:
    browser = Browser(office)
    browser.sign_in("clerk")
    kept = browser.cookies.get(COOKIE)
    browser.tell("/sign-out")
    thief = Browser(office)
    thief.cookies.set(COOKIE, str(kept))
    assert thief.get("/").headers["location"] == "/sign-in"


def test_nobody_is_signed_in_by_another_site(office: Office) -> None:
    browser = Browser(office)
    sent = {"name": "clerk", "password": PASSWORD, "before": "guessed"}
    assert browser.post("/sign-in", data=sent).status_code == 403
    sent["before"] = hidden(browser.get("/sign-in").text, "before")
    answer = browser.post("/sign-in", data=sent, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


def test_an_account_waits_after_some_wrong_passwords(office: Office) -> None:
    browser = Browser(office)
    codes = [browser.sign_in("clerk", "wrong password") for _ in range(7)]
    assert codes[:5] == [401] * 5
    assert codes[-1] == 429
    assert browser.sign_in("clerk") == 429, "the right one has to wait too"


def test_an_address_waits_longer_with_each_wrong_password() -> None:
    now = [0.0]
    patience = Patience(lambda: now[0])
    for _ in range(FREE_TRIES):
        assert patience.wait("10.0.0.7") == 0
        patience.failed("10.0.0.7")
    first = patience.wait("10.0.0.7")
    assert first > 0
    assert patience.wait("10.0.0.8") == 0
    now[0] += first
    assert patience.wait("10.0.0.7") == 0
    patience.failed("10.0.0.7")
    assert patience.wait("10.0.0.7") == 2 * first
    patience.succeeded("10.0.0.7")
    assert patience.wait("10.0.0.7") == 0


def _posts(office: Office) -> list[str]:
    fill = {"record": "r000000000000000", "field": "name", "number": "0" * 24, "batch": "B0001"}
    return sorted(
        route.path.format(**fill)
        for route in create_app(office).routes
        if "POST" in (getattr(route, "methods", None) or ())
    )


def test_no_change_is_made_without_the_session_s_token(browser: Browser) -> None:
    paths = [each for each in _posts(browser.office) if each not in ("/sign-in", "/language")]
    assert len(paths) > 10
    for path in paths:
        for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": ""}):
            assert browser.post(path, headers=headers).status_code == 403, path


def test_another_session_s_token_is_no_token(office: Office) -> None:
    one, other = Browser(office), Browser(office)
    one.sign_in("clerk")
    other.sign_in("admin")
    assert one.post("/sign-out", headers={"X-CSRF-Token": other.csrf}).status_code == 403
    assert one.post("/sign-out", headers={"X-CSRF-Token": one.csrf}).status_code == 303


def test_no_change_is_made_for_a_page_of_another_site(browser: Browser) -> None:
    for path in _posts(browser.office):
        for name, value in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")]:
            headers = {"X-CSRF-Token": browser.csrf, name: value}
            assert browser.post(path, headers=headers).status_code == 403, path


def test_a_body_of_unknown_or_great_length_is_not_read(browser: Browser) -> None:
    headers = {"X-CSRF-Token": browser.csrf}
    endless = browser.post("/review/note", content=iter([b"note=", b"x"]), headers=headers)
    assert endless.status_code == 413
    great = browser.post("/review/note", data={"note": "x" * 300_000}, headers=headers)
    assert great.status_code == 413


def test_one_s_own_password_is_changed_and_signs_out(office: Office) -> None:
    browser = Browser(office)
    browser.sign_in("clerk")
    new = "một mật khẩu khác"
    assert browser.tell("/password", password=new, again="not the same")[0] == 422
    assert browser.tell("/password", password="short", again="short")[0] == 422
    assert browser.tell("/password", password=new, again=new)[0] == 200
    assert browser.get("/").headers["location"] == "/sign-in"
    assert browser.sign_in("clerk") == 401
    assert browser.sign_in("clerk", new) == 303


@pytest.mark.parametrize("token", ["", "x" * 10_000, "' OR 1=1 --", "đ"])
def test_odd_cookies_are_no_session(office: Office, token: str) -> None:
    answer = Browser(office).get("/", headers={"cookie": f"{COOKIE}={token}".encode()})
    assert answer.headers["location"] == "/sign-in"

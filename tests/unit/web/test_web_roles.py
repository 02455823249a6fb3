from __future__ import annotations

import re

import pytest
from web_office import Browser, hidden

from scanform.review import Person
from scanform.web.office import Office

ALLOWED = {
    "/": {"clerk", "checker", "officer", "admin"},
    "/review": {"clerk", "checker", "officer", "admin"},
    "/groups": {"clerk", "checker", "officer", "admin"},
    "/keying": {"clerk", "checker", "officer", "admin"},
    "/figures": {"clerk", "checker", "officer", "admin"},
    "/password": {"clerk", "checker", "officer", "admin"},
    "/review?work=settle": {"checker", "officer", "admin"},
    "/sample": {"checker", "officer", "admin"},
    "/records": {"checker", "officer", "admin"},
    "/records/r000000000000000": {"checker", "officer", "admin"},
    "/records/r000000000000000/page/1.jpg": {"checker", "officer", "admin"},
    "/scans": {"checker", "officer", "admin"},
    "/rejected": {"checker", "officer", "admin"},
    "/paper": {"checker", "officer", "admin"},
    "/tally": {"checker", "officer", "admin"},
    "/boxes": {"checker", "officer", "admin"},
    "/pairs": {"checker", "officer", "admin"},
    "/learning": {"officer", "admin"},
    "/people": {"admin"},
    "/seeds": {"admin"},
}
POSTS = {
    "/records/r000000000000000/field/name": ({"action": "blank"}, {"checker", "officer", "admin"}),
    "/paper": ({"record": "r000000000000000"}, {"checker", "officer", "admin"}),
    "/keying": ({"template": "small", "share": "50"}, {"officer", "admin"}),
    "/sample": ({"share": "50"}, {"officer", "admin"}),
    "/sample/tighten": ({}, {"officer", "admin"}),
    "/export": ({"format": "csv"}, {"officer", "admin"}),
    "/pairs": ({"verdict": "same"}, {"checker", "officer", "admin"}),
    "/boxes/B0001/settle": ({"task": "x"}, {"checker", "officer", "admin"}),
    "/people": ({"action": "role", "name": "clerk", "role": "clerk"}, {"admin"}),
    "/seeds": ({"action": "share", "share": "2"}, {"admin"}),
}
ROLES = ["clerk", "checker", "officer", "admin"]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_pages_and_no_others(office: Office, role: str) -> None:
    browser = Browser(office)
    browser.sign_in(role)
    seen = {path: browser.get(path).status_code for path in ALLOWED}
    assert seen == {path: 200 if role in roles else 403 for path, roles in ALLOWED.items()}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_changes_what_it_may_and_nothing_else(office: Office, role: str) -> None:
    browser = Browser(office)
    browser.sign_in(role)
    for path, (fields, roles) in POSTS.items():
        assert (browser.tell(path, **fields)[0] != 403) == (role in roles), path


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_names_only_what_may_be_opened(office: Office, role: str) -> None:
    browser = Browser(office)
    browser.sign_in(role)
    menu = re.search(r"<nav.*?</nav>", browser.get("/").text, re.S)
    assert menu is not None
    for path in re.findall(r'href="([^"]+)"', menu[0]):
        assert browser.get(path).status_code == 200, path


def test_without_signing_in_there_is_nothing(office: Office) -> None:
    browser = Browser(office)
    for path in ALLOWED:
        assert browser.get(path).headers["location"] == "/sign-in", path
    for path in POSTS:
        assert browser.post(path).headers["location"] == "/sign-in", path


def test_a_picture_is_for_whoever_has_the_answer_in_hand(office: Office) -> None:
    mine, other = Browser(office), Browser(office)
    mine.sign_in("clerk")
    other.sign_in("checker")
    token = hidden(mine.get("/review").text, "token")
    for path in (f"/review/picture/{token}/field.png", f"/review/page/{token}"):
        assert mine.get(path).status_code == 200
        assert other.get(path).status_code == 409
    assert other.tell("/review/decide", token=token, action="blank")[0] == 200
    record = office.desk.review.store.record("r000000000000000")
    assert record.answer("name").state == "pending", "the other's word counts for nothing"


def test_a_role_taken_away_is_gone_at_once(office: Office) -> None:
    browser, boss = Browser(office), Browser(office)
    browser.sign_in("checker")
    boss.sign_in("admin")
    assert browser.get("/records").status_code == 200
    boss.tell("/people", action="role", name="checker", role="clerk")
    assert browser.get("/records").headers["location"] == "/sign-in"
    browser.sign_in("checker")
    assert browser.get("/records").status_code == 403


def test_the_admin_makes_accounts_and_is_told_what_is_wrong(office: Office) -> None:
    boss = Browser(office)
    boss.sign_in("admin")
    fields = {"action": "add", "name": "lan", "role": "clerk"}
    status, text = boss.tell("/people", **fields, password="short")
    assert status == 422
    assert "characters" in text
    assert boss.tell("/people", **fields, password="mật khẩu của Lan")[0] == 200
    assert boss.tell("/people", **fields, password="mật khẩu của Lan")[0] == 422
    assert boss.tell("/people", action="add", name="x", role="god", password="0123456789")[0] == 404
    lan = Browser(office)
    assert lan.sign_in("lan", "mật khẩu của Lan") == 303
    boss.tell("/people", action="disable", name="lan")
    assert lan.get("/").headers["location"] == "/sign-in"
    assert office.desk.people.all(Person("chi", "admin"))

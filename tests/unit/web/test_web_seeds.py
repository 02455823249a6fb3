"""Seeded checks in the pages: laid out by the admin, met by a clerk who can't tell, measured."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from web_office import ADMIN, Browser, hidden

from scanform.review import Person
from scanform.web.office import Office

TWO = (Person("tu", "checker"), Person("mai", "checker"))


@pytest.fixture
def boss(office: Office) -> Browser:
    """An admin, in an office where two people confirmed the name of the first form."""
    for who in TWO:
        version = office.desk.review.item("r000000000000000", "name").version
        office.desk.forms.correct(who, "r000000000000000", "name", "LÊ THỊ NHÀN", version)
    browser = Browser(office)
    browser.sign_in("admin")
    return browser


def told(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_an_admin_lays_them_out_and_sees_how_people_do(boss: Browser) -> None:
    assert "/seeds" in boss.get("/people").text
    assert "Nobody has had one yet" in told(boss.get("/seeds").text)
    status, page = boss.tell("/seeds", action="add", template="small", count="5")
    assert (status, "Seeded checks laid out: 1." in told(page)) == (200, True)
    assert "There are 1 that two people confirmed" in told(page)
    status, page = boss.tell("/seeds", action="add", count="5")
    assert "There is nothing to add" in told(page), "each is laid out once"
    status, page = boss.tell("/seeds", action="share", share="12,5")
    assert (status, 'value="12.5"' in page) == (200, True)
    desk = boss.office.desk
    desk.queue.memory.chance = lambda: 0.0
    desk.queue.memory._share = None
    clerk = Browser(boss.office)
    clerk.sign_in("clerk")
    page = clerk.get("/review?field=name").text
    assert "NGUYEN VAN 0" in page, "as it was read, not as it was decided"
    clerk.tell("/review/decide", token=hidden(page, "token"), action="enter", text="NGUYEN VAN 0")
    row = told(boss.get("/seeds").text)
    assert re.search(r"clerk \D+ 1 1 100.0 % 2.5 % – 100.0 % 0 ", row)


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "share", "share": "21"},
        {"action": "share", "share": "-1"},
        {"action": "share", "share": "nan"},
        {"action": "share", "share": "x"},
        {"action": "add", "count": "0"},
        {"action": "add", "count": "10001"},
        {"action": "add", "count": "²"},
        {"action": "add", "count": ""},
    ],
)
def test_what_is_no_share_and_no_number_is_said(boss: Browser, fields: dict[str, str]) -> None:
    status, page = boss.tell("/seeds", **fields)
    assert status == 422
    assert "etween" in told(page)
    assert boss.office.desk.seeds.count(ADMIN) == (0, 0)
    assert boss.office.desk.seeds.share(ADMIN) == 0.0


def test_the_queue_asks_again_for_the_share_after_a_moment(boss: Browser) -> None:
    """Nobody has to start the server anew."""
    desk = boss.office.desk
    assert desk.queue.memory.share(desk.queue.room) == 0.0
    boss.tell("/seeds", action="share", share="5")
    kept = desk.queue.memory._share
    assert kept is not None
    desk.queue.memory._share = (kept[0] - timedelta(seconds=6), kept[1])
    assert desk.queue.memory.share(desk.queue.room) == 0.05

"""The campaign's pages: the report, boxes whose differences are tasks, persons who came twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from web_office import Browser

from scanform.cli import campaign_desk
from scanform.cli.campaign_desk import CampaignDesk
from scanform.model.campaign import Campaign, Entered, Slip, Unit
from scanform.model.record import Answer, Record
from scanform.model.scan import ScanFile
from scanform.report.interface import Document
from scanform.store.campaign_interface import BatchScan
from scanform.store.campaigns import SqlCampaigns
from scanform.store.interface import PageRow
from scanform.web.office import Office

START = date(2018, 9, 26)
XSS = "<script>alert(1)</script>"
PLAN = Campaign(
    "Thu thập", {"dc01": "commune"}, (Unit("Xã Thạnh Hải", 1000), Unit(XSS, 500)), START,
    date(2018, 12, 31),
)  # fmt: skip


@pytest.fixture
def browser(open_it: Callable[..., Office]) -> Browser:
    return Browser(open_it()).start()


def kept(browser: Browser) -> SqlCampaigns:
    assert isinstance(browser.office.campaign, CampaignDesk)
    return browser.office.campaign._kept


def plan(browser: Browser) -> None:
    kept(browser).save_campaign(PLAN, "lan")
    at = datetime(2018, 10, 26, tzinfo=UTC)
    kept(browser).enter([Entered("Xã Thạnh Hải", date(2018, 10, 20), 700, "lan", at)])


def test_without_a_campaign_there_is_no_report(browser: Browser) -> None:
    assert "no campaign yet" in browser.get("/report").text
    assert browser.get("/report/curve.png").status_code == 404
    assert browser.get("/report/file.pdf").status_code == 404


def test_the_report_is_a_page_and_a_file(browser: Browser) -> None:
    plan(browser)
    text = unescape(browser.get("/report?day=2018-10-26").text)
    assert "1. Result:" in text
    assert "700 / 1,500" in text.replace("\u00a0", " ")
    assert "/report/curve.png?day=2018-10-26" in text
    assert "<script>alert" not in browser.get("/report").text
    before = unescape(browser.get("/report?day=2018-10-19").text)
    assert "0 / 1,500" in before
    found = browser.get("/report/file.pdf?day=2018-10-26")
    assert found.content.startswith(b"%PDF")
    assert "bao-cao-2018-10-26.pdf" in found.headers["content-disposition"]
    assert browser.get("/report/file.exe").status_code == 404
    assert browser.get("/report?day=gestern").status_code == 422
    ahead = (date.today() + timedelta(days=1)).isoformat()
    for each in ("/report", "/report/file.pdf", "/report/curve.png"):
        found = browser.get(f"{each}?day={ahead}")
        assert found.status_code == 422, each
        assert "still to come" in found.text
    assert browser.get(f"/report?day={date.today()}").status_code == 200


def test_the_curve_is_a_picture(browser: Browser) -> None:
    plan(browser)
    assert browser.get("/report/curve.png?day=2018-10-26").content.startswith(b"\x89PNG")


def test_page_and_curve_are_of_the_same_figures_worked_out_once(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(browser)
    made: list[date | None] = []
    whole = campaign_desk.report_document

    def counting(desk: Any, kept: Any, day: date | None, *rest: Any) -> Document:
        made.append(day)
        return whole(desk, kept, day, *rest)

    monkeypatch.setattr(campaign_desk, "report_document", counting)
    browser.get("/report?day=2018-10-26")
    browser.get("/report/curve.png?day=2018-10-26")
    assert len(made) == 1
    browser.get("/report/curve.png")  # another day's
    browser.get("/report?day=2018-10-26")  # the page itself is always of now
    assert len(made) == 3
    monkeypatch.setattr(campaign_desk, "SHOWN", 0.0)
    browser.get("/report/curve.png?day=2018-10-26")
    assert len(made) == 4


def test_a_difference_is_settled_with_a_word_on_it(browser: Browser) -> None:
    box = kept(browser).open_batch(Slip(XSS, START, "Bình", 5), "lan").id
    assert box in browser.get("/boxes").text
    page = browser.get(f"/boxes/{box}").text
    assert "Missing" in page
    assert "<script>alert" not in page
    (task,) = re.findall(r'name="task" value="(\w+)"', page)
    address = f"/boxes/{box}/settle"
    assert browser.tell(address, task=task, note=" ")[0] == 422
    assert browser.tell(address, task="nothing", note="x")[0] == 404
    assert browser.tell(address, task=task, note="còn ở xã")[0] == 200
    (said,) = kept(browser).settlements(box)
    assert (said.settled, said.note, said.by) == (True, "còn ở xã", "chi")
    assert "✓ còn ở xã" in browser.get(f"/boxes/{box}").text
    browser.tell(address, task=task, again="1")
    assert not kept(browser).settlements(box)[0].settled
    assert browser.get("/boxes/B0099").status_code in (404, 409)


def test_a_difference_leads_to_its_form(browser: Browser) -> None:
    box = kept(browser).open_batch(Slip("An Điền", START, "Bình", 1), "lan").id
    add(browser, "x1", "LÊ THỊ BÉ")
    kept(browser).add_to_batch(box, [BatchScan("x1.pdf", sha("x1"))])
    assert '<a href="/records/x1">' in browser.get(f"/boxes/{box}").text


def sha(name: str) -> str:
    return name.encode().hex().ljust(64, "0")


def add(browser: Browser, name: str, person: str) -> None:
    store = browser.office.desk.review.store
    values = {"commune": "Thạnh Hải", "full_name": person, "birth_date": "1980-02-03",
              "id_number": "083190000011"}  # fmt: skip
    answers = tuple(Answer(field, value, 1.0, "accepted") for field, value in values.items())
    store.open_scan(ScanFile(Path(f"{name}.pdf"), sha(name), 1))
    record = Record(name, "dc01", 1, f"{name}.pdf", sha(name), 1, answers, ())
    store.save([PageRow(sha(name), 1, "form", "cd" * 32)], record)


def test_one_of_two_forms_of_a_person_counts_after_a_decision(browser: Browser) -> None:
    assert "No pair waits" in browser.get("/pairs").text
    add(browser, "x1", "LÊ THỊ BÉ")
    add(browser, "x2", "LE THỊ " + XSS)
    page = browser.get("/pairs").text
    assert "The same personal number" in page
    assert "03/02/1980" in page
    assert "<script>alert" not in page
    assert browser.tell("/pairs", first="x1", second="x2", verdict="maybe")[0] == 422
    assert browser.tell("/pairs", first="x1", second="nobody", verdict="same")[0] == 404
    assert browser.tell("/pairs", first="x1", second="x2", verdict="same")[0] == 200
    (verdict,) = kept(browser).verdicts()
    assert (verdict.first, verdict.second, verdict.verdict, verdict.by) == (
        "x1",
        "x2",
        "same",
        "chi",
    )
    assert "No pair waits" in browser.get("/pairs").text

"""Pages for those who run the office: what goes out, what was looked at, what samples show."""

from __future__ import annotations

from web_office import Browser

from scanform.review import Filter, Person
from scanform.store.events import listed
from scanform.tally import Row
from scanform.web.rendering import worded
from scanform.web.routes.tally import bars

ADMIN = Person("chi", "admin")


def test_an_export_is_sent_once_and_leaves_no_file(browser: Browser) -> None:
    sent = {"csrf": browser.csrf, "format": "csv"}
    answer = browser.post("/export", data=sent)
    assert answer.text == "3 records for chi"
    assert "attachment" in answer.headers["content-disposition"]
    assert not list(browser.office.intake.folder.parent.glob("export*"))  # type: ignore[union-attr]
    assert browser.tell("/export", format="../../etc/passwd")[0] == 422
    assert browser.tell("/export", format="csv", template="nowhere")[0] == 422


def test_who_opened_a_form_is_noted(browser: Browser) -> None:
    browser.get("/records/r000000000000000")
    with browser.office.desk.review.store.reading() as connection:  # type: ignore[attr-defined]
        (noted,) = listed(connection)
    assert (noted.action, noted.by, noted.record) == ("show", "chi", "r000000000000000")


def test_a_broken_bound_is_told_where_figures_are(browser: Browser) -> None:
    desk = browser.office.desk
    assert "above the bound" not in browser.get("/tally").text
    desk.sample.draw(ADMIN, 1.0, Filter(field="sex"))
    for who in (Person("an", "checker"), Person("binh", "checker")):
        while claim := desk.queue.claim(who, "sample") or desk.queue.claim(who, "settle"):
            desk.queue.correct(who, claim.token, "Nữ")
    for page in ("/", "/tally", "/sample"):
        assert "3 wrong of 3 accepted unseen, above the bound of 0.5 %" in browser.get(page).text
    assert "7 answers wait again" in browser.tell("/sample/tighten")[1]


def test_the_picture_has_one_scale() -> None:
    (far, near) = bars([Row("An Điền", 400, 100, 100), Row("Thạnh Hải", None, 50, 0)])
    assert (far.complete, far.pending, far.target) == (250, 250, 1000)
    assert (near.complete, near.pending, near.target) == (125, 0, None)
    assert bars([Row("An Điền", 0, 0, 0)]) == []


def test_values_are_worded_as_people_say_them() -> None:
    assert worded("presence", "present", "vi") == "Có"
    assert worded("date", "1985-06-05", "vi") == "05/06/1985"
    assert worded("text", "present", "vi") == "present"

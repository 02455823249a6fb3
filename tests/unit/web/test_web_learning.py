"""The page of the learning curve: what the lessons brought, in both languages."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest
from web_office import Browser

from scanform.learn.curve import Point, curves, note
from scanform.web.office import Office

LESSONS = (
    Point("2025-03-01T20:00:00+00:00", 40, 310, 0.42, 0.21, 0.61, True),
    Point("2025-03-02T20:00:00+00:00", 80, 640, 0.21, 0.22, 0.45, False),
)


def learn(folder: Path) -> None:
    for each in LESSONS:
        note(folder / "models", each)


def test_before_the_first_lesson_it_says_how_to_begin(browser: Browser) -> None:
    page = browser.get("/learning").text
    assert "scanform learn" in page
    assert "curve.png" not in page
    assert browser.get("/learning/curve.png").status_code == 404


def test_the_curve_the_lessons_and_what_more_lines_bring(browser: Browser, tmp_path: Path) -> None:
    learn(tmp_path)
    page = unescape(browser.get("/learning").text)
    # The second lesson's reader was not kept: what it misread says nothing of what reads now.
    assert "about 21.0 % of the letters are wrong now" in page
    assert "500 more confirmed lines" in page
    rows = page.split("<tbody>")[1]
    assert rows.index("2025-03-02") < rows.index("2025-03-01")
    picture = browser.get("/learning/curve.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    browser.post("/language", data={"language": "vi", "back": "/learning"})
    assert "Học nét chữ" in unescape(browser.get("/learning").text)
    assert "/learning" in browser.get("/").text
    assert "/learning" in browser.get("/figures").text


@pytest.mark.parametrize(("role", "status"), [("clerk", 403), ("officer", 200), ("admin", 200)])
def test_who_sees_figures_of_all_sees_the_curve(office: Office, role: str, status: int) -> None:
    browser = Browser(office)
    browser.sign_in(role)
    assert browser.get("/learning").status_code == status
    assert ("/learning" in browser.get("/figures").text) == (status == 200)


def test_the_curve_begins_where_nothing_was_learnt() -> None:
    errors, waits = curves(LESSONS)
    assert errors == [(0, 0.42), (310, 0.21), (640, 0.21)]
    # What waited before a lesson was read by what had learnt from the lessons before.
    assert waits == [(0, 0.61), (310, 0.45)]
    assert curves(()) == ([], [])


def test_lessons_are_kept_as_numbers(tmp_path: Path) -> None:
    learn(tmp_path)
    rows = json.loads((tmp_path / "models" / "lessons.json").read_text("utf-8"))
    assert [row["lines"] for row in rows] == [310, 640]

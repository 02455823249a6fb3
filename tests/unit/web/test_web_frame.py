from __future__ import annotations

import re
from pathlib import Path

import pytest
from web_office import Browser

import scanform.web
from scanform.web import wording
from scanform.web.app import create_app

PAGES = [
    "/",
    "/review",
    "/review?order=by_form",
    "/review?work=key",
    "/review?work=settle",
    "/review?work=sample",
    "/groups",
    "/groups/sheet?template=small&field=name&value=NGUYEN+VAN+0",
    "/keying",
    "/sample",
    "/records",
    "/records/r000000000000000",
    "/scans",
    "/rejected",
    "/paper",
    "/figures",
    "/tally",
    "/report",
    "/boxes",
    "/pairs",
    "/people",
    "/seeds",
    "/learning",
    "/password",
]


def test_the_list_of_pages_above_is_whole(browser: Browser) -> None:
    known = {re.sub(r"[?].*|/r0.*", "", each) for each in PAGES}
    routes = {
        route.path
        for route in create_app(browser.office).routes
        if "GET" in (getattr(route, "methods", None) or ()) and "{" not in route.path
    }
    parts = {
        "/sign-in",
        "/start",
        "/review/complete",
        "/scans/jobs",
        "/health",
        "/metrics",
        "/report/curve.png",
        "/learning/curve.png",
    }  # no pages of their own
    assert routes - parts <= known


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_drawn_in_both_languages(browser: Browser, path: str, language: str) -> None:
    browser.cookies.set("scanform_language", language)
    answer = browser.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/static/app.css", "/static/nothing.css"])
def test_every_answer_carries_the_headers(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_a_script_a_style_or_an_address_elsewhere(
    browser: Browser, path: str
) -> None:
    text = browser.get(path).text
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)


def test_another_name_for_this_computer_is_not_answered(browser: Browser) -> None:
    assert browser.get("/", headers={"host": "evil.example:8000"}).status_code == 400
    assert browser.get("/", headers={"host": "127.0.0.1:9999"}).status_code == 200
    assert browser.get("/", headers={"host": "[::1]:8000"}).status_code == 200


def test_the_language_is_switched_and_goes_back_to_the_page(browser: Browser) -> None:
    answer = browser.post("/language", data={"language": "vi", "back": "/records"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/records")
    assert '<html lang="vi">' in browser.get("/records").text


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil"]
)
def test_the_language_switch_leads_nowhere_else(browser: Browser, back: str) -> None:
    answer = browser.post("/language", data={"language": "en", "back": back})
    assert answer.headers["location"] == "/"


def test_every_word_asked_for_is_in_the_catalogue_and_no_other() -> None:
    folder = Path(scanform.web.__file__).parent
    sources = [*folder.rglob("*.py"), *folder.rglob("*.html")]
    text = "\n".join(each.read_text("utf-8") for each in sources if each.name != "wording.py")
    quoted = set(re.findall(r"[\"'](\w+)[\"']", text))
    asked = set(re.findall(r"say\(\s*[\"'](\w+)[\"']\s*[,)]", text))
    made = ("role_", "may_", "state_", "record_", "job_", "kind_")
    assert asked <= set(wording.WORDS)
    unused = {key for key in wording.WORDS if key not in quoted and not key.startswith(made)}
    assert unused == set()


def test_both_languages_are_filled_from_the_same_details() -> None:
    for key, phrase in wording.WORDS.items():
        vi, en = (set(re.findall(r"\{(\w+)\}", text)) for text in (phrase.vi, phrase.en))
        assert vi == en, key
        assert phrase.vi, key
        assert phrase.en, key


def test_numbers_are_written_as_each_language_does() -> None:
    assert wording.number(1234567, "vi") == "1.234.567"
    assert wording.number(1234567, "en") == "1,234,567"
    assert wording.percent(0.1234, "vi") == "12,3 %"

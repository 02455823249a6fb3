"""Crops that the server keeps: whose, how long, how many; and who may see them each time."""

from __future__ import annotations

import struct

import pytest
from web_office import Browser, hidden

from scanform.review import Person
from scanform.web.office import Office
from scanform.web.pictures import SECONDS, Pictures, png_size


def png(size: int = 100) -> bytes:
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 30, 20)
    return head + b"x" * (size - len(head))


class Drawn:
    def __init__(self) -> None:
        self.now = 0.0
        self.count = 0
        self.pictures = Pictures(1000, lambda: self.now)

    def get(self, who: str, name: str, size: int = 100) -> int:
        """How often something was drawn by now."""

        def draw() -> bytes:
            self.count += 1
            return png(size)

        found = self.pictures.get(who, (name,), draw)
        assert (found.width, found.height, len(found.data)) == (30, 20, size)
        return self.count


@pytest.fixture
def drawn() -> Drawn:
    return Drawn()


def test_a_picture_is_drawn_once_for_each_person(drawn: Drawn) -> None:
    assert [drawn.get("lan", "a"), drawn.get("lan", "a"), drawn.get("hoa", "a")] == [1, 1, 2]


def test_no_more_is_kept_than_fits(drawn: Drawn) -> None:
    for name in "abcdefghij":
        drawn.get("lan", name)
    assert drawn.get("lan", "a") == 10, "ten of a hundred bytes fit"
    drawn.get("lan", "k")
    assert drawn.get("lan", "b") == 11
    assert drawn.get("lan", "a") == 12, "the oldest gave way"
    assert drawn.get("lan", "great", 1001) == 13
    assert drawn.get("lan", "great", 1001) == 14, "greater than all there is room for"


def test_none_is_kept_longer_than_a_claim_lasts(drawn: Drawn) -> None:
    drawn.get("lan", "a")
    drawn.now = SECONDS - 1
    assert drawn.get("lan", "a") == 1
    drawn.now = SECONDS + 1
    drawn.get("lan", "b")
    assert len(drawn.pictures._kept) == 1, "it is gone, and not only no longer shown"
    assert drawn.get("lan", "a") == 3


def test_nothing_is_kept_of_who_has_gone(drawn: Drawn) -> None:
    drawn.get("lan", "a")
    drawn.get("hoa", "a")
    drawn.pictures.forget("lan")
    assert [drawn.get("hoa", "a"), drawn.get("lan", "a")] == [2, 3]


def test_who_signs_out_leaves_no_crop_behind(office: Office) -> None:
    browser = Browser(office)
    browser.sign_in("clerk")
    browser.get("/review")
    assert len(office.pictures._kept) == 1
    answer = browser.post("/sign-out", headers={"X-CSRF-Token": browser.csrf})
    assert answer.headers["clear-site-data"] == '"cache"'
    assert len(office.pictures._kept) == 0


def test_a_crop_that_was_drawn_is_shown_no_longer_than_it_is_in_hand(office: Office) -> None:
    browser = Browser(office)
    browser.sign_in("clerk")
    page = browser.get("/review").text
    for token in (hidden(page, "token"), hidden(page, "ahead")):
        path = f"/review/picture/{token}/field.png"
        assert browser.get(path).status_code == 200
        office.desk.queue.release(Person("clerk"), token)
        assert browser.get(path).status_code == 409


def test_a_jpeg_has_no_such_size() -> None:
    with pytest.raises(ValueError, match="no PNG"):
        png_size(b"\xff\xd8 a JPEG")

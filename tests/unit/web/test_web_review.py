from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from web_office import ADMIN, Browser, hidden

from scanform.model.geometry import Box
from scanform.model.record import Answer
from scanform.model.template import Field
from scanform.model.template import Option as Box_
from scanform.review import Option
from scanform.review.showing import differing, plain_digits, shown
from scanform.web.office import Office


def answer(browser: Browser, record: int = 0, field: str = "name") -> Answer:
    return browser.office.desk.review.store.record(f"r{record:015}").answer(field)


def in_hand(text: str) -> tuple[str, int]:
    """The claim on the page, and the number of its record."""
    found = re.search(r'data-original="(?:NGUYEN VAN |12)(\d+)"', text)
    assert found is not None
    return hidden(text, "token"), int(found[1])


def test_enter_accepts_what_was_read(browser: Browser) -> None:
    token, _ = in_hand(browser.get("/review?field=name").text)
    status, text = browser.tell(
        "/review/decide", token=token, action="enter", text="NGUYEN VAN 0", field="name"
    )
    assert status == 200
    assert (answer(browser).state, answer(browser).value) == ("accepted", "NGUYEN VAN 0")
    assert "Họ và tên: NGUYEN VAN 0" in text
    assert hidden(text, "token") != token


def test_something_typed_is_a_correction(browser: Browser) -> None:
    token, _ = in_hand(browser.get("/review?field=name").text)
    browser.tell("/review/decide", token=token, action="enter", text="  Trần  Văn Ấn ")
    assert (answer(browser).state, answer(browser).value) == ("corrected", "Trần Văn Ấn")


def test_a_key_takes_another_reading(browser: Browser) -> None:
    token, _ = in_hand(browser.get("/review?field=name").text)
    browser.tell("/review/decide", token=token, offer="2", text="whatever stands in the line")
    assert (answer(browser).state, answer(browser).value) == ("corrected", "LÊ THỊ NHÀN")


def test_blank_unreadable_and_skip(browser: Browser) -> None:
    for action in ("blank", "unreadable"):
        token, record = in_hand(browser.get("/review?field=name").text)
        browser.tell("/review/decide", token=token, action=action, field="name")
        assert answer(browser, record).state == action
    token, record = in_hand(browser.get("/review?field=name").text)
    status, text = browser.tell("/review/decide", token=token, action="skip", field="name")
    assert status == 200
    assert "Skipped" in text
    assert answer(browser, record).state == "pending"


def test_what_can_t_be_an_answer_is_refused_and_stays_in_hand(browser: Browser) -> None:
    token, _ = in_hand(browser.get("/review?field=number").text)
    status, text = browser.tell("/review/decide", token=token, action="enter", text="12x")
    assert status == 422
    assert "digits" in text
    assert answer(browser, 1, "number").state == "pending"
    assert browser.tell("/review/decide", token=token, action="enter", text="1234")[0] == 200
    assert answer(browser, 1, "number").value == "1234"


def test_the_next_answer_is_fetched_ahead_and_then_shown(browser: Browser) -> None:
    page = browser.get("/review").text
    token, ahead = hidden(page, "token"), hidden(page, "ahead")
    assert ahead
    assert ahead != token
    assert f"/review/picture/{ahead}/field.png" in page
    _, text = browser.tell("/review/decide", token=token, ahead=ahead, action="blank")
    assert hidden(text, "token") == ahead


def test_two_people_never_have_the_same_answer(office: Office) -> None:
    seen = []
    for name in ("clerk", "checker"):
        browser = Browser(office)
        browser.sign_in(name)
        page = browser.get("/review").text
        seen += [hidden(page, "token"), hidden(page, "ahead")]
    assert len(set(seen)) == 4


def test_a_decision_that_came_too_late_is_told(office: Office) -> None:
    slow, boss = Browser(office), Browser(office)
    slow.sign_in("clerk")
    boss.sign_in("admin")
    token, _ = in_hand(slow.get("/review?field=name").text)
    view = office.desk.forms.open(ADMIN, "r000000000000000")
    version = str(view.versions.get("name", 0))
    path = "/records/r000000000000000/field/name"
    assert boss.tell(path, action="correct", text="Bà Tư", version=version)[0] == 200
    status, text = slow.tell("/review/decide", token=token, action="blank")
    assert status == 200
    assert "notice warn" in text
    assert answer(slow).value == "Bà Tư"


def test_undo_brings_the_answer_back_into_hand(browser: Browser) -> None:
    page = browser.get("/review?field=name").text
    token, ahead = hidden(page, "token"), hidden(page, "ahead")
    _, text = browser.tell("/review/decide", token=token, ahead=ahead, action="blank", field="name")
    sent = {"token": hidden(text, "token"), "ahead": hidden(text, "ahead"), "field": "name"}
    status, text = browser.tell("/review/undo", **sent)
    assert status == 200
    assert "Undone" in text
    assert answer(browser).state == "pending"
    assert 'value="NGUYEN VAN 0"' in text
    _, text = browser.tell(
        "/review/decide", token=hidden(text, "token"), ahead=hidden(text, "ahead"), action="blank"
    )
    assert hidden(text, "token") == sent["token"], "what was in hand comes next"
    assert browser.tell("/review/undo")[0] == 200
    assert browser.tell("/review/undo")[0] == 422


def test_an_older_decision_is_taken_back_on_the_overview(browser: Browser) -> None:
    decided = []
    for _ in range(2):
        token, record = in_hand(browser.get("/review?field=name").text)
        decided.append(record)
        browser.tell("/review/decide", token=token, action="blank", field="name")
    page = browser.get("/").text
    numbers = re.findall(r'name="number" value="([^"]+)"', page)
    assert len(numbers) == 2
    sent = {"number": numbers[1], "csrf": browser.csrf}
    assert browser.post("/review/undo", data=sent).headers["location"] == "/"
    assert [answer(browser, at).state for at in decided] == ["pending", "blank"]


def test_the_paper_is_asked_for_and_comes(browser: Browser) -> None:
    token, _ = in_hand(browser.get("/review?field=name").text)
    browser.tell("/review/decide", token=token, action="paper")
    page = browser.get("/paper").text
    assert "box/scan 0.pdf" in page
    assert "Họ và tên" in page
    browser.tell("/paper", record=hidden(page, "record"))
    assert "No form needs to be pulled" in browser.get("/paper").text


def test_keying_shows_nothing_that_was_read(browser: Browser) -> None:
    browser.tell("/keying", template="small", field="name", share="100", keyers="2")
    page = browser.get("/review?work=key").text
    assert 'id="text"' in page
    assert "NGUYEN VAN" not in page
    assert 'id="offers"' not in page


def test_a_share_must_be_one(browser: Browser) -> None:
    for share in ("0", "101", "x", "", "-5", "nan"):
        assert browser.tell("/sample", share=share)[0] == 422, share
    assert browser.tell("/sample", share="50,5")[0] == 200


def test_a_group_is_accepted_but_for_what_is_struck_out(open_it: Callable[..., Office]) -> None:
    browser = Browser(open_it(name="Kinh", records=5)).start()
    page = browser.get("/groups/sheet?template=small&field=name&value=Kinh").text
    assert page.count('name="struck"') == 5
    sources = re.findall(r'src="(/groups/picture/[^"]+)"', page)
    assert browser.get(sources[0]).content.startswith(b"\x89PNG")
    sent = {
        "token": hidden(page, "token"),
        "template": "small",
        "field": "name",
        "value": "Kinh",
        "struck": "r000000000000002/name",
    }
    assert browser.tell("/groups/accept", **sent)[0] == 200
    states = [answer(browser, at).state for at in range(5)]
    assert states == ["accepted", "accepted", "pending", "accepted", "accepted"]


def test_the_form_page_takes_a_correction_and_refuses_a_stale_one(browser: Browser) -> None:
    path = "/records/r000000000000001"
    page = browser.get(path).text
    assert "/records/r000000000000001/page/1.jpg" in page
    version = hidden(page, "version")
    status, text = browser.tell(
        f"{path}/field/name", action="correct", text="Ông Ba", version=version
    )
    assert status == 200
    assert "Ông Ba" in text
    assert answer(browser, 1).value == "Ông Ba"
    _, text = browser.tell(f"{path}/field/name", action="blank", version=version)
    assert "notice bad" in text
    assert answer(browser, 1).value == "Ông Ba"
    assert "chi" in browser.get(path).text, "the history says who"


def test_completions_come_with_what_would_be_wrong(browser: Browser) -> None:
    token, _ = in_hand(browser.get("/review?field=number").text)
    assert browser.get(f"/review/complete?token={token}&text=12").json() == {
        "entries": [],
        "warnings": [],
    }


def test_a_date_is_written_as_people_write_it() -> None:
    field = Field("born", "Ngày sinh", "date", 1, Box(0, 0, 10, 5))
    assert shown(field, Option("1985-06-05", "read")) == "05/06/1985"
    assert shown(field, Option("1985-06", "read")) == "06/1985"
    assert shown(field, Option(None, "read")) == ""


def test_a_bare_digit_takes_an_offer_only_where_no_answer_has_digits() -> None:
    name = Field("n", "Tên", "text", 1, Box(0, 0, 10, 5))
    number = Field("s", "Số", "digits", 1, Box(0, 0, 10, 5))
    sex = Field("g", "Giới", "choice", 1, Box(0, 0, 9, 5), options=(Box_("Nam", Box(0, 0, 5, 5)),))
    assert plain_digits(name, (Option("Lan", "read"),))
    assert plain_digits(sex, (Option("Nam", "option"),))
    assert not plain_digits(name, (Option("Lan", "read"), Option("12 Lan", "alternative")))
    assert not plain_digits(number, ())


def test_words_that_differ_from_the_first_reading_are_marked() -> None:
    assert differing("Lê Thị Hai", "Lê Thị Hải") == (
        ("Lê", False),
        (" ", False),
        ("Thị", False),
        (" ", False),
        ("Hai", True),
    )
    assert differing("Lê", "") == (("Lê", False),)


@pytest.mark.parametrize(
    ("language", "digits", "nothing_done", "short", "unknown"),
    [
        (
            "vi",
            "Chỉ nhập chữ số.",
            "không có quyết định nào để hoàn tác",
            "Mật khẩu phải có ít nhất",
            "Không có tài khoản",
        ),
        (
            "en",
            "Type digits only.",
            "no decision of yours to take back",
            "A password has at least",
            "There is no account",
        ),
    ],
)
def test_what_is_wrong_is_said_in_the_visitor_s_language(
    browser: Browser, language: str, digits: str, nothing_done: str, short: str, unknown: str
) -> None:
    browser.cookies.set("scanform_language", language)
    assert nothing_done in browser.tell("/review/undo")[1]
    token, _ = in_hand(browser.get("/review?field=number").text)
    assert digits in browser.tell("/review/decide", token=token, action="enter", text="12x")[1]
    typed = {"action": "correct", "text": "12x"}
    assert digits in browser.tell(f"/records/r{0:015}/field/number", **typed)[1]
    new = {"action": "add", "name": "lan", "role": "clerk", "password": "short"}
    assert short in browser.tell("/people", **new)[1]
    assert unknown in browser.tell("/password", password="long enough", again="long enough")[1]


def test_a_claim_that_is_gone_is_told_in_the_visitor_s_language(browser: Browser) -> None:
    browser.cookies.set("scanform_language", "vi")
    _, text = browser.tell("/review/decide", token="gone", action="enter", text="A", field="name")
    assert "Mục này không còn do bạn giữ. Hãy xem lại" in text

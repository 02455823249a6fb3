"""Whole journeys through the pages, in a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from web_office import PASSWORD

from scanform.review.showing import masked
from scanform.web.office import Office

pytestmark = pytest.mark.slow

Opener = Callable[..., tuple[Office, Callable[[], Page]]]
ROOT = Path(__file__).parents[3]
STATIC = ROOT / "scanform" / "web" / "static"


def come_in(page: Page, office: Office) -> None:
    assert office.own is not None
    page.goto(f"/start?key={office.own.key}")


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def token(page: Page) -> str:
    return str(page.locator("#bench").get_attribute("data-token"))


def press(page: Page, key: str) -> None:
    """A key that decides; waits for the next answer, or for the end of the queue."""
    before = token(page)
    page.wait_for_function("() => document.querySelector('#sheet img')?.complete")
    page.keyboard.press(key)
    expect(page.locator(f'#bench[data-token="{before}"]')).to_have_count(0)


def states(office: Office, field: str = "name") -> list[str]:
    return [each.answer(field).state for each in office.desk.review.store.records()]


def test_thirty_answers_by_keyboard_alone(open_pages: Opener) -> None:
    office, new = open_pages(records=30)
    page = new()
    come_in(page, office)
    page.goto("/review?field=name")
    line = page.locator("#text")
    expect(line).to_be_focused()
    for at in range(30):
        match at % 5:
            case 0 | 1:
                press(page, "Enter")
            case 2:
                page.keyboard.type(f"Trần Văn Ấn {at}")
                press(page, "Enter")
            case 3:
                press(page, "-")
            case _:
                press(page, "F2")
        if at < 29:
            expect(line).to_be_focused()
    expect(page.locator("#bench-place")).to_contain_text("Nothing")
    kept = [each.answer("name") for each in office.desk.review.store.records()]
    shares = {"accepted": 12, "corrected": 6, "blank": 6, "unreadable": 6}
    assert Counter(each.state for each in kept) == shares
    typed = {each.value for each in kept if each.state == "corrected"}
    assert typed == {f"Trần Văn Ấn {at}" for at in range(2, 30, 5)}


def test_readings_by_number_and_undo(open_pages: Opener) -> None:
    office, new = open_pages(records=3)
    page = new()
    come_in(page, office)
    page.goto("/review?field=name")
    press(page, "Alt+3")
    assert office.desk.review.store.record(f"r{0:015}").answer("name").value == "LÊ THỊ NHÀN"
    press(page, "F9")
    expect(page.locator("#said")).to_contain_text("Undone")
    expect(page.locator("#text")).to_have_value("NGUYEN VAN 0")
    assert states(office)[0] == "pending"


def test_nothing_typed_is_lost_or_taken_for_a_command(open_pages: Opener) -> None:
    office, new = open_pages(records=3)
    page = new()
    come_in(page, office)
    page.goto("/review?field=name")
    page.keyboard.type("Bà - Tư? 12")
    expect(page.locator("#text")).to_have_value("Bà - Tư? 12")
    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_have_value("NGUYEN VAN 0")
    assert states(office) == ["pending"] * 3


TELEX = {
    "Nguyeenx": "Nguyễn",
    "Vawn": "Văn",
    "AAns": "Ấn",
    "Thanhj": "Thạnh",
    "DDaij": "Đại",
    "DDieenf": "Điền",
    "hoaf": "hòa",
    "hoaanf": "hoần",
    "thuyr": "thủy",
    "quys": "quý",
    "gias": "giá",
    "giuwowngf": "giường",
    "truwowngf": "trường",
    "tooi": "tôi",
    "Buwngr": "Bửng",
    "ass": "as",
    "toansz": "toan",
}


VNI = {
    "Nguye6n4": "Nguyễn",
    "A6n1": "Ấn",
    "d9u7o7ng2": "đường",
    "hoa2": "hòa",
    "qua1": "quá",
    "tru7o7ng2": "trường",
    "Va8n": "Văn",
    "a11": "a1",
    "toan10": "toan",
    "12": "12",
}


def test_telex_makes_vietnamese_of_plain_letters(open_pages: Opener) -> None:
    office, new = open_pages(records=1)
    page = new()
    come_in(page, office)
    page.goto("/review?field=name")
    page.keyboard.press("F10")
    expect(page.locator("[data-do=telex]")).to_have_attribute("aria-pressed", "true")
    made = {}
    for keys in TELEX:
        page.keyboard.press("Control+a")
        page.keyboard.type(keys)
        made[keys] = page.locator("#text").input_value()
    assert made == TELEX
    page.keyboard.press("F10")
    expect(page.locator("[data-do=telex]")).to_contain_text("VNI")
    made = {}
    for keys in VNI:
        page.keyboard.press("Control+a")
        page.keyboard.type(keys)
        made[keys] = page.locator("#text").input_value()
    assert made == VNI
    page.keyboard.press("F10")
    expect(page.locator("[data-do=telex]")).to_have_attribute("aria-pressed", "false")


def test_figures_are_kept_to_their_mask(open_pages: Opener) -> None:
    office, new = open_pages(records=2)
    page = new()
    come_in(page, office)
    page.goto("/review?field=number")
    page.keyboard.type("1a2b")
    expect(page.locator("#text")).to_have_value("12")
    expect(page.locator("#figures")).to_have_text("2")
    page.keyboard.type("34")
    press(page, "Enter")
    assert office.desk.review.store.record(f"r{1:015}").answer("number").value == "1234"


@pytest.mark.parametrize(
    ("keys", "stands"),
    [
        ("05061985", "05/06/1985"),
        ("1985", "1985"),
        ("5/6/1985", "5/6/1985"),
        ("6/1985", "6/1985"),
        ("050619x", "05/06/19"),
    ],
)
def test_a_date_gets_its_strokes_in_the_page_as_in_the_terminal(
    chromium: Browser, keys: str, stands: str
) -> None:
    """The page's mask is a script of its own: both must do the same to the same keys."""
    page = chromium.new_page()
    page.set_content(
        '<div id="bench-place"><div id="bench" data-token="t"><input id="text" data-kind="date"'
        ' data-original=""></div></div>'
    )
    page.add_script_tag(path=str(STATIC / "keyboard.js"))
    page.focus("#text")
    page.keyboard.type(keys)
    assert page.locator("#text").input_value() == stands
    page.close()
    typed = ""
    for key in keys:
        typed = masked("date", typed + key)
    assert typed == stands


def test_looking_closer_wider_at_the_page_and_at_the_keys(open_pages: Opener) -> None:
    office, new = open_pages(records=3)
    page = new()
    come_in(page, office)
    page.goto("/review?field=name")
    page.keyboard.press("PageDown")
    assert "scale(1.5)" in str(page.locator("#sheet").get_attribute("style"))
    page.keyboard.press("F7")
    assert "rotate(90deg)" in str(page.locator("#sheet").get_attribute("style"))
    page.keyboard.press("PageUp")
    page.keyboard.press("PageUp")
    expect(page.locator("#sheet")).to_have_attribute("data-view", "row")
    page.keyboard.press("F3")
    expect(page.locator("#page-view")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("F6")
    page.keyboard.type("nét mờ")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.locator("#doubts")).to_contain_text("nét mờ")
    assert states(office) == ["pending"] * 3


def test_two_reviewers_and_one_answer(open_pages: Opener) -> None:
    office, new = open_pages(records=3, accounts=True)
    clerk, boss = new(), new()
    sign_in(clerk, "clerk")
    sign_in(boss, "admin")
    clerk.goto("/review?field=name")
    expect(clerk.locator("#text")).to_have_value("NGUYEN VAN 0")
    boss.goto("/review?field=name")
    assert boss.locator("#text").input_value() != "NGUYEN VAN 0"
    assert token(boss) not in (token(clerk), clerk.locator("[name=ahead]").input_value())
    boss.goto(f"/records/r{0:015}")
    boss.locator("#answer-name summary").click()
    boss.locator("#answer-name input[name=text]").fill("Bà Tư")
    boss.locator("#answer-name").get_by_role("button", name="Save").click()
    expect(boss.locator("#answer-name .line-value")).to_have_text("Bà Tư")
    press(clerk, "Enter")
    expect(clerk.locator("#said .warn")).to_be_visible()
    assert office.desk.review.store.record(f"r{0:015}").answer("name").value == "Bà Tư"


def test_second_keying_with_a_difference_goes_to_a_third(open_pages: Opener) -> None:
    office, new = open_pages(records=1, accounts=True)
    pages = {name: new() for name in ("officer", "clerk", "checker")}
    for name, page in pages.items():
        sign_in(page, name)
    officer = pages["officer"]
    officer.goto("/keying")
    officer.get_by_label("Field").select_option("name")
    officer.get_by_label("Share (%)").fill("100")
    officer.get_by_role("button", name="Order").click()
    for name, text in (("clerk", "Nguyễn Văn An"), ("officer", "Nguyễn Văn Ấn")):
        pages[name].goto("/review?work=key")
        expect(pages[name].locator("#text")).to_have_value("")
        pages[name].keyboard.type(text)
        press(pages[name], "Enter")
    checker = pages["checker"]
    checker.goto("/review?work=settle")
    expect(checker.locator("#offers")).to_contain_text("Nguyễn Văn Ấn")
    checker.locator("#offers button", has_text="Nguyễn Văn Ấn").click()
    expect(checker.locator("#bench-place")).to_contain_text("Nothing")
    assert office.desk.review.store.record(f"r{0:015}").answer("name").value == "Nguyễn Văn Ấn"


def test_a_quality_sample_is_typed_blind_and_measures_the_error(open_pages: Opener) -> None:
    _, new = open_pages(records=4, accounts=True)
    officer, checker = new(), new()
    sign_in(officer, "officer")
    sign_in(checker, "checker")
    officer.goto("/sample")
    officer.get_by_label("Share (%)").fill("100")
    officer.get_by_role("button", name="Draw").click()
    checker.goto("/review?work=sample")
    expect(checker.locator("#text")).to_have_value("")
    expect(checker.locator("#offers")).to_have_count(0)
    for _ in range(20):
        if checker.locator("#bench").count() == 0:
            break
        field = checker.locator("#label").inner_text()
        checker.keyboard.type("Nam" if field == "Giới tính" else "1200")
        press(checker, "Enter")
    officer.goto("/sample")
    expect(officer.locator("#content")).to_contain_text("The error measured")


def test_roles_in_the_browser(open_pages: Opener) -> None:
    _, new = open_pages(records=2, accounts=True)
    page = new()
    sign_in(page, "clerk", "a wrong password")
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    sign_in(page, "clerk")
    menu = page.get_by_role("navigation")
    expect(menu).to_contain_text("Review")
    expect(menu).not_to_contain_text("Records")
    page.goto("/records")
    expect(page.get_by_role("alert")).to_contain_text("Your role may not do this")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in$"))


def test_a_form_of_another_site_decides_nothing(open_pages: Opener) -> None:
    """The browser itself is signed in; the form it sends was made elsewhere."""
    office, new = open_pages(records=2)
    page = new()
    come_in(page, office)
    page.goto("/review?field=name")
    hand, address = token(page), page.url.partition("/review")[0]
    fields = "".join(
        f'<input name="{name}" value="{value}">'
        for name, value in (("token", hand), ("action", "blank"), ("csrf", "guessed"))
    )
    elsewhere = page.context.new_page()
    where = f"{address}/review/decide"
    button = "<button>Go</button>"
    elsewhere.set_content(f'<form method="post" action="{where}">{fields}{button}</form>')
    with elsewhere.expect_navigation() as went:
        elsewhere.get_by_role("button").click()
    assert went.value is not None
    assert went.value.url.endswith("/sign-in") or went.value.status == 403
    assert states(office) == ["pending"] * 2
    press(page, "-")
    assert states(office).count("blank") == 1


def test_a_sheet_of_one_group_by_keyboard(open_pages: Opener) -> None:
    office, new = open_pages(records=8, name="Kinh")
    page = new()
    come_in(page, office)
    page.goto("/groups")
    page.get_by_role("link", name="Kinh").click()
    page.wait_for_url("**/groups/sheet?*")
    expect(page.locator("[name=struck]")).to_have_count(8)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    struck, _, _ = page.locator("[name=struck]:checked").input_value().partition("/")
    page.wait_for_function("() => [...document.images].every(each => each.complete)")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("nothing"))
    page.wait_for_load_state()
    for _ in range(200):  # the answer to the key may come after the page that it left
        if states(office).count("accepted"):
            break
        page.wait_for_timeout(50)
    assert states(office).count("accepted") == 7
    assert office.desk.review.store.record(struck).answer("name").state == "pending"


@pytest.mark.parametrize("width", [1366, 820])
def test_axe_finds_nothing_serious_on_any_page(open_pages: Opener, width: int) -> None:
    office, new = open_pages(records=6, name="Kinh")
    page = new()
    page.set_viewport_size({"width": width, "height": 1000})
    come_in(page, office)
    axe = (ROOT / "tests/helpers/axe/axe.min.js").read_text("utf-8")
    found = {}
    for path in (
        "/",
        "/review",
        "/groups",
        "/groups/sheet?template=small&field=name&value=Kinh",
        "/records",
        f"/records/r{0:015}",
        "/scans",
        "/rejected",
        "/keying",
        "/sample",
        "/paper",
        "/figures",
        "/tally",
        "/report",
        "/boxes",
        "/pairs",
        "/learning",
        "/seeds",
        "/people",
        "/password",
    ):
        page.goto(path)
        page.evaluate(axe)
        result = page.evaluate("axe.run(document)")
        found[path] = [
            f"{each['id']}: {each['nodes'][0]['html'][:120]}"
            for each in result["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not sideways, f"{path} has to be scrolled sideways"
    assert {path: each for path, each in found.items() if each} == {}


def test_a_scan_is_dropped_in_and_becomes_a_record(chromium: Browser, tmp_path: Path) -> None:
    """The real command, a real scan, the real reading."""
    with_link = re.compile(r"http://\S+/start\?key=\S+")
    port = str(20_000 + os.getpid() % 20_000)
    command = [sys.executable, "-m", "scanform", "serve", "--port", port, "--lang", "en"]
    command += ["-w", str(tmp_path / "ws"), "-t", "dc01"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            assert server.stderr is not None
            told = ""
            while not (link := with_link.search(told)):
                line = server.stderr.readline()
                assert line, told
                told += line
            _wait_for(port)
            page = chromium.new_page()
            page.goto(link[0])
            page.goto(f"http://127.0.0.1:{port}/scans")
            scan = ROOT / "sample_scans/straight_300dpi"
            (file,) = scan.glob("scan.*")
            page.locator("#files").set_input_files(str(file))
            done = page.locator("#jobs .state.accepted")
            expect(done).to_be_visible(timeout=90_000)
            page.goto(f"http://127.0.0.1:{port}/records")
            expect(page.locator("tbody tr")).to_have_count(1)
            page.locator("tbody a").click()
            expect(page.locator(".answers")).to_contain_text("Thạnh Phú")
            page.close()
        finally:
            server.terminate()
    assert server.returncode in (0, -15)


def _wait_for(port: str) -> None:
    import socket  # noqa: PLC0415

    for _ in range(200):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", int(port))) == 0:
                return
        time.sleep(0.05)

"""The review screen of the terminal, driven by keys as a person drives it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("textual")

from PIL import Image
from textual.pilot import Pilot
from textual.widgets import Input, Static
from web_office import open_office

from scanform.cli.screen.app import ReviewApp
from scanform.cli.screen.dialogs import Keys, WholePage
from scanform.cli.screen.dots import Dots, dotted
from scanform.cli.screen.line import Line
from scanform.errors import INTERRUPTED
from scanform.review import Filter, Person
from scanform.web.office import Office

LAN = Person("lan", "clerk", "en")
NAME = Filter(field="name")
Journey = Callable[[Pilot[int], ReviewApp], Awaitable[None]]


def drive(office: Office, journey: Journey, **asked: Any) -> int | None:
    """Runs the screen through a journey; what it gave back."""

    async def work() -> int | None:
        app = ReviewApp(office.desk, LAN, Dots, **{"only": NAME, **asked})
        async with app.run_test(size=(100, 34)) as pilot:
            await until(pilot, lambda: said(app, "head") != "")
            await journey(pilot, app)
        return app.return_value

    # In a thread of its own: a browser's tests leave a loop running in the process's first.
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, work()).result()


async def until(pilot: Pilot[int], there: Callable[[], bool]) -> None:
    """Lets the screen work until that is so."""
    for _ in range(500):
        if there():
            return
        await pilot.pause(0.02)
    raise AssertionError("it never came")


def said(app: ReviewApp, part: str) -> str:
    return str(app.screen_stack[0].query_one(f"#{part}", Static).content)


def names(office: Office) -> list[tuple[str, str | None]]:
    found = [each.answer("name") for each in office.desk.review.store.records()]
    return [(each.state, each.value) for each in found]


def test_a_sitting_by_keys_alone(tmp_path: Path) -> None:
    with open_office(tmp_path, records=5) as office:

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            # All the width there is, or all the height.
            await until(pilot, lambda: app.query_one(Dots).size.width > 60)
            assert app.query_one(Dots).size.height > 5
            assert "5 left" in said(app, "head")
            await pilot.press("enter")
            await pilot.press(*"Tran A", "enter")
            await pilot.press("minus")
            await pilot.press("f2")
            await pilot.press("alt+2")  # the second reading; the names here have figures
            assert "Nothing waits" in said(app, "head")
            await pilot.press("ctrl+q")

        assert drive(office, journey) == 5
        assert sorted(names(office), key=str) == sorted(
            [
                ("accepted", "NGUYEN VAN 0"),
                ("corrected", "Tran A"),
                ("blank", None),
                ("unreadable", None),
                ("corrected", "NGUYEN VAN 3 A"),
            ],
            key=str,
        )


def test_undo_brings_the_answer_back(tmp_path: Path) -> None:
    with open_office(tmp_path, records=2) as office:

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            await pilot.press("enter")
            assert app.claim is not None
            assert app.claim.item.record.id.endswith("1")
            await pilot.press("f9")
            assert app.claim.item.record.id.endswith("0")
            await pilot.press("ctrl+q")

        assert drive(office, journey) == 0
        assert [state for state, _ in names(office)] == ["pending", "pending"]


def test_skip_paper_and_note(tmp_path: Path) -> None:
    with open_office(tmp_path, records=3) as office:

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            await pilot.press("f6", *"torn", "enter")
            await pilot.press("f8", "f4")
            assert app.claim is not None
            assert app.claim.item.record.id.endswith("1")  # it lacks most, so it comes last
            await pilot.press("enter", "enter")

        drive(office, journey)
        assert [state for state, _ in names(office)] == ["accepted", "accepted", "pending"]
        assert [each.fields for each in office.desk.queue.to_pull(Person("", "admin"))] == [
            ("name",)
        ]
        notes = [row.note for row in office.desk.review.store.decisions("r" + "0" * 15)]
        assert "torn" in notes


def test_minus_and_question_mark_are_letters_once_something_was_typed(tmp_path: Path) -> None:
    with open_office(tmp_path, records=1) as office:

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            await pilot.press("a", "minus", "question_mark")
            assert app.query_one(Line).value == "a-?"
            await pilot.press("escape")
            assert app.query_one(Line).value == "NGUYEN VAN 0"
            await pilot.press("question_mark")
            assert isinstance(app.screen, Keys)
            await pilot.press("escape")
            await pilot.press("enter")

        drive(office, journey)
        assert names(office) == [("accepted", "NGUYEN VAN 0")]


@pytest.mark.parametrize(
    ("times", "keys"), [(0, "Nguyễn"), (1, "Nguyeenx Vawn AAns"), (2, "Nguye6n4 Va8n A6n1")]
)
def test_telex_and_vni(tmp_path: Path, times: int, keys: str) -> None:
    with open_office(tmp_path, records=1) as office:

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            await pilot.press(*["f10"] * times)
            await pilot.press(*["space" if key == " " else key for key in keys], "enter")

        drive(office, journey)
        assert names(office) == [("corrected", "Nguyễn Văn Ấn" if times else "Nguyễn")]


def test_a_value_that_cant_be_stays_in_hand_and_the_mask_keeps_letters_out(tmp_path: Path) -> None:
    with open_office(tmp_path, records=2) as office:

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            await pilot.press(*"12a", "enter")
            assert app.query_one(Line).value == "12"
            assert "should have 4" in said(app, "warning")
            assert app.claim is not None
            await pilot.press(*"34", "enter")
            assert app.claim is None

        drive(office, journey, only=Filter(field="number"))
        kept = [each.answer("number") for each in office.desk.review.store.records()]
        assert kept[1].value == "1234"


def test_looking_closer_wider_turned_and_at_the_page(tmp_path: Path) -> None:
    with open_office(tmp_path, records=1) as office:

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            def size() -> tuple[int, int]:
                image = app.screen.query_one(Dots).image
                return image.size

            while app._sight.view != "row":
                await pilot.press("pageup")
            await pilot.press("pagedown")
            field = size()
            await pilot.press("pagedown")
            assert size()[0] < field[0]
            await pilot.press("pageup", "pageup")
            row = size()
            assert row[0] > field[0]
            await pilot.press("f7")
            assert size() == row[::-1]
            await pilot.press("f3")
            assert isinstance(app.screen, WholePage)
            await pilot.pause()
            assert size()[1] > row[1]
            await pilot.press("escape", "enter")

        drive(office, journey)
        assert names(office)[0][0] == "accepted"


def test_keyers_see_nothing_that_was_read(tmp_path: Path) -> None:
    admin = Person("chi", "admin")
    with open_office(tmp_path, records=1) as office:
        office.desk.keying.order(admin, "small", Filter(field="name"), keyers=1)

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            assert app.query_one(Line).value == ""
            assert "NGUYEN" not in said(app, "list") + said(app, "doubts") + said(app, "head")
            await pilot.press("enter")  # nothing typed is no entry
            assert app.claim is not None
            await pilot.press(*"Tran B", "enter")

        drive(office, journey, work="key", only=Filter())
        assert names(office) == [("corrected", "Tran B")]


def test_what_somebody_decided_meanwhile_is_told(tmp_path: Path) -> None:
    with open_office(tmp_path, records=2) as office:

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            assert app.claim is not None
            item = app.claim.item
            office.desk.review.correct(
                office.desk.review.item(item.record.id, "name"), "Trần C", "chi"
            )
            await pilot.press("enter")
            assert "meanwhile" in said(app, "said")

        drive(office, journey)
        assert names(office)[0] == ("corrected", "Trần C")


def test_leaving_hands_the_answer_back_and_control_c_says_so(tmp_path: Path) -> None:
    with open_office(tmp_path, records=1) as office:

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            await pilot.press("a")
            await pilot.press("ctrl+c")

        assert drive(office, journey) == -INTERRUPTED
        assert office.desk.queue.held(LAN) == []
        other = Person("hoa", "clerk", "en")
        assert office.desk.queue.claim(other) is not None


def test_a_hostile_reading_is_text_and_nothing_else(tmp_path: Path) -> None:
    with open_office(tmp_path, records=1, name="[b]x[/b]\x1b[2J[@click=app.leave]y") as office:

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            rows = said(app, "list")
            assert "\x1b" not in rows
            assert "[b]x[/b]" in rows
            assert app.query_one("#line", Input).value.startswith("[b]x")
            await pilot.press("enter")

        drive(office, journey)


def test_ink_is_dots_and_paper_is_none() -> None:
    page = Image.new("RGB", (80, 40), (240, 238, 230))
    assert set(dotted(page, 10, 5)) == {"\u2800", "\n"}
    page.paste((40, 40, 120), (0, 0, 8, 40))
    lines = dotted(page, 10, 5).split("\n")
    assert [line[0] for line in lines] == ["\u28ff"] * 5
    assert {sign for line in lines for sign in line[1:]} == {"\u2800"}


def test_writing_is_looked_at_closely(tmp_path: Path) -> None:
    """Where a terminal draws few pixels, the empty part of the line isn't drawn."""
    with open_office(tmp_path, records=1) as office:

        async def journey(pilot: Pilot[int], app: ReviewApp) -> None:
            assert app._sight.scale > 1.2
            assert app._sight.at is not None
            assert app._sight.at[0] < 0.5  # the name stands at the left of its line

        drive(office, journey)

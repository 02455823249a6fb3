from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanform.model.geometry import Box
from scanform.model.scan import Pixels
from scanform.model.template import Field, Option, Template
from scanform.rehearse.filling import Sitting, cell_texts, fill, is_stamp, spoken, wrap
from scanform.rehearse.hands import Writer, shipped, typist, writer
from scanform.rehearse.ink import measure
from scanform.rehearse.strokes import MARKS, signature

PAGE_MM = (110.0, 60.0)
PER_MM = 300 / 25.4
LINE = Field("line", "Line", "text", 1, Box(10, 10, 80, 7))
CELLS = tuple(Box(10 + 5 * at, 20, 5, 6) for at in range(8))
DAY = Field("day", "Day", "date", 1, Box(10, 20, 40, 6), cells=CELLS, groups=(2, 2, 4))
BOXES = (Option("Nam", Box(10, 35, 4, 4)), Option("Nữ", Box(40, 35, 4, 4)))
SEX = Field("sex", "Sex", "choice", 1, Box(10, 35, 34, 4), options=BOXES)
SIGN = Field("signed", "Chữ ký", "presence", 1, Box(60, 35, 45, 20))
FORM = Template("form", "Form", 1, 1, PAGE_MM, (LINE, DAY, SEX, SIGN))


def blank() -> Pixels:
    size = (round(PAGE_MM[1] * PER_MM), round(PAGE_MM[0] * PER_MM), 3)
    return np.full(size, 255, dtype=np.uint8)


def by_hand(seed: int) -> Writer:
    return writer(shipped(), np.random.default_rng(seed))


def ink(page: Pixels, box: Box) -> float:
    """Share of the box that is dark."""
    left, top, right, bottom = box.pixels(300)
    return float((page[top:bottom, left:right].min(axis=2) < 128).mean())


def filled(answers: dict[str, str | None], sitting: Sitting, seed: int = 1) -> Pixels:
    return fill(blank(), FORM, 1, answers, sitting, np.random.default_rng(seed))


def test_nothing_to_say_leaves_the_page_blank() -> None:
    nothing = {"line": None, "day": None, "sex": None, "signed": "absent"}
    assert np.array_equal(filled(nothing, Sitting(by_hand(1))), blank())


@pytest.mark.parametrize("seed", range(6))
def test_ink_lies_in_the_region_and_nowhere_else(seed: int) -> None:
    sitting = Sitting(by_hand(seed))
    for field, value in [(LINE, "Ấp Giồng Chùa"), (DAY, "1985-06-01"), (SIGN, "present")]:
        page = filled({field.id: value}, sitting, seed)
        assert ink(page, field.box) > 0.01
        around = page.copy()
        left, top, right, bottom = field.box.grown(3.0).pixels(300)
        around[max(0, top) : bottom, max(0, left) : right] = 255
        assert (around > 200).all()


@pytest.mark.parametrize("style", MARKS)
def test_a_mark_is_made_at_its_own_box(style: str) -> None:
    hand = np.random.default_rng(3)
    for option in BOXES:
        points = np.vstack(MARKS[style](option.box, hand))
        around = option.box.grown(3.0)
        assert (points >= (around.x, around.y)).all()
        assert (points <= (around.right, around.bottom)).all()


def test_the_right_box_is_marked() -> None:
    sitting = Sitting(typist(np.random.default_rng(2)))
    page = filled({"sex": "Nữ"}, sitting)
    assert ink(page, BOXES[1].box.grown(1)) > 0.02
    assert ink(page, BOXES[0].box.grown(1)) == 0


def test_a_corrected_choice_has_a_struck_box_too() -> None:
    sitting = Sitting(typist(np.random.default_rng(2)), corrections=1.0)
    page = filled({"sex": "Nữ"}, sitting)
    assert ink(page, BOXES[0].box) > ink(page, BOXES[1].box) > 0.02


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        ("1985-06-01", "01061985"),
        ("1985-06", "..061985"),
        ("1985", "....1985"),
    ],
)
def test_a_date_stands_day_first_and_leaves_out_what_is_not_known(value: str, cells: str) -> None:
    assert "".join(text or "." for text in cell_texts(DAY, value)) == cells


def test_a_short_number_stands_at_either_end_of_its_comb() -> None:
    comb = Field("number", "Số", "digits", 1, Box(0, 0, 40, 6), cells=CELLS)
    assert "".join(text or "." for text in cell_texts(comb, "12345")) == "12345..."
    assert "".join(text or "." for text in cell_texts(comb, "12345", True)) == "...12345"


def test_a_date_on_a_line_is_written_day_first() -> None:
    line = Field("day", "Ngày", "date", 1, Box(0, 0, 40, 7))
    assert spoken(line, "1985-06-01") == "01/06/1985"
    assert spoken(line, "1985") == "1985"
    assert spoken(LINE, "1985-06-01") == "1985-06-01"


WORDS = st.lists(
    st.sampled_from(["Thạnh", "Phú", "xã", "huyện", "Ấp", "254", "Nguyễn"]), min_size=1, max_size=25
)


@settings(max_examples=40)
@given(words=WORDS, rows=st.integers(1, 3), width=st.floats(30, 150))
def test_wrapping_keeps_every_word_in_order(words: list[str], rows: int, width: float) -> None:
    hand = typist(np.random.default_rng(0))
    lines, em = wrap(" ".join(words), width, rows, hand)
    assert " ".join(lines).split() == words
    assert len(lines) <= rows
    assert em <= hand.em
    if em > hand.em * 0.65:
        longest = max(measure(line, hand.face.path, em) for line in lines)
        assert longest <= width or any(" " not in line for line in lines)


def test_long_writing_is_made_to_fit() -> None:
    text = "Số 123/45, đường Nguyễn Thị Định, thị trấn Thạnh Phú, huyện Thạnh Phú, tỉnh Bến Tre"
    page = filled({"line": text}, Sitting(by_hand(4)))
    right_of_it = Box(LINE.box.right + 0.5, LINE.box.y, 15, LINE.box.h)
    assert ink(page, LINE.box) > 0.03
    assert ink(page, right_of_it) == 0


def test_which_presence_is_a_stamp() -> None:
    def named(name: str, label: str) -> Field:
        return Field(name, label, "presence", 1, Box(0, 0, 30, 30))

    assert is_stamp(named("stamp", "Stamp of the office"))
    assert is_stamp(named("seal", "Dấu của cơ quan"))
    assert not is_stamp(named("signed", "Ký và đóng dấu"))
    assert not is_stamp(named("signed_officer", "Chữ ký của cán bộ"))


def test_signatures_differ() -> None:
    rng = np.random.default_rng(1)
    one, other = (np.vstack(signature(SIGN.box, rng)) for _ in range(2))
    assert one.shape != other.shape or not np.allclose(one, other)


def test_the_same_seed_writes_the_same() -> None:
    answers: dict[str, str | None] = {"line": "Ấp Cái Bần", "day": "1990-11-30", "sex": "Nam"}
    first, again = (filled(answers, Sitting(by_hand(9)), 9) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, filled(answers, Sitting(by_hand(9)), 10))


@given(seed=st.integers(0, 10_000))
def test_a_signature_stays_in_its_own_place(seed: int) -> None:
    points = np.vstack(signature(SIGN.box, np.random.default_rng(seed)))
    around = SIGN.box.grown(1.001)
    assert (points >= (around.x, around.y)).all()
    assert (points <= (around.right, around.bottom)).all()


def test_a_code_is_stuck_on_and_can_be_read() -> None:
    code = Field("label", "Label", "code", 1, Box(10, 10, 40, 25))
    form = Template("form", "Form", 1, 1, PAGE_MM, (code,))
    sitting, rng = Sitting(by_hand(1)), np.random.default_rng(1)
    page = fill(blank(), form, 1, {"label": "0123456789"}, sitting, rng)
    assert cv2.QRCodeDetector().detectAndDecode(page)[0] == "0123456789"

"""Which box is ticked, however it is ticked and wherever the page came to lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from scanform.fields import FIELD_KINDS
from scanform.model.geometry import Box, bounding_box
from scanform.model.reading import Crop
from scanform.model.scan import SHEET_DPI, Pixels
from scanform.model.template import Field, Option
from scanform.recognise.marks import read_marks
from scanform.recognise.presence import read_presence

HAND = Path(__file__).parents[2] / "scanform/rehearse/fonts/Mali.ttf"
PX = SHEET_DPI / 25.4
AREA = Box(0, 0, 45, 9)
OPTIONS = tuple(Option(v, Box(5 + 13 * i, 3, 3.2, 3.2)) for i, v in enumerate(("O", "A", "B")))
FIELD = Field("blood_group", "", "choice", 1, bounding_box(tuple(o.box for o in OPTIONS)),
              options=OPTIONS)  # fmt: skip
INK = (60, 30, 20)
Draw = Callable[[Pixels, Box], None]


def empty(shift: tuple[int, int] = (0, 0)) -> Pixels:
    page = np.full((round(AREA.h * PX), round(AREA.w * PX), 3), 255, np.uint8)
    for option in OPTIONS:
        left, top, right, bottom = option.box.pixels(SHEET_DPI)
        x, y = shift
        cv2.rectangle(page, (left + x, top + y), (right + x, bottom + y), (0, 0, 0), 3)
        cv2.putText(page, option.value, (right + 12 + x, bottom + y), 0, 1.0, (0, 0, 0), 3)
    return page


def cross(page: Pixels, box: Box) -> None:
    left, top, right, bottom = box.grown(-0.5).pixels(SHEET_DPI)
    cv2.line(page, (left, top), (right, bottom), INK, 4)
    cv2.line(page, (left, bottom), (right, top), INK, 4)


def tick(page: Pixels, box: Box) -> None:
    left, top, right, bottom = box.pixels(SHEET_DPI)
    low = ((2 * left + right) // 3, bottom - 3)
    cv2.line(page, (left + 5, (top + bottom) // 2), low, INK, 4)
    cv2.line(page, low, (right + 10, top - 12), INK, 4)


def fill(page: Pixels, box: Box) -> None:
    left, top, right, bottom = box.pixels(SHEET_DPI)
    cv2.rectangle(page, (left, top), (right, bottom), INK, -1)


def circle(page: Pixels, box: Box) -> None:
    x, y = (round(each * PX) for each in box.centre)
    cv2.ellipse(page, (x, y), (34, 31), 10, 0, 360, INK, 4)


def crop(page: Pixels, field: Field = FIELD) -> Crop:
    return Crop(field, AREA, page, cv2.cvtColor(empty(), cv2.COLOR_BGR2GRAY))


def scanned(page: Pixels, seed: int = 1) -> Pixels:
    """The page as a scanner at 200 dpi gives it."""
    small = cv2.resize(page, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(seed).normal(0, 7, small.shape)
    small = np.clip(small * 0.9 + noise, 0, 255).astype(np.uint8)
    return cv2.resize(small, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_CUBIC)


SHIFTS = [(0, 0), (3, -2), (-3, 3)]


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("way", [cross, tick, fill, circle])
def test_one_mark(way: Draw, shift: tuple[int, int]) -> None:
    page = empty(shift)
    way(page, OPTIONS[1].box.shifted(shift[0] / PX, shift[1] / PX))
    reading = read_marks(crop(scanned(page)))
    assert (reading.outcome, reading.text) == ("read", "A")
    assert reading.measures["marked"] == 1.0
    assert reading.score > 0.95


@pytest.mark.parametrize("shift", SHIFTS)
def test_no_mark_is_blank(shift: tuple[int, int]) -> None:
    reading = read_marks(crop(scanned(empty(shift))))
    assert (reading.outcome, reading.text) == ("blank", None)
    assert reading.score > 0.95


def test_a_shadow_is_no_mark() -> None:
    page = scanned(empty())
    shade = np.linspace(1.0, 0.5, page.shape[1])[None, :, None]
    assert read_marks(crop((page * shade).astype(np.uint8))).outcome == "blank"


def test_two_marks_are_told() -> None:
    page = empty()
    cross(page, OPTIONS[0].box)
    cross(page, OPTIONS[2].box)
    reading = read_marks(crop(scanned(page)))
    assert reading.measures["marked"] == 2.0
    assert reading.score < 0.9


def test_a_blackened_box_beside_a_tick_is_a_correction() -> None:
    page = empty()
    fill(page, OPTIONS[0].box)
    cross(page, OPTIONS[2].box)
    reading = read_marks(crop(scanned(page)))
    assert reading.text == "B"
    assert reading.measures["corrected"] == 1.0
    assert reading.measures["marked"] == 1.0


def test_a_line_right_across_is_no_sure_mark() -> None:
    page = empty()
    cv2.line(page, (0, 20), (page.shape[1], 90), INK, 4)
    reading = read_marks(crop(scanned(page)))
    assert reading.score < 0.95


def test_a_red_cross_counts() -> None:
    page = empty()
    left, top, right, bottom = OPTIONS[1].box.pixels(SHEET_DPI)
    cv2.line(page, (left, top), (right, bottom), (40, 40, 210), 4)
    cv2.line(page, (left, bottom), (right, top), (40, 40, 210), 4)
    assert read_marks(crop(scanned(page))).text == "A"


def signature_field(name: str) -> Field:
    return Field(name, "", "presence", 1, AREA.grown(-0.5))


def test_a_signature_is_present() -> None:
    page = np.full_like(empty(), 255)
    points = np.array([[60 + 9 * i, 50 + round(25 * np.sin(i * 1.3))] for i in range(25)], np.int32)
    cv2.polylines(page, [points], False, INK, 3)
    given = Crop(signature_field("signed"), AREA, scanned(page), np.full_like(page, 255))
    assert read_presence(given).text == "present"


def test_nothing_is_absent() -> None:
    page = np.full_like(empty(), 255)
    given = Crop(signature_field("signed"), AREA, scanned(page), page)
    reading = read_presence(given)
    assert (reading.text, reading.score > 0.95) == ("absent", True)


def test_a_red_stamp_is_a_stamp_and_no_signature() -> None:
    page = np.full_like(empty(), 255)
    cv2.circle(page, (265, 53), 45, (50, 40, 200), 6)
    cv2.circle(page, (265, 53), 30, (50, 40, 200), 5)
    scan = scanned(page)
    stamp = read_presence(Crop(signature_field("stamp"), AREA, scan, np.full_like(page, 255)))
    assert stamp.text == "present"
    signed = read_presence(Crop(signature_field("signed"), AREA, scan, np.full_like(page, 255)))
    assert signed.text == "absent" or signed.score < 0.95


def pale_fill(page: Pixels, box: Box) -> None:
    """A pale ballpoint that blackened the box and a little beyond."""
    left, top, right, bottom = box.grown(0.4).pixels(SHEET_DPI)
    cv2.rectangle(page, (left, top), (right, bottom), (190, 120, 90), -1)


def strike(page: Pixels, box: Box) -> None:
    left, top, right, bottom = box.grown(2.2).pixels(SHEET_DPI)
    for share in (0.4, 0.6):
        y = round(top + share * (bottom - top))
        cv2.line(page, (left, y), (right, y - 3), INK, 4)


def test_a_blackened_box_is_full_however_large() -> None:
    area = Box(0, 0, 45, 12)
    options = tuple(Option(v, Box(6 + 16 * i, 4, 4, 4)) for i, v in enumerate(("Nam", "Nữ")))
    field = Field("sex", "", "choice", 1, bounding_box(tuple(o.box for o in options)),
                  options=options)  # fmt: skip
    page = np.full((round(area.h * PX), round(area.w * PX), 3), 255, np.uint8)
    for option in options:
        left, top, right, bottom = option.box.pixels(SHEET_DPI)
        cv2.rectangle(page, (left, top), (right, bottom), (0, 0, 0), 3)
    blank = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    pale_fill(page, options[0].box)
    tick(page, options[1].box)
    reading = read_marks(Crop(field, area, scanned(page), blank))
    assert (reading.text, reading.measures["corrected"]) == ("Nữ", 1.0)
    assert reading.measures["fill:Nam"] > 0.8


@pytest.mark.parametrize("way", [cross, tick])
def test_a_struck_out_mark_doesnt_count(way: Draw) -> None:
    page = empty()
    for at in (0, 1):
        way(page, OPTIONS[at].box)
    strike(page, OPTIONS[0].box)
    reading = read_marks(crop(scanned(page)))
    assert (reading.text, reading.measures["corrected"]) == ("A", 1.0)
    assert FIELD_KINDS["choice"].answer(FIELD, reading, {}).state == "pending"


def test_where_boxes_are_filled_in_a_full_one_counts() -> None:
    page = empty()
    fill(page, OPTIONS[0].box)
    cross(page, OPTIONS[2].box)
    taught = replace(FIELD, taken_back="struck")
    reading = read_marks(crop(scanned(page), taught))
    assert reading.measures["marked"] == 2.0
    assert reading.measures["corrected"] == 0.0


def test_a_line_over_the_whole_row_marks_nothing() -> None:
    page = empty()
    y = round(OPTIONS[0].box.centre[1] * PX)
    cv2.line(page, (0, y + 25), (page.shape[1], y - 12), INK, 3)
    reading = read_marks(crop(scanned(page)))
    answer = FIELD_KINDS["choice"].answer(FIELD, reading, {})
    assert answer.state == "pending"
    assert (reading.outcome, reading.measures.get("faint")) == ("blank", 1.0)


def test_a_date_is_no_signature() -> None:
    area = Box(0, 0, 60, 25)
    field = Field("signed", "", "presence", 1, area.grown(-1))
    page = np.full((round(area.h * PX), round(area.w * PX), 3), 255, np.uint8)
    face = ImageFont.truetype(str(HAND), 60)
    drawn = Image.new("RGB", (page.shape[1], page.shape[0]), (255, 255, 255))
    ImageDraw.Draw(drawn).text((90, 90), "20/11/2026", font=face, fill=(20, 30, 90))
    dated = np.asarray(drawn)[..., ::-1].copy()
    blank = np.full(page.shape[:2], 255, np.uint8)
    reading = read_presence(Crop(field, area, scanned(dated), blank))
    assert reading.text == "absent"
    assert FIELD_KINDS["presence"].answer(field, reading, {}).state == "pending"
    points = [[200 + 8 * i, 150 + round(70 * np.sin(i * 1.1))] for i in range(45)]
    cv2.polylines(dated, [np.array(points, np.int32)], False, INK, 4)
    assert read_presence(Crop(field, area, scanned(dated), blank)).text == "present"


def test_a_neighbours_stroke_is_no_signature() -> None:
    area = Box(0, 0, 60, 25)
    field = Field("signed", "", "presence", 1, Box(10, 3, 40, 19))
    page = np.full((round(area.h * PX), round(area.w * PX), 3), 255, np.uint8)
    points = [[round((1.5 + 0.3 * i) * PX), round((12 + 5 * np.sin(i)) * PX)] for i in range(33)]
    cv2.polylines(page, [np.array(points, np.int32)], False, INK, 4)
    blank = np.full(page.shape[:2], 255, np.uint8)
    assert read_presence(Crop(field, area, scanned(page), blank)).text == "absent"


@pytest.mark.parametrize("turn", [-6, 0, 5])
def test_a_registrys_stamp_is_no_signature(turn: float) -> None:
    area = Box(0, 0, 60, 25)
    field = Field("signed", "", "presence", 1, area.grown(-1))
    page = np.full((round(area.h * PX), round(area.w * PX), 3), 255, np.uint8)
    blank = np.full(page.shape[:2], 255, np.uint8)
    cv2.rectangle(page, (120, 60), (600, 230), (130, 50, 90), 7)
    cv2.putText(page, "CONG VAN DEN", (140, 130), 0, 1.9, (130, 50, 90), 6)
    cv2.putText(page, "16/07/2018", (220, 205), 0, 1.5, (130, 50, 90), 4)
    turned = cv2.getRotationMatrix2D((360, 150), turn, 1.0)
    page = cv2.warpAffine(page, turned, page.shape[1::-1], borderValue=(255, 255, 255))
    reading = read_presence(Crop(field, area, scanned(page), blank))
    assert (reading.text, reading.score < 0.95) == ("absent", True)
    points = [[60 + 12 * i, 130 + round(90 * np.sin(i * 1.1))] for i in range(45)]
    cv2.polylines(page, [np.array(points, np.int32)], False, INK, 4)
    assert read_presence(Crop(field, area, scanned(page), blank)).text == "present"


@pytest.mark.parametrize(("right", "down"), [(260, 0), (-260, 0), (0, 120), (240, 130)])
def test_a_stamp_that_the_crop_cuts_is_no_signature(right: int, down: int) -> None:
    area = Box(0, 0, 60, 25)
    field = Field("signed", "", "presence", 1, area.grown(-1))
    page = np.full((round(area.h * PX), round(area.w * PX), 3), 255, np.uint8)
    blank = np.full(page.shape[:2], 255, np.uint8)
    cv2.rectangle(page, (120, 60), (600, 230), (130, 50, 90), 7)
    page[50:75, 130:150] = 255  # it was pressed badly
    cv2.putText(page, "CONG VAN DEN", (140, 130), 0, 1.9, (130, 50, 90), 6)
    cv2.putText(page, "16/07/2018", (220, 205), 0, 1.5, (130, 50, 90), 4)
    moved = cv2.getRotationMatrix2D((360, 150), 6, 1.0) + np.array([[0, 0, right], [0, 0, down]])
    page = cv2.warpAffine(page, moved, page.shape[1::-1], borderValue=(255, 255, 255))
    reading = read_presence(Crop(field, area, scanned(page), blank))
    assert (reading.text, reading.score < 0.95) == ("absent", True)
    points = [[150 + 8 * i, 130 + round(90 * np.sin(i * 1.1))] for i in range(45)]
    cv2.polylines(page, [np.array(points, np.int32)], False, INK, 4)
    assert read_presence(Crop(field, area, scanned(page), blank)).text == "present"


PALE = (178, 170, 165)


def pale_tick(page: Pixels, box: Box) -> None:
    left, top, right, bottom = box.pixels(SHEET_DPI)
    low = ((2 * left + right) // 3, bottom - 6)
    cv2.line(page, (left + 8, (top + bottom) // 2), low, PALE, 3)
    cv2.line(page, low, (right - 4, top + 8), PALE, 3)


def test_a_pale_pen_is_seen_beside_black_print_and_doubted() -> None:
    page = empty()
    pale_tick(page, OPTIONS[1].box)
    reading = read_marks(crop(page))
    assert (reading.outcome, reading.text) == ("read", "A")
    assert FIELD_KINDS["choice"].answer(FIELD, reading, {}).doubts


def test_pale_dust_is_no_mark() -> None:
    page = empty()
    x, y = (round(each * PX) for each in OPTIONS[1].box.centre)
    cv2.circle(page, (x, y), 4, PALE, -1)
    assert read_marks(crop(page)).outcome == "blank"

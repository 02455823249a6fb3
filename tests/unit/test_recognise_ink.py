"""Writing is told from the form, blank from written; cells give their characters."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanform.model.geometry import Box, bounding_box
from scanform.model.reading import Crop
from scanform.model.scan import SHEET_DPI, Pixels
from scanform.model.template import Field
from scanform.recognise.combs import clean_comb
from scanform.recognise.lines import clean_lines

PX = SHEET_DPI / 25.4
AREA = Box(0, 0, 60, 9.4)
LINE = Field("name", "", "text", 1, AREA.grown(-1.2))
CELLS = tuple(Box(3 + 4.7 * i, 1.5, 4.7, 6) for i in range(9))
COMB = Field("number", "", "digits", 1, bounding_box(CELLS), cells=CELLS)
SHIFTS = [(0, 0), (3, 2), (-3, -3), (2, -3)]


def line_form(shift: tuple[int, int] = (0, 0), solid: bool = False) -> Pixels:
    """A writing line with the foot of a caption at its left."""
    page = np.full((round(AREA.h * PX), round(AREA.w * PX)), 255, np.uint8)
    x, y = shift
    base = round(7.4 * PX)
    if solid:
        cv2.line(page, (14 + x, base + y), (page.shape[1] - 15 + x, base + y), 60, 3)
    else:
        for at in range(14, page.shape[1] - 15, 10):
            cv2.circle(page, (at + x, base + y), 1, 60, -1)
    cv2.putText(page, "Xa:", (-40 + x, base + y), 0, 1.2, 0, 3)
    return page


def comb_form(shift: tuple[int, int] = (0, 0)) -> Pixels:
    page = np.full((round(AREA.h * PX), round(AREA.w * PX)), 255, np.uint8)
    for cell in CELLS:
        left, top, right, bottom = cell.pixels(SHEET_DPI)
        x, y = shift
        cv2.rectangle(page, (left + x, top + y), (right + x, bottom + y), 40, 2)
    return page


def scanned(page: Pixels, seed: int = 1, dark: float = 0.92, noise: float = 6.0) -> Pixels:
    small = cv2.resize(page, None, fx=2 / 3, fy=2 / 3, interpolation=cv2.INTER_AREA)
    values = small * dark + np.random.default_rng(seed).normal(0, noise, small.shape)
    small = np.clip(values, 0, 255).astype(np.uint8)
    return cv2.resize(small, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_CUBIC)


@pytest.mark.parametrize("solid", [True, False])
@pytest.mark.parametrize("shift", SHIFTS)
def test_an_empty_line_is_blank(shift: tuple[int, int], solid: bool) -> None:
    page = scanned(line_form(shift, solid))
    lines = clean_lines(Crop(LINE, AREA, page, line_form(solid=solid)))
    assert lines.images == ()
    assert not lines.faint


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("text", ["1", "O", "l", "-1", "Thanh Phu"])
def test_little_writing_is_kept(text: str, shift: tuple[int, int]) -> None:
    page = line_form(shift)
    cv2.putText(page, text, (60, round(7.1 * PX)), 0, 1.1, 30, 3)
    lines = clean_lines(Crop(LINE, AREA, scanned(page), line_form()))
    assert len(lines.images) == 1


def test_a_stroke_across_the_line_stays_whole() -> None:
    page = line_form(solid=True)
    cv2.line(page, (200, 40), (200, 105), 20, 4)
    (image,) = clean_lines(Crop(LINE, AREA, scanned(page), line_form(solid=True))).images
    ink = (image < 128).any(axis=1)
    rows = np.flatnonzero(ink)
    assert rows.size >= 55
    assert np.all(np.diff(rows) == 1)


def test_rows_are_told_apart() -> None:
    area = Box(0, 0, 60, 16)
    field = Field("address", "", "text", 1, area.grown(-1), rows=2)
    page = np.full((round(area.h * PX), round(area.w * PX)), 255, np.uint8)
    cv2.putText(page, "first", (60, round(6.5 * PX)), 0, 1.2, 30, 3)
    blank = np.full_like(page, 255)
    assert len(clean_lines(Crop(field, area, page, blank)).images) == 1
    cv2.putText(page, "gyp second", (60, round(13.5 * PX)), 0, 1.2, 30, 3)
    assert len(clean_lines(Crop(field, area, page, blank)).images) == 2


def test_pencil_on_a_bitonal_copy_is_in_pieces() -> None:
    page = line_form()
    cv2.putText(page, "Thanh Phu", (60, round(7.1 * PX)), 0, 1.6, 30, 3)
    whole = clean_lines(Crop(LINE, AREA, page, line_form())).whole
    lost = np.random.default_rng(3).random(page.shape) < 0.6
    lost = cv2.GaussianBlur(lost.astype(np.float32), (0, 0), 2.5) > 0.58
    broken = clean_lines(Crop(LINE, AREA, np.where(lost, 255, page), line_form())).whole
    assert whole > 0.75
    assert broken < 0.7


@pytest.mark.parametrize(
    ("text", "line", "struck"),
    [
        ("Kinh", (50, 62, 190, 66), True),
        ("Nguyen Van An", (50, 66, 380, 60), True),
        ("Nguyen Van An", (50, 66, 200, 60), True),
        ("Nguyen Van An", (50, 88, 380, 88), False),
        ("Nguyen Van An", (60, 66, 90, 60), False),
        ("Nguyen Van An", None, False),
        ("T E F H", None, False),
    ],
    ids=["a word", "all", "a part", "underlined", "a dash in it", "none", "bars of letters"],
)
def test_a_line_through_writing_is_told(
    text: str, line: tuple[int, int, int, int] | None, struck: bool
) -> None:
    page = line_form()
    cv2.putText(page, text, (60, round(6.6 * PX)), 0, 1.3, 30, 3)
    if line is not None:
        cv2.line(page, line[:2], line[2:], 30, 4)
    lines = clean_lines(Crop(LINE, AREA, scanned(page), line_form()))
    assert lines.struck == struck


def test_a_fold_is_no_writing() -> None:
    page = line_form()
    cv2.line(page, (300, 0), (303, page.shape[0]), 120, 3)
    assert clean_lines(Crop(LINE, AREA, scanned(page), line_form())).images == ()


@pytest.mark.parametrize("shift", SHIFTS)
def test_written_cells_are_found(shift: tuple[int, int]) -> None:
    page = comb_form(shift)
    for at, digit in ((0, "1"), (1, "7"), (4, "0"), (8, "1")):
        left, _, _, bottom = CELLS[at].pixels(SHEET_DPI)
        cv2.putText(page, digit, (left + 16 + shift[0], bottom - 14), 0, 1.3, 20, 4)
    comb = clean_comb(Crop(COMB, AREA, scanned(page), comb_form()))
    assert [glyph.cell for glyph in comb.glyphs] == [0, 1, 4, 8]
    assert all((glyph.image < 128).any() for glyph in comb.glyphs)


@pytest.mark.parametrize("shift", SHIFTS)
def test_an_empty_comb_is_blank(shift: tuple[int, int]) -> None:
    assert clean_comb(Crop(COMB, AREA, scanned(comb_form(shift)), comb_form())).glyphs == ()


def dotted(size: int) -> Pixels:
    """A word above the dotted line, and a dot of the pen on it, right on a printed one."""
    page = line_form()
    cv2.putText(page, "Tha", (64, round(6.2 * PX)), 0, 1.0, 30, 3)
    cv2.circle(page, (134, round(7.4 * PX)), size, 30, -1)
    return page


@pytest.mark.parametrize(("size", "kept"), [(1, False), (3, True), (4, True)])
def test_a_dot_below_on_the_dotted_line_is_kept(size: int, kept: bool) -> None:
    (image,) = clean_lines(Crop(LINE, AREA, scanned(dotted(size)), line_form())).images
    count, _, stats, _ = cv2.connectedComponentsWithStats((image < 128).astype(np.uint8))
    small = [at for at in range(1, count) if stats[at, cv2.CC_STAT_HEIGHT] < 12]
    assert len(small) == kept


def test_a_mark_of_the_line_below_is_left_out() -> None:
    page = line_form()
    cv2.putText(page, "Ap 3", (40, round(5.0 * PX)), 0, 1.0, 30, 3)
    cv2.line(page, (300, round(8.4 * PX)), (318, round(8.4 * PX)), 30, 4)
    (image,) = clean_lines(Crop(LINE, AREA, scanned(page), line_form())).images
    assert image.shape[1] < 200

"""Writing is told from the form, blank from written; cells give their characters."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from scanform.model.geometry import Box, bounding_box
from scanform.model.reading import Crop
from scanform.model.scan import SHEET_DPI, Pixels
from scanform.model.template import Field
from scanform.recognise.combs import clean_comb
from scanform.recognise.ink import Piece
from scanform.recognise.lines import PAD, _wholeness, clean_lines, drawn

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


def test_a_dash_alone_says_something_and_strikes_nothing_out() -> None:
    page = line_form()
    cv2.line(page, (100, 60), (200, 60), 30, 8)
    lines = clean_lines(Crop(LINE, AREA, scanned(page), line_form()))
    assert (len(lines.images), lines.struck) == (1, False)


def test_one_line_of_two_that_is_struck_out_is_told() -> None:
    area = Box(0, 0, 60, 16)
    field = Field("address", "", "text", 1, area.grown(-1), rows=2)
    page = np.full((round(area.h * PX), round(area.w * PX)), 255, np.uint8)
    for text, y in (("first words", 6.5), ("second", 13.5)):
        cv2.putText(page, text, (60, round(y * PX)), 0, 1.2, 30, 3)
    blank = np.full_like(page, 255)
    assert not clean_lines(Crop(field, area, page, blank)).struck
    cv2.line(page, (50, 64), (330, 68), 30, 4)
    lines = clean_lines(Crop(field, area, page, blank))
    assert (len(lines.images), lines.struck) == (2, True)


PAPER = np.full((round(AREA.h * PX), round(AREA.w * PX)), 255, np.uint8)


def drawn_height(page: Pixels, field: Field = LINE) -> float:
    """Millimetres of the crop, from the highest ink to the lowest, that the line has."""
    (image,) = clean_lines(Crop(field, AREA, page, PAPER)).images
    ink = np.argwhere(image < 128)
    shape = ink.max(axis=0) - ink.min(axis=0) + 1
    written = np.argwhere(page < 128)
    wide = written[:, 1].max() - written[:, 1].min() + 1
    return float(shape[0] * wide / shape[1] / PX)


@pytest.mark.parametrize(
    ("baseline", "mark", "is_drawn"),
    [
        # A mark above that ends within the crop, and what hangs in from the line above.
        (5.0, (5, 22, 3), True),
        (5.0, (0, 22, 3), False),
        (6.6, (90, 108, 3), True),
        (6.6, (90, 111, 3), False),
        # A dot, and a speck.
        (5.0, (17, 20, 2), True),
        (5.0, (18, 20, 1), False),
    ],
    ids=["above", "from above", "below", "from below", "a dot", "a speck"],
)
def test_what_hangs_on_a_letter_is_its_mark(
    baseline: float, mark: tuple[int, int, int], is_drawn: bool
) -> None:
    page = PAPER.copy()
    cv2.putText(page, "Thanh Phu", (60, round(baseline * PX)), 0, 1.1, 30, 3)
    alone = drawn_height(page)
    top, bottom, half = mark
    page[top:bottom, 83 - half : 83 + half] = 30
    assert (drawn_height(page) > alone + 0.5) == is_drawn


@pytest.mark.parametrize(("x", "own"), [(40, False), (250, True), (570, False)])
def test_what_stands_beside_the_field_is_a_neighbours(x: int, own: bool) -> None:
    narrow = Field("name", "", "text", 1, Box(15, 1.2, 30, 7))
    page = PAPER.copy()
    cv2.putText(page, "An", (x, round(6.6 * PX)), 0, 1.1, 30, 3)
    assert len(clean_lines(Crop(narrow, AREA, page, PAPER)).images) == own


@pytest.mark.parametrize(
    ("box", "baseline", "mark", "own"),
    [
        ((1.2, 3.8), 4.5, (56, 72), True),
        ((1.2, 3.8), 4.5, (66, 82), False),  # beyond the field
        ((1.2, 3.8), 3.2, (56, 72), False),  # within a reach of it, but of no letter's
        ((4.0, 4.2), 6.5, (33, 45), True),
        ((4.0, 4.2), 7.4, (33, 45), False),
    ],
)
def test_a_mark_is_near_its_field_and_its_letter(
    box: tuple[float, float], baseline: float, mark: tuple[int, int], own: bool
) -> None:
    field = Field("name", "", "text", 1, Box(1.2, box[0], 57.6, box[1]))
    page = PAPER.copy()
    cv2.putText(page, "Thanh", (60, round(baseline * PX)), 0, 1.1, 30, 3)
    alone = drawn_height(page, field)
    page[mark[0] : mark[1], 80:86] = 30
    assert (drawn_height(page, field) > alone + 0.5) == own


@pytest.mark.parametrize("speck", [False, True])
def test_what_hangs_on_no_letter_or_on_a_speck_is_no_mark(speck: bool) -> None:
    page = PAPER.copy()
    cv2.putText(page, "Thanh Phu", (60, round(6.6 * PX)), 0, 1.1, 30, 3)
    right = np.argwhere(page < 128)[:, 1].max()
    if speck:
        page[76:79, right + 12 : right + 15] = 30
    alone = drawn_height(page)
    page[90:108, right + 20 : right + 26] = 30
    assert drawn_height(page) < alone + 0.5


@pytest.mark.parametrize(
    ("light", "faint"),
    [
        ((slice(40, 70), slice(100, 104)), True),
        ((slice(55, 62), slice(100, 160)), False),  # lower than letters are
        ((slice(50, 66), slice(100, 102)), False),  # a hair
        ((slice(50, 66), slice(100, 103)), True),
    ],
)
def test_strokes_that_are_lighter_than_ink_are_told(
    light: tuple[slice, slice], faint: bool
) -> None:
    page = PAPER.copy()
    page[light] = 215
    lines = clean_lines(Crop(LINE, AREA, page, PAPER))
    assert (lines.images, lines.faint) == ((), faint)


@pytest.mark.parametrize(
    ("height", "drawn_as"),
    [(10, 20), (8, 16), (25, 40), (40, 40), (80, 80), (110, 110), (220, 110)],
)
def test_lines_are_drawn_at_a_height_that_readers_like(height: int, drawn_as: int) -> None:
    image = drawn(np.full((height, 4 * height), 0.8, np.float32))
    assert image.shape[0] - 2 * PAD == drawn_as
    assert image.shape[1] - 2 * PAD == pytest.approx(4 * drawn_as, abs=1)
    assert image[PAD + drawn_as // 2, PAD + drawn_as] < 20


def test_how_whole_writing_is_does_not_hang_on_the_order_of_its_pieces() -> None:
    found = [Piece(1, 0, 0, 9, 40, 300, 4, 20), Piece(2, 20, 30, 5, 10, 40, 22, 35)]
    found += [Piece(3, 40, 5, 9, 35, 280, 44, 22), Piece(4, 60, 30, 5, 10, 40, 62, 35)]
    whole = _wholeness(found, 50, 1)
    assert whole == _wholeness(found[::-1], 50, 1) > 0.8
    assert _wholeness([found[1], found[3], found[0]], 50, 1) > 0.8
    assert _wholeness([replace(each, area=200) for each in found[1::2]] + found[:1], 50, 1) < 0.4


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

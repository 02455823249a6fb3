"""Combs: the network reads the cells, Tesseract is asked about doubtful ones only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from scanform.model.geometry import Box, bounding_box
from scanform.model.reading import Crop
from scanform.model.scan import Pixels
from scanform.model.template import Field
from scanform.programs.tesseract import Character, Line, Word
from scanform.recognise import comb_reader
from scanform.recognise.comb_reader import CombBatch
from scanform.recognise.combs import clean_comb
from scanform.recognise.digit_net import NO_CHARACTER, SIDE, chances, prepared
from scanform.recognise.interface import read_all

PX = 300 / 25.4
AREA = Box(0, 0, 40, 9)
CELLS = tuple(Box(2 + 5 * i, 1.5, 5, 6) for i in range(7))
COMB = Field("number", "", "digits", 1, bounding_box(CELLS), cells=CELLS)
SHIPPED = Path(__file__).parents[2] / "scanform"
PRINT = SHIPPED / "template/fonts/Tinos-Regular.ttf"
HELD = SHIPPED / "rehearse/fonts/Sriracha.ttf"


def drawn(digit: str, size: int, font: Path = PRINT, margin: int = 0) -> Pixels:
    """A digit ``size`` pixels high, dark on white, cut tightly but for ``margin``."""
    face = ImageFont.truetype(str(font), round(size * 1.5))
    image = Image.new("L", (size * 3, size * 3), 255)
    ImageDraw.Draw(image).text((size, size * 2), digit, font=face, fill=0, anchor="ls")
    page = np.asarray(image)
    rows, columns = np.nonzero(page < 128)
    cut = page[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return np.pad(cut, margin, constant_values=255)


def paper(lines: bool = False) -> Pixels:
    page = np.full((round(AREA.h * PX), round(AREA.w * PX)), 255, np.uint8)
    for cell in CELLS if lines else ():
        left, top, right, bottom = cell.pixels(300)
        cv2.rectangle(page, (left, top), (right, bottom), 60, 2)
    return page


def comb(digits: str, page: Pixels | None = None) -> Crop:
    page = paper() if page is None else page
    for cell, digit in zip(CELLS, digits, strict=False):
        if digit != " ":
            image = drawn(digit, 44, HELD)
            left, top, _, _ = cell.pixels(300)
            part = page[
                top + 12 : top + 12 + image.shape[0], left + 14 : left + 14 + image.shape[1]
            ]
            np.minimum(part, image, out=part)
    return Crop(COMB, AREA, page, paper())


def never(images: Sequence[Pixels], psm: int, whitelist: str) -> list[Line | None]:
    raise AssertionError("the network is sure of these")


@pytest.mark.parametrize("size", [20, 45, 120, 200])
@pytest.mark.parametrize("font", [PRINT, HELD])
def test_digits_of_any_size(size: int, font: Path) -> None:
    given = chances([drawn(digit, size, font, size // 5) for digit in "0123456789"])
    assert given.shape == (10, 11)
    assert given.sum(axis=1) == pytest.approx(1.0, abs=1e-3)
    assert given.argmax(axis=1).tolist() == list(range(10))
    assert given.max(axis=1).min() > 0.9


@pytest.mark.parametrize("digit", "0123456789")
def test_grey_or_black_and_white_thin_or_thick(digit: str) -> None:
    image = drawn(digit, 90, margin=20)
    thin = cv2.dilate(image, np.ones((2, 2), np.uint8))
    thick = cv2.erode(image, np.ones((5, 5), np.uint8))
    grey = (255 - (255 - image.astype(np.float32)) * 0.4).astype(np.uint8)
    white = np.where(image < 128, 0, 255).astype(np.uint8)
    assert {int(row.argmax()) for row in chances([thin, thick, grey, white])} == {int(digit)}


def test_a_digit_is_laid_by_its_centre_of_mass_with_its_aspect_kept() -> None:
    image = np.full((200, 100), 255, np.uint8)
    image[20:180, 40:60] = 90
    values = prepared(image)
    assert values.shape == (SIDE, SIDE)
    rows, columns = np.nonzero(values > 0.5)
    assert rows.max() - rows.min() + 1 == 20
    assert 2 <= columns.max() - columns.min() + 1 <= 4
    assert values.max() > 0.9
    assert abs(rows.mean() - 13.5) <= 0.5
    assert not prepared(np.full((30, 30), 250, np.uint8)).any()


def test_what_is_crossed_out_is_no_character() -> None:
    image = drawn("5", 60, HELD, 15)
    height, width = image.shape
    cv2.line(image, (3, 5), (width - 4, height - 6), 0, 5)
    cv2.line(image, (width - 4, 5), (3, height - 6), 0, 5)
    scribble = np.full((70, 60), 255, np.uint8)
    points = [[8 + 44 * (at % 2), 6 + 6 * at] for at in range(10)]
    cv2.polylines(scribble, [np.array(points, np.int32)], False, 0, 5)
    given = chances([image, scribble])
    assert given.argmax(axis=1).tolist() == [NO_CHARACTER] * 2


def test_a_comb_keeps_its_cells_and_asks_nobody() -> None:
    (reading,) = read_all(CombBatch(never), [comb("71 4902")])
    assert (reading.text, reading.outcome) == ("714902", "read")
    assert [cell.text for cell in reading.cells] == ["7", "1", "", "4", "9", "0", "2"]
    assert reading.score > 0.95
    assert reading.measures["looked_twice"] == 0.0


def test_many_combs_at_once_keep_their_order() -> None:
    texts = ["12", "345", "", "6", "7890123"]
    readings = read_all(CombBatch(never), [comb(text) for text in texts])
    assert [each.text or "" for each in readings] == texts
    assert [each.outcome for each in readings].count("blank") == 1


def test_rests_of_the_cells_lines_change_nothing() -> None:
    page = paper(lines=True)
    # The blank has no lines here: all of them are ink that somebody may have written.
    (reading,) = read_all(
        CombBatch(lambda images, *_: [None] * len(images)), [comb("5083176", page)]
    )
    assert reading.text == "5083176"


def test_characters_that_touch_are_parted() -> None:
    crop = comb("")
    image = cv2.resize(drawn("8", 50, HELD), (61, 56))
    for cell in CELLS[1:3]:
        left, top, _, _ = cell.pixels(300)
        part = crop.pixels[top + 8 : top + 64, left - 1 : left + 60]
        np.minimum(part, image, out=part)
    assert clean_comb(crop).glyphs
    (reading,) = read_all(CombBatch(lambda images, *_: [None] * len(images)), [crop])
    assert [cell.text for cell in reading.cells] == ["", "8", "8", "", "", "", ""]


def test_a_character_over_the_line_stays_whole() -> None:
    crop = comb("")
    image = drawn("8", 50, HELD)
    left, top, _, _ = CELLS[1].pixels(300)
    part = crop.pixels[top + 10 : top + 10 + image.shape[0], left + 24 : left + 24 + image.shape[1]]
    np.minimum(part, image, out=part)
    (reading,) = read_all(CombBatch(lambda images, *_: [None] * len(images)), [crop])
    assert reading.text == "8"


def test_a_struck_out_cell_is_not_read() -> None:
    crop = comb("5083176")
    left, top, right, bottom = CELLS[2].pixels(300)
    for _ in range(2):
        cv2.line(crop.pixels, (left + 4, top + 8), (right - 4, bottom - 8), 0, 5)
        cv2.line(crop.pixels, (right - 4, top + 8), (left + 4, bottom - 8), 0, 5)
    (reading,) = read_all(CombBatch(lambda images, *_: [None] * len(images)), [crop])
    assert reading.outcome == "unreadable"
    assert reading.measures["no_character"] > 0.5
    assert [cell.text for cell in reading.cells if cell.text][:2] == ["5", "0"]


def said(text: str, score: float) -> Line:
    return Line((Word(text, score, (Character(text, 0, 20, score),)),))


def doubting(figures: dict[int, float]) -> np.ndarray:
    row = np.full(11, 0.0)
    for digit, chance in figures.items():
        row[digit] = chance
    return row


def test_only_doubtful_cells_are_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [doubting({3: 0.99, 5: 0.01}), doubting({1: 0.55, 7: 0.44, 10: 0.01})]
    monkeypatch.setattr(comb_reader, "chances", lambda images: np.stack(rows))
    asked: list[tuple[int, int, str]] = []

    def read_lines(images: Sequence[Pixels], psm: int, whitelist: str) -> list[Line | None]:
        asked.append((len(images), psm, whitelist))
        return [said("7", 0.95)]

    (reading,) = read_all(CombBatch(read_lines), [comb("31")])
    assert asked == [(1, 10, "0123456789")]
    assert reading.text == "37"
    assert reading.measures["looked_twice"] == 1.0
    assert reading.score == pytest.approx(0.44 * 0.9 / (0.44 * 0.9 + 0.55 / 90 + 0.001), abs=0.01)
    assert reading.alternatives[0].text == "31"


@pytest.mark.parametrize("answer", [None, Line(()), said("77", 0.9)])
def test_without_an_answer_the_doubt_stays(
    monkeypatch: pytest.MonkeyPatch, answer: Line | None
) -> None:
    row = doubting({1: 0.55, 7: 0.44, 10: 0.01})
    monkeypatch.setattr(comb_reader, "chances", lambda images: np.stack([row]))
    (reading,) = read_all(CombBatch(lambda *_: [answer]), [comb("1")])
    assert (reading.text, reading.score) == ("1", pytest.approx(0.55))

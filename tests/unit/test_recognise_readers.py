"""Readings from what Tesseract says, and what is made of its failures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytesseract import TesseractError

from scanform.engine.local import PAGE_SECONDS, PAGES_A_BATCH
from scanform.fields import FIELD_KINDS
from scanform.model.geometry import Box, bounding_box
from scanform.model.reading import Alternative, Crop
from scanform.model.scan import Pixels
from scanform.model.template import Field
from scanform.programs import poppler, standing, tesseract
from scanform.programs.tesseract import Character, Line, Word
from scanform.recognise import RECOGNISERS, outcomes
from scanform.recognise.case import recased
from scanform.recognise.choose import BEST, for_kind
from scanform.recognise.comb_reader import CombBatch
from scanform.recognise.interface import read_all
from scanform.recognise.tesseract import LinesBatch
from scanform.recognise.variants import alternatives
from scanform.recognise.words import respaced

PX = 300 / 25.4
AREA = Box(0, 0, 40, 9)
CELLS = tuple(Box(2 + 5 * i, 1.5, 5, 6) for i in range(4))
COMB = Field("number", "", "digits", 1, bounding_box(CELLS), cells=CELLS)
TEXT = Field("name", "", "text", 1, AREA.grown(-1))


def paper() -> Pixels:
    return np.full((round(AREA.h * PX), round(AREA.w * PX)), 255, np.uint8)


def comb_crop(digits: str) -> Crop:
    page = paper()
    for cell, digit in zip(CELLS, digits, strict=False):
        left, _, _, bottom = cell.pixels(300)
        cv2.putText(page, digit, (left + 14, bottom - 12), 0, 1.4, 0, 4)
    return Crop(COMB, AREA, page, paper())


def text_crop(text: str) -> Crop:
    page = paper()
    cv2.putText(page, text, (30, 75), 0, 1.4, 0, 4)
    return Crop(TEXT, AREA, page, paper())


def line(text: str, score: float = 0.95, wide: int = 40) -> Line:
    characters = tuple(
        Character(c, 14 + wide * i, 34 + wide * i, score) for i, c in enumerate(text)
    )
    return Line((Word(text, score, characters),))


def saying(*lines: Line | None) -> Callable[[Sequence[Pixels], int, str], list[Line | None]]:
    said = list(lines)

    def read_lines(images: Sequence[Pixels], psm: int, whitelist: str) -> list[Line | None]:
        return [said.pop(0) for _ in images]

    return read_lines


def never(images: Sequence[Pixels], psm: int, whitelist: str) -> list[Line | None]:
    raise AssertionError("a blank crop goes to no reader")


def test_every_sort_has_a_reader() -> None:
    for kind in FIELD_KINDS.values():
        assert for_kind(kind.reader) in RECOGNISERS
    assert {name for names in BEST.values() for name in names} <= set(RECOGNISERS)


def test_blank_crops_are_not_read() -> None:
    blank = Crop(COMB, AREA, paper(), paper())
    assert read_all(CombBatch(never), [blank])[0].outcome == "blank"
    assert (
        read_all(LinesBatch("r", never, ""), [Crop(TEXT, AREA, paper(), paper())])[0].outcome
        == "blank"
    )


def test_failures_are_unreadable() -> None:
    assert read_all(LinesBatch("r", saying(None), ""), [text_crop("An")])[0].outcome == "unreadable"
    assert (
        read_all(LinesBatch("r", saying(Line(())), ""), [text_crop("An")])[0].outcome
        == "unreadable"
    )


def test_a_lost_space_comes_back() -> None:
    page = np.full((60, 300), 255, np.uint8)
    for left in (20, 50, 140, 170):
        page[15:45, left : left + 22] = 0
    characters = [
        Character(c, left, left + 22, 0.95)
        for c, left in zip("ToAn", (20, 50, 140, 170), strict=True)
    ]
    read = respaced([Word("ToAn", 0.9, tuple(characters))], page)
    assert [word.text for word in read] == ["To", "An"]


def test_marks_that_may_be_others() -> None:
    unsure = Character("Ê", 0, 20, 0.7, ("Ễ", "Ề", "F"))
    sure = Character("N", 25, 45, 0.96, ("M",))
    (first, *_) = alternatives([Word("ÊN", 0.5, (unsure, sure))])
    assert first.text == "ỄN"
    assert first.score > 0.5


HOCR = b"""<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>
<div class='ocr_page' id='page_1'><span class='ocrx_word' title='bbox 0 0 9 9; x_wconf 87'>
<span class='ocrx_cinfo' title='x_bboxes 22 32 51 61; x_conf 98.9'>N</span>
<span class='ocrx_cinfo' id='lstm_choices_1'><span class='ocrx_cinfo' id='c1' title='x_confs 92.1'>
N</span><span class='ocrx_cinfo' id='c2' title='x_confs 0'>M</span></span></span></div>
<div class='ocr_page' id='page_2'></div></body></html>"""


def test_hocr_becomes_words() -> None:
    first, second = tesseract.parse(HOCR, 2)
    assert first.words == (
        Word("N", 0.87, (Character("N", 22, 51, pytest.approx(0.921), ("M",)),)),
    )
    assert second.words == ()
    with pytest.raises(ValueError, match="2 pages instead of 1"):
        tesseract.parse(HOCR, 1)


@pytest.fixture
def none_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call is a new process, as where there is no ``stdbuf``."""
    monkeypatch.setattr(standing, "can_stand", lambda: False)


def poisoned(marker: int) -> Callable[..., None]:
    """A Tesseract that dies of any image whose first pixel is ``marker``."""

    def run(listed: str, base: str, *_: object, **__: object) -> None:
        names = Path(listed).read_text(encoding="utf-8").split("\n")[:-1]
        images = [cv2.imread(name, cv2.IMREAD_GRAYSCALE) for name in names]
        if any(image is not None and image[0, 0] == marker for image in images):
            raise TesseractError(-11, "died")
        pages = b"".join(b"<div class='ocr_page'/>" for _ in names)
        Path(base + ".hocr").write_bytes(b"<html>" + pages + b"</html>")

    return run


@pytest.mark.usefixtures("none_stands")
def test_a_poisonous_image_takes_no_other_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "run_tesseract", poisoned(7))
    images = [np.full((20, 20), value, np.uint8) for value in (1, 2, 3, 4, 5, 7, 6)]
    assert tesseract.read_lines(images) == [*[Line(())] * 5, None, Line(())]
    assert tesseract.read_lines([]) == []


@pytest.mark.usefixtures("none_stands")
def test_what_fails_whatever_it_is_given_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def run(*_: object, **__: object) -> None:
        calls.append(1)
        raise RuntimeError("Tesseract process timeout")

    monkeypatch.setattr(tesseract, "run_tesseract", run)
    images = [np.full((20, 20), 255, np.uint8)] * 64
    assert tesseract.read_lines(images) == [None] * 64
    assert len(calls) == 3


def test_a_batch_that_hangs_is_given_up_in_its_pages_time() -> None:
    lines = 30 * PAGES_A_BATCH
    seconds = (3 * tesseract.SECONDS_TO_START) + 2 * lines * tesseract.SECONDS_AN_IMAGE
    seconds += tesseract.SECONDS_STANDING
    assert seconds < PAGES_A_BATCH * PAGE_SECONDS
    seconds = tesseract.SECONDS_TO_START + 30 * tesseract.SECONDS_AN_IMAGE
    assert tesseract.SECONDS_STANDING + seconds < PAGE_SECONDS
    assert poppler.RENDER_TIMEOUT < PAGE_SECONDS


@pytest.mark.usefixtures("none_stands")
@pytest.mark.parametrize("output", [b"", b"\xff\xfe rubbish", b"<html></html>", b"<html><div"])
def test_rubbish_is_none(output: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(listed: str, base: str, *_: object, **__: object) -> None:
        Path(base + ".hocr").write_bytes(output)

    monkeypatch.setattr(tesseract, "run_tesseract", run)
    assert tesseract.read_lines([np.full((20, 20), 255, np.uint8)]) == [None]


@pytest.mark.usefixtures("none_stands")
def test_a_hang_is_none_and_leaves_no_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def run(*_: object, **__: object) -> None:
        raise RuntimeError("Tesseract process timeout")

    monkeypatch.setattr(tesseract, "run_tesseract", run)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("OMP_THREAD_LIMIT", "5")
    assert tesseract.read_lines([np.full((20, 20), 255, np.uint8)] * 2) == [None, None]
    assert list(tmp_path.iterdir()) == []


def test_a_doubled_vowel_may_be_one() -> None:
    characters = tuple(Character(c, 0, 9, 0.95) for c in "PHẠAM")
    (first, *_) = alternatives([Word("PHẠAM", 0.6, characters)])
    assert first.text in ("PHẠM", "PHAM")
    kept = tuple(Character(c, 0, 9, 0.95) for c in "LƯU")
    assert alternatives([Word("LƯU", 0.9, kept)]) == ()


@pytest.mark.parametrize(("top", "text"), [(10, "Xa"), (24, "xa")])
@pytest.mark.parametrize("read", ["xa", "Xa"])
def test_height_tells_a_capital(top: int, text: str, read: str) -> None:
    image = np.full((60, 140), 255, np.uint8)
    tops = {"T": 10, "h": 10, "u": 24, "x": top, "a": 24}
    characters = []
    for at, letter in enumerate("Thuxa"):
        image[tops[letter] : 50, 10 + 25 * at : 28 + 25 * at] = 0
        shown = read[0] if letter == "x" else letter
        characters.append(Character(shown, 10 + 25 * at, 28 + 25 * at, 0.9))
    words = [Word("Thu", 0.9, tuple(characters[:3])), Word(read, 0.9, tuple(characters[3:]))]
    assert [word.text for word in recased(words, image)] == ["Thu", text]


def test_no_month_begins_with_a_seven(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = tuple(Box(2 + 4.5 * i, 1.5, 4.5, 6) for i in range(8))
    dated = Field("born", "", "date", 1, bounding_box(cells), cells=cells, groups=(2, 2, 4))
    number = Field("number", "", "digits", 1, bounding_box(cells), cells=cells)
    page = paper()
    for cell in cells:
        left, _, _, bottom = cell.pixels(300)
        cv2.putText(page, "1", (left + 14, bottom - 12), 0, 1.4, 0, 4)
    seven = np.full((8, 11), 0.001, np.float32)
    seven[:, 1], seven[:, 7] = 0.2, 0.79
    monkeypatch.setattr("scanform.recognise.comb_reader.chances", lambda _: seven)
    nothing = saying(*[None] * 16)
    read = [
        read_all(CombBatch(nothing), [Crop(f, AREA, page, paper())])[0] for f in (dated, number)
    ]
    assert [each.text for each in read] == ["17171777", "77777777"]
    assert read[0].cells[2].score > 0.7
    assert read[1].cells[0].others[0] == Alternative("1", 0.2)
    assert len(read[1].cells[0].others) == 9  # nothing of a thousandth is left out


def test_what_is_blank_and_what_could_not_be_read() -> None:
    sure, faint = outcomes.blank("one", False, 0.0), outcomes.blank("one", True, 0.01)
    assert (sure.outcome, sure.text, faint.outcome) == ("blank", None, "blank")
    assert sure.score > 0.99
    assert faint.score < 0.8  # lighter strokes may be writing
    assert (sure.measures, faint.measures) == (
        {"ink": 0.0, "faint": 0.0},
        {"ink": 0.01, "faint": 1.0},
    )
    lost = outcomes.unreadable("one", 0.1, whole=0.6)
    assert (lost.outcome, lost.text, lost.score) == ("unreadable", None, 0.0)
    assert lost.measures == {"ink": 0.1, "whole": 0.6}

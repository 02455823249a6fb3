"""Codes: read where they are, blank where nothing is, doubted where it isn't clear."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import segno

from scanform.fields import FIELD_KINDS
from scanform.fields.interface import InvalidValue
from scanform.model.geometry import Box
from scanform.model.reading import Crop, Reading
from scanform.model.scan import Pixels
from scanform.model.template import Field
from scanform.programs import zxing
from scanform.recognise.codes import LONGEST, Code, Codes, by_opencv, plain

PX = 300 / 25.4
AREA = Box(10, 10, 60, 30)
FIELD = Field("label", "", "code", 1, AREA.grown(-2), lengths=(6, 13))
KIND = FIELD_KINDS["code"]


def paper() -> Pixels:
    return np.full((round(AREA.h * PX), round(AREA.w * PX)), 255, np.uint8)


def with_qr(text: str, page: Pixels, left: int = 60) -> Pixels:
    rows = np.array(segno.make(text, micro=False, error="m").matrix, np.uint8)
    image = np.kron(255 - 255 * rows, np.ones((7, 7), np.uint8)).astype(np.uint8)
    page[60 : 60 + image.shape[0], left : left + image.shape[1]] = image
    return page


def with_bars(sort: str, text: str, page: Pixels) -> Pixels:
    zxingcpp = pytest.importorskip("zxingcpp")
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, sort))
    image = np.array(zxingcpp.write_barcode_to_image(made, scale=3))
    image = image[: min(image.shape[0], page.shape[0] - 40)]
    page[20 : 20 + image.shape[0], 30 : 30 + image.shape[1]] = image
    return page


def scanned(page: Pixels) -> Pixels:
    noise = np.random.default_rng(3).normal(0, 8, page.shape)
    soft = cv2.GaussianBlur(page, (0, 0), 1.0) * 0.9
    return np.clip(soft + noise, 0, 255).astype(np.uint8)


def read(page: Pixels, reader: Codes | None = None) -> Reading:
    (reading,) = (reader or Codes()).read([Crop(FIELD, AREA, scanned(page), paper())])
    return reading


@pytest.mark.parametrize("reader", [Codes(), Codes(by_opencv)])
def test_a_qr_code_is_read(reader: Codes) -> None:
    reading = read(with_qr("AB-123", paper()), reader)
    assert (reading.outcome, reading.text) == ("read", "AB-123")
    assert KIND.answer(FIELD, reading, {}).state == "accepted"


@pytest.mark.parametrize(
    ("sort", "text"), [("Code128", "CH-018"), ("Code39", "CH-018"), ("EAN13", "8934563138165")]
)
def test_bar_codes_are_read(sort: str, text: str) -> None:
    reading = read(with_bars(sort, text, paper()))
    assert reading.text == text
    assert reading.score < 0.99 if sort == "Code39" else reading.score > 0.99


def test_opencv_alone_reads_ean() -> None:
    page = with_bars("EAN13", "8934563138165", paper())
    assert read(page, Codes(by_opencv)).text == "8934563138165"


def test_nothing_is_blank_and_rubbish_is_unreadable() -> None:
    assert read(paper()).outcome == "blank"
    page = paper()
    cv2.putText(page, "no code here", (40, 150), 0, 2, 0, 6)
    assert read(page).outcome == "unreadable"


def test_two_codes_are_doubted_and_a_neighbours_is_none() -> None:
    page = with_qr("AB-124", with_qr("AB-123", paper()), 400)
    answer = KIND.answer(FIELD, read(page), {})
    assert (answer.value, answer.state) == ("AB-123", "pending")
    assert [each.code for each in answer.doubts] == ["several_codes"]
    beside = Codes(lambda grey: [Code("AB-123", "qrcode", 3.0, 3.0)])
    assert read(paper(), beside).outcome == "blank"


def test_an_odd_length_is_doubted() -> None:
    answer = KIND.answer(FIELD, read(with_qr("AB-12", paper())), {})
    assert [each.code for each in answer.doubts] == ["wrong_code_length"]


def test_strangers_texts_are_made_plain() -> None:
    assert plain("a\x00b\n\x1b[31mc\u202e") == "a b [31mc"
    assert plain("x" * (LONGEST + 1)) == ""
    assert plain("e\u0302\u0301") == "ế"


def test_typed_codes_are_checked() -> None:
    assert KIND.typed(FIELD, "  AB-123 ") == "AB-123"
    with pytest.raises(InvalidValue):
        KIND.typed(FIELD, "AB")
    with pytest.raises(InvalidValue):
        KIND.typed(FIELD, " ")


def test_without_the_extra_opencv_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zxing, "version", lambda: None)
    assert Codes().name.startswith("opencv-codes")

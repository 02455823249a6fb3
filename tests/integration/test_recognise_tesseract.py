"""The real Tesseract on lines and combs drawn here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from scanform.fields import FIELD_KINDS
from scanform.model.geometry import Box, bounding_box
from scanform.model.reading import Crop
from scanform.model.scan import Pixels
from scanform.model.template import Field
from scanform.programs import tesseract
from scanform.recognise import RECOGNISERS
from scanform.recognise.choose import for_kind

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        tesseract.LANGUAGE not in tesseract.languages(), reason="needs Tesseract with vie"
    ),
]
FONT = Path(__file__).parents[2] / "scanform/template/fonts/Tinos-Regular.ttf"
PX = 300 / 25.4
AREA = Box(0, 0, 140, 9.4)
CELLS = tuple(Box(3 + 4.7 * i, 1.5, 4.7, 6) for i in range(12))


def form(cells: bool) -> Image.Image:
    page = Image.new("L", (round(AREA.w * PX), round(AREA.h * PX)), 255)
    draw = ImageDraw.Draw(page)
    if cells:
        for cell in CELLS:
            draw.rectangle(cell.pixels(300), outline=60, width=2)
    else:
        for x in range(20, page.width - 20, 10):
            draw.ellipse((x, 90, x + 2, 92), fill=60)
    return page


def crop(kind: str, text: str, **more: object) -> Crop:
    cells = CELLS if kind in ("digits", "date") else ()
    box = bounding_box(cells) if cells else AREA.grown(-1.2)
    page = form(bool(cells))
    draw = ImageDraw.Draw(page)
    face = ImageFont.truetype(str(FONT), 46)
    if cells:
        for cell, digit in zip(cells, text, strict=False):
            place = (cell.centre[0] * PX, (cell.bottom - 1) * PX)
            draw.text(place, digit, font=face, fill=20, anchor="ms")
    else:
        draw.text((30, 88), text, font=face, fill=20, anchor="ls")
    noise = np.random.default_rng(3).normal(0, 5, (page.height, page.width))
    pixels: Pixels = np.clip(np.asarray(page) * 0.93 + noise, 0, 255).astype(np.uint8)
    field = Field("it", "", kind, 1, box, cells=cells, **more)  # type: ignore[arg-type]
    return Crop(field, AREA, pixels, np.asarray(form(bool(cells))))


LINES = [
    ("text", "Ấp Thạnh Lợi A", {}),
    ("capitals", "NGUYỄN THỊ ÁNH TUYẾT", {}),
    ("closed", "Phật giáo Hòa Hảo", {"lexicon": "religions"}),
    ("place", "Xã Thạnh Hải, huyện Thạnh Phú, tỉnh Bến Tre", {"lexicon": "address"}),
    ("text", "", {}),
]


def test_lines_are_read_in_one_batch() -> None:
    crops = [crop(kind, text, **more) for kind, text, more in LINES]
    readings = RECOGNISERS[for_kind("text")]().read(crops)
    answers = [
        FIELD_KINDS[each.field.handled_by].answer(each.field, reading, {})
        for each, reading in zip(crops, readings, strict=True)
    ]
    assert [answer.value or "" for answer in answers] == [text for _, text, _ in LINES]
    assert [answer.state for answer in answers][-1] == "blank"


def test_combs_are_read_with_their_cells() -> None:
    written = ["083185001234", "320123456", "   321456789", ""]
    crops = [crop("digits", text, lengths=(9, 12)) for text in written]
    readings = RECOGNISERS[for_kind("digits")]().read(crops)
    assert [reading.text or "" for reading in readings] == [text.strip() for text in written]
    for text, reading in zip(written[:3], readings, strict=False):
        assert [cell.text for cell in reading.cells] == [c.strip() for c in text.ljust(12)]


def test_a_damaged_image_takes_nothing_along() -> None:
    good = np.full((60, 200), 255, np.uint8)
    lines = tesseract.read_lines([good, np.zeros((1, 1), np.uint8), good])
    assert len(lines) == 3
    assert lines[0] is not None or lines[2] is not None


def test_a_hang_is_cut_off() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (900, 900)).astype(np.uint8)
    assert tesseract.read_lines([noise], psm=6, timeout=0.01) == [None]

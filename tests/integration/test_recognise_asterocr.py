"""The real second reader, where the extra is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from scanform.model.scan import Pixels
from scanform.programs import asterocr
from scanform.recognise.ctc import best_text

FONT = Path(__file__).parents[2] / "scanform/template/fonts/Tinos-Regular.ttf"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(asterocr.version() is None, reason="the extra handwriting is not there"),
]


def line(text: str) -> Pixels:
    font = ImageFont.truetype(str(FONT), 48)
    image = Image.new("L", (round(font.getlength(text)) + 28, 80), 255)
    ImageDraw.Draw(image).text((14, 10), text, font=font, fill=0)
    return np.asarray(image, np.uint8)


def test_lines_are_read_in_order_whatever_their_width() -> None:
    texts = ["Xã Thạnh Hải", "Huyện Thạnh Phú", "Xã Thạnh Hải"]
    found = asterocr.read_lines([line(text) for text in texts])
    assert [best_text(steps, asterocr.alphabet()) for steps in found] == texts
    assert np.allclose(np.exp(found[0]).sum(axis=1), 1.0, atol=1e-3)

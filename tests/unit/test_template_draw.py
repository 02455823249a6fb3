"""Drawing: the same bytes each time, an embedded font, and marks that a machine finds."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from scanform.model.geometry import Box
from scanform.model.scan import Pixels
from scanform.model.template import PrintedBox, PrintedLine, PrintedText, Template, page_code
from scanform.programs import poppler
from scanform.template import fonts
from scanform.template.draw import draw_pdf, print_id
from scanform.template.empty import printed_id
from scanform.template.marks import page_marks

LETTERS = "ăâđêôơưĂÂĐÊÔƠƯ áàảãạ ắằẳẵặ ấầẩẫậ éèẻẽẹ ếềểễệ íìỉĩị óòỏõọ ốồổỗộ ớờởỡợ úùủũụ ứừửữự ýỳỷỹỵ"


def make(*printed: PrintedText | PrintedLine | PrintedBox, pages: int = 1) -> Template:
    bare = Template("t", "Mẫu thử", 3, pages, (100, 80), (), printed)
    marks = [
        page_marks(page_code(bare, page), page, bare.page_mm, (40, 40))
        for page in range(1, pages + 1)
    ]
    return replace(bare, page_marks=tuple(marks))


def see(template: Template, page: int = 1, dpi: int = 150, marks: bool = True) -> Pixels:
    return poppler.render_bytes(draw_pdf(template, marks), page, dpi, grey=True)


def find_marks(pixels: Pixels) -> dict[int, tuple[float, float]]:
    """Number and centre in pixels of every ArUco mark."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    corners, numbers, _ = cv2.aruco.ArucoDetector(dictionary).detectMarkers(pixels)
    if numbers is None:
        return {}
    found = zip(np.ravel(numbers), corners, strict=True)
    return {int(number): tuple(np.mean(corner[0], axis=0)) for number, corner in found}


def test_the_same_template_gives_the_same_bytes_in_any_process() -> None:
    template = make(PrintedText(1, LETTERS, 5, 20, 8))
    again = (
        "import sys; from test_template_draw import *; "
        "sys.stdout.buffer.write(draw_pdf(make(PrintedText(1, LETTERS, 5, 20, 8))))"
    )
    other = subprocess.run(
        [sys.executable, "-c", again], cwd=Path(__file__).parent, capture_output=True, check=True
    )
    assert draw_pdf(template) == draw_pdf(template) == other.stdout


def test_only_the_letters_used_are_embedded() -> None:
    short = len(draw_pdf(make(PrintedText(1, "Đơn", 5, 20))))
    every = len(draw_pdf(make(PrintedText(1, LETTERS, 5, 20))))
    assert short < every < 100_000


@pytest.mark.parametrize(("bold", "italic"), [(False, False), (True, False), (False, True)])
def test_the_fonts_have_every_vietnamese_letter(bold: bool, italic: bool) -> None:
    assert fonts.missing(LETTERS + LETTERS.upper() + "⁽¹⁾…–", bold, italic) == ""
    assert fonts.missing("a漢", bold, italic) == "漢"


def test_corner_marks_are_found_where_the_template_has_them() -> None:
    template = make()
    found = find_marks(see(template))
    assert set(found) == {0, 1, 2, 3}
    for mark in template.page_marks[0].corners:
        expected = [side * 150 / 25.4 for side in mark.box.centre]
        assert found[mark.number] == pytest.approx(expected, abs=1.0)


def test_the_code_says_template_revision_and_page() -> None:
    template = make(pages=2)
    text, *_ = cv2.QRCodeDetector().detectAndDecode(see(template, page=2))
    assert text == "scanform:t@3/2"


def test_without_marks_the_page_is_bare() -> None:
    pixels = see(make(), marks=False)
    assert pixels.min() == 255
    assert find_marks(pixels) == {}


def test_things_are_drawn_where_they_say() -> None:
    template = make(
        PrintedLine(1, 10, 20, 60, 20, width=0.4), PrintedBox(1, Box(30, 30, 20, 10), width=0.4)
    )
    ys, xs = np.nonzero(see(replace(template, page_marks=()), dpi=254) < 128)
    assert (xs.min(), xs.max()) == pytest.approx((100, 600), abs=2)
    assert (ys.min(), ys.max()) == pytest.approx((198, 402), abs=2)


def test_words_wrap_and_align() -> None:
    text = "một hai ba bốn năm sáu"
    lines = fonts.wrap(text, 10, 20, bold=False, italic=False)
    assert len(lines) > 1
    assert " ".join(lines) == text
    assert all(fonts.width(line, 10) <= 20 for line in lines)
    assert fonts.wrap("a\nb c", 10, None, bold=False, italic=False) == ["a", "b c"]
    right = see(replace(make(PrintedText(1, "Nhãn", 50, 20, align="right")), page_marks=()))
    assert np.nonzero(right < 128)[1].max() == pytest.approx(50 * 150 / 25.4, abs=3)


def test_a_blank_tells_which_print_it_is() -> None:
    template = make(PrintedText(1, "Đơn", 5, 20))
    assert printed_id(draw_pdf(template)) == print_id(template)
    assert printed_id(draw_pdf(template, marks=False)) != print_id(template)
    assert print_id(replace(template, revision=4)) != print_id(template)
    assert printed_id(b"%PDF-1.4 of a ministry") is None

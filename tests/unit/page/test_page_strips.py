from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanform.model.geometry import Box
from scanform.model.scan import Pixels
from scanform.page.encode import decode_sheet, encode_sheet
from scanform.page.snippet import cut_png
from scanform.page.strips import strip


def drawn(height: int, width: int, *, grey: bool = False) -> Pixels:
    """Noise and colour: no two rows of blocks are alike."""
    made = np.random.default_rng(7).integers(0, 255, (height, width, 3), np.uint8)
    made = cv2.GaussianBlur(made, (0, 0), 2).astype(np.uint8)
    cv2.putText(made, "Nguyen", (9, height // 2), cv2.FONT_HERSHEY_SIMPLEX, 2, (160, 30, 20), 4)
    return cv2.cvtColor(made, cv2.COLOR_BGR2GRAY).astype(np.uint8) if grey else made


@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("size", [(331, 203), (320, 208), (16, 40), (7, 9)])
def test_rows_alone_are_the_rows_of_the_whole_sheet(size: tuple[int, int], grey: bool) -> None:
    height, width = size
    data = encode_sheet(drawn(height, width, grey=grey))
    whole = decode_sheet(data)
    for top in range(0, height, 5):
        for bottom in {top + 1, min(height, top + 23), height, height + 40}:
            found = strip(data, top, bottom)
            assert found is not None
            rows, above = found
            piece = decode_sheet(rows)[top - above : bottom - above]
            assert np.array_equal(piece, whole[top:bottom])


def test_a_crop_decodes_no_more_than_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode_sheet(drawn(3200, 400))
    seen: list[int] = []

    def watched(rows: bytes) -> Pixels:
        pixels = decode_sheet(rows)
        seen.append(pixels.shape[0])
        return pixels

    monkeypatch.setattr("scanform.page.snippet.decode_sheet", watched)
    box = Box(5, 100, 20, 8)
    png = cut_png(data, box)
    assert seen[0] < 160
    left, top, right, bottom = box.pixels(300)
    here = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert np.array_equal(here, decode_sheet(data)[top:bottom, left:right])


def test_a_file_without_markers_is_decoded_whole() -> None:
    pixels = drawn(320, 208)
    done, plain = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert done
    data = plain.tobytes()
    assert strip(data, 10, 20) is None
    assert cut_png(data, Box(1, 1, 5, 5)) == cut_png(encode_sheet(pixels), Box(1, 1, 5, 5))
    for odd in ([cv2.IMWRITE_JPEG_RST_INTERVAL, 5], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]):
        other = cv2.imencode(".jpg", pixels, odd)[1].tobytes()
        assert strip(other, 10, 20) is None


def test_rows_that_are_not_there_are_none() -> None:
    data = encode_sheet(drawn(320, 208))
    for top, bottom in [(320, 330), (-1, 5), (9, 9), (9, 3)]:
        assert strip(data, top, bottom) is None
    for broken in (b"", b"\xff\xd8", data[:100], data[: len(data) // 2], b"\x89PNG" + data):
        assert strip(broken, 300, 320) is None
    with pytest.raises(ValueError, match="off the sheet"):
        cut_png(data, Box(0, 100, 5, 5))
    with pytest.raises(ValueError, match="decoded"):
        cut_png(b"no image", Box(0, 0, 5, 5))

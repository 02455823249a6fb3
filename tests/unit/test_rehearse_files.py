from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanform.rehearse.files import save
from scanform.rehearse.levels import Mode
from scanform.rehearse.wear import Geometry, Worn


def page(mode: Mode, quality: int | None, dpi: int = 200) -> Worn:
    shape = (220, 160, 3) if mode == "colour" else (220, 160)
    pixels = np.random.default_rng(3).integers(0, 2, shape).astype(np.uint8) * 255
    return Worn(pixels, dpi, mode, quality, Geometry((20.0, 28.0), 0.0, np.eye(3), (160, 220)))


@pytest.mark.parametrize(
    ("worn", "ending", "format_", "mode"),
    [
        (page("colour", 80), ".jpg", "JPEG", "RGB"),
        (page("grey", 80), ".jpg", "JPEG", "L"),
        (page("colour", None), ".png", "PNG", "RGB"),
        (page("bitonal", None), ".tif", "TIFF", "1"),
    ],
)
def test_one_page_is_saved_as_a_scanner_would(
    worn: Worn, ending: str, format_: str, mode: str, tmp_path: Path
) -> None:
    path = save([worn], tmp_path / "scan")
    assert path.name == f"scan{ending}"
    with Image.open(path) as image:
        assert (image.format, image.mode, image.size) == (format_, mode, (160, 220))
        assert image.info["dpi"] == pytest.approx((200, 200), abs=0.1)
        if worn.quality is None:
            shown = np.asarray(image.convert("RGB")).reshape(220, 160, 3)
            assert np.array_equal(
                shown[:, :, ::-1], np.broadcast_to(worn.pixels.reshape(220, 160, -1), (220, 160, 3))
            )


def test_several_black_and_white_pages_are_one_tiff(tmp_path: Path) -> None:
    path = save([page("bitonal", None)] * 3, tmp_path / "scan")
    with Image.open(path) as image:
        assert image.n_frames == 3
        assert image.info["compression"] == "group4"


def test_several_pages_are_one_pdf_of_the_papers_size(tmp_path: Path) -> None:
    path = save([page("grey", 80), page("grey", 80)], tmp_path / "scan")
    assert path.suffix == ".pdf"
    text = path.read_bytes()
    assert b"/Count 2" in text
    assert b"/MediaBox [ 0 0 57.6 79.2 ]" in text


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("mode", ["grey", "bitonal"])
def test_the_same_pages_give_the_same_bytes(count: int, mode: Mode, tmp_path: Path) -> None:
    pages = [replace(page(mode, 80 if mode == "grey" else None))] * count
    first = save(pages, tmp_path / "one").read_bytes()
    assert save(pages, tmp_path / "two").read_bytes() == first

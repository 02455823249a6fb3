from __future__ import annotations

import io
import struct
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scanform.errors import MissingProgram
from scanform.intake import pages
from scanform.intake.files import scan_file
from scanform.intake.pages import page_count, read_page
from scanform.model.scan import Page, Rejected, ScanFile
from scanform.programs import poppler

SIZE = (420, 594)
"""Width and height of an A4 page at some 51 dpi."""


def picture(mode: str = "RGB") -> Image.Image:
    """White with a dark left top quarter: turning it shows."""
    image = Image.new("L", SIZE, 255)
    image.paste(20, (0, 0, SIZE[0] // 2, SIZE[1] // 2))
    return image.convert(mode)


def scan(path: Path) -> ScanFile:
    found = scan_file(path)
    assert isinstance(found, ScanFile), found
    return found


def saved(tmp_path: Path, name: str, image: Image.Image, **options: object) -> ScanFile:
    path = tmp_path / name
    image.save(path, **options)
    return scan(path)


def read(found: ScanFile, number: int = 1) -> Page:
    page = read_page(found, number)
    assert isinstance(page, Page), page
    assert page.pixels.dtype == np.uint8
    assert page.pixels.ndim == 2 or page.pixels.shape[2] == 3
    return page


def rejected(found: ScanFile, number: int = 1) -> Rejected:
    page = read_page(found, number)
    assert isinstance(page, Rejected)
    assert page.page == number
    return page


def looks_right(page: Page) -> bool:
    height, width = page.pixels.shape[:2]
    means = [
        page.pixels[y : y + height // 4, x : x + width // 4].mean()
        for y in (height // 8, height * 5 // 8)
        for x in (width // 8, width * 5 // 8)
    ]
    return means[0] < 60 and min(means[1:]) > 240


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("a.jpg", "RGB", {}),
        ("grey.jpg", "L", {}),
        ("cmyk.jpg", "CMYK", {}),
        ("a.png", "RGB", {}),
        ("palette.png", "P", {}),
        ("bits.png", "1", {}),
        ("alpha.png", "RGBA", {}),
        ("grey_alpha.png", "LA", {}),
        ("a.bmp", "RGB", {}),
        ("a.webp", "RGB", {"lossless": True}),
        ("g4.tif", "1", {"compression": "group4"}),
        ("lzw.tif", "RGB", {"compression": "tiff_lzw"}),
        ("cmyk.tif", "CMYK", {}),
    ],
)
def test_every_sort_of_image_becomes_grey_or_blue_green_red(
    tmp_path: Path, name: str, mode: str, options: dict[str, object]
) -> None:
    found = saved(tmp_path, name, picture(mode), **options)
    assert page_count(found) == 1
    page = read(found)
    assert looks_right(page)
    assert page.pixels.ndim == (2 if mode in ("L", "1") else 3)


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("dpi", [300, 600])
def test_a_jpeg_is_what_pillow_makes_of_it(tmp_path: Path, mode: str, dpi: int) -> None:
    shades = np.random.default_rng(1).integers(0, 255, (60, 42, 3), np.uint8)
    image = Image.fromarray(shades).resize((2481, 3507)).convert(mode)
    found = saved(tmp_path, "a.jpg", image, dpi=(dpi, dpi), subsampling=0)
    page = read(found)
    half = dpi // 300
    expected = np.asarray(image.reduce(half) if half > 1 else image).astype(int)
    if mode == "RGB":
        expected = expected[..., ::-1]
    assert page.pixels.shape == expected.shape
    assert np.abs(page.pixels - expected)[8:-8, 8:-8].mean() < 2.0
    assert abs(page.dpi - min(dpi, 300)) < 1


def test_blue_comes_first(tmp_path: Path) -> None:
    page = read(saved(tmp_path, "red.png", Image.new("RGB", SIZE, (200, 30, 10))))
    assert page.pixels[5, 5].tolist() == [10, 30, 200]


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    values = (np.asarray(picture("L")).astype(np.uint16) * 257).astype(np.uint16)
    assert looks_right(read(saved(tmp_path, "deep.png", Image.fromarray(values))))
    assert looks_right(read(saved(tmp_path, "deep.tif", Image.fromarray(values))))


def test_what_shines_through_is_white(tmp_path: Path) -> None:
    page = read(saved(tmp_path, "clear.png", Image.new("RGBA", SIZE, (0, 0, 0, 0))))
    assert page.pixels.min() == 255


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_camera_says_how_it_was_held(tmp_path: Path, orientation: int) -> None:
    stored = {
        1: picture(),
        2: picture().transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: picture().transpose(Image.Transpose.ROTATE_180),
        4: picture().transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: picture().transpose(Image.Transpose.TRANSPOSE),
        6: picture().transpose(Image.Transpose.ROTATE_90),
        7: picture().transpose(Image.Transpose.TRANSVERSE),
        8: picture().transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    for name in ("photo.jpg", "photo.tif", "photo.png"):
        page = read(saved(tmp_path, name, stored, exif=exif))
        assert page.pixels.shape[:2] == SIZE[::-1]
        assert looks_right(page)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_nonsense_in_exif_spoils_no_picture(tmp_path: Path, name: str) -> None:
    word = b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\2\0\0\0\1ab" + bytes(6)
    for exif in (b"Exif\0\0rubbish", word):
        assert looks_right(read(saved(tmp_path, name, picture(), exif=exif)))


def test_pages_of_a_tiff(tmp_path: Path) -> None:
    shades = [Image.new("L", (400, 500 + 10 * k), 40 * k) for k in range(4)]
    found = saved(tmp_path, "many.tif", shades[0], save_all=True, append_images=shades[1:])
    assert page_count(found) == 4
    for number in (3, 1, 4, 2):
        page = read(found, number)
        assert page.pixels.shape[0] == 500 + 10 * (number - 1)
        assert page.pixels[0, 0] == 40 * (number - 1)
    assert rejected(found, 5).reason == "damaged"


@pytest.mark.parametrize(
    ("size", "dpi", "expected"),
    [
        ((1654, 2339), (200, 200), 200),
        ((1654, 2339), None, 200),
        ((1654, 2339), (72, 72), 200),
        ((2339, 1654), (1, 1), 200),
        ((1240, 1754), (150, 150), 150),
        ((800, 1100), (150, 150), 150),
    ],
)
def test_dpi_is_the_files_where_it_is_believable(
    tmp_path: Path, size: tuple[int, int], dpi: tuple[int, int] | None, expected: float
) -> None:
    options = {"dpi": dpi} if dpi else {}
    page = read(saved(tmp_path, "a.png", Image.new("L", size, 255), **options))
    assert abs(page.dpi - expected) < 1


def test_fax_lines_become_square(tmp_path: Path) -> None:
    fax = Image.new("1", (1728, 1145), 1)
    page = read(saved(tmp_path, "fax.tif", fax, compression="group4", dpi=(204, 98)))
    assert abs(page.dpi - 204) < 1
    assert page.pixels.shape[1] == 1728
    assert abs(page.pixels.shape[0] - 1145 * 204 / 98) < 2


@pytest.mark.parametrize("name", ["fine.jpg", "fine.png"])
def test_more_dots_than_needed_are_given_up(tmp_path: Path, name: str) -> None:
    big = picture().resize((2480, 3508))
    page = read(saved(tmp_path, name, big, dpi=(600, 600)))
    assert abs(page.dpi - 300) < 1
    assert abs(page.pixels.shape[0] - 1754) <= 1
    assert looks_right(page)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.bmp", "a.webp"])
def test_a_file_cut_short_is_damaged(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (400, 400, 3), np.uint8)
    path = tmp_path / name
    Image.fromarray(noise).save(path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    told = read_page(scan(path), 1)
    assert isinstance(told, Rejected)
    assert told.reason == "damaged"
    assert str(tmp_path) not in told.details["detail"]


def test_the_header_is_enough_to_refuse_a_bomb(tmp_path: Path) -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    path = tmp_path / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", bytes(20)))
    assert rejected(scan(path)).reason == "too_large"


def test_sizes_are_checked_before_decoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = saved(tmp_path, "a.jpg", picture())
    monkeypatch.setattr(pages, "MAX_PIXELS", 1000)
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("decoded"))
    told = rejected(found)
    assert (told.reason, told.details["detail"]) == ("too_large", "420 × 594")


@pytest.mark.parametrize(("size", "refused"), [((30_000, 880), True), ((880, 6_000), False)])
def test_a_strip_of_metres_is_refused(tmp_path: Path, size: tuple[int, int], refused: bool) -> None:
    found = saved(tmp_path, "strip.png", Image.new("L", size))
    page = read_page(found, 1)
    assert isinstance(page, Rejected) == refused
    assert not isinstance(page, Rejected) or page.reason == "too_large"


def test_too_small_and_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = saved(tmp_path, "small.png", Image.new("L", (290, 2000)))
    assert rejected(small).reason == "too_small"
    frames = [Image.new("1", (8, 8)) for _ in range(5)]
    many = saved(tmp_path, "many.tif", frames[0], save_all=True, append_images=frames[1:])
    monkeypatch.setattr(pages, "MAX_PAGES", 4)
    told = page_count(many)
    assert isinstance(told, Rejected)
    assert (told.reason, told.page) == ("too_many_pages", None)


def test_a_file_that_went_away_is_told(tmp_path: Path) -> None:
    found = saved(tmp_path, "a.png", picture())
    found.path.unlink()
    assert rejected(found).reason == "unreadable_file"
    told = page_count(found)
    assert isinstance(told, Rejected)
    assert told.reason == "unreadable_file"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("encrypted", "encrypted"),
        ("damaged", "damaged"),
        ("timeout", "page_timeout"),
        ("too_large", "too_large"),
    ],
)
def test_troubles_with_a_pdf_are_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: poppler.PdfTrouble, reason: str
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4 not really")

    def trouble(*_: object) -> int:
        raise poppler.PdfError(kind, "somehow")

    monkeypatch.setattr(poppler, "render", trouble)
    monkeypatch.setattr(poppler, "page_count", trouble)
    assert rejected(scan(path)).reason == reason
    told = page_count(scan(path))
    assert isinstance(told, Rejected)
    assert told.reason == reason


def test_a_missing_program_is_no_fault_of_the_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4")

    def missing(*_: object) -> int:
        raise MissingProgram("Poppler")

    monkeypatch.setattr(poppler, "page_count", missing)
    with pytest.raises(MissingProgram):
        page_count(scan(path))


def _seeds() -> list[bytes]:
    seeds = []
    for kind in ("jpeg", "png", "tiff", "bmp", "webp"):
        data = io.BytesIO()
        picture().resize((40, 50)).save(data, kind)
        seeds.append(data.getvalue())
    return seeds


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(_seeds()), st.data())
def test_no_bytes_raise(
    tmp_path_factory: pytest.TempPathFactory, seed: bytes, data: st.DataObject
) -> None:
    broken = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(8, len(broken) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("broken") / "a"
    path.write_bytes(bytes(broken))
    found = ScanFile(path, "0" * 64, len(broken))
    assert isinstance(page_count(found), int | Rejected)
    assert isinstance(read_page(found, 1), Page | Rejected)

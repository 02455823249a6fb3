"""What is whole and can't be decoded is no damaged file; what is broken is."""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path
from zlib import compress, crc32

import numpy as np
import pytest
from PIL import Image

from scanform.digitise import BlankPage, RejectedPage
from scanform.digitise.pages import Toolbox, read_pages
from scanform.fields import FIELD_KINDS
from scanform.intake.files import scan_file
from scanform.intake.pages import page_count, read_page
from scanform.model.scan import TORN, Page, Rejected, ScanFile
from scanform.page.misfit import Misfit
from scanform.programs.heard import heard

SIDE = 400


def scan(path: Path) -> ScanFile:
    found = scan_file(path)
    assert isinstance(found, ScanFile), found
    return found


def read(found: ScanFile) -> Page:
    page = read_page(found, 1)
    assert isinstance(page, Page), page
    return page


def rejected(found: ScanFile) -> Rejected:
    page = read_page(found, 1)
    assert isinstance(page, Rejected)
    return page


def tiff_of(
    bits: int, compression: int = 1, lies: int = 0, photometric: int = 1, fill: int = 0
) -> bytes:
    """A grey TIFF of one strip of bytes ``fill``; ``lies``: bytes that it lacks at its end."""
    data = bytes([fill]) * (SIDE * SIDE * max(1, bits // 8))
    tags = [
        (256, 3, SIDE), (257, 3, SIDE), (258, 3, bits), (259, 3, compression),
        (262, 3, photometric),
        (273, 4, 8 + 2 + 12 * 9 + 4), (277, 3, 1), (278, 3, SIDE), (279, 4, len(data)),
    ]  # fmt: skip
    entries = b"".join(
        struct.pack("<HHI", tag, kind, 1) + struct.pack("<I" if kind == 4 else "<Hxx", value)
        for tag, kind, value in tags
    )
    head = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + bytes(4)
    return head + data[: len(data) - lies]


def bmp_of(bits: int, compression: int = 0, lies: int = 0, colours: int = 0) -> bytes:
    row = (SIDE * bits + 31) // 32 * 4
    head = struct.pack("<2sIHHI", b"BM", 54 + row * SIDE, 0, 0, 54)
    head += struct.pack("<IiiHHIIiiII", 40, SIDE, SIDE, 1, bits, compression, 0, 0, 0, colours, 0)
    return head + bytes(row * SIDE - lies or 100)


def jpeg_of(frame: int, bits: int, end: bytes = b"\xff\xd9") -> bytes:
    size = struct.pack(">HBHHB3B", 11, bits, SIDE, SIDE, 1, 1, 0x11, 0)
    return b"\xff\xd8\xff\xff\xfe\0\4hi\xff" + bytes([frame]) + size + bytes(40) + end


def png_of(text: int, lies: bool = False, data: bytes | None = None) -> bytes:
    """A grey PNG with ``text`` letters beside it, packed; ``lies``: a checksum is wrong."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc32(name + data))

    parts = chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0))
    parts += chunk(b"zTXt", b"a\0\0" + compress(b"b" * text))
    parts += chunk(b"IDAT", data or compress(bytes((SIDE + 1) * SIDE)))
    if lies:
        parts = parts[:-1] + b"\0"
    return b"\x89PNG\r\n\x1a\n" + parts + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "sort"),
    [
        (tiff_of(14), "TIFF, 14 bit, compression 1"),
        (tiff_of(64), "TIFF, 64 bit, compression 1"),
        (tiff_of(8, 34934), "TIFF, 8 bit, compression 34934"),
        (bmp_of(2), "BMP, 2 bit, compression 0"),
        (bmp_of(64), "BMP, 64 bit, compression 0"),
        (bmp_of(1, 3, lies=1), "BMP, 1 bit, compression 3"),
        (bmp_of(8, 5), "BMP, 8 bit, compression 5"),
        (bmp_of(0, 4), "BMP, 0 bit, compression 4"),
        (png_of(2_000_000), "PNG, 8 bit"),
        (jpeg_of(0xC3, 16), "JPEG, lossless, 16 bit"),
        (jpeg_of(0xC1, 12), "JPEG, DCT, 12 bit"),
        (jpeg_of(0xF7, 8), "JPEG, JPEG-LS, 8 bit"),
    ],
)
def test_a_whole_file_of_a_strange_sort_is_not_called_damaged(
    data: bytes, sort: str, tmp_path: Path
) -> None:
    path = tmp_path / "strange"
    path.write_bytes(data)
    told = rejected(scan(path))
    assert (told.reason, told.details) == ("unsupported", {"detail": sort})


@pytest.mark.parametrize(
    "data",
    [
        tiff_of(14, lies=1),
        tiff_of(200),
        bmp_of(2, lies=1),
        bmp_of(8, colours=70_000),
        bmp_of(8, 1)[:-9],
        bmp_of(4, 2)[:-9],
        bmp_of(32, 3, lies=1),
        bmp_of(3),
        bmp_of(8, 99),
        png_of(2_000_000, lies=True),
        png_of(9, data=b"rubbish"),
        jpeg_of(0xC3, 16, end=b""),
        jpeg_of(0xC0, 8),
        b"\xff\xd8\xff\xe0\0\1",
        b"BM" + bytes(30),
    ],
)
def test_a_broken_one_is(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken"
    path.write_bytes(data)
    assert rejected(scan(path)).reason == "damaged"


def test_grey_with_its_shine_worked_in_is_read(tmp_path: Path) -> None:
    """TIFF 6.0, ``ExtraSamples`` of 1: Pillow has no way from that to colours."""
    pixels = np.zeros((SIDE, SIDE, 2), np.uint8)
    pixels[:, SIDE // 2 :] = (100, 255)
    path = tmp_path / "a.tif"
    Image.fromarray(pixels, "LA").save(path)
    told, other = (struct.pack("<HHIHxx", 338, 3, 1, how) for how in (2, 1))
    assert told in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(told, other))
    with Image.open(path) as image:
        assert image.mode == "La"
    found = read(scan(path)).pixels
    assert (found[:, : SIDE // 2 - 9] == 255).all()
    assert (found[:, SIDE // 2 + 9 :] == 100).all()


@pytest.mark.parametrize(
    ("data", "shade"),
    [
        (tiff_of(16, photometric=0), 255),
        (tiff_of(16, photometric=0, fill=0xFF), 0),
        (tiff_of(32), 0),
        (tiff_of(32, fill=0xFF), 255),
    ],
)
def test_white_is_white_however_many_bits_it_has(data: bytes, shade: int, tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(data)
    assert (abs(read(scan(path)).pixels.astype(int) - shade) <= 1).all()


def test_broken_data_of_a_usual_sort_is_damage(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (SIDE, SIDE), np.uint8)
    path = tmp_path / "a.tif"
    Image.fromarray(noise).save(path, compression="tiff_lzw")
    data = bytearray(path.read_bytes())
    data[2000:4000] = b"\xff" * 2000
    path.write_bytes(data)
    assert rejected(scan(path)).reason == "damaged"


def test_a_directory_beyond_any_file_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "far.tif"
    path.write_bytes(b"II+\0" + struct.pack("<HHQ", 8, 0, 2**63 - 9) + bytes(64))
    told = page_count(scan(path))
    assert isinstance(told, Rejected)
    assert told.reason == "damaged"


def test_a_long_path_is_told_to_nobody(tmp_path: Path) -> None:
    folder = tmp_path / ("Nguyễn Văn An " * 6)
    folder.mkdir()
    (folder / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(90))
    told = rejected(scan(folder / "a.png"))
    assert (told.reason, told.details) == ("damaged", {})


def jpeg_with_detail() -> bytes:
    noise = np.random.default_rng(2).integers(0, 255, (800, 600), np.uint8)
    to = io.BytesIO()
    Image.fromarray(noise).save(to, "jpeg", quality=70)
    return to.getvalue()


def test_a_picture_whose_data_breaks_off_is_torn(tmp_path: Path) -> None:
    whole = jpeg_with_detail()
    (tmp_path / "whole.jpg").write_bytes(whole)
    (tmp_path / "torn.jpg").write_bytes(whole[: len(whole) * 9 // 10] + b"\xff\xd9")
    assert not read(scan(tmp_path / "whole.jpg")).torn
    assert read(scan(tmp_path / "torn.jpg")).torn


@pytest.mark.parametrize("torn", [False, True])
def test_a_torn_page_that_does_not_fit_is_called_damaged(
    torn: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not another revision of the form, or one to be flattened."""
    whole = jpeg_with_detail()
    cut = whole[: len(whole) * 9 // 10] + b"\xff\xd9"
    (tmp_path / "a.jpg").write_bytes(cut if torn else whole)
    misfit = Misfit("other_revision", "dc01@1: 88 × 276 mm")
    monkeypatch.setattr("scanform.digitise.pages.place", lambda *_: misfit)
    monkeypatch.setattr("scanform.digitise.pages.is_blank", lambda _: False)
    (page,) = read_pages([read(scan(tmp_path / "a.jpg"))], Toolbox((), {}, FIELD_KINDS))
    assert isinstance(page, RejectedPage)
    told = (page.rejected.reason, page.rejected.details["detail"])
    assert told == (("damaged", TORN) if torn else ("other_revision", misfit.detail))


@pytest.mark.parametrize("torn", [False, True])
def test_a_torn_page_is_never_blank(torn: bool, tmp_path: Path) -> None:
    """What is grey there may have been a form."""
    to = io.BytesIO()
    Image.new("L", (600, 800), 255).save(to, "jpeg")
    data = to.getvalue()
    path = tmp_path / "a.jpg"
    path.write_bytes(data[:-60] + b"\xff\xd9" if torn else data)
    (page,) = read_pages([read(scan(path))], Toolbox((), {}, FIELD_KINDS))
    assert isinstance(page, RejectedPage if torn else BlankPage)


def test_what_a_library_says_on_its_own_is_heard(capfd: pytest.CaptureFixture[str]) -> None:
    with heard() as said:
        os.write(2, b"premature end")
        assert said() == b"premature end"
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"

"""A picture in a PDF whose data stops is drawn white: that is no empty page, nor an empty form."""

from __future__ import annotations

import io
import shutil
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from scanform.digitise import BlankPage, RejectedPage
from scanform.digitise.pages import Toolbox, read_pages
from scanform.errors import MissingProgram
from scanform.fields import FIELD_KINDS
from scanform.intake import embedded
from scanform.intake.files import scan_file
from scanform.intake.pages import read_page
from scanform.model.scan import TORN, Page, Rejected, ScanFile
from scanform.programs import pdf_images, poppler

pytestmark = pytest.mark.skipif(shutil.which("pdfimages") is None, reason="Poppler is missing")

WIDTH, HEIGHT = 827, 1169
"""An A4 page at 100 dpi."""


def paper(*, written: bool, noise: float = 3.0) -> Image.Image:
    chance = np.random.default_rng(7)
    page = np.full((HEIGHT, WIDTH), 245, np.uint8)
    for y in range(60, HEIGHT - 40, 40) if written else ():
        cv2.putText(page, "Ho va ten: Nguyen Van An 079203001234", (50, y), 0, 1.0, 30, 2)
    grey = np.clip(page + chance.normal(0, noise, page.shape), 0, 255).astype(np.uint8)
    return Image.fromarray(grey)


def jpeg(page: Image.Image, *, progressive: bool = False) -> bytes:
    to = io.BytesIO()
    page.save(to, "jpeg", quality=80, progressive=progressive)
    return to.getvalue()


def group4(page: Image.Image) -> bytes:
    to = io.BytesIO()
    page.convert("1", dither=Image.Dither.NONE).save(
        to, "tiff", compression="group4", tiffinfo={278: HEIGHT}
    )
    tags = Image.open(to).tag_v2  # type: ignore[attr-defined]
    return to.getvalue()[tags[273][0] :][: tags[279][0]]


def jpeg2000(page: Image.Image) -> bytes:
    to = io.BytesIO()
    page.save(to, "jpeg2000", quality_layers=[20])
    return to.getvalue()


def stream(data: bytes, about: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (about, len(data), data)


def pdf_of(*pictures: tuple[bytes, bytes], content: bytes = b"") -> bytes:
    """Pages, each filled by a picture: its data and what the file says of how it is packed."""
    kids = b" ".join(b"%d 0 R" % (3 + 3 * k) for k in range(len(pictures)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pictures)),
    ]
    for k, (data, packed) in enumerate(pictures):
        about = b"/Type/XObject/Subtype/Image/Width %d/Height %d" % (WIDTH, HEIGHT) + packed
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</XObject<</P %d 0 R>>>>>>" % (4 + 3 * k, 5 + 3 * k),
            stream(b"q 595 0 0 842 0 0 cm /P Do Q " + content),
            stream(data, about),
        ]
    out, places = b"%PDF-1.5\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    )
    return out + end % (size, table, size, len(out))


GREY = b"/ColorSpace/DeviceGray/BitsPerComponent 8"
DCT, FLATE, JPX = (GREY + b"/Filter/" + f for f in (b"DCTDecode", b"FlateDecode", b"JPXDecode"))
FAX = (
    b"/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/CCITTFaxDecode"
    b"/DecodeParms<</K -1/BlackIs1 true/Columns %d/Rows %d>>" % (WIDTH, HEIGHT)
)


def packed(sort: str, page: Image.Image) -> tuple[bytes, bytes]:
    match sort:
        case "jpeg":
            return jpeg(page), DCT
        case "progressive":
            return jpeg(page, progressive=True), DCT
        case "fax":
            return group4(page), FAX
        case "flate":
            return zlib.compress(page.tobytes()), FLATE
    return jpeg2000(page), JPX


SORTS = ("jpeg", "progressive", "fax", "flate", "jpeg2000")


def cut(picture: tuple[bytes, bytes], share: float) -> tuple[bytes, bytes]:
    return picture[0][: int(len(picture[0]) * share)], picture[1]


def opened(folder: Path, data: bytes, number: int = 1) -> Page | Rejected:
    path = folder / "scan.pdf"
    path.write_bytes(data)
    scan = scan_file(path)
    assert isinstance(scan, ScanFile)
    return read_page(scan, number)


def became(page: Page | Rejected) -> BlankPage | RejectedPage:
    assert isinstance(page, Page), page
    (found,) = read_pages([page], Toolbox((), {}, FIELD_KINDS))
    assert isinstance(found, BlankPage | RejectedPage)
    return found


@pytest.mark.parametrize("sort", ["jpeg", "progressive"])
@pytest.mark.parametrize(
    ("share", "padding"), [(0.02, b""), (0.3, b""), (0.3, bytes(5000)), (0.9, b"")]
)
def test_a_jpeg_that_stops_is_damaged_in_a_pdf_too(
    sort: str, share: float, padding: bytes, tmp_path: Path
) -> None:
    data, how = cut(packed(sort, paper(written=True)), share)
    told = opened(tmp_path, pdf_of((data + padding, how)))
    assert isinstance(told, Rejected)
    assert (told.reason, told.details, told.page) == ("damaged", {"detail": TORN}, 1)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("share", [0.0, 0.05])
def test_no_sort_of_picture_that_lost_its_data_is_blank(
    sort: str, share: float, tmp_path: Path
) -> None:
    page = opened(tmp_path, pdf_of(cut(packed(sort, paper(written=True)), share)))
    if isinstance(page, Page):
        assert page.torn
        found = became(page)
        assert isinstance(found, RejectedPage)
        page = found.rejected
    assert (page.reason, page.details["detail"]) == ("damaged", TORN)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_a_scan_of_an_empty_back_stays_blank(sort: str, noise: float, tmp_path: Path) -> None:
    empty = paper(written=False, noise=noise)
    assert isinstance(became(opened(tmp_path, pdf_of(packed(sort, empty)))), BlankPage)


@pytest.mark.parametrize(
    ("words", "others"),
    [
        (b"/Width %d" % WIDTH, b"/Width 0  "),
        (b"/ColorSpace/DeviceGray", b"/ColorSpace/DeviceMind"),
        (b"/Subtype/Image", b"/Subtype/Inage"),
        (b"/Filter/Fl", b"/Filter/Fx"),
        (b"/XObject<<", b"/XObjects<<"),
        (b"/P 5 0 R", b"/P 1 0 R"),
        (b"/Contents 4", b"/Contents 1"),
        (b"/Contents 4", b"/Contents 9"),
    ],
)
def test_a_picture_that_can_not_be_drawn_is_not_blank(
    words: bytes, others: bytes, tmp_path: Path
) -> None:
    data = pdf_of(packed("flate", paper(written=True)))
    assert words in data
    assert isinstance(became(opened(tmp_path, data.replace(words, others))), RejectedPage)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("start", [0, 200])
def test_nor_is_one_with_rubbish_in_its_data(sort: str, start: int, tmp_path: Path) -> None:
    data, how = packed(sort, paper(written=True))
    rubbish = np.random.default_rng(1).bytes(len(data) - start)
    page = opened(tmp_path, pdf_of((data[:start] + rubbish, how)))
    assert not isinstance(page, Page) or page.torn or page.pixels.std() > 1


def test_what_a_mask_paints_white_stays_blank(tmp_path: Path) -> None:
    mask = b"q 595 0 0 842 0 0 cm 1 g BI /W 8 /H 8 /IM true /BPC 1 ID " + bytes(8) + b" EI Q"
    data = pdf_of(packed("jpeg", paper(written=True)), content=mask)
    assert isinstance(became(opened(tmp_path, data)), BlankPage)


@pytest.mark.parametrize("sort", SORTS)
def test_a_whole_picture_is_whole(sort: str, tmp_path: Path) -> None:
    page = opened(tmp_path, pdf_of(packed(sort, paper(written=True))))
    assert isinstance(page, Page)
    assert not page.torn


def test_that_the_end_alone_is_missing_is_no_loss(tmp_path: Path) -> None:
    data, how = packed("jpeg", paper(written=False, noise=0))
    assert data.endswith(b"\xff\xd9")
    assert isinstance(became(opened(tmp_path, pdf_of((data[:-2], how)))), BlankPage)


def test_another_pages_picture_is_not_this_ones(tmp_path: Path) -> None:
    stops = cut(packed("jpeg", paper(written=True)), 0.3)
    data = pdf_of(packed("jpeg", paper(written=False, noise=0)), stops)
    assert isinstance(became(opened(tmp_path, data, 1)), BlankPage)
    assert isinstance(opened(tmp_path, data, 2), Rejected)


def test_a_page_with_ink_or_grain_in_every_line_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_images, "sorts", lambda *_: pytest.fail("it was"))
    assert isinstance(opened(tmp_path, pdf_of(packed("jpeg", paper(written=True)))), Page)


def fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = folder / "fake"
    place.mkdir()
    (place / "pdfimages").write_text(f"#!/bin/sh\n{script}\n")
    (place / "pdfimages").chmod(0o755)
    monkeypatch.setenv("PATH", str(place), prepend=":")


LIST = 'printf "page\\n--\\n1 0 image 9 9 gray 1 8 jpeg no 5 0 9 9 9B 4%%\\n"'


@pytest.mark.parametrize("script", ["kill -SEGV $$", "exec sleep 20", "echo rubbish", LIST])
def test_what_could_not_be_looked_at_is_not_blank(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_images, "SECONDS", 0.5)
    fake(tmp_path, script, monkeypatch)
    data = pdf_of(packed("jpeg", paper(written=False, noise=0)))
    assert isinstance(became(opened(tmp_path, data)), RejectedPage)


def test_pictures_fill_no_more_room_than_they_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poppler, "FOLDER_BYTES", 5000)
    (tmp_path / "scan.pdf").write_bytes(pdf_of(packed("jpeg", paper(written=True))))
    (tmp_path / "out").mkdir()
    with pytest.raises(poppler.PdfError, match="too_large"):
        pdf_images.jpegs(tmp_path / "scan.pdf", 1, tmp_path / "out")
    assert sum(each.stat().st_size for each in (tmp_path / "out").iterdir()) <= 5000


def test_a_picture_of_too_many_dots_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf_of(packed("jpeg", paper(written=False, noise=0))))
    monkeypatch.setattr(embedded.cv2, "imdecode", lambda *_: pytest.fail("unpacked"))
    white = np.full((900, 600, 3), 255, np.uint8)
    assert embedded.loss_on(path, 1, white, most_pixels=1000) == "torn"


def test_without_pdfimages_poppler_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "path"
    place.mkdir()
    for name in ("pdftoppm", "pdfinfo"):
        (place / name).symlink_to(str(shutil.which(name)))
    data = pdf_of(packed("jpeg", paper(written=False, noise=0)))
    monkeypatch.setenv("PATH", str(place))
    with pytest.raises(MissingProgram, match="pdfimages"):
        opened(tmp_path, data)
    poppler.version.cache_clear()
    assert poppler.version() is None
    poppler.version.cache_clear()

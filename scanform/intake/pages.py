"""Pages of a scan as arrays: grey, or blue, green, red, one byte each, upright as the file says.

Sizes are read from headers and checked before anything is decoded.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from scanform.errors import MissingProgram
from scanform.intake import shades, strange, tiff
from scanform.intake.embedded import AFTER_JPEG, BROKE_OFF, END_OF_JPEG, loss_on
from scanform.intake.files import HEAD_BYTES, Kind, sniff
from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import SHEET_DPI, TORN, Page, Pixels, Rejected, ScanFile
from scanform.programs import poppler
from scanform.programs.heard import heard

MAX_PIXELS = 100_000_000
"""An A3 page at 600 dpi has 70 million."""
MAX_PAGES = 10_000
MAX_RATIO = 8
"""Of the longer side to the shorter: two A4 sheets that went through a feeder as one have 3. Laid
on a form, a strip of metres would fill memory."""
MIN_SIDE = 300
"""Pixels of the shorter side: an A4 page would have 36 dots to the inch."""

_PLAUSIBLE_DPI = (60.0, 1300.0)
_PLAUSIBLE_SIDES_MM = ((60.0, 310.0), (100.0, 500.0))
_A4_MM = (210.0, 297.0)

# Registration measures the page itself, so more pixels than the sheet has only cost time. A dpi
# that was guessed may be a page that fills half of a photo: it keeps more.
_SHRINK_ABOVE = 330.0
_SHRINK_GUESSED_ABOVE = 450.0
_GUESSED_DPI = 400.0

_ORIENTATION = 0x0112
_LYING = (5, 6, 7, 8)
"""Exif orientations under which height and width change places."""

_SAYS_NOTHING = re.compile(r"decoder error -?\d+|cannot identify image file")
"""What Pillow says where it knows no more."""

# Pillow has a guard of its own against images that unpack to gigabytes; both use one limit.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class _Refused(Exception):
    """The page can't be taken; carries reason and detail."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


def page_count(scan: ScanFile) -> int | Rejected:
    """How many pages the scan has (at least 1), or why it can't be opened. Nothing is decoded:
    a run asks this in its own process, and the pages are opened where they can do no harm."""
    try:
        count = _count(scan.path)
        if count > MAX_PAGES:
            raise _Refused("too_many_pages", str(count))
        if count < 1:
            raise _Refused("damaged", "0 pages")
    except MissingProgram:
        raise
    except (_Refused, tiff.BrokenChain, poppler.PdfError, OSError) as error:
        return _rejected(scan, None, error)
    return count


def read_page(scan: ScanFile, number: int) -> Page | Rejected:
    """Page ``number`` (counted from 1), or why it can't be had.

    ``Page.dpi`` is what the file says where that gives a page of plausible size; otherwise it is
    worked out so that an A4 page just fits into the image.
    """
    with heard() as complaints:
        return _page(scan, number, complaints)


def _page(scan: ScanFile, number: int, complaints: Callable[[], bytes]) -> Page | Rejected:
    loss = None
    try:
        if _kind(scan.path) == "pdf":
            pixels = poppler.render(scan.path, number, SHEET_DPI)
            dpi, known = float(SHEET_DPI), True
            loss = loss_on(scan.path, number, pixels, MAX_PIXELS)
            if loss == "stops":  # as a JPEG that stops by itself
                raise _Refused("damaged", TORN)
        else:
            with _strict():
                pixels, dpi, known = _image_page(scan.path, number)
        if min(pixels.shape[:2]) < MIN_SIDE:
            raise _Refused("too_small", f"{pixels.shape[1]} × {pixels.shape[0]}")
        if max(pixels.shape[:2]) > MAX_RATIO * min(pixels.shape[:2]):
            raise _Refused("too_large", f"{pixels.shape[1]} × {pixels.shape[0]}")
    except MissingProgram:
        raise
    except Exception as error:  # Pillow raises whatever its parsers trip over
        return _rejected(scan, number, error)
    pixels, dpi = _shrunk(pixels, dpi, known)
    return Page(scan, number, dpi, pixels, torn=loss is not None or BROKE_OFF in complaints())


def _kind(path: Path) -> Kind | None:
    with path.open("rb") as file:
        return sniff(file.read(HEAD_BYTES))


def _count(path: Path) -> int:
    kind = _kind(path)
    if kind is None:
        raise _Refused("unknown_type")
    if kind == "pdf":
        return poppler.page_count(path)
    if kind != "tiff":
        # Frames of an animated image are no pages, nor is a phone's second picture for depth.
        return 1
    return tiff.count_pages(path, MAX_PAGES)


def _opened(path: Path) -> Image.Image:
    # The opener of JPEG also gives MPO, the several pictures of a phone.
    return Image.open(path, formats=("JPEG", "PNG", "TIFF", "BMP", "WEBP"))


@contextmanager
def _strict() -> Iterator[None]:
    """Makes a likely bomb an error; Pillow's other complaints end in one or don't matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _image_page(path: Path, number: int) -> tuple[Pixels, float, bool]:
    with _opened(path) as image:
        if number > 1:
            image.seek(number - 1)
        width, height = image.size
        _check_size(width, height)
        across, down, known = _resolution(image)
        # The decoder leaves out the finest half of the frequencies: four times as fast.
        of_jpeg = image.format in ("JPEG", "MPO")
        halved = of_jpeg and across == down and across >= 2 * 0.98 * SHEET_DPI
        orientation = _orientation(image)
        plain = image.format == "JPEG" and image.mode in ("L", "RGB")
        pixels = _jpeg(path, image.mode == "L", halved) if plain else None
        if pixels is not None:
            pixels = _upright(pixels, orientation)
        else:
            if halved:
                image.draft("RGB", (math.ceil(width / 2), math.ceil(height / 2)))
            image.load()
            pixels = shades.pixels_of(image)
            if image.format != "TIFF":  # Pillow has turned that
                pixels = _upright(pixels, orientation)
        if halved:
            across = down = across / 2
    if orientation in _LYING:
        across, down = down, across
    return _squared(pixels, across, down), max(across, down), known


def _orientation(image: Image.Image) -> int:
    """As Exif has it; 1, as it lies, where Exif is nonsense: the picture may be whole."""
    if image.format == "PNG":
        image.load()  # its Exif may stand behind the picture, whose own faults count
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # Pillow raises whatever its parsers trip over
        return 1


def _jpeg(path: Path, grey: bool, halved: bool) -> Pixels | None:
    """The image as the file has it, grey or blue, green, red, in half the time that Pillow takes;
    None where the file may be damaged, which is then for Pillow to say."""
    data = path.read_bytes()
    if not data.rstrip(AFTER_JPEG).endswith(END_OF_JPEG):
        return None
    size = cv2.IMREAD_REDUCED_COLOR_2 if halved else cv2.IMREAD_COLOR
    if grey:
        size = cv2.IMREAD_REDUCED_GRAYSCALE_2 if halved else cv2.IMREAD_GRAYSCALE
    how = size | cv2.IMREAD_IGNORE_ORIENTATION
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    return None if pixels is None else np.asarray(pixels, np.uint8)


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    """Turned and mirrored as the camera says (Exif 2.32, tag 0x0112)."""
    if orientation in _LYING:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _Refused("too_large", f"{width} × {height}")
    if width < 1 or height < 1:
        raise _Refused("damaged", f"{width} × {height}")


def _resolution(image: Image.Image) -> tuple[float, float, bool]:
    """Dots per inch across and down, and whether the file says so believably."""
    width, height = image.size
    across, down = (float(value) for value in image.info.get("dpi", (0, 0))[:2])
    if all(_PLAUSIBLE_DPI[0] <= value <= _PLAUSIBLE_DPI[1] for value in (across, down)):
        sides = sorted((width / across * MM_PER_INCH, height / down * MM_PER_INCH))
        limits = zip(sides, _PLAUSIBLE_SIDES_MM, strict=True)
        if all(low <= side <= high for side, (low, high) in limits):
            return across, down, True
    short, long = sorted((width, height))
    guess = min(short / _A4_MM[0], long / _A4_MM[1]) * MM_PER_INCH
    return guess, guess, False


def _squared(pixels: Pixels, across: float, down: float) -> Pixels:
    """Fax machines have twice as many dots across as down: make the dots square."""
    if abs(across / down - 1.0) < 0.01:
        return pixels
    dpi = max(across, down)
    height, width = pixels.shape[:2]
    size = (round(width * dpi / across), round(height * dpi / down))
    _check_size(*size)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _shrunk(pixels: Pixels, dpi: float, known: bool) -> tuple[Pixels, float]:
    if dpi <= (_SHRINK_ABOVE if known else _SHRINK_GUESSED_ABOVE):
        return pixels, dpi
    to = SHEET_DPI if known else _GUESSED_DPI
    height, width = pixels.shape[:2]
    size = (max(1, round(width * to / dpi)), max(1, round(height * to / dpi)))
    smaller = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, np.uint8), float(to)


def _rejected(scan: ScanFile, page: int | None, error: Exception) -> Rejected:
    reason, detail = "damaged", " ".join(str(error).split())[:120]
    if isinstance(error, _Refused):
        reason, detail = error.reason, error.detail
    elif isinstance(error, poppler.PdfError):
        reason = "page_timeout" if error.kind == "timeout" else error.kind
        detail = error.detail
    elif isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        reason, detail = "too_large", f"> {MAX_PIXELS // 1_000_000} Mpixel"
    elif isinstance(error, OSError) and error.errno is not None:
        reason, detail = "unreadable_file", error.strerror or type(error).__name__
    elif scan.path.name in str(error) or _SAYS_NOTHING.match(detail):
        detail = ""
    if reason == "damaged" and page is not None and (sort := strange.sort_of(scan.path, page)):
        reason, detail = "unsupported", sort
    return Rejected(scan.path, scan.sha256, page, reason, {"detail": detail} if detail else {})

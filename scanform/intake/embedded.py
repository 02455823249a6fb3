"""Whether a picture inside a PDF page has lost a part of its data.

What is lost is drawn white, so a filled form may look like an empty back, or like a form that was
left blank further down.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from PIL import Image

from scanform.model.scan import Pixels
from scanform.programs import pdf_images
from scanform.programs.heard import heard
from scanform.programs.poppler import PdfError
from scanform.programs.scratch import scratch

Loss = Literal["stops", "torn"]
"""``stops``: a JPEG ends before its picture does. ``torn``: something is lost, or can't be told."""

END_OF_JPEG = b"\xff\xd9"
AFTER_JPEG = b"\0\r\n "
"""What may follow a JPEG's end."""
BROKE_OFF = b"premature end of data segment"
"""What libjpeg says where a part of the picture's data is lost (``JWRN_HIT_MARKER``)."""

_EVERY = 4
"""Pixels at 300 dpi: what is lost of a JPEG are rows of at least 8 of its own, 4 at 600 dpi."""
_ALONG = 16
"""Pixels between two that are looked at in a line."""
_MOSTLY = 0.5
"""Share of lines without anything from which a page may be taken for blank, or for no form."""

_LOST = re.compile(
    r"Syntax Error.* in flate|Syntax Error.* in CCITTFax|Syntax Error.*JBIG2"
    r"|decode the codestream|inconsistent with stream length|Corrupt JPEG data: premature"
    r"|Did not? succeed opening JPX Stream\.|Weird page contents|xref num \d+ not found but needed"
    r"|Bad image parameters|Unknown filter|XObject '.*' is|Unknown XObject|Bad form |Bad 'Length'"
)
"""What Poppler 22.12 says of data that stops, and of pictures that it can't draw; it tells of much
else that does no harm."""


def loss_on(path: Path, page: int, pixels: Pixels, most_pixels: int) -> Loss | None:
    """What page ``page``, drawn as ``pixels`` lacks of its pictures, None: nothing that shows.

    A page whose every line has something on it isn't looked at: what is lost is of one colour.
    JPEGs of more than ``most_pixels`` aren't unpacked. Raises ``MissingProgram``.
    """
    even = _even_lines(pixels)
    if not even:
        return None
    try:
        sorts = pdf_images.sorts(path, page)
        if sorts[pdf_images.EMPTY]:
            return "torn"
        if loss := _of_jpegs(path, page, sorts["jpeg"], most_pixels):
            return loss
        # Of most pages that are black and white, or drawn, some lines are empty.
        packed_otherwise = sorts.total() > sorts["jpeg"] and even >= _MOSTLY
        # What has no size or colours is no picture to Poppler: it draws nothing, and lists nothing.
        if packed_otherwise or (even == 1.0 and not sorts.total()):
            return "torn" if _LOST.search(pdf_images.complaints(path, page)) else None
    except PdfError:
        return "torn"
    return None


def _even_lines(pixels: Pixels) -> float:
    """The share of rows, or of columns if that is larger, that are of one colour."""
    # What is lost has one value in each of the colours, so one of them will do.
    plane = pixels if pixels.ndim == 2 else pixels[:, :, 0]
    rows, columns = plane[::_EVERY, ::_ALONG], plane[::_ALONG, ::_EVERY]
    return max(
        float((few.max(axis=along) == few.min(axis=along)).mean())
        for few, along in ((np.ascontiguousarray(rows), 1), (np.ascontiguousarray(columns), 0))
    )


def _of_jpegs(path: Path, page: int, count: int, most_pixels: int) -> Loss | None:
    if not count:
        return None
    with scratch() as folder:
        found = pdf_images.jpegs(path, page, folder)
        losses = {_of_jpeg(each.read_bytes(), each, most_pixels) for each in found}
    if "stops" in losses:
        return "stops"
    return "torn" if "torn" in losses or len(found) < count else None


def _of_jpeg(data: bytes, path: Path, most_pixels: int) -> Loss | None:
    try:
        with Image.open(path, formats=("JPEG",)) as image:
            width, height = image.size
    except Exception:  # Pillow raises whatever its parsers trip over
        return "torn"
    if width * height > most_pixels:
        return "torn"
    data = data.rstrip(AFTER_JPEG)
    ends = data.endswith(END_OF_JPEG)
    whole = np.frombuffer(data if ends else data + END_OF_JPEG, np.uint8)
    with heard() as complaints:
        if cv2.imdecode(whole, cv2.IMREAD_REDUCED_GRAYSCALE_8) is None:
            return "torn"
        said = complaints()
    if not ends and said:  # it tells the first trouble alone
        return "stops"
    return "torn" if BROKE_OFF in said else None

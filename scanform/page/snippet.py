"""A piece of a stored sheet, for people's eyes."""

from __future__ import annotations

import cv2

from scanform.model.geometry import Box
from scanform.model.scan import SHEET_DPI
from scanform.page.encode import decode_sheet


def cut_png(data: bytes, box: Box, dpi: float = SHEET_DPI) -> bytes:
    """PNG of ``box`` (millimetres) of the sheet encoded in ``data``, cut off at its edges.

    Raises ``ValueError`` when the bytes are no image or the box lies off the sheet.
    """
    pixels = decode_sheet(data)
    left, top, right, bottom = box.pixels(dpi)
    piece = pixels[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    if piece.size == 0:
        raise ValueError("the box lies off the sheet")
    done, png = cv2.imencode(".png", piece)
    if not done:
        raise ValueError("the piece can't be encoded")
    return png.tobytes()

"""A piece of a stored sheet, for people's eyes."""

from __future__ import annotations

from collections.abc import Sequence

import cv2

from scanform.model.geometry import Box
from scanform.model.scan import SHEET_DPI
from scanform.page.encode import decode_sheet
from scanform.page.strips import strip


def cut_png(data: bytes, box: Box, dpi: float = SHEET_DPI) -> bytes:
    """PNG of ``box`` (millimetres) of the sheet encoded in ``data``, cut off at its edges.

    Raises ``ValueError`` when the bytes are no image or the box lies off the sheet.
    """
    left, top, right, bottom = (max(0, each) for each in box.pixels(dpi))
    rows, above = strip(data, top, bottom) or (data, 0)
    piece = decode_sheet(rows)[top - above : bottom - above, left:right]
    if piece.size == 0:
        raise ValueError("the box lies off the sheet")
    done, png = cv2.imencode(".png", piece)
    if not done:
        raise ValueError("the piece can't be encoded")
    return png.tobytes()


def cut_small(data: bytes, boxes: Sequence[Box], dpi: float = 110.0) -> list[bytes]:
    """JPEGs of ``boxes`` (millimetres) of one sheet, scaled down to ``dpi``; empty where a box lies
    off the sheet. Raises ``ValueError`` when the bytes are no image."""
    pixels = decode_sheet(data)
    pieces = []
    for box in boxes:
        left, top, right, bottom = box.pixels(SHEET_DPI)
        piece = pixels[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
        if piece.size == 0:
            pieces.append(b"")
            continue
        share = dpi / SHEET_DPI
        size = max(1, round(piece.shape[1] * share)), max(1, round(piece.shape[0] * share))
        small = cv2.resize(piece, size, interpolation=cv2.INTER_AREA)
        done, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 78])
        pieces.append(jpeg.tobytes() if done else b"")
    return pieces

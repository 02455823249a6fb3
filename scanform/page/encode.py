"""A sheet as bytes to be stored, and back."""

from __future__ import annotations

import cv2
import numpy as np

from scanform.model.scan import Pixels

# Reading is done before this; what is stored is for people's eyes and for learning. At 80 the
# strokes of a pen show no blocks and a page at 300 dpi takes about a megabyte.
JPEG_QUALITY = 80


def encode_sheet(pixels: Pixels) -> bytes:
    """JPEG of an image (height x width, or height x width x 3 blue, green, red). A restart marker
    behind each row of blocks lets a few of its rows be decoded alone (``strips``)."""
    block = 16 if pixels.ndim == 3 else 8
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    options += [cv2.IMWRITE_JPEG_RST_INTERVAL, -(-pixels.shape[1] // block)]
    done, data = cv2.imencode(".jpg", pixels, options)
    if not done:
        raise ValueError("the page image can't be encoded")
    return data.tobytes()


def decode_sheet(data: bytes) -> Pixels:
    """The image, height x width x 3; raises ``ValueError`` when the bytes are no image."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError("the stored page image can't be decoded")
    return pixels.astype(np.uint8, copy=False)

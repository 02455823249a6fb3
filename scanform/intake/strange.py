"""Sorts of images that are whole, as far as their headers tell, and that nothing here decodes.

Asked only of a page that could not be read: "damaged" would send a clerk to copy a file again that
comes out the same each time.
"""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import BinaryIO
from zlib import crc32, decompressobj

from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from scanform.intake import tiff
from scanform.intake.files import BMP_HEADERS, HEAD_BYTES, sniff

_MOST_SIDE = 1_000_000
_MOST_BITS = 128

_WIDTH, _HEIGHT, _BITS, _COMPRESSION = 256, 257, 258, 259
_USUAL = (1, 2, 3, 4, 5, 7, 8, 32773, 32946)
"""Compressions that every build of libtiff undoes."""
_STRIPS, _TILES = (273, 279), (324, 325)
"""Tags of the places and lengths of a TIFF's data (TIFF 6.0, sections 3 and 15)."""

_MOST_CHUNK = 2**27
_MOST_UNPACKED = 2**24

_BMP_BITS = (1, 2, 4, 8, 16, 24, 32, 64)
_BMP_READ = (1, 4, 8, 16, 24, 32)
_BMP_COMPRESSIONS = 14
_BMP_MASKED = (16, 32)
"""Bits of a compression of 3 whose rows are as they are, only their colours are said apart; others
are packed as a fax is."""
_BMP_PACKED = (4, 5)
"""A JPEG or PNG inside a BMP."""

_JPEG_FRAMES = {
    0xC3: "lossless", 0xC5: "hierarchical", 0xC6: "hierarchical", 0xC7: "hierarchical",
    0xC9: "arithmetic", 0xCA: "arithmetic", 0xCB: "lossless", 0xCD: "hierarchical",
    0xCE: "hierarchical", 0xCF: "hierarchical", 0xF7: "JPEG-LS",
}  # fmt: skip
"""Frames other than baseline, extended and progressive (ITU-T T.81, table B.1; T.87)."""
_PLAIN_FRAMES = (0xC0, 0xC1, 0xC2)
_ALONE = (0x01, *range(0xD0, 0xD9))
"""Markers without a length."""


def sort_of(path: Path, number: int) -> str:
    """What sort of image page ``number`` is, in a few words; empty where its sort is a usual one
    or its header doesn't hold together, so that it is damaged."""
    try:
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore")
            match sniff(file.read(HEAD_BYTES)):
                case "tiff":
                    return _tiff(file, path, number)
                case "jpeg":
                    return _jpeg(file)
                case "bmp":
                    return _bmp(file, path)
                case "png":
                    return _png(file)
    except Exception:  # what holds together in no way is damaged
        return ""
    return ""


def _tiff(file: BinaryIO, path: Path, number: int) -> str:
    is_known = _is_known(path, number, "TIFF")
    place = tiff.place_of(path, number)
    file.seek(0)
    head = file.read(16)
    is_big = b"\x2b" in head[2:4]
    directory = ImageFileDirectory_v2(head if is_big else head[:8])
    file.seek(place)
    directory.load(file)
    size = file.seek(0, 2)
    if not all(1 <= int(directory[tag]) <= _MOST_SIDE for tag in (_WIDTH, _HEIGHT)):
        return ""
    for places, lengths in (_STRIPS, _TILES):
        if places in directory:
            pairs = list(zip(directory[places], directory[lengths], strict=True))
            if not pairs or any(at < 8 or at + length > size for at, length in pairs):
                return ""
            bits = max(directory.get(_BITS, (1,)))
            compression = int(directory.get(_COMPRESSION, 1))
            # What is known and usual can be read, unless what comes after the header is broken.
            if bits > _MOST_BITS or (is_known and compression in _USUAL):
                return ""
            return f"TIFF, {bits} bit, compression {compression}"
    return ""


def _is_known(path: Path, number: int, kind: str) -> bool:
    """Whether Pillow takes the header."""
    try:
        with Image.open(path, formats=(kind,)) as image:
            image.seek(number - 1)
    except Exception:  # Pillow raises whatever it trips over
        return False
    return True


def _jpeg(file: BinaryIO) -> str:
    file.seek(2)
    while True:
        mark, kind = file.read(2)
        if mark != 0xFF:
            return ""
        if kind == 0xFF:  # fill bytes
            file.seek(-1, 1)
            continue
        if kind in _ALONE:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if kind in _JPEG_FRAMES or kind in _PLAIN_FRAMES:
            bits, height, width = struct.unpack(">BHH", file.read(5))
            file.seek(-2, 2)
            is_usual = kind in _PLAIN_FRAMES and bits == 8
            if is_usual or not (height and width) or file.read(2) != b"\xff\xd9":
                return ""
            return f"JPEG, {_JPEG_FRAMES.get(kind, 'DCT')}, {bits} bit"
        file.seek(length - 2, 1)


def _bmp(file: BinaryIO, path: Path) -> str:
    if _is_known(path, 1, "BMP"):  # then its data is broken
        return ""
    file.seek(0)
    data = file.read(54)
    size = file.seek(0, 2)
    start, header = struct.unpack("<II", data[10:18])
    if header == 12:
        width, height, planes, bits = struct.unpack("<HHHH", data[18:26])
        compression = 0
    else:
        width, height, planes, bits, compression = struct.unpack("<iiHHI", data[18:34])
        if header == 16:
            compression = 0
    holds = 0 < width <= _MOST_SIDE and 0 < abs(height) <= _MOST_SIDE and planes == 1
    sizes = (0, *_BMP_BITS) if compression in _BMP_PACKED else _BMP_BITS
    known = header in BMP_HEADERS and bits in sizes and compression < _BMP_COMPRESSIONS
    there = 14 + header <= start < size
    if compression == 0 or (compression == 3 and bits in _BMP_MASKED):
        there = there and start + (width * bits + 31) // 32 * 4 * abs(height) <= size
    is_usual = compression == 0 and bits in _BMP_READ and header != 16
    if not (holds and known and there) or is_usual:  # a palette that can't be, say
        return ""
    return f"BMP, {bits} bit, compression {compression}"


def _png(file: BinaryIO) -> str:
    file.seek(8)
    told, data_there = "", False
    while True:
        length, name = struct.unpack(">I4s", file.read(8))
        data = file.read(length) if length <= _MOST_CHUNK else b""
        (checked,) = struct.unpack(">I", file.read(4))
        if crc32(name + data) != checked:
            return ""
        if not told:
            width, height, bits = struct.unpack(">IIB", data[:9])
            told = f"PNG, {bits} bit" if name == b"IHDR" and width and height else ""
        if not told or name == b"IEND":
            # Whole to its end, so that it is what stands beside the picture that can't be read.
            return told if data_there else ""
        if name == b"IDAT" and not data_there:
            decompressobj().decompress(data, _MOST_UNPACKED)
            data_there = True

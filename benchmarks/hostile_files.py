"""Hostile images, as bytes: what public collections of malformed files hold, made by ourselves.

Each maker takes a source of chance and gives a file. Those of PDFs are in ``hostile_pdfs.py``.
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Sequence
from functools import cache

from PIL import Image, ImageDraw

Maker = Callable[[random.Random], bytes]
Entry = tuple[int, int, int, int]
"""Of a TIFF's directory: tag, type, count, value or place."""

SIDES = (0, 1, 7, 299, 300, 1_000, 9_000, 30_000, 65_535, 2**31 - 1, 2**32 - 1)
MODES = ("1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F", "LA", "YCbCr", "LAB", "HSV")


def page(chance: random.Random, mode: str = "RGB") -> Image.Image:
    """A sheet with something on it, large enough to be taken for a page."""
    image = Image.new("RGB", (chance.choice([310, 640, 1240]), 880), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(30):
        at = [chance.randrange(image.width), chance.randrange(image.height)]
        draw.rectangle([*at, at[0] + 60, at[1] + 9], fill=chance.choice(["black", "navy", "grey"]))
    if mode in ("I;16", "I", "F"):
        image = image.convert("L").convert("I")
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    target = io.BytesIO()
    try:
        image.save(target, kind, **how)
    except (OSError, ValueError, KeyError):  # this sort can't hold that mode
        target = io.BytesIO()
        image.convert("RGB").save(target, kind)
    return target.getvalue()


@cache
def zeros(megabytes: int) -> bytes:
    """So many megabytes of nothing, packed; kept, since packing takes longer than reading."""
    return zlib.compress(bytes(megabytes << 20), 9)


# PNG


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(head: Sequence[int], rows: bytes, *more: bytes) -> bytes:
    packed = chunk(b"IDAT", zlib.compress(rows, 9))
    ihdr = chunk(b"IHDR", struct.pack(">IIBBBBB", *head))
    return b"\x89PNG\r\n\x1a\n" + ihdr + b"".join(more) + packed + chunk(b"IEND", b"")


def png_bomb(chance: random.Random) -> bytes:
    side = chance.choice([0, 1, 9_000, 12_000, 30_000, 2**31 - 1])
    rows = bytes(chance.choice([0, 100, 2_000_000]))
    return png((side, chance.choice([0, 1, side]), 8, 0, 0, 0, 0), rows)


def png_odd(chance: random.Random) -> bytes:
    """Interlaced, 16 bits, palettes that are too short, depths that there aren't."""
    width, height = chance.choice([(400, 500), (1200, 1500)])
    depth, colour = chance.choice(
        [(1, 0), (2, 3), (4, 3), (8, 3), (8, 6), (16, 2), (16, 6), (3, 9)]
    )
    size = width * height * max(1, depth // 8) * (4 if colour == 6 else 3)
    more = [chunk(b"PLTE", chance.randbytes(chance.choice([0, 3, 5, 48, 1200])))]
    more += [chunk(b"tRNS", chance.randbytes(chance.choice([0, 1, 300])))]
    more += [chunk(b"pHYs", struct.pack(">IIB", *(chance.choice([0, 1, 2**32 - 1]),) * 2, 1))]
    chance.shuffle(more)
    interlaced = chance.choice([0, 1, 1, 7])
    return png((width, height, depth, colour, 0, 0, interlaced), bytes(size + height * 2), *more)


def png_text_bomb(chance: random.Random) -> bytes:
    """Little that unpacks to 200 MB, where nobody looks for pixels."""
    packed = zeros(chance.choice([20, 200]))
    more = {
        b"zTXt": b"Comment\0\0" + packed,
        b"iTXt": b"Comment\0\1\0\0\0" + packed,
        b"iCCP": b"icc\0\0" + packed,
    }
    kind = chance.choice(sorted(more))
    some = [chunk(kind, more[kind])] * chance.choice([1, 3])
    return png((400, 500, 8, 0, 0, 0, 0), bytes(401 * 500), *some)


def animated(chance: random.Random) -> bytes:
    frames = [page(chance).resize((320, 400)) for _ in range(chance.choice([2, 9]))]
    target, kind = io.BytesIO(), chance.choice(["PNG", "WEBP", "GIF", "TIFF", "MPO"])
    frames[0].save(target, kind, save_all=True, append_images=frames[1:])
    data = bytearray(target.getvalue())
    if kind == "PNG" and chance.random() < 0.5:
        at = data.find(b"acTL")
        data[at + 4 : at + 8] = b"\xff" * 4  # so many frames, it says
    return bytes(data)


# TIFF


def directory(entries: Sequence[Entry], after: int, big: bool = False) -> bytes:
    many, each, last = ("<Q", "<HHQQ", "<Q") if big else ("<H", "<HHII", "<I")
    most = 2**64 if big else 2**32
    body = struct.pack(many, len(entries))
    for tag, sort, count, value in sorted(entries):
        body += struct.pack(each, tag, sort, count % most, value % most)
    return body + struct.pack(last, after % most)


def tiff_head(big: bool = False, first: int | None = None) -> bytes:
    if big:
        return b"II+\0\x08\0\0\0" + struct.pack("<Q", 16 if first is None else first)
    return b"II*\0" + struct.pack("<I", 8 if first is None else first)


def basic(width: int, height: int, compression: int, strips: int, size: int) -> list[Entry]:
    return [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, compression),
        (262, 3, 1, 1), (273, 4, 1, strips), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, size),
    ]  # fmt: skip


def tiff_loop(chance: random.Random) -> bytes:
    """Directories that name themselves, each other, or nothing as the next one."""
    big, side = chance.random() < 0.3, chance.choice([0, 100, 400, 70_000])
    compression = chance.choice([1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34661, 50000, 65535])
    entries = basic(side, 500, compression, chance.choice([8, 2**31]), chance.choice([10, 2**31]))
    start = len(tiff_head(big))
    size = len(directory(entries, 0, big))
    after = chance.choice([start, start + size, 0, 9, 2**32 - 3])
    second = directory(entries, chance.choice([start, start + size]), big)
    return tiff_head(big) + directory(entries, after, big) + second


def tiff_tiles(chance: random.Random) -> bytes:
    tile = chance.choice([0, 15, 16, 256, 60_000, 2**31, 2**32 - 16])
    entries = basic(chance.choice([400, 50_000]), 500, chance.choice([1, 5, 7, 8]), 8, 100)
    entries = [each for each in entries if each[0] not in (273, 278, 279)]
    entries += [(322, 4, 1, tile), (323, 4, 1, chance.choice([tile, 16]))]
    entries += [(324, 4, chance.choice([1, 9, 2**28]), 8), (325, 4, 1, chance.choice([0, 2**31]))]
    return tiff_head() + directory(entries, 0) + chance.randbytes(3000)


def tiff_counts(chance: random.Random) -> bytes:
    """Counts of values that fill memory, values of the wrong sort, samples that there can't be."""
    entries = basic(400, 500, chance.choice([1, 5, 8]), 300, 200_000)
    tag, sort = chance.choice([258, 273, 279, 320, 339, 700, 34665, 34675, 330, 347]), 4
    sort = chance.choice([1, 2, 3, 4, 5, 7, 12, 13, 99])
    entries = [each for each in entries if each[0] != tag]
    entries += [(tag, sort, chance.choice([0, 3, 2**20, 2**28, 2**32 - 1]), chance.choice([0, 8]))]
    entries = [(277, 3, 1, chance.choice([0, 1, 5, 65535])) if e[0] == 277 else e for e in entries]
    return tiff_head() + directory(entries, 0) + bytes(chance.choice([10, 200_300]))


def tiff_old_jpeg(chance: random.Random) -> bytes:
    """JPEG in a TIFF, in the way of 1992 and in that of 1995, with tables that aren't there."""
    inside = saved(page(chance, "L"), "JPEG")
    compression = chance.choice([6, 6, 7])
    entries = basic(chance.choice([310, 640, 60_000]), 880, compression, 400, len(inside))
    entries += [(513, 4, 1, chance.choice([400, 0, 2**31])), (514, 4, 1, len(inside))]
    entries += [(519, 4, 3, chance.choice([8, 2**31])), (520, 4, 3, 8), (521, 4, 3, 9)]
    head = tiff_head() + directory(entries, 0)
    return head + bytes(400 - len(head)) + inside


def any_mode(chance: random.Random) -> bytes:
    """Sound files of every sort of pixel."""
    image, kind = page(chance, chance.choice(MODES)), chance.choice(["TIFF", "TIFF", "PNG", "BMP"])
    packing = [None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "group4", "jpeg"]
    how = {"compression": chance.choice(packing)} if kind == "TIFF" else {}
    if chance.random() < 0.3:
        how["dpi"] = chance.choice([(0, 0), (1, 1), (204, 98), (1e6, 1e6), (72, 300)])
    return saved(image, kind, **how)


# JPEG


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, min(65535, len(data) + 2)) + data[:65533]


def with_segment(data: bytes, *segments: bytes) -> bytes:
    return data[:2] + b"".join(segments) + data[2:]


def frame_of(data: bytes) -> int:
    """Where the frame's header begins."""
    return max(data.find(bytes([0xFF, each])) for each in (0xC0, 0xC2))


def jpeg_lies(chance: random.Random) -> bytes:
    """Sizes, precisions, components and codings that the data behind doesn't have."""
    data = bytearray(saved(page(chance), "JPEG", progressive=chance.random() < 0.5))
    at = frame_of(bytes(data))
    match chance.randrange(6):
        case 0:
            data[at + 5 : at + 9] = struct.pack(">HH", *(chance.choice([0, 1, 65535]),) * 2)
        case 1:  # arithmetic, lossless, hierarchical
            data[at + 1] = chance.choice([0xC1, 0xC3, 0xC5, 0xC9, 0xCA, 0xCB, 0xCD])
        case 2:
            data[at + 4] = chance.choice([0, 12, 16, 255])
        case 3:
            data[at + 9] = chance.choice([0, 2, 4, 255])
        case 4:
            data[at + 11] = chance.choice([0, 0x44, 0xFF])  # sampling
        case _:
            data[at + 5 : at + 7] = bytes(2)  # the height comes later, or never
    return bytes(data)


def jpeg_scans(chance: random.Random) -> bytes:
    """Thousands of scans, each of which goes over the whole picture again."""
    data = saved(page(chance).resize((900, 1200)), "JPEG", progressive=True)
    start = data.rfind(b"\xff\xda")
    return data[:start] + data[start:-2] * chance.choice([50, 3_000]) + b"\xff\xd9"


def jpeg_metadata(chance: random.Random) -> bytes:
    """Exif that leads in a circle, turns the page in a way there isn't, colours of rubbish."""
    data = saved(page(chance, chance.choice(["RGB", "L", "CMYK"])), "JPEG")
    entries = [(274, 3, 1, chance.choice([0, 3, 6, 8, 9, 65535])), (34665, 4, 1, 8)]
    entries += [(282, 5, 1, 8), (34853, 4, 1, chance.choice([8, 2**31])), (306, 2, 2**30, 8)]
    exif = tiff_head() + directory(chance.sample(entries, chance.randrange(1, 6)), 8)
    icc = b"ICC_PROFILE\0\1\1" + chance.randbytes(chance.choice([1, 200, 60_000]))
    adobe = b"Adobe\0\x64\0\0\0\0" + bytes([chance.randrange(256)])
    some = [segment(0xE1, b"Exif\0\0" + exif), segment(0xE2, icc), segment(0xEE, adobe)]
    some += [segment(0xFE, chance.randbytes(60_000))] * chance.choice([0, 100])
    some += [
        segment(0xE2, b"MPF\0" + exif),
        segment(0xED, b"Photoshop 3.0\0" + chance.randbytes(99)),
    ]
    return with_segment(data, *chance.sample(some, min(len(some), chance.randrange(1, 5))))


# Others


def bmp_lies(chance: random.Random) -> bytes:
    """Runs that lead out of the picture, heights below zero, palettes of a million colours."""
    width, height = chance.choice(SIDES), chance.choice([*SIDES, 2**32 - 500])
    bits, packing = chance.choice([(1, 0), (4, 2), (8, 1), (16, 3), (24, 0), (32, 3), (7, 9)])
    size, colours = chance.choice([0, 2**31]), chance.choice([0, 256, 2**24])
    about = (40, width, height, 1, bits, packing, size, 2835, 2835, colours, 0)
    head = struct.pack("<IIIHHIIIIII", *about)
    runs = b"".join(chance.choice([b"\0\2\xff\xff", b"\xff\1", b"\0\0", b"\0\xff" + bytes(9)])
                    for _ in range(4000))  # fmt: skip
    return b"BM" + struct.pack("<IIII", 2**31, 0, 54 + 1024, 0)[:12] + head + bytes(1024) + runs


def webp_lies(chance: random.Random) -> bytes:
    data = bytearray(saved(page(chance), "WEBP", lossless=chance.random() < 0.5))
    if chance.random() < 0.5:
        wide = struct.pack("<I", 2**24 - 1)[:3]
        extended = (
            b"VP8X" + struct.pack("<I", 10) + bytes([chance.randrange(64)]) + bytes(3) + wide * 2
        )
        data[12:12] = extended
    else:
        data[20 + chance.randrange(20)] ^= 1 << chance.randrange(8)
    data[4:8] = struct.pack("<I", chance.choice([len(data) - 8, 0, 2**32 - 1]))
    return bytes(data)


def polyglot(chance: random.Random) -> bytes:
    """Two sorts in one file, or a scan's bytes behind another's name."""
    image = saved(page(chance), chance.choice(["JPEG", "PNG", "BMP", "WEBP"]))
    inside = chance.choice([b"%PDF-1.7\n", b"PK\3\4", b"\xff\xd8\xff", b"GIF89a", b"<html>"])
    return chance.choice([image + inside * 99, inside + image, image[:40] + inside + image[40:]])


IMAGES: tuple[Maker, ...] = (
    png_bomb,
    png_odd,
    png_text_bomb,
    animated,
    tiff_loop,
    tiff_tiles,
    tiff_counts,
    tiff_old_jpeg,
    any_mode,
    any_mode,
    jpeg_lies,
    jpeg_lies,
    jpeg_scans,
    jpeg_metadata,
    bmp_lies,
    webp_lies,
    polyglot,
)

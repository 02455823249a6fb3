"""Hostile PDFs, as bytes: loops, bombs, pages that take for ever, and sound ones that look odd."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence

from hostile_files import Maker, page, saved, zeros

A4 = b"0 0 595 842"
TEXT = b"BT /F 24 Tf 60 700 Td (Ho va ten: Nguyen Van A) Tj ET "


def pdf(objects: Sequence[bytes], trailer: bytes = b"", version: bytes = b"1.7") -> bytes:
    """The objects, numbered from 1; the first is the catalogue. ``%d`` in the trailer: where its
    own table begins."""
    out, places = b"%PDF-" + version + b"\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    more = trailer.replace(b"%d", b"%d" % start)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    return out + end % (size, more, start)


def stream(data: bytes, about: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), about, data)


def packed(data: bytes, about: bytes = b"") -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter/FlateDecode" + about)


def one_page(content: bytes, about: bytes = b"", resources: bytes = b"", *more: bytes) -> bytes:
    """Objects from 5 on are ``more``. ``about``: of the page, ``/MediaBox`` where it isn't A4."""
    box = b"" if b"/MediaBox" in about else b"/MediaBox[" + A4 + b"]"
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s/Resources<<%s%s>>>>"
            % (box, about, font, resources),
            packed(content),
            *more,
        ]
    )


def trap(chance: random.Random) -> bytes:
    """Trees of pages that lead in a circle, counts that lie, boxes of no size or of a country's."""
    box = chance.choice([A4, b"0 0 1e9 1e9", b"0 0 0 0", b"0 0 -5 1", b"0 0 14400 9"])
    kids = chance.choice([b"3 0 R", b"2 0 R", b"3 0 R 3 0 R 3 0 R", b"99 0 R"])
    count = chance.choice([1, 3, 10**9, -1])
    content = chance.choice([b"0 0 m " + b"9 9 l " * 200_000 + b"S", TEXT, b"q " * 100_000])
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
            b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R>>" % box,
            stream(content),
        ]
    )


def deep(chance: random.Random) -> bytes:
    """A tree of pages of thousands of levels; arrays in arrays; dictionaries in dictionaries."""
    if chance.random() < 0.5:
        nested = chance.choice([b"[", b"<</A"]) * chance.choice([500, 100_000])
        return one_page(TEXT, b"/Junk " + nested)
    levels = chance.choice([50, 5_000])
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 3) for number in range(levels)]
    leaf = b"<</Type/Page/MediaBox[" + A4 + b"]>>"
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", *nodes, leaf])


def cross_references(chance: random.Random) -> bytes:
    """Tables that name themselves as the one before, are elsewhere, or promise a billion."""
    base = one_page(TEXT)
    match chance.randrange(4):
        case 0:
            return pdf([b"<</Type/Catalog/Pages 1 0 R>>"], b"/Prev %d")
        case 1:
            return base.replace(b"startxref\n", b"startxref\n-")
        case 2:
            return base.replace(b"xref\n0 ", b"xref\n0 9999999")
        case _:
            return base[: base.rfind(b"xref\n0")] + b"startxref\n9\n%%EOF"


def object_bomb(chance: random.Random) -> bytes:
    """Streams of objects, and streams in streams, that unpack to hundreds of megabytes."""
    inside = zeros(chance.choice([50, 400]))
    about = b"/Type/ObjStm/N 1000000/First 10" if chance.random() < 0.5 else b""
    twice = stream(zlib.compress(inside, 9), b"/Filter[/FlateDecode/FlateDecode]" + about)
    return one_page(TEXT, b"/Junk 5 0 R/Extra 6 0 R", b"", twice, packed(TEXT)).replace(
        b"/Contents 4 0 R", chance.choice([b"/Contents 5 0 R", b"/Contents 4 0 R"])
    )


def picture(chance: random.Random) -> bytes:
    """Pictures that say that they are huge, in every packing that there is, or are rubbish."""
    side = chance.choice([1, 3_000, 60_000, 2**31 - 1])
    data = chance.choice([
        saved(page(chance), "JPEG"), saved(page(chance).resize((310, 400)), "JPEG2000"),
        chance.randbytes(5_000), zeros(20), b"\0\0\0\1\x30\0\1\0\0\0\x13",
    ])  # fmt: skip
    way = chance.choice([b"DCT", b"JPX", b"JBIG2", b"CCITTFax", b"LZW", b"RunLength", b"Flate"])
    colours = chance.choice([b"/DeviceRGB", b"/DeviceGray", b"/DeviceCMYK", b"[/Indexed 9 0 R]"])
    about = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d" % (
        side, chance.choice([1, side]), chance.choice([1, 8, 16, 77]))  # fmt: skip
    about += b"/ColorSpace" + colours + b"/Filter/" + way + b"Decode"
    about += b"/SMask 5 0 R" if chance.random() < 0.3 else b""
    draw = b"595 0 0 842 0 0 cm /I Do"
    return one_page(draw, b"", b"/XObject<</I 5 0 R>>", stream(data, about))


def endless(chance: random.Random) -> bytes:
    """Content that a renderer could be busy with for years."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</XObject<</I 5 0 R/J 6 0 R>>>>"
    tile = (
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 1e-9/YStep 1e-9"
    )
    tile += b"/Resources<<>>"
    shade = b"<</ShadingType 1/ColorSpace/DeviceRGB/Domain[0 1e9 0 1e9]/Function 6 0 R>>"
    program = b"/FunctionType 4/Domain[0 1e9 0 1e9]/Range[0 1 0 1 0 1]"
    match chance.randrange(6):
        case 0:  # itself, and twice each other
            both = stream(b"/I Do /J Do /J Do", form)
            return one_page(b"/I Do", b"", b"/XObject<</I 5 0 R/J 6 0 R>>", both, both)
        case 1:
            paint = b"/Pattern cs /P scn 0 0 595 842 re f"
            return one_page(paint, b"", b"/Pattern<</P 5 0 R>>", stream(b"0 0 1 1 re f", tile))
        case 2:
            sum_up = stream(b"{" + b"dup sin add " * 9_000 + b"dup dup}", program)
            return one_page(b"/S sh", b"", b"/Shading<</S 5 0 R>>", shade, sum_up)
        case 3:
            dashes = b"[0.0000001] 0 d 0 0 m 595 842 l S " * 200
            return one_page(dashes)
        case 4:
            return one_page(b"0 0 595 842 re W n " * 100_000 + b"/F 9e9 Tf " + TEXT * 20_000)
        case _:
            levels = [stream(b"/I Do " * 10, form.replace(b"5 0 R", b"%d 0 R" % (number + 6)))
                      for number in range(12)]  # fmt: skip
            return one_page(b"/I Do", b"", b"/XObject<</I 5 0 R>>", *levels, stream(TEXT, form))


def odd(chance: random.Random) -> bytes:
    """Sound pages that look odd: turned, mirrored boxes, other units, layers, programs, notes."""
    turned = [b"/Rotate 90", b"/Rotate -270", b"/Rotate 45", b"/Rotate 1e9"]
    boxes = [b"/MediaBox[595 842 0 0]", b"/MediaBox[-300 -400 295 442]/CropBox[0 0 9e9 9e9]"]
    boxes += [b"/MediaBox[0 0 595 842]/UserUnit 1000", b"/MediaBox[0 0 10 10]/UserUnit 60"]
    boxes += [b"/MediaBox[0 0 595]", b"/MediaBox[(a) 0 595 842]", b"/MediaBox[0 0 3 200000]"]
    act = [b"/AA<</O<</S/JavaScript/JS(app.alert\\(1\\))>>>>", b"/AA<</O<</S/Launch/F(/bin/sh)>>>>"]
    act += [
        b"/Annots[" + b"<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(file:///etc)>>>>" * 3000 + b"]"
    ]
    layers = (
        b"/Properties<<" + b"".join(b"/L%d<</Type/OCG/Name(l)>>" % n for n in range(3000)) + b">>"
    )
    hidden = b"".join(b"/OC /L%d BDC EMC " % n for n in range(3000))
    about = chance.choice([*turned, *boxes, *act, b""])
    return one_page(TEXT + hidden, about, layers if chance.random() < 0.5 else b"")


def many(chance: random.Random) -> bytes:
    """Thousands of pages that are one page, or none."""
    count = chance.choice([3, 40, 10_001])
    kid = chance.choice([b"3 0 R ", b"3 0 R ", b"8 0 R "]) * count
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 40 40]>>"
    pages = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kid, count)
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", pages, leaf])


PDFS: tuple[Maker, ...] = (
    trap,
    deep,
    cross_references,
    object_bomb,
    picture,
    picture,
    endless,
    odd,
    odd,
    many,
)

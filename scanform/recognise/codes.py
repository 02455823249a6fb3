"""Codes: QR, EAN and, with the extra ``codes``, Code 128, Code 39 and others. Pure but for the
library that decodes.

A code carries its own check, so what is decoded is right or nothing is decoded at all; sorts
without a check digit are told as less sure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import cache

import cv2
import numpy as np

from scanform.model.reading import Alternative, Crop, Reading
from scanform.model.scan import Pixels
from scanform.programs import zxing
from scanform.programs.zxing import Code
from scanform.recognise.ink import grey_of, own_ink
from scanform.recognise.interface import AtOnce, Batch, read_all
from scanform.recognise.outcomes import blank, unreadable

LONGEST = 500
"""Characters; a longer text is no answer of a form."""
UNCHECKED = frozenset({"code39", "code39std", "code39ext", "codabar", "itf", "itf14"})
"""Sorts whose codes have no check of their own."""
SURE, LESS_SURE, SEVERAL = 0.999, 0.97, 0.5
LEAST_INK = 0.01
"""A region with less of its area inked has no code."""
SCALES = (1.0, 2.0)
"""A code with narrow bars is found in the enlarged picture."""

ROW_MM = 8.0
"""Codes that differ less in height stand side by side."""

Find = Callable[[Pixels], list[Code]]


class Codes:
    """Reads code fields with zxing-cpp where it is installed, else with OpenCV."""

    def __init__(self, find: Find | None = None) -> None:
        known = zxing.version()
        self._find = find or (zxing.read_codes if known else by_opencv)
        self._name = f"zxing-cpp {known}" if known else f"opencv-codes {cv2.__version__}"

    @property
    def name(self) -> str:
        return self._name

    def begin(self) -> Batch:
        return AtOnce(self._read)

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return read_all(self.begin(), crops)

    def _read(self, crop: Crop) -> Reading:
        found = _within(crop, self._find)
        if not found:
            share = float(own_ink(crop, keep_red=True).mask.mean())
            if share < LEAST_INK:
                return blank(self.name, False, share)
            return unreadable(self.name, share)
        score = LESS_SURE if found[0].sort in UNCHECKED else SURE
        if len(found) > 1:
            score = SEVERAL
        others = tuple(Alternative(each.text, SEVERAL) for each in found[1:])
        measures = {"codes": float(len(found)), f"sort:{found[0].sort}": 1.0}
        return Reading("read", found[0].text, score, self.name, others, measures=measures)


def _within(crop: Crop, find: Find) -> list[Code]:
    """The codes whose middle lies in the field, each text once, row by row."""
    grey = grey_of(crop.pixels)
    scale = grey.shape[1] / crop.area.w
    box = crop.field.box
    for factor in SCALES:
        image = grey if factor == 1.0 else cv2.resize(grey, None, fx=factor, fy=factor)
        by_text: dict[str, Code] = {}
        for code in find(np.ascontiguousarray(image)):
            x, y = crop.area.x + code.x / factor / scale, crop.area.y + code.y / factor / scale
            text = plain(code.text)
            if text and box.x <= x <= box.right and box.y <= y <= box.bottom:
                by_text.setdefault(text, Code(text, code.sort, x, y))
        if by_text:
            return sorted(by_text.values(), key=lambda code: (round(code.y / ROW_MM), code.x))
    return []


def plain(text: str) -> str:
    """A code's text as an answer: NFC, no control characters, single spaces; empty when it is too
    long for one. Codes are made by strangers."""
    if len(text) > LONGEST:
        return ""
    kept = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


@cache
def _detectors() -> tuple[cv2.QRCodeDetector, cv2.barcode.BarcodeDetector]:
    return cv2.QRCodeDetector(), cv2.barcode.BarcodeDetector()


def by_opencv(grey: Pixels) -> list[Code]:
    """QR codes and EAN bar codes, read with what is always there."""
    square, bars = _detectors()
    codes = []
    done, texts, corners, _ = square.detectAndDecodeMulti(grey)
    if done and corners is not None:
        codes += [_code(*each, "qrcode") for each in zip(texts, corners, strict=True)]
    done, texts, sorts, corners = bars.detectAndDecodeWithType(grey)
    if done and corners is not None:
        given = zip(texts, corners, sorts, strict=True)
        codes += [_code(text, where, sort.lower().replace("_", "")) for text, where, sort in given]
    return [code for code in codes if code.text]


def _code(text: str, corners: object, sort: str) -> Code:
    x, y = np.asarray(corners, np.float64).reshape(-1, 2).mean(axis=0)
    return Code(text, sort, float(x), float(y))

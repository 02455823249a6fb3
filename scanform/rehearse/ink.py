"""Ink on a page image: strokes of a pen and letters of a font, laid on as ink is.

A mask is a float image, 0 (paper) to 1 (full ink), at the page's resolution.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import SHEET_DPI, Pixels

Floats = NDArray[np.float64]
Mask = NDArray[np.float32]
Colour = tuple[int, int, int]
"""Blue, green, red."""

PER_MM = SHEET_DPI / MM_PER_INCH
FINE = 2
"""Letters are drawn this many times larger and made smaller at the end."""


@dataclass(frozen=True, slots=True)
class Pen:
    """What is written with: its colour, the width of its line in millimetres and how evenly the
    ink flows (1: as from a printer)."""

    colour: Colour
    width: float
    evenness: float = 1.0


@dataclass(frozen=True, slots=True)
class Wobble:
    """How one hand's letters differ from each other, as shares of the em (angles in degrees)."""

    slant: float = 0.0
    angle: float = 0.0
    scale: float = 0.0
    rise: float = 0.0
    drift: float = 0.0
    """How far the line of writing wanders off its straight line."""
    bend: float = 0.0
    """How far each stroke is bent out of the font's shape."""
    spacing: float = 0.0

    @property
    def steady(self) -> bool:
        return self == Wobble()


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A drawn line of writing; ``left`` and ``base`` are the pixel of ``mask`` at which the
    first letter's pen position lies, on the baseline."""

    mask: Mask
    left: int
    base: int
    width: float
    """Of the writing, in pixels of the page."""


@lru_cache(maxsize=256)
def font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """``path`` at ``size`` pixels to the em. Basic layout: the same on every machine."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def lay(page: Pixels, mask: Mask, left: int, top: int, colour: Colour) -> None:
    """Lays ``mask`` on ``page`` (changed) with its corner at ``left``, ``top``; what hangs over
    the edge is cut. Ink darkens what is below it, so print shows through."""
    height, width = page.shape[:2]
    x1, y1 = max(0, left), max(0, top)
    x2, y2 = min(width, left + mask.shape[1]), min(height, top + mask.shape[0])
    if x1 >= x2 or y1 >= y2:
        return
    part = mask[y1 - top : y2 - top, x1 - left : x2 - left, None]
    keep = 1 - part * (1 - np.array(colour, dtype=np.float32) / 255)
    page[y1:y2, x1:x2] = np.round(page[y1:y2, x1:x2] * keep).astype(np.uint8)


def draw_strokes(page: Pixels, lines: Sequence[Floats], pen: Pen, rng: np.random.Generator) -> None:
    """Draws ``lines`` (each n x 2, millimetres on the page) with ``pen`` on ``page`` (changed)."""
    if not lines:
        return
    points = np.vstack(lines)
    margin = pen.width * 2 + 0.5
    left, top = np.floor((points.min(axis=0) - margin) * PER_MM).astype(int)
    right, bottom = np.ceil((points.max(axis=0) + margin) * PER_MM).astype(int)
    fine = 4
    mask = np.zeros(((bottom - top) * fine, (right - left) * fine), dtype=np.uint8)
    for line in lines:
        pixels = (line * PER_MM - (left, top)) * fine
        _vary(mask, pixels, pen, rng, fine)
    small = cv2.resize(mask, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    ink = _flow(np.asarray(small / 255, dtype=np.float32), pen.evenness, rng)
    lay(page, ink, int(left), int(top), pen.colour)


def _vary(mask: Pixels, pixels: Floats, pen: Pen, rng: np.random.Generator, fine: int) -> None:
    """One stroke, thinner and thicker along its way as the hand presses."""
    width = pen.width * PER_MM * fine
    uneven = (1 - pen.evenness) * 0.35
    phase, waves = rng.uniform(0, 6.3), rng.uniform(1, 3)
    for index in range(len(pixels) - 1):
        along = index / max(1, len(pixels) - 1)
        pressed = 1 + uneven * math.sin(phase + waves * 6.3 * along)
        # A stroke starts and ends lighter than it runs.
        pressed *= 0.7 + 0.3 * min(1.0, 8 * along + 0.3, 8 * (1 - along) + 0.3)
        start, end = np.round(pixels[index : index + 2] * 16).astype(int)
        thick = max(1, round(width * pressed))
        cv2.line(mask, start.tolist(), end.tolist(), 255, thick, cv2.LINE_AA, 4)


def measure(text: str, path: Path, em_mm: float, spacing: float = 0.0) -> float:
    """Width of ``text`` in millimetres, before any wobble."""
    size = max(4, round(em_mm * PER_MM * FINE))
    extra = spacing * em_mm * len(text)
    return float(font(path, size).getlength(text)) / (PER_MM * FINE) + extra


def draw_line(
    text: str, path: Path, em_mm: float, wobble: Wobble, pen: Pen, rng: np.random.Generator
) -> Line:
    """``text`` drawn in the font at ``path`` with the em ``em_mm`` millimetres high."""
    size = max(4, round(em_mm * PER_MM * FINE))
    face = font(path, size)
    spacing = wobble.spacing * size
    pad = size
    width = math.ceil(face.getlength(text) + spacing * len(text)) + 2 * pad
    height = 3 * size
    base = 2 * size
    if wobble.steady:
        sheet = Image.new("L", (width, height), 0)
        ImageDraw.Draw(sheet).text((pad, base), text, fill=255, font=face, anchor="ls")
        fine = np.asarray(sheet, dtype=np.uint8)
        end = pad + face.getlength(text)
    else:
        fine, end = _letters(text, face, (width, height, pad, base), wobble, rng)
        fine = _bend(fine, base, size, wobble, rng)
    fine = _thicken(fine, pen, size)
    small = cv2.resize(
        fine, (math.ceil(width / FINE), math.ceil(height / FINE)), interpolation=cv2.INTER_AREA
    )
    mask = _flow(np.asarray(small / 255, dtype=np.float32), pen.evenness, rng)
    return Line(mask, pad // FINE, base // FINE, (end - pad) / FINE)


def _letters(
    text: str,
    face: ImageFont.FreeTypeFont,
    frame: tuple[int, int, int, int],
    wobble: Wobble,
    rng: np.random.Generator,
) -> tuple[Pixels, float]:
    """Letter by letter, each a little turned, larger or smaller, higher or lower."""
    width, height, pad, base = frame
    size = int(face.size)
    sheet = np.zeros((height, width), dtype=np.uint8)
    x = float(pad)
    for index, letter in enumerate(text):
        after = text[index + 1 : index + 2]
        advance = face.getlength(letter + after) - face.getlength(after)
        if not letter.isspace():
            tile = Image.new("L", (2 * size, height), 0)
            ImageDraw.Draw(tile).text((size // 2, base), letter, fill=255, font=face, anchor="ls")
            middle = (size // 2 + advance / 2, base - 0.25 * size)
            turn = cv2.getRotationMatrix2D(
                middle, rng.normal(0, wobble.angle), 1 + rng.normal(0, wobble.scale)
            )
            turn[0, 2] += x - math.floor(x)
            turn[1, 2] += rng.normal(0, wobble.rise) * size
            moved = cv2.warpAffine(np.asarray(tile), turn, (2 * size, height))
            left = math.floor(x) - size // 2
            first, last = max(0, left), min(width, left + 2 * size)
            part = sheet[:, first:last]
            np.maximum(part, moved[:, first - left : last - left], out=part)
        x += advance + spacing_of(letter, wobble, size, rng)
        x = min(x, float(width - 1))
    return sheet, x


def spacing_of(letter: str, wobble: Wobble, size: int, rng: np.random.Generator) -> float:
    """Pixels that the hand leaves after ``letter``, beyond the font's own."""
    loose = 0.06 if letter.isspace() else 0.012
    return float((wobble.spacing + rng.normal(0, loose)) * size)


def _bend(fine: Pixels, base: int, size: int, wobble: Wobble, rng: np.random.Generator) -> Pixels:
    """Slants the line, lets it drift, and bends its strokes so no two letters are the same."""
    height, width = fine.shape
    across = np.arange(width, dtype=np.float32)[None, :].repeat(height, axis=0)
    down = np.arange(height, dtype=np.float32)[:, None].repeat(width, axis=1)
    from_x = across + wobble.slant * (down - base)
    from_y = down + _waves(rng, width, 1, 8 * size, wobble.drift * size)[:1]
    if wobble.bend:
        amount = wobble.bend * size
        rows = max(2, height // max(1, size // 3))
        from_x += _waves(rng, width, rows, size / 3, amount, height)
        from_y += _waves(rng, width, rows, size / 3, amount, height)
    return np.asarray(
        cv2.remap(fine, from_x, from_y.astype(np.float32), cv2.INTER_LINEAR), dtype=np.uint8
    )


def _waves(
    rng: np.random.Generator,
    width: int,
    rows: int,
    length: float,
    amount: float,
    height: int = 1,
) -> Mask:
    """A smooth random field, ``height`` x ``width``, of about ``amount`` either way."""
    columns = max(2, math.ceil(width / max(1.0, length)) + 1)
    coarse = (rng.standard_normal((rows, columns)) * amount).astype(np.float32)
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(field, dtype=np.float32).reshape(height, width)


def _thicken(fine: Pixels, pen: Pen, size: int) -> Pixels:
    """Gives the font's line the pen's width: fonts are cut for a pen of about 0.07 em."""
    change = pen.width * PER_MM * FINE - 0.07 * size
    if pen.evenness == 1 or abs(change) < 0.6:
        return fine
    sigma = max(0.6, 0.03 * size)
    soft = cv2.GaussianBlur(fine, (0, 0), sigma).astype(np.float32) / 255
    # The edge of a blurred line lies at one half; moving the threshold moves the edge.
    level = 0.5 - float(np.clip(change / (6 * sigma), -0.25, 0.25))
    return np.asarray(np.clip((soft - level) * 4 + 0.5, 0, 1) * 255, dtype=np.uint8)


def _flow(mask: Mask, evenness: float, rng: np.random.Generator) -> Mask:
    """A ball pen gives more and less ink on its way."""
    if evenness >= 1:
        return mask
    height, width = mask.shape
    rows = max(2, round(height / PER_MM / 1.5))
    patches = _waves(rng, width, rows, 1.5 * PER_MM, (1 - evenness) * 0.5, height)
    return np.asarray(mask * np.clip(0.97 - np.abs(patches), 0.35, 1), dtype=np.float32)

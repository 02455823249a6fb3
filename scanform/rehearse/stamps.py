"""Rubber stamps: the round red one of an office and the box that a registry puts on paper."""

from __future__ import annotations

import math
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from scanform.model.geometry import Box
from scanform.model.scan import Pixels
from scanform.rehearse.ink import PER_MM, Mask, font, lay

RED = (55, 40, 205)
VIOLET = (140, 50, 80)
FINE = 2


def _bold() -> Path:
    return Path(str(files("scanform.template") / "fonts" / "Tinos-Bold.ttf"))


def round_stamp(page: Pixels, box: Box, above: str, below: str, rng: np.random.Generator) -> None:
    """Stamps a ring with a star, ``above`` along its upper and ``below`` along its lower half, as
    large as ``box`` allows (36 mm at most, the size that the law sets), on ``page`` (changed)."""
    across = min(36.0, box.w * 0.98, box.h * 0.98)
    radius = across / 2 * PER_MM * FINE
    side = math.ceil(2 * radius) + 8
    sheet = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(sheet)
    middle = side / 2
    for share, width in ((1.0, 0.045), (0.93, 0.018), (0.6, 0.018)):
        r = radius * share - 1
        ring = (middle - r, middle - r, middle + r, middle + r)
        draw.ellipse(ring, outline=255, width=max(1, round(width * radius)))
    draw.polygon(_star(middle, radius * 0.26), fill=255)
    _around(sheet, above, radius, upper=True)
    _around(sheet, below, radius, upper=False)
    turned = sheet.rotate(float(rng.uniform(-14, 14)), Image.Resampling.BICUBIC)
    mask = _worn(np.asarray(np.asarray(turned) / 255, dtype=np.float32), rng)
    small = cv2.resize(mask, (side // FINE, side // FINE), interpolation=cv2.INTER_AREA)
    x, y = box.centre
    loose = max(0.0, (min(box.w, box.h) - across) / 2)
    x += float(rng.uniform(-loose, loose))
    y += float(rng.uniform(-loose, loose))
    left, top = round(x * PER_MM - side / FINE / 2), round(y * PER_MM - side / FINE / 2)
    lay(page, np.asarray(small, dtype=np.float32), left, top, RED)


def _star(middle: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for index in range(10):
        angle = -math.pi / 2 + index * math.pi / 5
        reach = radius if index % 2 == 0 else radius * 0.4
        points.append((middle + reach * math.cos(angle), middle + reach * math.sin(angle)))
    return points


def _around(sheet: Image.Image, text: str, radius: float, upper: bool) -> None:
    """Writes ``text`` along the ring, letter by letter, over at most 165 degrees."""
    reach = radius * 0.765
    size = round(radius * 0.23)
    room = math.radians(165) * reach
    size = min(size, int(size * room / _length(text, size)))
    face = font(_bold(), size)
    widths = [face.getlength(letter) + size * 0.08 for letter in text]
    middle = sheet.width / 2
    angle = -sum(widths) / reach / 2
    for letter, width in zip(text, widths, strict=True):
        step = width / reach
        at = angle + step / 2
        angle += step
        tile = Image.new("L", (2 * size, 2 * size), 0)
        ImageDraw.Draw(tile).text((size, size), letter, fill=255, font=face, anchor="mm")
        turn = -math.degrees(at) if upper else math.degrees(at)
        tile = tile.rotate(turn, Image.Resampling.BICUBIC)
        x = middle + reach * math.sin(at)
        y = middle - reach * math.cos(at) if upper else middle + reach * math.cos(at)
        sheet.paste(255, (round(x) - size, round(y) - size), tile)


def _length(text: str, size: int) -> float:
    return max(1.0, font(_bold(), size).getlength(text) + len(text) * size * 0.08)


def office_stamp(page: Pixels, text: str, date: str, rng: np.random.Generator) -> None:
    """Stamps a registry's box on ``page`` (changed), where a clerk finds room near the top or the
    foot. It may still touch print, as in life."""
    width, height = round(42 * PER_MM), round(15 * PER_MM)
    sheet = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((2, 2, width - 3, height - 3), outline=255, width=round(0.6 * PER_MM))
    size = round(5 * PER_MM)
    draw.text((width / 2, height * 0.33), text, fill=255, font=font(_bold(), size), anchor="mm")
    draw.text(
        (width / 2, height * 0.74), date, fill=255, font=font(_bold(), size * 3 // 4), anchor="mm"
    )
    padded = Image.new("L", (width + 80, height + 200), 0)
    padded.paste(sheet, (40, 100))
    turned = padded.rotate(float(rng.uniform(-7, 7)), Image.Resampling.BICUBIC)
    mask = _worn(np.asarray(np.asarray(turned) / 255, dtype=np.float32), rng)
    left, top = _room(page, mask.shape[1], mask.shape[0], rng)
    lay(page, mask, left, top, VIOLET)


def _room(page: Pixels, width: int, height: int, rng: np.random.Generator) -> tuple[int, int]:
    """The emptiest of a few places near the top or the foot of the page."""
    tries = []
    for _ in range(16):
        left = int(rng.integers(0, max(1, page.shape[1] - width)))
        band = page.shape[0] // 5
        low = rng.random() < 0.5
        top = (
            int(rng.integers(0, band))
            if low
            else page.shape[0] - height - int(rng.integers(0, band))
        )
        dark = float(np.mean(page[top : top + height : 4, left : left + width : 4] < 160))
        tries.append((dark, left, top))
    _, left, top = min(tries)
    return left, top


def _worn(mask: Mask, rng: np.random.Generator) -> Mask:
    """A stamp never presses evenly: one side is paler, and the pad leaves spots."""
    height, width = mask.shape
    coarse = rng.standard_normal((4, 4)).astype(np.float32)
    press = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    spots = cv2.resize(
        rng.standard_normal((height // 8, width // 8)).astype(np.float32), (width, height)
    )
    return np.asarray(mask * np.clip(0.72 + 0.14 * press + 0.12 * spots, 0.15, 0.95), np.float32)

"""What happens to a clean page on its way through hands and a scanner.

Pure and seeded: the same page, ``Wear`` and generator give the same pixels. Every bend and turn is
known, so ``Geometry.where`` tells where any point of the page went; libraries that only
distort (Augraphy, say) can't tell that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import SHEET_DPI, Pixels
from scanform.rehearse.levels import Fold, Mode, Wear

Floats = NDArray[np.float64]
Layer = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """Where the points of a page lie in its worn image."""

    page_mm: tuple[float, float]
    bend: float
    matrix: Floats
    """3 x 3, from bent millimetres to pixels (a pixel's centre has whole numbers)."""
    size: tuple[int, int]
    """Width and height of the image, in pixels."""

    def where(self, points_mm: Floats) -> Floats:
        """Pixels of ``points_mm`` (n x 2, millimetres from the page's top left), n x 2."""
        bent = points_mm.astype(np.float64, copy=True)
        bent[:, 1] += self.bend * np.sin(math.pi * bent[:, 0] / self.page_mm[0])
        ones = np.ones((len(bent), 1))
        mapped = np.hstack([bent, ones]) @ self.matrix.T
        where: Floats = mapped[:, :2] / mapped[:, 2:]
        return where


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """A page as the scanner gives it: grey or colour pixels (bitonal: 0 and 255 only)."""

    pixels: Pixels
    dpi: int
    mode: Mode
    quality: int | None
    geometry: Geometry


def apply(page: Pixels, page_mm: tuple[float, float], wear: Wear, rng: np.random.Generator) -> Worn:
    """The worn image of ``page``: height x width x 3 at ``SHEET_DPI``, from the page's top left."""
    geometry = _geometry(page_mm, wear)
    creased = _crease(page, wear.folds)
    if wear.mode != "colour":
        # A scanner's grey is what its green-heavy lamp sees, which is also the usual luma.
        creased = np.asarray(cv2.cvtColor(creased, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    warped = _warp(creased, geometry, wear, rng)
    if wear.specks > 0:
        _speck(warped, wear, rng)
    lit = _tone(warped, wear, rng)
    if wear.mode == "bitonal":
        lit = _bitonal(lit, wear.dpi)
    return Worn(lit, wear.dpi, wear.mode, wear.quality, geometry)


def _geometry(page_mm: tuple[float, float], wear: Wear) -> Geometry:
    """Bent page millimetres to image pixels: perspective, turn about the middle, desk, dpi."""
    width, height = page_mm
    matrix = _perspective(page_mm, wear.corners)
    angle = math.radians(wear.rotation + 90 * wear.turn)
    cos, sin = math.cos(angle), math.sin(angle)
    centre = _move(-width / 2, -height / 2)
    turned = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    view = (height, width) if wear.turn % 2 else (width, height)
    if wear.desk:
        # A photographer steps back until the turned page fits.
        lean = abs(math.sin(math.radians(wear.rotation))) / 2
        view = (
            view[0] + 2 * wear.desk + view[1] * lean * 0.8,
            view[1] + 2 * wear.desk + view[0] * lean * 0.8,
        )
    place = _move(view[0] / 2 + wear.shift[0], view[1] / 2 + wear.shift[1])
    scale = wear.dpi / MM_PER_INCH
    # Pixel centres have whole numbers, so the image's edge lies at -0.5.
    to_pixels = np.array([[scale, 0, -0.5], [0, scale, -0.5], [0, 0, 1]])
    size = (round(view[0] * scale), round(view[1] * scale))
    return Geometry(page_mm, wear.bend, to_pixels @ place @ turned @ centre @ matrix, size)


def _move(x: float, y: float) -> Floats:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], dtype=np.float64)


def _perspective(page_mm: tuple[float, float], corners: tuple[tuple[float, float], ...]) -> Floats:
    if not corners:
        return np.eye(3)
    width, height = page_mm
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    moved = flat + np.array(corners, dtype=np.float32)
    return np.asarray(cv2.getPerspectiveTransform(flat, moved), dtype=np.float64)


def _crease(page: Pixels, folds: tuple[Fold, ...]) -> Pixels:
    """Darkens the line of each fold; the paper beyond it leans away from the lamp a little."""
    if not folds:
        return page
    height, width = page.shape[:2]
    shade = np.ones((height, width), dtype=np.float32)
    for fold in folds:
        length = width if fold.upright else height
        line = fold.at * length
        along = np.arange(length, dtype=np.float32) - line
        profile = (
            1
            - fold.depth * np.exp(-((along / 2.5) ** 2))
            - 0.15 * fold.depth * np.exp(-np.abs(along) / (0.03 * length)) * (along > 0)
        )
        shade *= profile[None, :] if fold.upright else profile[:, None]
    return _scaled(page, shade)


def _scaled(pixels: Pixels, shade: Layer) -> Pixels:
    layer = shade if pixels.ndim == 2 else shade[:, :, None]
    return np.asarray(np.clip(pixels * layer, 0, 255), dtype=np.uint8)


def _warp(page: Pixels, geometry: Geometry, wear: Wear, rng: np.random.Generator) -> Pixels:
    source = SHEET_DPI / MM_PER_INCH
    shrink = source / (wear.dpi / MM_PER_INCH)
    if shrink > 1.05:
        # Without this, thin lines of a page that is made smaller come and go.
        soft = cv2.GaussianBlur(page, (0, 0), 0.45 * math.sqrt(shrink**2 - 1))
        page = np.asarray(soft, dtype=np.uint8)
    to_mm = np.array([[1 / source, 0, 0.5 / source], [0, 1 / source, 0.5 / source], [0, 0, 1]])
    bed = _bed(page.ndim, rng)
    if geometry.bend == 0:
        flat = cv2.warpPerspective(
            page,
            geometry.matrix @ to_mm,
            geometry.size,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=bed,
        )
    else:
        columns, rows = _sources(geometry, source)
        flat = cv2.remap(
            page,
            columns,
            rows,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=bed,
        )
    warped: Pixels = np.asarray(flat, dtype=np.uint8)
    return _on_desk(warped, geometry, rng) if wear.desk else warped


def _sources(geometry: Geometry, source: float) -> tuple[Layer, Layer]:
    """For each pixel of the image, the column and row of the page it shows."""
    inverse = np.linalg.inv(geometry.matrix).astype(np.float32)
    across = np.arange(geometry.size[0], dtype=np.float32)[None, :]
    down = np.arange(geometry.size[1], dtype=np.float32)[:, None]
    depth = inverse[2, 0] * across + inverse[2, 1] * down + inverse[2, 2]
    x = (inverse[0, 0] * across + inverse[0, 1] * down + inverse[0, 2]) / depth
    y = (inverse[1, 0] * across + inverse[1, 1] * down + inverse[1, 2]) / depth
    y -= np.float32(geometry.bend) * np.sin(x * np.float32(math.pi / geometry.page_mm[0]))
    scale, half = np.float32(source), np.float32(0.5)
    return x * scale - half, y * scale - half


def _bed(dimensions: int, rng: np.random.Generator) -> tuple[float, ...]:
    """What a scanner sees beside the page: its white lid, rarely the dark of an open one."""
    level = float(rng.uniform(225, 255)) if rng.random() < 0.9 else float(rng.uniform(20, 60))
    return (level,) if dimensions == 2 else (level, level, level)


def _on_desk(image: Pixels, geometry: Geometry, rng: np.random.Generator) -> Pixels:
    """Lays the page on a wooden desk, with the thin shadow that its edge throws."""
    width, height = geometry.size
    edge = np.linspace(0, 1, 40)
    page_w, page_h = geometry.page_mm
    outline = np.concatenate(
        [
            np.column_stack([edge * page_w, np.zeros(40)]),
            np.column_stack([np.full(40, page_w), edge * page_h]),
            np.column_stack([edge[::-1] * page_w, np.full(40, page_h)]),
            np.column_stack([np.zeros(40), edge[::-1] * page_h]),
        ]
    )
    inside = np.zeros((height, width), dtype=np.uint8)
    polygon = np.round(geometry.where(outline) * 16).astype(np.int32)
    cv2.fillPoly(inside, [polygon], 255, lineType=cv2.LINE_AA, shift=4)
    on_page = (inside.astype(np.float32) / 255)[:, :, None]
    thrown = cv2.GaussianBlur(np.roll(inside, (6, 5), axis=(0, 1)), (0, 0), 7)
    desk = _wood(width, height, rng) * (1 - 0.45 * thrown.astype(np.float32) / 255)[:, :, None]
    return np.clip(image * on_page + desk * (1 - on_page), 0, 255).astype(np.uint8)


def _wood(width: int, height: int, rng: np.random.Generator) -> Layer:
    """A brown desk with a grain along one side."""
    grain = _smooth(rng, width, height, 3, 60) * 14 + _smooth(rng, width, height, 6, 240) * 8
    brown = np.array([rng.uniform(50, 90), rng.uniform(85, 120), rng.uniform(120, 165)])
    layer: Layer = (brown.astype(np.float32)[None, None, :] + grain[:, :, None]).astype(np.float32)
    return layer


def _smooth(rng: np.random.Generator, width: int, height: int, across: int, down: int) -> Layer:
    """A random field of about -1..1 with ``across`` by ``down`` waves, height x width."""
    coarse = rng.standard_normal((down + 1, across + 1)).astype(np.float32) * 0.6
    return np.asarray(
        cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32
    )


def _speck(image: Pixels, wear: Wear, rng: np.random.Generator) -> None:
    """Dust on the glass: small dark dots, now and then a hair. Changes ``image``."""
    height, width = image.shape[:2]
    square_mm = width * height * (MM_PER_INCH / wear.dpi) ** 2
    for _ in range(int(rng.poisson(wear.specks * square_mm / 1000))):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        level = float(rng.uniform(30, 150))
        colour = (level,) * (1 if image.ndim == 2 else 3)
        size = rng.uniform(0.05, 0.2) * wear.dpi / MM_PER_INCH
        if rng.random() < 0.04:
            end = (x + int(rng.normal(0, size * 12)), y + int(rng.normal(0, size * 12)))
            cv2.line(image, (x, y), end, colour, 1, cv2.LINE_AA)
        else:
            cv2.circle(image, (x, y), max(1, round(size)), colour, -1, cv2.LINE_AA)


def _tone(image: Pixels, wear: Wear, rng: np.random.Generator) -> Pixels:
    """Light, optics and sensor: shadow, blur, the paper's grey, lost contrast, noise."""
    layer: Layer = image.astype(np.float32)
    if wear.blur_mm > 0:
        sigma = max(0.3, wear.blur_mm * wear.dpi / MM_PER_INCH)
        layer = np.asarray(cv2.GaussianBlur(layer, (0, 0), sigma), dtype=np.float32)
    if wear.fade or wear.paper != 255:
        black = 255 * wear.fade * 0.6
        layer = black + layer * ((wear.paper - black) / 255)
    if wear.shadow:
        shade = _shadow(image.shape[1], image.shape[0], wear, rng)
        layer = layer * (shade if layer.ndim == 2 else shade[:, :, None])
    if wear.noise:
        grain = _grain(rng, image.shape[1], image.shape[0]) * np.float32(wear.noise)
        layer = layer + (grain if layer.ndim == 2 else grain[:, :, None])
    return np.clip(layer, 0, 255).astype(np.uint8)


def _grain(rng: np.random.Generator, width: int, height: int) -> Layer:
    """Noise of sigma 1. Neighbouring pixels share some of it, as behind a scanner's lens."""
    raw = rng.standard_normal((height, width), dtype=np.float32)
    soft = cv2.GaussianBlur(raw, (0, 0), 0.6)
    # A Gaussian of sigma s leaves 1 / (2 s sqrt(pi)) of the deviation of white noise.
    return np.asarray(soft * (2 * 0.6 * math.sqrt(math.pi)), dtype=np.float32)


def _shadow(width: int, height: int, wear: Wear, rng: np.random.Generator) -> Layer:
    """Light that falls off to one side with a soft, uneven edge; 1 where it is full."""
    angle = math.radians(wear.shadow_angle)
    across = (np.arange(width, dtype=np.float32) / width - 0.5)[None, :] * math.cos(angle)
    down = (np.arange(height, dtype=np.float32) / height - 0.5)[:, None] * math.sin(angle)
    depth = across + down + 0.06 * _smooth(rng, width, height, 2, 3)
    edge, softness = (0.15, 0.12) if wear.desk else (0.35, 0.12)
    dark = 1 / (1 + np.exp(-(depth - edge) / softness))
    shade: Layer = (1 - wear.shadow * dark).astype(np.float32)
    return shade


def _bitonal(image: Pixels, dpi: int) -> Pixels:
    """Black and white, as a scanner's own dynamic threshold makes it."""
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    around = cv2.GaussianBlur(small, (0, 0), max(2.0, dpi / 16))
    paper = cv2.resize(around, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.where(grey < paper.astype(np.float32) * 0.76, 0, 255).astype(np.uint8)

"""Worn pages with known geometry, for ``benchmarks/pages.py``.

A page is the filled form (``page_ink.py``), bent (curl and fold), turned, stretched, tilted,
shaded, blurred, made noisy and stored as JPEG. Every step that moves anything is a function of the
place, so where each place of the form ends up is known exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels

Points = NDArray[np.float64]
PER_MM = 300 / 25.4
A4 = (210.0, 297.0)


@dataclass(frozen=True)
class Wear:
    """The most of each: degrees, tilt (share of the width), scale, millimetres of curl and fold,
    grey levels of noise, depth of shadow, pixels of blur, shares of bitonal and desk pages."""

    turned: float
    tilt: float
    scale: float
    curl: float
    fold: float
    noise: float
    shadow: float
    blur: float
    least_dpi: float
    cut_mm: float
    bitonal: float
    desk: float
    any_way_up: float
    clutter: int = 0
    fax: bool = False


WEAR = {
    "light": Wear(2, 0.0, 0.02, 0.3, 0.0, 4, 0.1, 0.4, 200, 0, 0.1, 0.0, 0.2),
    "medium": Wear(6, 0.03, 0.04, 0.7, 0.5, 8, 0.3, 0.8, 150, 2, 0.2, 0.2, 0.5),
    "strong": Wear(20, 0.08, 0.05, 1.2, 1.0, 14, 0.5, 1.3, 150, 4, 0.3, 0.4, 0.75),
}


@dataclass(frozen=True)
class Worn:
    """A page image; ``truth`` maps places in millimetres (n x 2) to its pixels."""

    pixels: Pixels
    dpi: float
    true_dpi: float
    truth: Callable[[Points], Points]
    bent: bool


def project(homography: NDArray[np.float64], points: Points) -> Points:
    mapped = points @ homography[:, :2].T + homography[:, 2]
    return np.asarray(mapped[..., :2] / mapped[..., 2:])


def _bend(wear: Wear, rng: np.random.Generator) -> tuple[Callable[[Points], Points], bool]:
    """Where paper goes that curls in waves and leans away beyond a crease, in millimetres."""
    waves = rng.uniform(0.5, 1.6, 4) * 2 * np.pi / A4[1]
    phase = rng.uniform(0, 2 * np.pi, 4)
    curl = wear.curl * rng.uniform(0.4, 1)
    crease = rng.uniform(100, 200)
    folded = bool(rng.random() < 0.5) and wear.fold > 0
    away = rng.normal(size=2)
    lean = away / np.linalg.norm(away) * wear.fold * rng.uniform(0.5, 1) * folded

    def bend(p: Points) -> Points:
        x, y = p[..., 0], p[..., 1]
        dx = 0.6 * np.sin(waves[0] * y + phase[0]) + 0.4 * np.sin(waves[1] * x + phase[1])
        dy = 0.5 * np.sin(waves[2] * x + phase[2]) + 0.5 * np.sin(waves[3] * y + phase[3])
        beyond = np.clip((y - crease) / 60, 0, 1)
        return curl * np.stack([dx, dy], -1) + beyond[..., None] * lean

    return bend, folded or curl > 0.5


def worn(ink: Pixels, wear: Wear, rng: np.random.Generator) -> Worn:
    """``ink`` (A4 at 300 dpi, colour) after a hard life."""
    cv2.setRNGSeed(int(rng.integers(2**31)))
    bend, bent = _bend(wear, rng)
    dpi = rng.uniform(wear.least_dpi, 300)
    across, down = dpi / 25.4 * rng.uniform(1 - wear.scale, 1 + wear.scale, 2)
    if wear.tilt == 0:
        down = across
    quarters = int(rng.integers(4)) if rng.random() < wear.any_way_up else 0
    turn = math.radians(rng.uniform(-wear.turned, wear.turned) + 90 * quarters)
    c, s = math.cos(turn), math.sin(turn)
    per_mm = dpi / 25.4
    tilt = np.eye(3)
    tilt[2, :2] = rng.uniform(-wear.tilt, wear.tilt, 2) / 148 / per_mm
    homography = (
        tilt
        @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
        @ np.diag([across, down, 1.0])
        @ np.array([[1, 0, -A4[0] / 2], [0, 1, -A4[1] / 2], [0, 0, 1]])
    )
    desk = bool(rng.random() < wear.desk)
    homography, size = _framed(homography, wear, rng, desk, quarters, per_mm)
    pixels = _drawn(ink, homography, bend, (*size, desk, wear.clutter, dpi), rng)
    pixels = _aged(pixels, wear, dpi, rng)
    return Worn(
        pixels,
        dpi,
        math.sqrt(across * down) * 25.4,
        lambda points: project(homography, points + bend(points)),
        bent,
    )


def _framed(
    homography: NDArray[np.float64],
    wear: Wear,
    rng: np.random.Generator,
    desk: bool,
    quarters: int,
    per_mm: float,
) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """The page in a photo with room around it, or on a scanner's glass, which cuts margins."""
    corners = project(homography, np.array([[0, 0], [A4[0], 0], [*A4], [0, A4[1]]]))
    low, high = corners.min(axis=0), corners.max(axis=0)
    if desk:
        room = (high - low) * rng.uniform(0.03, 0.2)
        low, high = low - room, high + room
    else:
        cut = rng.uniform(0, wear.cut_mm, 2) * per_mm / 2
        glass = np.array(A4 if quarters % 2 == 0 else A4[::-1]) * per_mm
        middle = (low + high) / 2
        half = np.maximum(glass / 2, (high - low) / 2 - 0.02 * glass)
        low, high = middle - half + cut, middle + half - cut
    moved = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]]) @ homography
    width, height = (int(side) for side in high - low)
    return moved, (width, height)


def _drawn(
    ink: Pixels,
    homography: NDArray[np.float64],
    bend: Callable[[Points], Points],
    frame: tuple[int, int, bool, int, float],
    rng: np.random.Generator,
) -> Pixels:
    """``frame``: width, height, whether a desk is around the page, how many things lie on it, dots
    to the inch."""
    width, height, desk, clutter, dpi = frame
    step = 16
    x, y = np.meshgrid(np.arange(0, width + step, step), np.arange(0, height + step, step))
    bent = project(np.linalg.inv(homography), np.stack([x, y], -1) + 0.5)
    flat = bent.copy()
    for _ in range(8):
        flat = bent - bend(flat)
    coarse = (flat * PER_MM - 0.5).astype(np.float32)
    grow = np.array([[step, 0, 0], [0, step, 0]], np.float64)
    places = cv2.warpAffine(coarse, grow, (width, height), flags=cv2.INTER_LINEAR)
    tints = [[255, 255, 255], [235, 245, 250], [200, 235, 245], [245, 225, 215]]
    paper = rng.choice(tints, p=[0.6, 0.2, 0.1, 0.1]) / 255
    smooth = cv2.GaussianBlur(ink, (0, 0), max(0.1, 300 / dpi * 0.35))
    ground = rng.uniform(20, 120) if desk else float(rng.choice([0, 250]))
    pixels = cv2.remap(
        cv2.multiply(smooth, (*paper, 1.0)),
        places,
        None,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(ground,) * 3,
    )
    if desk:
        whole = np.full(ink.shape[:2], 255, np.uint8)
        inside = cv2.remap(whole, places, None, cv2.INTER_NEAREST, borderValue=(0.0,))
        cv2.copyTo(_desk((height, width), ground, clutter, rng), 255 - inside, pixels)
    return np.asarray(pixels, np.uint8)


def _desk(size: tuple[int, int], ground: float, things: int, rng: np.random.Generator) -> Pixels:
    """A desk of one shade, with a grain, and papers and pens on it."""
    height, width = size
    grain = rng.normal(ground, 25, (height // 40 + 1, width // 40 + 1)).clip(0, 255)
    desk = cv2.resize(grain.astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)
    desk = cv2.cvtColor(desk, cv2.COLOR_GRAY2BGR)
    for _ in range(things):
        shade = rng.integers(0, 256, 3).tolist()
        box = (rng.uniform((0, 0), (width, height)), rng.uniform(40, 700, 2), rng.uniform(0, 180))
        corners = cv2.boxPoints(box).astype(np.int32)
        cv2.fillPoly(desk, [corners], shade)
        for line in np.linspace(corners[0], corners[1], 9)[1:-1]:
            end = (line + corners[3] - corners[0]).astype(int)
            cv2.line(desk, line.astype(int).tolist(), end.tolist(), (30, 30, 30), 2)
    return np.asarray(desk, np.uint8)


def _aged(pixels: Pixels, wear: Wear, dpi: float, rng: np.random.Generator) -> Pixels:
    height, width = pixels.shape[:2]
    sigma = max(0.05, rng.uniform(0, wear.blur) * dpi / 250)
    aged = cv2.GaussianBlur(pixels, (0, 0), sigma)
    shade = np.full((height // 8 + 1, width // 8 + 1), rng.uniform(0.85, 1), np.float32)
    if rng.random() < 0.7:
        way = rng.uniform(0, 2 * np.pi)
        x = np.linspace(-1, 1, shade.shape[1])[None]
        y = np.linspace(-1, 1, shade.shape[0])[:, None]
        edge = (np.cos(way) * x + np.sin(way) * y - rng.uniform(-0.5, 0.8)) * rng.uniform(3, 20)
        shade *= (1 - wear.shadow / (1 + np.exp(-edge))).astype(np.float32)
    shade = cv2.resize(shade, (width, height), interpolation=cv2.INTER_LINEAR)
    aged = cv2.multiply(aged, cv2.merge([shade] * 3), dtype=cv2.CV_8U)
    grain = np.empty((height, width), np.int16)
    cv2.randn(grain, 0, wear.noise * rng.uniform(0.2, 1))
    aged = cv2.add(aged, cv2.merge([grain] * 3), dtype=cv2.CV_8U)
    if wear.fax or rng.random() < wear.bitonal:
        return _bitonal(aged, dpi, wear.fax)
    quality = int(rng.uniform(50, 90))
    _, stored = cv2.imencode(".jpg", aged, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), np.uint8)


def _bitonal(pixels: Pixels, dpi: float, fax: bool) -> Pixels:
    """Black and white; a fax has half as many lines down as dots across."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape
    if fax:
        grey = cv2.resize(grey, (width, height // 2), interpolation=cv2.INTER_AREA)
    around = int(dpi / 5) | 1
    bits = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, around, 15
    )
    if fax:
        bits = cv2.resize(bits, (width, height // 2 * 2), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(bits, cv2.COLOR_GRAY2BGR), np.uint8)

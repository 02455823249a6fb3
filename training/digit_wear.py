"""What pens, cells and scanners do to a character; and what in a cell is no character at all."""

from __future__ import annotations

import random
from collections.abc import Callable

import cv2
import numpy as np
from digit_sources import CANVAS, NOT_DIGITS, TALL, drawn, pen

GRID = np.mgrid[0:CANVAS, 0:CANVAS].astype(np.float32) - CANVAS / 2


def worn(
    base: np.ndarray,
    rng: random.Random,
    noise: np.random.Generator,
    other: Callable[[], np.ndarray],
) -> np.ndarray | None:
    """A character as it is cut from a cell: uint8, dark on white, any size; None when nothing is
    left of it. ``other`` makes another character, whose strokes may reach in as a neighbour's."""
    image = _other_pen(base, rng)
    image = _bent(image, rng, noise)
    if rng.random() < 0.14:
        image = _broken(image, rng)
    box = _box(image)
    if box is None:
        return None
    if rng.random() < 0.22:
        image = _bordered(image, box, rng)
    if rng.random() < 0.1:
        image = _with_neighbour(image, box, other(), rng)
    return scanned(image, rng, noise)


def _other_pen(image: np.ndarray, rng: random.Random) -> np.ndarray:
    """Thinner or thicker; now and then a broad nib, thick in one direction only."""
    change = rng.choice((-2, -1, -1, 0, 0, 0, 1, 2, 3, 4))
    if change == 0:
        return image
    size = abs(change) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    if change > 0 and rng.random() < 0.2:
        kernel = np.eye(size, dtype=np.uint8)[:, :: rng.choice((1, -1))].copy()
    if change > 0:
        return np.asarray(cv2.dilate(image, kernel))
    thinner = cv2.erode(image, kernel)
    return np.asarray(thinner) if thinner.sum() > 0.35 * image.sum() else image


def _bent(image: np.ndarray, rng: random.Random, noise: np.random.Generator) -> np.ndarray:
    """Turned, slanted, stretched and bent, no two alike."""
    angle = np.radians(rng.gauss(0, 6))
    slant, stretch = rng.gauss(0, 0.13), np.exp(rng.gauss(0, 0.13))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shape = turn @ np.array([[stretch, slant], [0, 1 / stretch]]) / rng.uniform(0.85, 1.1)
    rows, columns = GRID
    amount = abs(rng.gauss(0, 1.1))
    coarse = noise.normal(0, amount, (2, 5, 5)).astype(np.float32)
    waves = [cv2.resize(each, (CANVAS, CANVAS), interpolation=cv2.INTER_CUBIC) for each in coarse]
    x = shape[0, 0] * columns + shape[0, 1] * rows + CANVAS / 2 + waves[0]
    y = shape[1, 0] * columns + shape[1, 1] * rows + CANVAS / 2 + waves[1]
    return np.asarray(
        cv2.remap(image, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR)
    )


def _broken(image: np.ndarray, rng: random.Random) -> np.ndarray:
    """White lines through it: a pen that skipped, or a printed line that was taken out."""
    image = image.copy()
    for _ in range(rng.choice((1, 1, 2, 3))):
        middle = np.array([rng.gauss(CANVAS / 2, 10), rng.gauss(CANVAS / 2, 13)])
        angle = rng.choice((0.0, np.pi / 2, rng.uniform(0, np.pi)))
        way = np.array([np.cos(angle), np.sin(angle)]) * rng.choice((4.0, CANVAS))
        start, end = (middle - way).round().astype(int), (middle + way).round().astype(int)
        cv2.line(image, start.tolist(), end.tolist(), 0.0, rng.choice((1, 2, 2, 3)))
    return image


def _box(image: np.ndarray) -> tuple[int, int, int, int] | None:
    ink = image > 0.4
    if np.count_nonzero(ink) < 12:
        return None
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _bordered(image: np.ndarray, box: tuple[int, int, int, int], rng: random.Random) -> np.ndarray:
    """Rests of the cell's lines beside the character, some of them touching it."""
    image = image.copy()
    left, top, right, bottom = box
    for side in rng.sample(("left", "right", "top", "bottom"), rng.choice((1, 1, 1, 2, 3))):
        away = rng.choice((0, 2, rng.randint(1, 12)))
        thick, ink = rng.choice((1, 1, 2, 3)), rng.uniform(0.35, 1.0)
        low, high = sorted(rng.uniform(-0.25, 1.25) for _ in range(2))
        tilt = rng.choice((0, 0, -1, 1))
        if side in ("left", "right"):
            x = left - away - thick if side == "left" else right + away
            start = (x, round(top + low * (bottom - top)))
            end = (x + tilt, round(top + high * (bottom - top)))
        else:
            y = top - away - thick if side == "top" else bottom + away
            start = (round(left + low * (right - left)), y)
            end = (round(left + high * (right - left)), y + tilt)
        line = np.zeros_like(image)
        cv2.line(line, start, end, ink, thick)
        image = np.maximum(image, line)
    return image


def _with_neighbour(
    image: np.ndarray, box: tuple[int, int, int, int], other: np.ndarray, rng: random.Random
) -> np.ndarray:
    """The edge of the next cell's character reaches in from one side."""
    theirs = _box(other)
    if theirs is None:
        return image
    reach, away = rng.randint(2, 7), rng.randint(1, 7)
    part = other[:, theirs[0] : theirs[0] + reach]
    image = image.copy()
    x = min(CANVAS - reach, box[2] + away)
    if rng.random() < 0.5:
        part = other[:, theirs[2] - reach : theirs[2]]
        x = max(0, box[0] - away - reach)
    image[:, x : x + reach] = np.maximum(image[:, x : x + reach], part)
    return image


def scanned(image: np.ndarray, rng: random.Random, noise: np.random.Generator) -> np.ndarray | None:
    """At some resolution, with uneven ink, blur and noise, or in black and white."""
    if rng.random() < 0.3:
        coarse = noise.uniform(rng.uniform(0.3, 0.8), 1, (4, 4)).astype(np.float32)
        image = image * cv2.resize(coarse, (CANVAS, CANVAS))
    scale = rng.uniform(0.3, 1.5) if rng.random() < 0.8 else rng.uniform(1.5, 3.0)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=how)
    if rng.random() < 0.6:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.4) * max(0.6, scale))
    image = np.clip(image * rng.uniform(0.5, 1.0), 0, 1)
    image = image + noise.standard_normal(image.shape, np.float32) * rng.uniform(0, 0.06)
    if rng.random() < 0.3:
        image = (image > rng.uniform(0.25, 0.5) * float(image.max())) * 1.0
    pixels = np.clip(255 * (1 - image), 0, 255).astype(np.uint8)
    ink = pixels < 255 - 0.4 * (255 - int(pixels.min()))
    if int(pixels.min()) > 210 or np.count_nonzero(ink) < 4:
        return None
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    edge = rng.choice((0, 0, 1, 2))
    top, left = max(0, rows[0] - edge), max(0, columns[0] - edge)
    return pixels[top : rows[-1] + 1 + edge, left : columns[-1] + 1 + edge]


def no_character(
    character: Callable[[], np.ndarray], faces: list, rng: random.Random
) -> np.ndarray:
    """What stands in a cell and is no digit: a digit that was crossed out, two digits over each
    other, a scribble, a letter, specks, a dash, rests of the cell's lines."""
    sorts = {
        "struck": lambda: np.maximum(character(), _strikes(rng)),
        "twice": lambda: _twice(character(), character(), rng),
        "scribble": lambda: _zigzag(rng),
        "letter": lambda: drawn(rng.choice(NOT_DIGITS), rng.choice(faces)),
        "specks": lambda: _specks(rng),
        "dash": lambda: _dash(rng),
        "lines": lambda: _cell_lines(rng),
    }
    return sorts[rng.choice(("struck", "letter", *sorts))]()


def _twice(first: np.ndarray, second: np.ndarray, rng: random.Random) -> np.ndarray:
    shift = rng.choice((-1, 1)) * rng.randint(6, 16)
    moved = np.roll(second, (rng.randint(-5, 5), shift), (0, 1))
    return np.maximum(np.roll(first, -shift // 2, 1), moved)


def _specks(rng: random.Random) -> np.ndarray:
    image = np.zeros((CANVAS, CANVAS), np.float32)
    for _ in range(rng.randint(1, 9)):
        at = (rng.randint(15, CANVAS - 15), rng.randint(12, CANVAS - 12))
        cv2.circle(image, at, rng.randint(1, 3), 1.0, -1)
    return image


def _dash(rng: random.Random) -> np.ndarray:
    y = rng.uniform(0.3, 0.8)
    end = (rng.uniform(0.6, 1.0), y + rng.gauss(0, 0.06))
    return pen([[(rng.uniform(0, 0.4), y), end]], rng)


def _cell_lines(rng: random.Random) -> np.ndarray:
    """Lines of the cell, at least two: one alone is a 1 as far as anybody can tell."""
    image = np.zeros((CANVAS, CANVAS), np.float32)
    for side in rng.sample(range(4), rng.choice((2, 2, 3, 4))):
        edge = (CANVAS - TALL) // 2 + rng.randint(-8, 4)
        ends = (rng.randint(8, 20), CANVAS - rng.randint(8, 20))
        at = edge if side < 2 else CANVAS - edge
        line = ((at, ends[0]), (at, ends[1])) if side % 2 else ((ends[0], at), (ends[1], at))
        cv2.line(image, *line, 1.0, rng.randint(1, 3))
    return image


def _strikes(rng: random.Random) -> np.ndarray:
    kind = rng.random()
    if kind < 0.35:  # crossed out
        a, b = rng.uniform(-0.1, 0.15), rng.uniform(0.85, 1.1)
        high, low = (rng.uniform(-0.1, 0.15) for _ in "ab"), (rng.uniform(0.85, 1.1) for _ in "ab")
        return pen([[(a, next(high)), (b, next(low))], [(b, next(high)), (a, next(low))]], rng)
    if kind < 0.6:  # two or three lines across
        rows = [rng.uniform(0.15, 0.85) for _ in range(rng.choice((2, 3)))]
        ends = [(y + rng.gauss(0, 0.05), y + rng.gauss(0, 0.05)) for y in rows]
        return pen([[(-0.15, start), (1.15, end)] for start, end in ends], rng)
    return _zigzag(rng)


def _zigzag(rng: random.Random) -> np.ndarray:
    turns, lying = rng.randint(6, 12), rng.random() < 0.6
    along = np.linspace(rng.uniform(-0.05, 0.15), rng.uniform(0.85, 1.05), turns)
    across = [rng.uniform(-0.15, 0.2) if at % 2 else rng.uniform(0.8, 1.15) for at in range(turns)]
    points = list(zip(across, along, strict=True))
    return pen([points if lying else [(y, x) for x, y in points]], rng)

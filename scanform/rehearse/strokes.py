"""Marks that a hand makes: ticks, crosses, scribbles, circles, signatures.

Each gives strokes: arrays of points (n x 2) in millimetres on the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from scanform.model.geometry import Box
from scanform.rehearse.ink import Floats

Strokes = list[Floats]


def smooth(points: Floats, rounds: int = 3) -> Floats:
    """Cuts the corners of a line until it runs like a pen (Chaikin, 1974)."""
    for _ in range(rounds):
        before, after = points[:-1], points[1:]
        cut = np.empty((2 * len(before), 2))
        cut[0::2] = 0.75 * before + 0.25 * after
        cut[1::2] = 0.25 * before + 0.75 * after
        points = np.vstack([points[:1], cut, points[-1:]])
    return points


def _place(box: Box, shares: Floats, rng: np.random.Generator, loose: float = 0.08) -> Floats:
    """Points given as shares of ``box``, each missed by a little."""
    side = min(box.w, box.h)
    points = np.array([box.x, box.y]) + shares * np.array([box.w, box.h])
    placed: Floats = points + rng.normal(0, loose * side, shares.shape)
    return placed


def tick(box: Box, rng: np.random.Generator) -> Strokes:
    """A check mark: down to the foot of the box, then up past its right top corner."""
    reach = rng.uniform(0.95, 1.35)
    shares = np.array([[0.1, 0.5], [0.3, 0.72], [0.42, 0.92], [0.6, 0.55], [reach, -0.15]])
    return [smooth(_place(box, shares, rng, 0.05), 2)]


def cross(box: Box, rng: np.random.Generator) -> Strokes:
    """Two strokes from corner to corner, as long as they happen to be."""
    over = rng.uniform(-0.12, 0.18)
    low, high = -over, 1 + over
    down = np.array([[low, low], [0.5, 0.5], [high, high]])
    up = np.array([[high, low], [0.5, 0.5], [low, high]])
    return [smooth(_place(box, down, rng), 2), smooth(_place(box, up, rng), 2)]


def fill(box: Box, rng: np.random.Generator) -> Strokes:
    """The box filled with a zigzag that nearly covers it."""
    turns = int(rng.integers(7, 11))
    down = np.linspace(0.08, 0.92, turns)
    side = np.where(np.arange(turns) % 2 == 0, 0.08, 0.92)
    return [smooth(_place(box, np.column_stack([side, down]), rng, 0.04), 1)]


def circle(box: Box, rng: np.random.Generator) -> Strokes:
    """A ring around the box that ends a little after its start."""
    start = rng.uniform(0, 2 * math.pi)
    around = start + np.linspace(0, 2 * math.pi + rng.uniform(0.1, 0.7), 40)
    across, down = rng.uniform(0.85, 1.05), rng.uniform(0.75, 0.95)
    swell = 1 + 0.06 * np.sin(2 * around + rng.uniform(0, 6))
    shares = np.column_stack(
        [0.5 + across * swell * np.cos(around), 0.5 + down * swell * np.sin(around)]
    )
    return [_place(box, shares, rng, 0.006)]


def slash(box: Box, rng: np.random.Generator) -> Strokes:
    """One stroke through the box."""
    return [smooth(_place(box, np.array([[0.0, 1.0], [0.5, 0.48], [1.0, -0.05]]), rng), 2)]


MARKS: Mapping[str, Callable[[Box, np.random.Generator], Strokes]] = {
    "tick": tick,
    "cross": cross,
    "fill": fill,
    "circle": circle,
    "slash": slash,
}
"""Styles of marking a box, by name."""


def strike(box: Box, rng: np.random.Generator) -> Strokes:
    """A mark taken back: scribbled over and beyond the box, there and back."""
    turns = int(rng.integers(6, 9))
    across = np.where(np.arange(turns) % 2 == 0, -0.35, 1.35)
    down = np.linspace(0.15, 0.85, turns)
    return [smooth(_place(box, np.column_stack([across, down]), rng, 0.06), 1)]


def signature(box: Box, rng: np.random.Generator) -> Strokes:
    """A name written so often that few letters are left: a large first letter, a run of ups and
    downs that flattens, and often a flourish."""
    width = min(box.w * rng.uniform(0.5, 0.85), 44.0)
    height = min(box.h * rng.uniform(0.5, 0.8), 17.0)
    left = box.x + (box.w - width) * rng.uniform(0.2, 0.8)
    middle = box.y + box.h * rng.uniform(0.45, 0.6)
    lean, rise = rng.uniform(0.0, 0.5), rng.uniform(-0.1, 0.3)
    path = np.vstack([_initial(rng), _run(rng)])
    path[:, 0] -= lean * path[:, 1] * height / width
    path[:, 1] -= rise * path[:, 0]
    body = np.array([left, middle]) + path * np.array([width, height])
    lines = [smooth(body, 4)]
    if rng.random() < 0.65:
        lines.append(_flourish(left, middle, width, height, rng))
    if rng.random() < 0.25:
        dot = lines[0][len(lines[0]) // 2] - (0, height * rng.uniform(0.3, 0.6))
        lines.append(np.vstack([dot, dot + rng.normal(0, 0.4, 2)]))
    return _within(box.grown(1.0), lines)


def _within(box: Box, lines: Strokes) -> Strokes:
    """The strokes, made smaller and moved where they would leave ``box``: what reaches into the
    next signature's place would sign for somebody else."""
    points = np.vstack(lines)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = min(1.0, box.w / (high[0] - low[0]), box.h / (high[1] - low[1]))
    lines = [low + (line - low) * scale for line in lines]
    high = low + (high - low) * scale
    corner, end = np.array([box.x, box.y]), np.array([box.right, box.bottom])
    move = np.maximum(corner - low, 0) + np.minimum(end - high, 0)
    return [line + move for line in lines]


def _initial(rng: np.random.Generator) -> Floats:
    """The first letter as shares of the signature's width and height: a stem with a bow."""
    tall, wide = rng.uniform(0.6, 1.0), rng.uniform(0.1, 0.25)
    shapes = (
        [[0.02, -0.2], [0.05, -tall], [0.03, 0.3], [0.0, 0.1], [wide, -tall], [wide * 1.3, -0.1]],
        [[wide, -tall * 0.8], [0.0, -tall * 0.6], [0.0, 0.25], [wide, 0.3], [wide * 1.1, -0.1]],
        [
            [0.03, 0.3],
            [0.06, -tall],
            [wide * 1.4, -tall * 0.9],
            [wide, -0.2],
            [0.04, -0.15],
            [wide * 1.5, 0.25],
        ],
        [
            [0.0, -tall * 0.3],
            [wide * 0.6, -tall],
            [wide, -tall * 0.4],
            [wide * 0.2, 0.35],
            [-0.04, 0.05],
            [wide * 1.5, -0.15],
        ],
    )
    shape = np.array(shapes[int(rng.integers(len(shapes)))])
    initial: Floats = shape + rng.normal(0, 0.03, shape.shape)
    return initial


def _run(rng: np.random.Generator) -> Floats:
    """The other letters: ups and downs of uneven height, some of them closed to loops."""
    points = []
    x = rng.uniform(0.28, 0.36)
    for index in range(int(rng.integers(3, 8))):
        tall = rng.uniform(0.12, 0.5) * (1.6 if rng.random() < 0.25 else 1) * (1 - 0.08 * index)
        step = rng.uniform(0.05, 0.14)
        loop = rng.uniform(0.02, 0.07) if rng.random() < 0.5 else -0.01
        points += [[x + step, -tall], [x + step * 0.9 - loop, -tall * 0.9], [x + step, 0.1]]
        x += step * rng.uniform(0.9, 1.3)
    points.append([max(x + 0.1, rng.uniform(0.8, 1.0)), rng.uniform(-0.2, 0.05)])
    return np.array(points)


def _flourish(
    left: float, middle: float, width: float, height: float, rng: np.random.Generator
) -> Floats:
    below = rng.uniform(0.25, 0.5)
    points = np.array(
        [
            [left + width * rng.uniform(0.8, 1.0), middle + height * below * 0.4],
            [left + width * 0.5, middle + height * below * 1.2],
            [left + width * rng.uniform(-0.1, 0.1), middle + height * below],
            [left + width * 0.3, middle + height * below * 0.5],
            [left + width * rng.uniform(0.95, 1.15), middle + height * rng.uniform(-0.2, 0.3)],
        ]
    )
    return smooth(points, 4)

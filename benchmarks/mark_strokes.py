"""A hand and the marks that it makes in tick boxes, for ``benchmarks/marks.py``."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np

from scanform.model.geometry import Box
from scanform.model.scan import SHEET_DPI, Pixels

PX = SHEET_DPI / 25.4
Rng = np.random.Generator
Lines = list[np.ndarray]


class Hand:
    """One person's pen: its colour and width, how shaky and how generous the hand is."""

    def __init__(self, rng: Rng) -> None:
        self.rng = rng
        inks = ((150, 60, 20), (35, 30, 30), (190, 90, 40), (60, 50, 160))
        self.colour = np.array(inks[int(rng.choice(4, p=[0.5, 0.35, 0.1, 0.05]))])
        self.width = float(rng.uniform(0.22, 0.65))
        self.shake = float(rng.uniform(0.03, 0.12))
        self.press = float(rng.uniform(0.65, 1.0))

    def draw(self, page: Pixels, lines: Lines, width: float = 0.0) -> None:
        """Lines in millimetres; each wanders a little, and the ink is uneven along it."""
        wandered = [self._wandering(np.asarray(line, float)) * PX for line in lines]
        every = np.vstack(wandered)
        left, top = np.maximum(np.floor(every.min(axis=0)).astype(int) - 14, 0)
        right, bottom = np.ceil(every.max(axis=0)).astype(int) + 14
        part = page[top:bottom, left:right]
        layer = np.zeros(part.shape[:2], np.uint8)
        for points in wandered:
            for start, end in pairwise((points - (left, top)) * 8):
                ink = int(255 * np.clip(self.press * self.rng.uniform(0.75, 1.05), 0, 1))
                wide = max(1, round((width or self.width) * PX * self.rng.uniform(0.85, 1.15)))
                a, b = np.round(start).astype(int), np.round(end).astype(int)
                cv2.line(layer, a.tolist(), b.tolist(), ink, wide, cv2.LINE_AA, 3)
        share = cv2.GaussianBlur(layer, (0, 0), 0.8)[..., None].astype(np.float32) / 255
        part[:] = (part * (1 - share * (1 - self.colour / 255.0))).astype(np.uint8)

    def _wandering(self, line: np.ndarray) -> np.ndarray:
        found = []
        for start, end in pairwise(line):
            count = max(2, int(np.hypot(*(end - start)) / 0.5))
            found.append(start + (end - start) * np.linspace(0, 1, count, endpoint=False)[:, None])
        points = np.vstack([*found, line[-1:]])
        drift = np.cumsum(self.rng.normal(0, self.shake / 3, points.shape), axis=0)
        return points + drift - drift.mean(axis=0)


def at(box: Box, *shares: tuple[float, float]) -> np.ndarray:
    """Places in millimetres, given as shares of the box."""
    return np.array([(box.x + x * box.w, box.y + y * box.h) for x, y in shares])


def moved(rng: Rng, box: Box, amount: float) -> Box:
    """The box, missed by some ``amount`` of its width."""
    return box.shifted(*(rng.normal(0, amount, 2) * box.w))


def tick(h: Hand, b: Box) -> Lines:
    r = h.rng
    reach, up = r.uniform(0.8, 1.7), r.uniform(-0.8, 0.2)
    return [
        at(
            b,
            (r.uniform(-0.1, 0.3), r.uniform(0.3, 0.6)),
            (r.uniform(0.3, 0.5), r.uniform(0.7, 1.05)),
            (reach, up),
        )
    ]


def small_tick(h: Hand, b: Box) -> Lines:
    r = h.rng
    x, y, s = r.uniform(0.15, 0.35), r.uniform(0.2, 0.4), r.uniform(0.4, 0.5)
    return [at(b, (x, y + 0.5 * s), (x + 0.4 * s, y + s), (x + s, y))]


def cross(h: Hand, b: Box) -> Lines:
    o = [h.rng.uniform(-0.2, 0.25) for _ in range(4)]
    return [at(b, (o[0], o[1]), (1 - o[2], 1 - o[3])), at(b, (1 - o[1], o[2]), (o[3], 1 - o[0]))]


def plus(h: Hand, b: Box) -> Lines:
    o = h.rng.uniform(-0.1, 0.2)
    return [at(b, (o, 0.5), (1 - o, 0.5)), at(b, (0.5, o), (0.5, 1 - o))]


def slash(h: Hand, b: Box) -> Lines:
    r = h.rng
    return [
        at(
            b,
            (r.uniform(-0.3, 0.15), r.uniform(0.8, 1.3)),
            (r.uniform(0.85, 1.3), r.uniform(-0.4, 0.2)),
        )
    ]


def scribble(h: Hand, b: Box) -> Lines:
    turns = int(h.rng.integers(5, 12))
    y = np.linspace(h.rng.uniform(0, 0.15), h.rng.uniform(0.85, 1), turns)
    return [at(b, *[((0.05, 0.95)[k % 2], each) for k, each in enumerate(y)])]


def solid(h: Hand, b: Box) -> Lines:
    rows = np.arange(0.05, 1.0, max(0.05, 0.6 * h.width / b.h))
    return [at(b, *[((0.04, 0.96)[k % 2], y) for k, y in enumerate(np.repeat(rows, 2))])]


def ring(h: Hand, b: Box) -> Lines:
    r = h.rng
    a = np.linspace(0, 2 * np.pi * r.uniform(0.97, 1.1), 30) + r.uniform(0, 6)
    w, t = r.uniform(0.78, 1.15), r.uniform(0.75, 1.05)
    return [at(b, *[(0.5 + w * np.cos(x), 0.5 + t * np.sin(x)) for x in a])]


def dot(h: Hand, b: Box) -> Lines:
    x, y = h.rng.uniform(0.3, 0.7, 2)
    a = np.linspace(0, 12, 14)
    return [at(b, *[(x + 0.16 * np.cos(k), y + 0.16 * np.sin(k)) for k in a])]


MARKS: dict[str, Callable[[Hand, Box], Lines]] = {
    "tick": tick,
    "small tick": small_tick,
    "cross": cross,
    "plus": plus,
    "slash": slash,
    "scribble": scribble,
    "solid": solid,
    "ring": ring,
    "heavy dot": dot,
}


def struck(h: Hand, b: Box) -> Lines:
    """A mark is taken back: scribbled over, or two or three lines through it and beyond."""
    r = h.rng
    if r.random() < 0.5:
        y = np.linspace(r.uniform(-0.1, 0.2), r.uniform(0.8, 1.1), int(r.integers(6, 10)))
        return [
            at(b, *[((-0.3, 1.3)[k % 2] + r.normal(0, 0.08), each) for k, each in enumerate(y)])
        ]
    rows = np.linspace(0.25, 0.75, int(r.integers(2, 4)))
    return [
        at(b, (-0.45 + r.normal(0, 0.1), y), (1.45 + r.normal(0, 0.1), y + r.normal(0, 0.1)))
        for y in rows
    ]

"""What is on a page before it is worn, for ``benchmarks/pages.py``: scribbled answers, stamps, torn
corners, writing across the marks, another sheet that shows through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from page_wear import PER_MM

from scanform.model.scan import Pixels
from scanform.model.template import Field


def scribbled(blank: Pixels, fields: Sequence[Field], rng: np.random.Generator) -> Pixels:
    """The form with most fields filled by letters, ticks and strokes in blue and black, in
    places too high or too low, and now and then a stamp."""
    page: Pixels = np.asarray(cv2.cvtColor(blank, cv2.COLOR_GRAY2BGR), np.uint8)
    for field in fields:
        if rng.random() > 0.8:
            continue
        ink = tuple(int(c) for c in rng.choice([[120, 40, 20], [60, 50, 50], [140, 70, 30]]))
        if field.options:
            _tick(page, field.options[int(rng.integers(len(field.options)))].box.pixels(300), ink)
        elif field.box.h > 15:
            left, top, right, bottom = field.box.pixels(300)
            points = rng.uniform((left, top), (right, bottom), (12, 2)).astype(np.int32)
            cv2.polylines(page, [points], False, ink, 4, cv2.LINE_AA)
        else:
            _write(page, field, ink, rng)
    if rng.random() < 0.5:
        centre = rng.uniform((30, 60), (180, 280)) * PER_MM
        stamped = page.copy()
        cv2.circle(stamped, centre.astype(int).tolist(), 200, (40, 40, 200), 14, cv2.LINE_AA)
        page = np.minimum(page, cv2.addWeighted(stamped, 0.75, page, 0.25, 0)).astype(np.uint8)
    return page


def _tick(page: Pixels, box: tuple[int, int, int, int], ink: Any) -> None:
    left, top, right, bottom = box
    cv2.line(page, (left - 4, top + 6), (right + 6, bottom - 3), ink, 4, cv2.LINE_AA)


def _write(page: Pixels, field: Field, ink: Any, rng: np.random.Generator) -> None:
    cells = field.cells or (field.box,)
    for cell in cells:
        x = cell.x + 1
        while x < cell.right - 2:
            letter = chr(int(rng.integers(48, 91)))
            y = cell.bottom - 1.5 + rng.normal(0, 0.5)
            face, size = int(rng.choice([0, 3, 4, 7])), rng.uniform(1.2, 2.0)
            cv2.putText(
                page, letter, (int(x * PER_MM), int(y * PER_MM)), face, size, ink, 4, cv2.LINE_AA
            )
            if field.cells:
                break
            x += rng.uniform(3.5, 5.5)


MARKS = ((10, 10), (200, 10), (200, 287), (10, 287))
"""Middles of the corner marks of the shipped forms, in millimetres."""


def torn(page: Pixels, count: int, rng: np.random.Generator) -> Pixels:
    """``count`` corners, with their marks, torn off or hidden by a stamp or a staple's fold."""
    page = page.copy()
    for k in rng.permutation(4)[:count]:
        x, y = np.array(MARKS[k]) * PER_MM
        corner = np.array([0 if x < 1000 else page.shape[1], 0 if y < 1000 else page.shape[0]])
        if rng.random() < 0.5:
            inward = np.sign(np.array([x, y]) - corner)
            sides = rng.uniform(28, 40, 2) * PER_MM * inward
            points = corner + np.array([(0, 0), (sides[0], 0), (0, sides[1])])
            cv2.fillPoly(page, [points.astype(np.int32)], [int(rng.integers(256))] * 3)
        else:
            ink = [(40, 40, 200), (160, 60, 40), (30, 30, 30)][int(rng.integers(3))]
            cv2.circle(page, (int(x), int(y)), 90, ink, 26, cv2.LINE_AA)
            cv2.line(page, (int(x) - 90, int(y)), (int(x) + 90, int(y)), ink, 24, cv2.LINE_AA)
    return page


def scrawled(page: Pixels, rng: np.random.Generator) -> Pixels:
    """Writing across the marks."""
    page = page.copy()
    for middle in MARKS:
        points = rng.normal(np.array(middle) * PER_MM, 60, (8, 2)).astype(np.int32)
        cv2.polylines(page, [points], False, (120, 50, 30), 5, cv2.LINE_AA)
    return page


def shown_through(page: Pixels, other: Pixels, rng: np.random.Generator) -> Pixels:
    """``other`` shows through from the back, mirrored."""
    back = np.roll(cv2.GaussianBlur(other[:, ::-1], (0, 0), 3), int(rng.integers(-90, 90)), axis=0)
    thin = rng.uniform(0.1, 0.3)
    faint = cv2.addWeighted(back, float(thin), np.full_like(back, 255), float(1 - thin), 0)
    return np.minimum(page, faint)

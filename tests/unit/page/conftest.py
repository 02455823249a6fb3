"""A small made-up form and a page of it with known geometry, drawn with OpenCV alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from scanform.model.geometry import Box
from scanform.model.scan import Page, Pixels, ScanFile
from scanform.model.template import CornerMark, Field, PageMarks, Template
from scanform.page.arrays import Matrix, Points, apply
from scanform.page.reference import Reference, make_reference

PAGE_MM = (120.0, 160.0)
PER_MM = 300 / 25.4
_LETTERS = np.array(list("ABCDEFGHKLMNPRSTUVXYabdefghknpqrtuy"))


def draw_form(seed: int, marks: bool = True, revision: int = 1) -> tuple[Template, Pixels]:
    """A form of words, boxes and combs, each seed another, and its blank at 300 dpi."""
    rng = np.random.default_rng(seed)
    width, height = (round(side * PER_MM) for side in PAGE_MM)
    blank = np.full((height, width), 255, np.uint8)
    fields: list[Field] = []
    for row, y in enumerate(np.arange(20.0, 140.0, 9.0)):
        word = "".join(rng.choice(_LETTERS, int(rng.integers(6, 16))))
        at = (round((12 + rng.uniform(0, 6)) * PER_MM), round((y + 4) * PER_MM))
        cv2.putText(blank, word, at, cv2.FONT_HERSHEY_SIMPLEX, 1.3, 0, 3, cv2.LINE_AA)
        left = 62.0 + float(rng.integers(0, 5))
        cells = tuple(Box(left + 5 * k, y, 5, 6) for k in range(int(rng.integers(4, 9))))
        for cell in cells:
            x1, y1, x2, y2 = cell.pixels(300)
            cv2.rectangle(blank, (x1, y1), (x2, y2), 0, 3)
        hull = Box(left, y, 5.0 * len(cells), 6)
        fields.append(Field(f"f{row}", word, "digits", 1, hull, cells=cells))
    if revision > 1:
        cv2.rectangle(blank, (700, 240), (1380, 310), 255, -1)
        cv2.putText(blank, "NEW LINE HERE", (700, 300), 0, 1.3, 0, 3, cv2.LINE_AA)
    page_marks = _draw_marks(blank) if marks else ()
    template = Template(
        f"demo{seed}", "Demo", revision, 1, PAGE_MM, tuple(fields), page_marks=page_marks
    )
    return template, blank


def _draw_marks(blank: Pixels) -> tuple[PageMarks, ...]:
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    corners = []
    for number, (x, y) in enumerate([(5, 5), (109, 5), (109, 149), (5, 149)]):
        box = Box(x, y, 6, 6)
        left, top, right, bottom = box.pixels(300)
        mark = cv2.aruco.generateImageMarker(dictionary, number, 600)
        blank[top:bottom, left:right] = cv2.resize(
            mark, (right - left, bottom - top), interpolation=cv2.INTER_AREA
        )
        corners.append(CornerMark(number, box))
    return (PageMarks(1, tuple(corners), None),)


@dataclass(frozen=True)
class Scan:
    """A page image and the true homography from millimetres to its pixels."""

    page: Page
    truth: Matrix

    def error_mm(self, places: Points, points: Points) -> float:
        """The largest distance of ``places`` from where ``points`` truly lie."""
        off = np.linalg.norm(places - apply(self.truth, points), axis=1)
        return float(off.max()) / self.page.dpi * 25.4


def scan_of(
    form: Pixels,
    degrees: float = 0.0,
    *,
    dpi: float = 200.0,
    tilt: tuple[float, float] = (0.0, 0.0),
    stretch: tuple[float, float] = (1.0, 1.0),
    margin_mm: float = 4.0,
    around: int = 255,
) -> Scan:
    """``form`` turned clockwise, stretched, tilted and drawn at ``dpi`` on a larger ground."""
    centre = np.array([[1, 0, -PAGE_MM[0] / 2], [0, 1, -PAGE_MM[1] / 2], [0, 0, 1]])
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    lean = np.array([[1, 0, 0], [0, 1, 0], [tilt[0] / 100, tilt[1] / 100, 1]])
    scale = dpi / 25.4
    size = np.diag([scale, scale, 1]) @ lean @ turn @ np.diag([*stretch, 1]) @ centre
    edges = np.array([[0, 0], [PAGE_MM[0], 0], [*PAGE_MM], [0, PAGE_MM[1]]], float)
    spread = apply(size, edges)
    low = spread.min(axis=0) - margin_mm * scale
    width, height = np.ceil(spread.max(axis=0) + margin_mm * scale - low).astype(int)
    truth = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]]) @ size
    half = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
    to_image = half @ truth @ np.diag([1 / PER_MM, 1 / PER_MM, 1]) @ np.linalg.inv(half)
    border = (around,) * 3
    pixels = cv2.warpPerspective(
        cv2.cvtColor(cv2.GaussianBlur(form, (3, 3), 0), cv2.COLOR_GRAY2BGR)
        if form.ndim == 2
        else form,
        to_image,
        (int(width), int(height)),
        borderValue=border,
    )
    return Scan(Page(ScanFile(Path("scan.png"), "0" * 64, 1), 1, dpi, pixels), truth)


@dataclass(frozen=True)
class Demo:
    template: Template
    blank: Pixels
    reference: Reference

    @property
    def corners(self) -> Points:
        """Every corner of every field, in millimetres."""
        boxes = [field.box for field in self.template.fields]
        return np.array([(x, y) for b in boxes for x in (b.x, b.right) for y in (b.y, b.bottom)])


def make_demo(seed: int, marks: bool = True, revision: int = 1) -> Demo:
    template, blank = draw_form(seed, marks, revision)
    return Demo(template, blank, make_reference(template, 1, blank))


@pytest.fixture(scope="session")
def marked() -> Demo:
    return make_demo(1)


@pytest.fixture(scope="session")
def bare() -> Demo:
    """The same form without marks."""
    return make_demo(1, marks=False)


@pytest.fixture(scope="session")
def stranger() -> Demo:
    return make_demo(2)


@pytest.fixture(scope="session")
def demo() -> Callable[..., Demo]:
    return make_demo


@pytest.fixture(scope="session")
def scanned() -> Callable[..., Scan]:
    return scan_of

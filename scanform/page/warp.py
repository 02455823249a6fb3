"""Where each place of the form lies in the page's image: a homography and a smooth local shift.

The shift is a tensor product of cubic B-splines (P. H. C. Eilers and B. D. Marx, "Flexible
smoothing with B-splines and penalties", Statistical Science 11, 1996): stiff enough to pass over
what few marks say wrongly, soft enough for a fold or a curl.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import Pixels
from scanform.page.arrays import Matrix, Points, Scale, apply, as_pixels, scaling

KNOT_MM = 20.0
_NO_WEIGHT = 1e-6
_LATTICE = 16
"""Pixels between the places at which the map is worked out; between them it is linear."""
_STRIP = 16 * _LATTICE
"""Rows that are drawn at once."""
_TILE = 320
"""Columns that are drawn at once, of a page that lies on its side."""

Map = NDArray[np.float32]
"""For each pixel that is drawn, or each place of the lattice, how far across or down it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """From a page of ``page_mm`` to an image: ``p`` lies at ``homography(p + shift(p))``.

    ``homography`` maps millimetres to pixels of the image; ``shift`` holds spline coefficients
    in millimetres, rows x columns x 2, None: no shift.
    """

    page_mm: tuple[float, float]
    homography: Matrix
    shift: Matrix | None = None

    def places(self, points: Points) -> Points:
        """Where ``points`` (n x 2, millimetres) lie in the image, in pixels."""
        return apply(self.homography, points + self.shifts(points))

    def shifts(self, points: Points) -> Points:
        """The local shift at ``points``, n x 2, in millimetres."""
        if self.shift is None:
            return np.zeros_like(points)
        across = basis(points[:, 0], self.page_mm[0])
        down = basis(points[:, 1], self.page_mm[1])
        rows, columns, _ = self.shift.shape
        along = (down @ self.shift.reshape(rows, -1)).reshape(len(points), columns, 2)
        return np.asarray((along * across[:, :, None]).sum(axis=1), np.float64)

    def _shifts_on(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """The local shift where columns ``x`` and rows ``y`` meet, rows x columns x 2."""
        if self.shift is None:
            return np.zeros((len(y), len(x), 2))
        across, down = basis(x, self.page_mm[0]), basis(y, self.page_mm[1])
        return np.stack([down @ self.shift[..., k] @ across.T for k in (0, 1)], axis=-1)

    def dpi(self) -> float:
        """Dots to the inch of the image, in the middle of the page."""
        x, y = self.page_mm[0] / 2, self.page_mm[1] / 2
        here = np.array([[x, y], [x + 1, y], [x, y + 1]])
        middle, right, below = apply(self.homography, here)
        (a, c), (b, d) = right - middle, below - middle
        return float(np.sqrt(abs(a * d - b * c)) * MM_PER_INCH)

    def rotation(self) -> float:
        """Degrees, clockwise, by which the image is turned to stand upright."""
        x, y = self.page_mm[0] / 2, self.page_mm[1] / 2
        left, right = apply(self.homography, np.array([[x - 50, y], [x + 50, y]]))
        across, down = right - left
        return float(-np.degrees(np.arctan2(down, across)))

    def strain(self) -> float:
        """How much the shift stretches, squeezes or shears at most anywhere on the page: 0.05 is
        a millimetre over two centimetres. The shift's even part, which a copier makes, is left
        out, as it is no bend."""
        if self.shift is None:
            return 0.0
        width, height = self.page_mm
        x, y = np.linspace(0, width, int(width / 5)), np.linspace(0, height, int(height / 5))
        shifts = self._shifts_on(x, y)
        stretches = [
            np.diff(shifts, axis=1) / (x[1] - x[0]),
            np.diff(shifts, axis=0) / (y[1] - y[0]),
        ]
        return max(float(np.abs(each - np.median(each, axis=(0, 1))).max()) for each in stretches)

    def pull(
        self, image: Pixels, dpi: float, size: tuple[int, int], scale: Scale, outside: int
    ) -> Pixels:
        """The page at ``dpi``, upright, ``size`` (width, height) pixels, out of ``image``, which
        is the image that the homography speaks of made ``scale`` times as large (across, down).
        What lies outside of it becomes ``outside``."""
        width, height = size
        lattice = self._lattice(dpi, width, height, scale)
        # Four channels are drawn more than twice as fast as three.
        source = as_pixels(cv2.cvtColor(image, cv2.COLOR_BGR2BGRA)) if image.ndim == 3 else image
        pulled = np.empty((height, width, *image.shape[2:]), np.uint8)
        drawn = np.empty((min(height, _STRIP), width, *source.shape[2:]), np.uint8)
        # A strip's map stays in the processor's cache. Of a page that lies on its side a strip
        # is a column, and goes through all of the image: shorter ones keep to a part of it.
        wide = _TILE if 45.0 < abs(self.rotation()) < 135.0 else width
        for top, across, down in _strips(lattice, height, width):
            strip = pulled[top : top + len(across)]
            into = strip if image.ndim == 2 else drawn[: len(across)]
            for left in range(0, width, wide):
                cv2.remap(
                    source,
                    across[:, left : left + wide],
                    down[:, left : left + wide],
                    cv2.INTER_LINEAR,
                    dst=into[:, left : left + wide],
                    borderMode=cv2.BORDER_CONSTANT,
                    borderValue=(outside,) * 4,
                )
            if image.ndim == 3:
                cv2.cvtColor(into, cv2.COLOR_BGRA2BGR, dst=strip)
        return pulled

    def _lattice(self, dpi: float, width: int, height: int, scale: Scale) -> tuple[Map, Map]:
        step_mm = _LATTICE * MM_PER_INCH / dpi
        x, y = (
            (np.arange(-1.0, -(-side // _LATTICE) + 1, dtype=np.float64) + 0.5) * step_mm
            for side in (width, height)
        )
        grid = np.stack(np.meshgrid(x, y), axis=-1)
        grid = grid + self._shifts_on(x, y)
        to_image = scaling(*scale) @ self.homography
        places = apply(to_image, grid.reshape(-1, 2)).reshape(grid.shape)
        # cv2 counts from the middle of the first pixel.
        across, down = np.moveaxis(places - 0.5, -1, 0).astype(np.float32)
        return across, down


def _strips(lattice: tuple[Map, Map], height: int, width: int) -> Iterator[tuple[int, Map, Map]]:
    """The map of the whole image, ``_STRIP`` rows at a time, each with its first row, across and
    down apart, which is drawn faster than places together; a strip is good until the next is asked
    for."""
    long = lattice[0].shape[1] * _LATTICE
    rooms = [np.empty((_STRIP + 2 * _LATTICE, long), np.float32) for _ in lattice]
    for top in range(0, height, _STRIP):
        rows = min(_STRIP, height - top)
        first, count = top // _LATTICE, -(-rows // _LATTICE) + 2
        strips = []
        for side, room in zip(lattice, rooms, strict=True):
            full = room[: count * _LATTICE]
            part = side[first : first + count]
            cv2.resize(part, (long, len(full)), dst=full, interpolation=cv2.INTER_LINEAR)
            strips.append(full[_LATTICE : _LATTICE + rows, _LATTICE : _LATTICE + width])
        yield top, strips[0], strips[1]


def knots(length_mm: float) -> int:
    """Number of splines along a side."""
    return int(np.ceil(length_mm / KNOT_MM)) + 3


def basis(at_mm: NDArray[np.float64], length_mm: float) -> Matrix:
    """Values of the splines along a side at ``at_mm``: n x ``knots(length_mm)``."""
    count = knots(length_mm)
    t = np.clip(at_mm / KNOT_MM, 0.0, count - 3 - 1e-9)
    first = np.floor(t).astype(int)
    u = t - first
    pieces = np.stack(
        [(1 - u) ** 3, 3 * u**3 - 6 * u**2 + 4, -3 * u**3 + 3 * u**2 + 3 * u + 1, u**3], axis=1
    )
    values = np.zeros((len(t), count))
    np.put_along_axis(values, first[:, None] + np.arange(4), pieces / 6.0, axis=1)
    return values


@lru_cache(maxsize=8)
def bending(columns: int, rows: int) -> Matrix:
    """The penalty of bent shifts: second differences each way and the mixed one."""

    def second(n: int) -> Matrix:
        return np.asarray(np.diff(np.eye(n), n=2, axis=0))

    def first(n: int) -> Matrix:
        return np.asarray(np.diff(np.eye(n), axis=0))

    across = np.kron(np.eye(rows), second(columns))
    down = np.kron(second(rows), np.eye(columns))
    mixed = np.kron(first(rows), first(columns))
    total = across.T @ across + down.T @ down + 2.0 * mixed.T @ mixed
    return np.asarray(total)


def splines_at(points: Points, page_mm: tuple[float, float]) -> Matrix:
    """Values of all splines at each of ``points``, n x (rows x columns)."""
    across, down = basis(points[:, 0], page_mm[0]), basis(points[:, 1], page_mm[1])
    return (down[:, :, None] * across[:, None, :]).reshape(len(points), -1)


@dataclass(frozen=True, slots=True, eq=False)
class ShiftSolver:
    """Fits smooth shifts to what is seen at places that stay the same from page to page.

    Fitting coefficients ``c`` to shifts ``y`` seen with weights ``w`` is least squares with a
    penalty, ``c = (B'WB + P)^-1 B'Wy``. The same is ``P^-1 B' (B P^-1 B' + W^-1)^-1 y``, in which
    all that is costly is known beforehand: ``between`` is ``B P^-1 B'`` (n x n), ``spread``
    ``P^-1 B'`` (coefficients x n), ``splines`` ``B`` (n x coefficients).
    """

    splines: Matrix
    between: Matrix
    spread: Matrix
    size: tuple[int, int]

    def solve(self, shifts: Points, weights: Points) -> Matrix:
        """The smooth shift nearest to ``shifts`` (n x 2, millimetres); ``weights`` (n x 2) say how
        far each is to be believed, across and down apart. Returns coefficients, rows x columns x
        2."""
        found = np.zeros((len(self.spread), 2))
        for k in (0, 1):
            told = np.flatnonzero(weights[:, k] > _NO_WEIGHT)
            if len(told):
                system = self.between[np.ix_(told, told)]
                system[np.diag_indices(len(told))] += 1.0 / weights[told, k]
                _, each = cv2.solve(system, shifts[told, k : k + 1], flags=cv2.DECOMP_CHOLESKY)
                found[:, k] = self.spread[:, told] @ each[:, 0]
        return found.reshape(*self.size, 2)

    def at_places(self, shift: Matrix) -> Points:
        """The shift with coefficients ``shift`` at the places, n x 2."""
        return np.asarray(self.splines @ shift.reshape(-1, 2), np.float64)


def shift_solver(points: Points, page_mm: tuple[float, float], stiffness: float) -> ShiftSolver:
    """Readies fits at ``points`` (n x 2, millimetres)."""
    columns, rows = knots(page_mm[0]), knots(page_mm[1])
    splines = splines_at(points, page_mm)
    # A trace of pull towards no shift keeps corners without anything printed where they were.
    penalty = stiffness * bending(columns, rows) + 1e-6 * np.eye(rows * columns)
    spread = np.asarray(np.linalg.solve(penalty, splines.T), np.float64)
    between = splines @ spread
    return ShiftSolver(splines, (between + between.T) / 2, spread, (rows, columns))


def fit_shift(
    points: Points, shifts: Points, weights: Points, page_mm: tuple[float, float], stiffness: float
) -> Matrix:
    """The smooth shift nearest to ``shifts`` (n x 2, millimetres) seen at ``points``: see
    ``ShiftSolver.solve``."""
    return shift_solver(points, page_mm, stiffness).solve(shifts, weights)

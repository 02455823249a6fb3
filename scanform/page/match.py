"""Printed pieces of the form looked for on a page that lies nearly right."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import Pixels
from scanform.page.arrays import Matrix, Points
from scanform.page.evidence import compare
from scanform.page.reference import Level

Values = NDArray[np.float64]

_SEEN = 0.6
"""Correlation from which a piece counts as seen where it should be."""
_NEARLY = 1.2
"""Pixels up to which its shift is told without a search."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What became of each piece: ``shifts`` (n x 2, millimetres) from where it should lie to
    where it fits best, ``fits`` (n) how well (correlation, -1..1), ``weights`` (n x 2) how far
    the shift is to be believed, across and down."""

    centres: Points
    shifts: Points
    fits: NDArray[np.float64]
    weights: Matrix


def look(ink: Pixels, level: Level, reach_mm: float) -> Seen:
    """Looks for every piece of ``level`` on ``ink`` (the page in template space, at the level's
    resolution), up to ``reach_mm`` away. The best place is found to a part of a pixel by a
    parabola through the correlation beside its top."""
    shifts, fits, inside = _searched(ink, level, reach_mm, np.arange(len(level.patches)))
    sure = np.clip(fits - 0.15, 0.0, 1.0) ** 2 * inside
    return Seen(level.centres, shifts, fits, level.distinct * sure[:, None])


def look_closely(ink: Pixels, level: Level, reach_mm: float) -> tuple[Seen, Values]:
    """As ``look``, on a page that already lies nearly right: only what isn't seen where it should
    be is looked for around. Also how well each piece fits where it should be, -1..1."""
    compared = compare(ink, level.stencils)
    per_mm = level.plan.dpi / MM_PER_INCH
    near = (compared.fits > _SEEN) & (np.abs(compared.shifts).max(axis=1) < _NEARLY)
    shifts, fits, inside = compared.shifts / per_mm, compared.fits.copy(), near.copy()
    away = np.flatnonzero(~near)
    shifts[away], fits[away], inside[away] = _searched(ink, level, reach_mm, away)
    sure = np.clip(fits - 0.15, 0.0, 1.0) ** 2 * inside
    return Seen(level.centres, shifts, fits, level.distinct * sure[:, None]), compared.in_place


def _searched(
    ink: Pixels, level: Level, reach_mm: float, which: NDArray[np.intp]
) -> tuple[Points, Values, NDArray[np.bool_]]:
    """Shifts (millimetres), correlations, and whether the best place lies inside the reach."""
    if not len(which):
        return np.zeros((0, 2)), np.zeros(0), np.zeros(0, np.bool_)
    per_mm = level.plan.dpi / MM_PER_INCH
    reach = max(2, round(reach_mm * per_mm))
    side = level.patches.shape[1]
    around = cv2.copyMakeBorder(
        ink, reach, reach + side, reach, reach + side, cv2.BORDER_CONSTANT, value=(0.0,)
    )
    size = 2 * reach + 1
    surfaces = np.empty((len(which), size, size), np.float32)
    for surface, k in zip(surfaces, which, strict=True):
        x, y = level.corners[k]
        window = around[y : y + side + 2 * reach, x : x + side + 2 * reach]
        cv2.matchTemplate(window, level.patches[k], cv2.TM_CCOEFF_NORMED, result=surface)
    shifts, fits, inside = tops(np.nan_to_num(surfaces, nan=0.0, posinf=0.0, neginf=0.0))
    return shifts / per_mm, fits, inside


def tops(
    surfaces: NDArray[np.float32],
) -> tuple[Points, NDArray[np.float64], NDArray[np.bool_]]:
    """The top of each surface: its place from the middle, its height, whether it lies inside."""
    count, size, _ = surfaces.shape
    reach = size // 2
    # Where a ridge fits equally well all along, the place nearest to the middle is meant.
    offsets = np.arange(size) - reach
    near = 1e-3 * (np.hypot(*np.meshgrid(offsets, offsets)) / reach).astype(np.float32)
    flat = (surfaces - near).reshape(count, -1).argmax(axis=1)
    y, x = np.divmod(flat, size)
    inside = (x > 0) & (x < size - 1) & (y > 0) & (y < size - 1)
    xi, yi = np.clip(x, 1, size - 2), np.clip(y, 1, size - 2)
    each = np.arange(count)
    top = surfaces[each, yi, xi]

    def between(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float64]:
        bend = np.minimum(before - 2.0 * top + after, -1e-6)
        return np.asarray(np.clip(0.5 * (before - after) / bend, -0.5, 0.5), np.float64)

    dx = xi + between(surfaces[each, yi, xi - 1], surfaces[each, yi, xi + 1]) - reach
    dy = yi + between(surfaces[each, yi - 1, xi], surfaces[each, yi + 1, xi]) - reach
    fits = surfaces[each, y, x].astype(np.float64)
    return np.stack([dx, dy], axis=1), fits, inside

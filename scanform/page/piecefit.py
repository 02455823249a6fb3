"""How each printed piece around the fields, and each printed word of the form, lies on the page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import Pixels
from scanform.page.arrays import Points
from scanform.page.evidence import compare
from scanform.page.match import tops
from scanform.page.reference import PieceOf, Reference

REACH_MM = 1.5
_NEAR_MM = 0.55
"""A piece counts as there when it is found this near to where it should be."""
_PLAIN = 0.75
"""Correlation from which a label needs no second look."""
_CLEAR = 0.85
"""Correlation from which a piece counts as there without being searched for."""
_NEARLY = 1.2
"""Pixels up to which its shift is told without a search."""

Surface = NDArray[np.float32]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PieceFits:
    """Of each of a reference's pieces: ``supports`` (n, -1..1) how surely it is where it should be,
    ``heights`` (n) how well it fits where it fits best, ``shifts`` (n x 2, pixels of the fine
    level) how far that is off."""

    supports: Values
    heights: Values
    shifts: Points


def piece_fits(sheet_ink: Pixels, reference: Reference) -> PieceFits:
    """How the pieces of ``reference`` lie on ``sheet_ink``: the page in template space, at the
    resolution of ``reference.fine``."""
    per_mm = reference.fine.plan.dpi / MM_PER_INCH
    reach, near = round(REACH_MM * per_mm), max(1, round(_NEAR_MM * per_mm))
    count = len(reference.pieces)
    supports, shifts = np.zeros(count), np.zeros((count, 2))
    for which, stencils in reference.stencils:
        compared = compare(sheet_ink, stencils)
        supports[which], shifts[which] = compared.fits, compared.shifts
    heights = supports.copy()
    clear = (supports > _CLEAR) & (np.abs(shifts).max(axis=1) < _NEARLY)
    # What lies clearly where it should needs no search.
    unclear = np.flatnonzero(~clear)
    if not len(unclear):
        return PieceFits(supports, heights, shifts)
    border = (reach,) * 4
    around = np.asarray(
        cv2.copyMakeBorder(sheet_ink, *border, cv2.BORDER_CONSTANT, value=(0.0,)), np.uint8
    )
    windows = [_window(around, reference.pieces[k], reach) for k in unclear]
    surfaces = [
        _surface(seen, reference.pieces[k]) for seen, k in zip(windows, unclear, strict=True)
    ]
    stacked = np.stack(surfaces)
    shifts[unclear], heights[unclear], _ = tops(stacked)
    middle = np.s_[:, reach - near : reach + near + 1, reach - near : reach + near + 1]
    supports[unclear] = stacked[middle].reshape(len(stacked), -1).max(axis=1)
    for seen, k in zip(windows, unclear, strict=True):
        if supports[k] < _PLAIN:
            # Writing and stamps across print darken the paper, but take no print away.
            kept = _kept(seen, reference.pieces[k].patch, reach, near)
            supports[k] = max(float(supports[k]), kept)
    return PieceFits(supports, heights, shifts)


def _window(around: Pixels, piece: PieceOf, reach: int) -> Pixels:
    left, top = piece.corner
    height, width = piece.patch.shape
    return around[top : top + height + 2 * reach, left : left + width + 2 * reach]


def _surface(window: Pixels, piece: PieceOf) -> Surface:
    """Correlation of the piece with the page, shifted up to the reach each way. Of a field's own
    lines only the print and the paper right beside it are compared: the answer lies between."""
    if not piece.own:
        fits = cv2.matchTemplate(window, piece.patch, cv2.TM_CCOEFF_NORMED)
        return np.nan_to_num(np.asarray(fits), posinf=0.0, neginf=0.0).astype(np.float32)
    mask = piece.mask.astype(np.float32)
    area = float(mask.sum())
    printed = piece.patch.astype(np.float32)
    printed = mask * (printed - float((printed * mask).sum()) / area)
    seen = window.astype(np.float32)
    both = cv2.matchTemplate(seen, printed, cv2.TM_CCORR)
    once = cv2.matchTemplate(seen, mask, cv2.TM_CCORR)
    twice = cv2.matchTemplate(seen * seen, mask, cv2.TM_CCORR)
    spread = np.maximum(twice - once * once / area, 1.0) * float((printed * printed).sum())
    return np.asarray(both / np.sqrt(spread + 1e-3)).astype(np.float32)


def _kept(window: Pixels, patch: Pixels, reach: int, near: int) -> float:
    """Share of the patch's ink that is on the page, at the best place near the middle: 1 all of
    it, 0 half of it, as other words would have there by chance."""
    height, width = patch.shape
    total = float(patch.sum()) + 1e-6
    places = range(reach - near, reach + near + 1)
    shares = [
        cv2.sumElems(cv2.min(window[y : y + height, x : x + width], patch))[0] / total
        for y in places
        for x in places
    ]
    return 2.0 * max(shares) - 1.0

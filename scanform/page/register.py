"""From a first guess to a page that lies right to a fraction of a millimetre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels
from scanform.page.arrays import Mask, Points
from scanform.page.evidence import compare
from scanform.page.features import Guess
from scanform.page.match import Seen, look, look_closely
from scanform.page.piecefit import PieceFits
from scanform.page.reference import Level, Reference
from scanform.page.warp import Warp

GOOD_FIT = 0.45
"""Correlation from which a printed piece counts as found; a piece of another form or of writing
hardly ever fits so well."""
IN_PLACE = 0.4
"""Correlation beside print from which a piece speaks for the form."""
_REACH_MM = 2.4
_HOPEFUL, _CONTENT = 0.15, 0.6
"""Another turn is worth it when this much of the page fits, and one part less than that."""
_LAST_REACH_MM = 1.0
_MEASURES = 5
_RIGHT_MM, _STILL_MM = 0.13, 0.25
"""A residual (half a pixel at the fine level) with which the page needn't be measured again, if
what was measured moves no piece by more than the second: a move is believed once it was seen."""
_LOUD = 0.25
"""Voice of pieces that a part of the page is judged by: more than a stretch of dotted line has,
which a pale or bitonal copy loses."""
_ENOUGH_LOUD = 1.5
"""Their summed voice from which a part is judged by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class PageInk:
    """Ink of the whole page image, reduced: ``scale`` (across, down) times as large."""

    ink: Pixels
    scale: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Registered:
    """A page aligned with a reference, and how well.

    ``sheet_ink`` is the page's ink in template space, at the resolution of ``reference.fine``.
    ``support``: share of the form's printed pieces found in place, 0..1; ``residual_mm``: 95th
    percentile of how far those lie from where they should; ``weakest``: the least support of any
    part of the page; ``named``: whether the page's own code says that it is this form; ``pieces``:
    how the reference's pieces lie, once that has been asked.
    """

    reference: Reference
    warp: Warp
    sheet_ink: Pixels
    support: float
    weakest: float
    residual_mm: float
    method: str
    named: bool = False
    pieces: PieceFits | None = None


def register(page: PageInk, reference: Reference, guess: Guess) -> Registered:
    """Aligns the page with ``reference``, starting from ``guess``: first a better homography,
    then a smooth local shift, then what still is off is measured. Where a part of the page
    doesn't fit yet, its neighbours, which now do, lead the way for another turn."""
    warp = Warp(reference.template.page_mm, guess.homography)
    if not guess.exact:
        warp = _better_homography(page, reference.coarse, warp)
    found = _bent_and_measured(page, reference, warp, guess, (reference.fine,))
    if found.support > _HOPEFUL and found.weakest < _CONTENT:
        for start in (found.warp, _better_homography(page, reference.coarse, found.warp)):
            again = _bent_and_measured(page, reference, start, guess, (reference.fine,) * 2)
            found = max(found, again, key=lambda each: each.support)
            if found.weakest >= _CONTENT:
                break
    return found


def _bent_and_measured(
    page: PageInk, reference: Reference, warp: Warp, guess: Guess, looks: Sequence[Level]
) -> Registered:
    for level in looks:
        ink = _pulled(page, level, warp)
        # By four marks most pieces of a flat page lie nearly right at once.
        first = (
            look_closely(ink, level, _REACH_MM)[0] if guess.exact else look(ink, level, _REACH_MM)
        )
        warp = _bent(first, level, warp)
    for _ in range(_MEASURES):
        found, moved = _measured(page, reference, warp, guess)
        right = found.residual_mm < _RIGHT_MM and found.weakest > _CONTENT
        if (right and moved < _STILL_MM) or found.support < _HOPEFUL:
            break
        warp = found.warp
    return found


def _measured(
    page: PageInk, reference: Reference, warp: Warp, guess: Guess
) -> tuple[Registered, float]:
    """How the page lies under ``warp``. What is measured is used as well: the sheet is drawn by a
    map a little better still. Also by how many millimetres that moves a piece at most."""
    level = reference.fine
    ink = _pulled(page, level, warp)
    seen, in_place = look_closely(ink, level, _LAST_REACH_MM)
    support, weakest = _support(level, in_place > IN_PLACE, warp.page_mm)
    better, residual = _bent(seen, level, warp), _residual(seen)
    found = Registered(
        reference, better, ink, support, weakest, residual, guess.method, named=guess.named
    )
    return found, float(np.abs(better.shifts(level.centres) - warp.shifts(level.centres)).max())


def support_under(page: PageInk, reference: Reference, guess: Guess) -> float:
    """A quick look at how much of the form is found if ``guess`` is about right, 0..1."""
    level = reference.coarse
    ink = _pulled(page, level, Warp(reference.template.page_mm, guess.homography))
    found = compare(ink, level.stencils).in_place > IN_PLACE
    return _support(level, found, reference.template.page_mm)[0]


def _pulled(page: PageInk, level: Level, warp: Warp) -> Pixels:
    height, width = level.ink.shape
    return warp.pull(page.ink, level.plan.dpi, (width, height), page.scale, outside=0)


def _better_homography(page: PageInk, level: Level, warp: Warp) -> Warp:
    """``warp`` with the homography under which most pieces lie where they were seen."""
    seen = look(_pulled(page, level, warp), level, level.plan.reach_mm)
    good = (seen.fits > 0.3) & (seen.weights.min(axis=1) > 0.02)
    if int(good.sum()) < 8:
        return warp
    form = seen.centres[good]
    there = warp.places(form + seen.shifts[good])
    pixel = warp.dpi() / level.plan.dpi
    found, inliers = cv2.findHomography(
        form, there, cv2.USAC_MAGSAC, ransacReprojThreshold=1.5 * pixel, maxIters=1000
    )
    if found is None or int(inliers.sum()) < 8:
        return warp
    return Warp(warp.page_mm, np.asarray(found, np.float64))


def _bent(seen: Seen, level: Level, warp: Warp) -> Warp:
    """``warp`` with a local shift towards where pieces were seen, as far as they agree."""
    weights = seen.weights * _agreeing(seen, level)[:, None]
    solver = level.solver
    shift_here = 0.0 if warp.shift is None else solver.at_places(warp.shift)
    wanted = shift_here + seen.shifts
    for _ in range(2):
        shift = solver.solve(wanted, weights)
        off = np.abs(wanted - solver.at_places(shift))
        # Geman and McClure's weights: what lies a millimetre off hardly counts.
        weights = weights / (1.0 + (off / 0.4) ** 2) ** 2
    return Warp(warp.page_mm, warp.homography, shift)


def _agreeing(seen: Seen, level: Level) -> NDArray[np.float64]:
    """1 for pieces that were shifted like most of their neighbours, 0 for others, each way."""
    usual = np.median(seen.shifts[level.nearest], axis=1)
    return np.asarray((np.abs(seen.shifts - usual) < 0.9).all(axis=1), np.float64)


def _off(seen: Seen) -> NDArray[np.float64]:
    """How far pieces lie off, counting only directions in which they tell."""
    tells = seen.weights > 0.2 * seen.weights.max(axis=1, keepdims=True)
    return np.asarray(np.hypot(*(seen.shifts * tells).T))


def _residual(seen: Seen) -> float:
    """95th percentile of how far pieces lie off. A piece that fits badly may be written over,
    so it has no say; one that fits well a millimetre away has."""
    good = seen.fits > GOOD_FIT
    return float(np.percentile(_off(seen)[good], 95)) if good.any() else float("inf")


def _support(level: Level, found: Mask, page_mm: tuple[float, float]) -> tuple[float, float]:
    """Share of pieces found on the whole page, and in that part of it where it is least.

    Each piece counts with its voice."""
    voice = level.voice
    loud = np.where(voice > _LOUD, voice, 0.0)
    parts = _parts(level.centres, page_mm)
    shares = [
        float(loud[found & (parts == part)].sum() / loud[parts == part].sum())
        for part in np.unique(parts)
        if loud[parts == part].sum() >= _ENOUGH_LOUD
    ]
    return float(voice[found].sum() / max(float(voice.sum()), 1e-6)), min(shares, default=0.0)


def _parts(centres: Points, page_mm: tuple[float, float]) -> NDArray[np.int64]:
    """The number of the part of the page, of 3 x 4, in which each place lies."""
    column = np.minimum(2, centres[:, 0] / page_mm[0] * 3).astype(int)
    row = np.minimum(3, centres[:, 1] / page_mm[1] * 4).astype(int)
    return np.asarray(row * 3 + column, np.int64)

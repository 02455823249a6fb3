"""Whether what is printed around each field is on the page, and where it should be.

The page as a whole may lie right while a field doesn't: another revision has another label
there, or a row was moved. So every field is judged by its own label, comb and tick boxes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import FieldFit, Pixels
from scanform.page.evidence import compare
from scanform.page.match import tops
from scanform.page.reference import PieceOf, Reference

REACH_MM = 1.5
_NEAR_MM = 0.55
"""A piece counts as there when it is found this near to where it should be."""
_SURE = 0.6
"""Correlation from which a piece gives its place away."""
_PLAIN = 0.75
"""Correlation from which a label needs no second look."""
_CLEAR = 0.85
"""Correlation from which a piece counts as there without being searched for."""
_NEARLY = 1.2
"""Pixels up to which its shift is told without a search."""
_TELLS = 0.15
_LEAST_OF_LINES, _LEAST_OF_ENDS = 0.15, 0.3
"""Added to what speaks for a part of a comb, which an answer may hide: of an end that isn't there
at all next to nothing speaks."""

TOLERANCE_MM = 0.6
LEAST_SUPPORT = 0.54
"""Fields of true pages, even badly worn ones, have 0.56 and more; a label with one other word
has 0.2 to 0.53."""

Surface = NDArray[np.float32]


def is_misaligned(fit: FieldFit) -> bool:
    """Whether a field lies so badly that its answer can't be trusted."""
    return fit.support < LEAST_SUPPORT or fit.residual_mm > TOLERANCE_MM


def field_fits(sheet_ink: Pixels, reference: Reference) -> Mapping[str, FieldFit]:
    """How each field of the page lies, by id; fields with nothing printed around them are left
    out. ``sheet_ink`` is the page in template space, at the resolution of ``reference.fine``.

    A label must be there in every stretch of it; of a comb or a row of tick boxes the average
    counts, as an answer may cover a part.
    """
    stencils = reference.stencils
    if stencils is None:
        return {}
    per_mm = reference.fine.plan.dpi / MM_PER_INCH
    reach, near = round(REACH_MM * per_mm), max(1, round(_NEAR_MM * per_mm))
    around = np.asarray(
        cv2.copyMakeBorder(
            sheet_ink, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=(0.0,)
        ),
        np.uint8,
    )
    compared = compare(sheet_ink, stencils)
    clear = (compared.fits > _CLEAR) & (np.abs(compared.shifts).max(axis=1) < _NEARLY)
    supports, heights, shifts = compared.fits.copy(), compared.fits.copy(), compared.shifts.copy()
    # What lies clearly where it should needs no search.
    unclear = np.flatnonzero(~clear)
    windows = [_window(around, reference.pieces[k], reach) for k in unclear]
    if windows:
        surfaces = np.stack(
            [_surface(seen, reference.pieces[k]) for seen, k in zip(windows, unclear, strict=True)]
        )
        shifts[unclear], heights[unclear], _ = tops(surfaces)
        middle = np.s_[:, reach - near : reach + near + 1, reach - near : reach + near + 1]
        supports[unclear] = surfaces[middle].reshape(len(surfaces), -1).max(axis=1)
    for seen, k in zip(windows, unclear, strict=True):
        if supports[k] < _PLAIN:
            # Writing and stamps across print darken the paper, but take no print away.
            kept = _kept(seen, reference.pieces[k].patch, reach, near)
            supports[k] = max(float(supports[k]), kept)
    labels, lines, ends = (defaultdict[str, list[float]](list) for _ in range(3))
    off: dict[str, list[float]] = defaultdict(list)
    for piece, support, height, shift in zip(
        reference.pieces, supports.tolist(), heights, shifts, strict=True
    ):
        tells = np.array(piece.distinct) > _TELLS
        for field in piece.fields:
            sort = ends if piece.end else lines if piece.own else labels
            sort[field].append(max(0.0, support))
            if height > _SURE and tells.any():
                off[field].append(float(np.hypot(*(shift * tells))) / per_mm)
    return {
        field: FieldFit(
            float(np.median(off[field])) if off[field] else 0.0,
            min(
                *_parts(field, labels[field], lines[field], reference),
                1.0,
                *(each + _LEAST_OF_ENDS for each in ends[field]),
            ),
        )
        for field in {*labels, *lines}
    }


def _parts(
    field: str, labels: list[float], lines: list[float], reference: Reference
) -> tuple[float, ...]:
    """What speaks for a field. A tick box may be blackened or scribbled over as its answer, so it
    is asked only where no label stands beside it."""
    if labels and reference.template.field(field).options:
        return tuple(labels)
    return (*labels, *_of_lines(lines))


def _of_lines(supports: list[float]) -> tuple[float, ...]:
    """What the parts of a comb say together: their mean, and not much more than the least."""
    return (float(np.mean(supports)), min(supports) + _LEAST_OF_LINES) if supports else ()


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
        float(np.minimum(window[y : y + height, x : x + width], patch).sum()) / total
        for y in places
        for x in places
    ]
    return 2.0 * max(shares) - 1.0

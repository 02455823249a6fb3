"""Whether what is printed around each field is on the page, and where it should be.

The page as a whole may lie right while a field doesn't: another revision has another label
there, or a row was moved. So every field is judged by its own label, comb and tick boxes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from statistics import fmean, median

import numpy as np

from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import FieldFit
from scanform.page.piecefit import PieceFits
from scanform.page.reference import Reference

_SURE = 0.6
"""Correlation from which a piece gives its place away."""
_TELLS = 0.15
_LEAST_OF_LINES, _LEAST_OF_ENDS = 0.15, 0.3
"""Added to what speaks for a part of a comb, which an answer may hide: of an end that isn't there
at all next to nothing speaks."""

TOLERANCE_MM = 0.6
LEAST_SUPPORT = 0.54
"""Fields of true pages, even badly worn ones, have 0.56 and more; a label with one other word
has 0.2 to 0.53."""


def is_misaligned(fit: FieldFit) -> bool:
    """Whether a field lies so badly that its answer can't be trusted."""
    return fit.support < LEAST_SUPPORT or fit.residual_mm > TOLERANCE_MM


def field_fits(reference: Reference, pieces: PieceFits) -> Mapping[str, FieldFit]:
    """How each field of the page lies, by id; fields with nothing printed around them are left
    out. ``pieces`` is how the pieces of ``reference`` lie.

    A label must be there in every stretch of it; of a comb or a row of tick boxes the average
    counts, as an answer may cover a part.
    """
    per_mm = reference.fine.plan.dpi / MM_PER_INCH
    tells = np.array([piece.distinct for piece in reference.pieces]).reshape(-1, 2) > _TELLS
    offs = np.hypot(*(pieces.shifts * tells).T) / per_mm
    sure = (pieces.heights > _SURE) & tells.any(axis=1)
    labels, lines, ends = (defaultdict[str, list[float]](list) for _ in range(3))
    off: dict[str, list[float]] = defaultdict(list)
    each_one = zip(
        reference.pieces, pieces.supports.tolist(), offs.tolist(), sure.tolist(), strict=True
    )
    for piece, support, far, is_sure in each_one:
        sort = ends if piece.end else lines if piece.own else labels
        for field in piece.fields:
            sort[field].append(max(0.0, support))
            if is_sure:
                off[field].append(far)
    return {
        field: FieldFit(
            median(off[field]) if off[field] else 0.0,
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
    return (fmean(supports), min(supports) + _LEAST_OF_LINES) if supports else ()

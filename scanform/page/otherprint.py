"""Whether the page is another revision: something else is printed where the form has its words,
or the lines of an answer stand elsewhere.

Wear adds ink (stamps, writing) or takes print away (glare, a torn corner). Another print does both
in one place: the form's own words are gone, and about as much other ink is there. One such place
may be chance; its field is doubted then. Several make another form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import FieldFit, Pixels
from scanform.page.fieldfit import is_misaligned
from scanform.page.piecefit import PieceFits, Values
from scanform.page.reference import PieceOf, Reference

OTHERWISE = 0.5
"""Support below which a stretch of print isn't the form's. Badly worn words have 0.54 and more,
other words -0.2 to 0.5."""
ENOUGH = 2
_AS_MUCH_INK = (0.45, 1.35)
"""Times the form's ink: with less the print is just gone, with more it is covered."""
_FOUND = 0.7
"""Correlation from which the form's own words are found, though not where they should be."""
_AROUND_MM = 3.0
MANY = 6
"""So many are more than a corner."""
_NEIGHBOURS_MM = 22.0
_PLAIN = 0.75
"""Support from which a piece tells how dark the page is printed."""


def printed_otherwise(
    sheet_ink: Pixels, reference: Reference, pieces: PieceFits, fields: Mapping[str, FieldFit]
) -> tuple[PieceOf, ...]:
    """The pieces in whose place something else is printed, at most one for the lines of a field.

    ``sheet_ink`` is the page in template space at the resolution of ``reference.fine``, ``pieces``
    and ``fields`` what ``piece_fits`` and ``field_fits`` say of it. Words count stretch by stretch;
    the lines of a comb, which answers hide and a pale copy loses, only beside other words, and
    where all of them together don't fit.
    """
    least, most = _AS_MUCH_INK
    inked = _inked(sheet_ink, reference, pieces)
    low = (pieces.supports < OTHERWISE) & (least < inked) & (inked < most)
    other = [reference.pieces[k] for k in np.flatnonzero(low)]
    words = [each for each in other if not each.own and not _near(sheet_ink, reference, each)]
    if len(words) < MANY:
        # A torn or crumpled corner spoils what lies together.
        words = [each for each in words if _amid_print(reference, pieces, each)]
    if not words:
        return ()
    told = {field for piece in words for field in piece.fields}
    lines: dict[str, PieceOf] = {}
    for piece in other:
        for field in piece.fields if piece.own else ():
            if field not in told and is_misaligned(fields[field]):
                lines.setdefault(field, piece)
    return (*words, *lines.values())


def _amid_print(reference: Reference, pieces: PieceFits, piece: PieceOf) -> bool:
    """Whether most of what is printed around the piece is there."""
    corners = np.array([each.corner for each in reference.pieces])
    reach = _NEIGHBOURS_MM * reference.fine.plan.dpi / MM_PER_INCH
    near = np.abs(corners - np.array(piece.corner)).max(axis=1) < reach
    there = pieces.supports[near] > _PLAIN
    # The piece itself is one of them, and not there.
    return 2 * int(there.sum()) > len(there) - 1


def _inked(sheet_ink: Pixels, reference: Reference, pieces: PieceFits) -> Values:
    """How many times the form's ink is in each piece's place; usual for the page is once."""
    times = np.array([_ink_in(sheet_ink, each) for each in reference.pieces])
    usual = times[pieces.supports > _PLAIN]
    return times / max(float(np.median(usual)), 1e-6) if len(usual) else times


def _ink_in(sheet_ink: Pixels, piece: PieceOf) -> float:
    left, top = piece.corner
    height, width = piece.patch.shape
    here = sheet_ink[top : top + height, left : left + width]
    return cv2.sumElems(here)[0] / max(cv2.sumElems(piece.patch)[0], 1.0)


def _near(sheet_ink: Pixels, reference: Reference, piece: PieceOf) -> bool:
    """Whether the words are there, a little further off than the page may be bent."""
    reach = round(_AROUND_MM * reference.fine.plan.dpi / MM_PER_INCH)
    left, top = piece.corner
    height, width = piece.patch.shape
    first = max(0, top - reach), max(0, left - reach)
    window = sheet_ink[first[0] : top + height + reach, first[1] : left + width + reach]
    if window.shape[0] < height or window.shape[1] < width:
        return False
    fits = cv2.matchTemplate(window, piece.patch, cv2.TM_CCOEFF_NORMED)
    return bool(np.nan_to_num(fits, posinf=0.0, neginf=0.0).max() > _FOUND)


def named(reference: Reference, pieces: Sequence[PieceOf], most: int = 3) -> str:
    """Where the pieces are, for a person: the labels of their fields, or millimetres on the page
    (across × down) where they belong to none."""
    places: dict[str, None] = {}
    per_mm = reference.fine.plan.dpi / MM_PER_INCH
    for piece in pieces:
        across, down = (side / per_mm for side in piece.corner)
        label = reference.template.field(piece.fields[0]).label if piece.fields else ""
        places[label or f"{across:.0f} × {down:.0f} mm"] = None
    shown = ", ".join(list(places)[:most])
    return shown + (" …" if len(places) > most else "")

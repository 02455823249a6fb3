"""Where the marks stand by which a machine finds a page: the one place that decides it.

Four ArUco marks of dictionary 4x4_50 near the corners, numbered from the top left clockwise, and
a QR code that names template, revision and page (``model.template.page_code``).
"""

from __future__ import annotations

import segno

from scanform.model.geometry import Box
from scanform.model.template import CornerMark, PageMarks

CORNER_SIZE = 6.0
"""Six modules of 1 mm: 6 pixels each at 150 dpi."""
CORNER_INSET = 7.0
"""From the page's edges; most printers reach 5 mm."""
CORNER_QUIET = 1.5
MODULE = 0.55
"""Side of a QR module: 3 pixels at 150 dpi."""
CODE_QUIET = 4 * MODULE
"""ISO/IEC 18004 asks for four modules of white around the code."""


def code(text: str) -> segno.QRCode:
    """The QR code that is printed for ``text``: a quarter of its words may be lost."""
    return segno.make_qr(text, error="q", boost_error=False)


def page_marks(
    text: str, page: int, page_mm: tuple[float, float], code_at: tuple[float, float] | None
) -> PageMarks:
    """The marks of one page; ``text`` is what its code says. Without ``code_at`` the code stands
    at the foot, left of the right mark."""
    right, bottom = (side - CORNER_INSET - CORNER_SIZE for side in page_mm)
    places = (
        (CORNER_INSET, CORNER_INSET),
        (right, CORNER_INSET),
        (right, bottom),
        (CORNER_INSET, bottom),
    )
    side = code(text).symbol_size(border=0)[0] * MODULE
    x, y = code_at or (
        right - CORNER_QUIET - CODE_QUIET - side,
        page_mm[1] - CORNER_INSET - side,
    )
    return PageMarks(
        page=page,
        corners=tuple(
            CornerMark(number, Box(*place, CORNER_SIZE, CORNER_SIZE))
            for number, place in enumerate(places)
        ),
        code=Box(x, y, side, side),
    )


def quiet_zones(marks: PageMarks) -> tuple[Box, ...]:
    """The places that must stay clear of everything else."""
    corners = tuple(mark.box.grown(CORNER_QUIET) for mark in marks.corners)
    return corners if marks.code is None else (*corners, marks.code.grown(CODE_QUIET))

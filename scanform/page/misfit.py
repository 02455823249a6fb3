"""Why a page isn't taken: bounds of what counts as lying right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from scanform.model.geometry import MM_PER_INCH
from scanform.model.scan import Page
from scanform.page.register import Registered

Reason = Literal["unknown_form", "misaligned", "too_small", "other_revision"]
Side = Literal["left", "top", "right", "bottom"]

MIN_DPI = 100.0
"""Below this a printed letter is some ten pixels high and a comb digit can't be told."""
ENOUGH_SUPPORT = 0.5
"""Share of a form's printed pieces that must be found in place."""
SOME_SUPPORT = 0.25
"""From this on the page is the form, though it doesn't align; below it is another."""
ENOUGH_IN_EACH_PART = 0.5
MOST_RESIDUAL_MM = 0.6
MOST_STRAIN = 0.075
"""Paper that is bent this much isn't flat enough to be sure of; rows that were moved in another
revision look like it."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A page that can't be read, and why: ``reason`` is a key of ``phrases.REJECTIONS``.
    ``found`` is how far it got, where it is one of the forms all the same."""

    reason: Reason
    detail: str
    found: Registered | None = field(default=None, compare=False, repr=False)


def misfit_of(found: Registered, page: Page) -> Misfit | None:
    """Why ``page``, which lies as ``found``, can't be read; None if it can."""
    dpi = found.warp.dpi()
    if found.support < ENOUGH_SUPPORT:
        return Misfit("misaligned", f"{found.support:.0%}")
    if found.weakest < ENOUGH_IN_EACH_PART:
        return Misfit("misaligned", f"{found.weakest:.0%}")
    if found.residual_mm > MOST_RESIDUAL_MM:
        return Misfit("misaligned", f"{found.residual_mm:.1f} mm")
    if (strain := found.warp.strain()) > MOST_STRAIN:
        return Misfit("misaligned", f"{strain:.0%} bent")
    if dpi < MIN_DPI:
        return Misfit("too_small", f"{dpi:.0f} dpi")
    missing = _missing_mm(found, page)
    return Misfit("misaligned", f"−{missing:.0f} mm") if missing > 0.5 else None


def _missing_mm(found: Registered, page: Page) -> float:
    """How far the fields lie outside the image, in millimetres."""
    return max(cut_mm(found, page).values(), default=0.0)


def cut_mm(found: Registered, page: Page) -> dict[Side, float]:
    """How many millimetres of a field, at most, are cut off at each side of the form, upright; only
    the sides where something is. Margins and captions may be missing."""
    fields = found.reference.template.on_page(found.reference.page)
    if not fields:
        return {}
    boxes = np.array([(b.x, b.y, b.right, b.bottom) for b in (each.box for each in fields)])
    corners = boxes[:, [[0, 1], [2, 1], [0, 3], [2, 3]]]
    places = found.warp.places(corners.reshape(-1, 2))
    height, width = page.pixels.shape[:2]
    over = np.maximum(-places, places - np.array([width, height])).max(axis=1)
    over = over.reshape(-1, 4) / found.warp.dpi() * MM_PER_INCH
    sides: dict[Side, list[int]] = {
        "left": [0, 2],
        "top": [0, 1],
        "right": [1, 3],
        "bottom": [2, 3],
    }
    # A side is cut when all of it is outside; a corner belongs to two sides.
    cut = {side: float(over[:, ends].min(axis=1).max()) for side, ends in sides.items()}
    return {side: lost for side, lost in cut.items() if lost > 0}

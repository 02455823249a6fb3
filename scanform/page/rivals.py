"""Which of several forms a page is, when they look alike: where they differ, who is right?"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels
from scanform.page.evidence import compare
from scanform.page.reference import Level, Reference
from scanform.page.register import Registered

ALIKE = 0.8
"""Correlation beside print from which two forms count as printed alike at some place."""
CLEAR = 0.3
"""By how much the better form's share must exceed the other's."""
_FEWEST = 0.6
"""Voice that the pieces that differ must have together: two words or so."""


def outdoes(found: Registered, rival: Reference) -> bool:
    """Whether the page, aligned as ``found`` says, is clearly that form and not ``rival``.

    Only what one form prints and the other doesn't is asked for: two revisions of a form agree in
    nearly everything, so the support of the whole page would tell little. Two forms that are
    printed alike can't be told apart and neither outdoes the other.
    """
    ours, theirs = found.reference.fine, rival.fine
    if ours.ink.shape != theirs.ink.shape:
        return True
    our_share, our_voice = _share(found.sheet_ink, ours, theirs)
    their_share, their_voice = _share(found.sheet_ink, theirs, ours)
    if our_voice + their_voice < _FEWEST:
        return False
    if our_voice < _FEWEST / 2:
        # All of ours is theirs too: we win where what they print besides is not there.
        return their_share < 1.0 - CLEAR
    if their_voice < _FEWEST / 2:
        return our_share > CLEAR
    return our_share - their_share >= CLEAR


def _share(sheet_ink: Pixels, level: Level, other: Level) -> tuple[float, float]:
    """Of the pieces of ``level`` that ``other`` prints differently: how much nearer the page is
    to ``level`` (1) than to ``other`` (0), and the voice of all of them."""
    theirs = _likeness(level, other)
    seen = compare(sheet_ink, level.stencils).in_place
    voice = np.where(theirs > ALIKE, 0.0, level.voice)
    nearness = np.clip((seen - theirs) / np.maximum(1.0 - theirs, 0.1), 0.0, 1.0)
    total = float(voice.sum())
    return float((voice * nearness).sum()) / max(total, 1e-6), total


@lru_cache(maxsize=512)
def _likeness(level: Level, other: Level) -> NDArray[np.float64]:
    """How much each piece of ``level`` is printed alike on the other form. The forms stay the
    same from page to page, so it is worked out once."""
    return compare(other.ink, level.stencils).in_place

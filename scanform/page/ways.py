"""Ways to a first guess of which form a page is and where it lies, the fastest first.

Each yields pairs of a reference and a guess, the likeliest first. ``dpi`` is what the page says of
itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scanform.model.template import page_code
from scanform.page.arrays import Points, scaling
from scanform.page.features import Guess, find_features, guess_from_features
from scanform.page.marks import find_marks, find_marks_in_corners, guess_from_marks
from scanform.page.printed_code import SAME_PATTERN, code_under, likeness_of_code
from scanform.page.reference import FEATURES_DPI, Reference, features_of
from scanform.page.register import support_under
from scanform.page.upright import guesses_upright
from scanform.page.view import View, ink_at
from scanform.page.warp import Warp

_MARKS_SIDE = 1200
_CORNERS = range(4)

Ranked = tuple[Reference, Guess]


def by_marks(view: View, _dpi: float, references: Sequence[Reference]) -> Iterator[Ranked]:
    """By the marks in the corners; the printed code says which form it is, where it can be read."""
    with_marks = [(each, each.marks) for each in references]
    if not any(marks for _, marks in with_marks):
        return
    found = _marks_on(view)
    known = []
    for reference, marks in with_marks:
        guess = guess_from_marks(found, marks, 1.0 / view.scale[0]) if marks else None
        if guess is not None:
            known.append((reference, guess))
    for reference, guess in known:
        if _code_names(view, reference, guess):
            yield reference, replace(guess, named=True)
            return
    if len(known) > 1:
        # All forms have the same marks: which one it is, a quick look at the print tells.
        ink = ink_at(
            view, Warp(known[0][0].template.page_mm, known[0][1].homography).dpi() * view.scale[0]
        )
        known.sort(key=lambda ranked: -support_under(ink, *ranked))
    yield from known


def _marks_on(view: View) -> dict[int, Points]:
    """The marks that are found: where all four lie in the corners of the image, a glance at a
    smaller one tells; otherwise all of it is searched, and where that gives some and not all,
    the larger one."""
    small = view.at(max(view.grey.shape), _MARKS_SIDE)
    found = find_marks_in_corners(small.grey, small.scale)
    if len(found) < len(_CORNERS):
        found |= find_marks(small.grey, small.scale)
    if 0 < len(found) < len(_CORNERS):
        found |= find_marks(view.grey, view.scale)
    return found


def _code_names(view: View, reference: Reference, guess: Guess) -> bool:
    """Whether the page's code says that it is ``reference``. A code that looks like the form's
    needs no reading."""
    code = reference.marks.code if reference.marks else None
    if code is None or reference.pattern is None:
        return False
    to_view = scaling(*view.scale) @ guess.homography
    if likeness_of_code(view.grey, to_view, code, reference.pattern) > SAME_PATTERN:
        return True
    return code_under(view.grey, to_view, code) == page_code(reference.template, reference.page)


def by_turning(view: View, dpi: float, references: Sequence[Reference]) -> Iterator[Ranked]:
    """By turning the page straight and sliding the form over it."""
    ink = ink_at(view, dpi * view.scale[0])
    guesses = zip(references, guesses_upright(ink, dpi, references), strict=True)
    yield from sorted(guesses, key=lambda ranked: -ranked[1].votes)


def by_features(view: View, dpi: float, references: Sequence[Reference]) -> Iterator[Ranked]:
    """By features of the print, whatever the perspective."""
    # Fine print on a page that is small in its photo shows only at the second look.
    for times in (1.15, 1.9):
        small = view.at(dpi * view.scale[0], FEATURES_DPI * times)
        features = find_features(small.grey, small.scale[0])
        guesses = [
            (each, guess_from_features(features, features_of(each), 1.0 / small.scale[0]))
            for each in references
        ]
        known = [(reference, guess) for reference, guess in guesses if guess is not None]
        yield from sorted(known, key=lambda ranked: -ranked[1].votes)

"""Where a page's use-case is: which form it is, and the page laid straight on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

import cv2
import numpy as np

from scanform.model.geometry import MM_PER_INCH, bounding_box
from scanform.model.scan import SHEET_DPI, FieldFit, Page, Pixels, Quality, Sheet
from scanform.model.template import page_code
from scanform.page import quality
from scanform.page.arrays import Points, as_pixels, grey_of, halved, resized, scaling, sheet_size
from scanform.page.features import Guess, find_features, guess_from_features
from scanform.page.fieldfit import field_fits
from scanform.page.ink import ink_of
from scanform.page.marks import find_marks, find_marks_in_corners, guess_from_marks
from scanform.page.otherprint import ENOUGH, OTHERWISE, named, printed_otherwise
from scanform.page.piecefit import piece_fits
from scanform.page.printed_code import SAME_PATTERN, code_under, likeness_of_code, read_code
from scanform.page.reference import FEATURES_DPI, FINE, Reference, features_of
from scanform.page.register import PageInk, Registered, register, support_under
from scanform.page.rivals import outdoes
from scanform.page.upright import guesses_upright
from scanform.page.warp import Warp

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
_LONG_SIDE, _LEAST_LONG_SIDE = 1700, 1400
_MARKS_SIDE = 1200
_CORNERS = range(4)
_NEARLY = 0.6
"""An image made smaller by less than this share needs no averaging over what it covers."""
_TRIED = 4
_CODE_PREFIX = "scanform:"
_LEAST_VIEW_DPI = 30.0


@dataclass(frozen=True, slots=True)
class Misfit:
    """A page that can't be read, and why: ``reason`` is a key of ``phrases.REJECTIONS``.
    ``found`` is how far it got, where it is one of the forms all the same."""

    reason: Reason
    detail: str
    found: Registered | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The page's grey image, reduced: ``scale`` (across, down) times as large."""

    grey: Pixels
    scale: tuple[float, float]

    def at(self, dpi: float, to_dpi: float) -> View:
        """The view made smaller, from ``dpi`` to ``to_dpi``; never larger."""
        times = min(1.0, to_dpi / dpi)
        height, width = self.grey.shape
        size = max(1, round(width * times)), max(1, round(height * times))
        smaller = self.grey
        if times < _NEARLY:
            smaller = resized(self.grey, *size)
        elif times < 1.0:
            smaller = as_pixels(cv2.resize(self.grey, size, interpolation=cv2.INTER_LINEAR))
        return View(smaller, (self.scale[0] * size[0] / width, self.scale[1] * size[1] / height))


Ranked = tuple[Reference, Guess]


def place(page: Page, references: Sequence[Reference]) -> Sheet | Misfit:
    """The page in template space, of that reference which is found on it, or why it isn't."""
    found = locate(page, references)
    if isinstance(found, Misfit):
        if found.reason != "other_revision" or found.found is None:
            return found
        # A code that names the other revision says more than what is printed otherwise.
        return _misnamed(lay_out(page, found.found), found.found) or found
    sheet = lay_out(page, found)
    return _misnamed(sheet, found) or sheet


def locate(page: Page, references: Sequence[Reference]) -> Registered | Misfit:
    """Which reference the page is, and where each place of it lies on the page.

    Ways to a first guess are tried from the fastest to the most patient; each guess is refined
    and measured, and only what is measured decides.
    """
    view = _view(page.pixels)
    best: Registered | None = None
    other: Misfit | None = None
    for way in (_by_marks, _by_turning, _by_features):
        for reference, guess in islice(way(view, page.dpi, references), _TRIED):
            found = _registered(view, reference, guess)
            if found is None or (best is not None and found.support <= best.support and not other):
                continue
            if _misfit(found, page) is None:
                found = replace(found, pieces=piece_fits(found.sheet_ink, reference))
                if guess.named:
                    return found
                revision = _other_revision(found)
                if revision is None:
                    return _unless_another(found, references)
                other = other or revision
            best = found
        if other:
            return other
    if best is None or best.support < SOME_SUPPORT:
        return Misfit("unknown_form", f"{best.support:.0%}" if best else "0%")
    misfit = _misfit(best, page)
    return replace(misfit, found=best) if misfit else best


def _other_revision(found: Registered) -> Misfit | None:
    """A page that lies right and yet has other words or lines than the form in some places."""
    pieces = found.pieces
    if pieces is None or not (pieces.supports < OTHERWISE).any():
        return None
    fields = field_fits(found.reference, pieces)
    otherwise = printed_otherwise(found.sheet_ink, found.reference, pieces, fields)
    if len(otherwise) < ENOUGH:
        return None
    detail = f"{found.reference.template.ref}: {named(found.reference, otherwise)}"
    return Misfit("other_revision", detail, found)


def _unless_another(found: Registered, references: Sequence[Reference]) -> Registered | Misfit:
    """``found``, unless the page may as well be another of the forms asked for."""
    for rival in references:
        if rival.ref == found.reference.ref or outdoes(found, rival):
            continue
        other = replace(found, reference=rival, pieces=piece_fits(found.sheet_ink, rival))
        # Where they differ in a word or two, that word is asked for.
        if _other_revision(other) is None:
            either = f"{found.reference.template.ref} / {rival.template.ref}"
            return other if outdoes(other, found.reference) else Misfit("unknown_form", either)
    return found


def _view(pixels: Pixels) -> View:
    scale = 1.0
    while max(pixels.shape) >= 2 * _LEAST_LONG_SIDE:
        pixels, scale = halved(pixels), scale / 2
    grey = grey_of(pixels)
    return View(grey, (scale, scale)).at(max(grey.shape), _LONG_SIDE)


def _registered(view: View, reference: Reference, guess: Guess) -> Registered | None:
    dpi = Warp(reference.template.page_mm, guess.homography).dpi() * view.scale[0]
    # A form that would be as small as a stamp on the page is a mistaken guess.
    return register(_ink(view, dpi), reference, guess) if dpi > _LEAST_VIEW_DPI else None


def _ink(view: View, dpi: float) -> PageInk:
    small = view.at(dpi, FINE.dpi)
    return PageInk(ink_of(small.grey, min(dpi, FINE.dpi)), small.scale)


def _by_marks(view: View, _dpi: float, references: Sequence[Reference]) -> Iterator[Ranked]:
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
        ink = _ink(
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


def _by_features(view: View, dpi: float, references: Sequence[Reference]) -> Iterator[Ranked]:
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


def _by_turning(view: View, dpi: float, references: Sequence[Reference]) -> Iterator[Ranked]:
    ink = _ink(view, dpi * view.scale[0])
    guesses = zip(references, guesses_upright(ink, dpi, references), strict=True)
    yield from sorted(guesses, key=lambda ranked: -ranked[1].votes)


def _misfit(found: Registered, page: Page) -> Misfit | None:
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
    """How many millimetres of the fields are cut off at each side of the form, upright; only the
    sides where something is."""
    fields = found.reference.template.on_page(found.reference.page)
    if not fields:
        return {}
    hull = bounding_box(tuple(each.box for each in fields))
    corners = np.array([(x, y) for y in (hull.y, hull.bottom) for x in (hull.x, hull.right)])
    places = found.warp.places(corners)
    height, width = page.pixels.shape[:2]
    over = np.maximum(-places, places - np.array([width, height])).max(axis=1)
    over /= found.warp.dpi() / MM_PER_INCH
    sides: dict[Side, list[int]] = {
        "left": [0, 2],
        "top": [0, 1],
        "right": [1, 3],
        "bottom": [2, 3],
    }
    # A side is cut when all of it is outside; a corner belongs to two sides.
    return {side: lost for side, ends in sides.items() if (lost := float(over[ends].min())) > 0}


def _misnamed(sheet: Sheet, found: Registered) -> Misfit | None:
    """A page whose printed code, where it can be read, names another form or revision."""
    reference = found.reference
    code = reference.marks.code if reference.marks else None
    if code is None or found.named:
        return None
    said = read_code(sheet.pixels, code, SHEET_DPI)
    known = page_code(reference.template, reference.page)
    other = said.startswith(_CODE_PREFIX) and said != known
    return Misfit("unknown_form", said.removeprefix(_CODE_PREFIX)) if other else None


def lay_out(page: Page, found: Registered) -> Sheet:
    """The page drawn into template space, with colour, at ``SHEET_DPI``."""
    source = grey_of(page.pixels) if _is_grey(page.pixels) else page.pixels
    size = sheet_size(found.warp.page_mm, SHEET_DPI)
    pulled = found.warp.pull(source, SHEET_DPI, size, (1.0, 1.0), outside=255)
    figures = Quality(
        residual_mm=found.residual_mm,
        sharpness=quality.sharpness(pulled),
        contrast=quality.contrast(pulled),
        dpi=found.warp.dpi(),
        rotation=found.warp.rotation(),
        method=found.method,
    )
    reference = found.reference
    return Sheet(pulled, reference.template.ref, reference.page, figures, fields_of(found))


def fields_of(found: Registered) -> Mapping[str, FieldFit]:
    """How each field of the page lies, by id."""
    pieces = found.pieces or piece_fits(found.sheet_ink, found.reference)
    return field_fits(found.reference, pieces)


def _is_grey(pixels: Pixels) -> bool:
    """Whether a page has no colour, though it may have three channels."""
    if pixels.ndim == 2:
        return True
    blue, green, red = cv2.split(np.ascontiguousarray(pixels[::8, ::8]))
    return max(cv2.norm(blue, green, cv2.NORM_INF), cv2.norm(green, red, cv2.NORM_INF)) <= 8

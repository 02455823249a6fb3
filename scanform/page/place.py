"""Which form a page is, and the page laid straight on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from scanform.model.scan import SHEET_DPI, Page, Sheet
from scanform.model.template import page_code
from scanform.page.features import Guess
from scanform.page.fieldfit import field_fits
from scanform.page.layout import lay_out
from scanform.page.misfit import SOME_SUPPORT, Misfit, misfit_of
from scanform.page.otherprint import ENOUGH, OTHERWISE, named, printed_otherwise
from scanform.page.piecefit import piece_fits
from scanform.page.printed_code import read_code
from scanform.page.reference import Reference
from scanform.page.register import Registered, register
from scanform.page.rivals import outdoes
from scanform.page.view import View, ink_at, view_of
from scanform.page.warp import Warp
from scanform.page.ways import by_features, by_marks, by_turning

_TRIED = 4
_CODE_PREFIX = "scanform:"
_LEAST_VIEW_DPI = 30.0


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
    view = view_of(page.pixels)
    best: Registered | None = None
    other: Misfit | None = None
    for way in (by_marks, by_turning, by_features):
        for reference, guess in islice(way(view, page.dpi, references), _TRIED):
            found = _registered(view, reference, guess)
            if found is None or (best is not None and found.support <= best.support and not other):
                continue
            if misfit_of(found, page) is None:
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
    misfit = misfit_of(best, page)
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


def _registered(view: View, reference: Reference, guess: Guess) -> Registered | None:
    dpi = Warp(reference.template.page_mm, guess.homography).dpi() * view.scale[0]
    # A form that would be as small as a stamp on the page is a mistaken guess.
    return register(ink_at(view, dpi), reference, guess) if dpi > _LEAST_VIEW_DPI else None


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

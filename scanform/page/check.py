"""Whether a page will work, without reading it; if not, what to do at the scanner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np

from scanform.model.scan import TORN, Page, Pixels, Rejected
from scanform.page.arrays import grey_of
from scanform.page.fieldfit import is_misaligned
from scanform.page.layout import fields_of
from scanform.page.misfit import Misfit, cut_mm
from scanform.page.place import locate
from scanform.page.quality import is_blank
from scanform.page.reference import Reference
from scanform.page.register import Registered

Verdict = Literal["good", "poor", "bad"]

ENOUGH_DPI = 180.0
"""Below this a scan is worth doing again; a little less than the 200 that are asked for."""
DARK_PAPER = 105
"""Grey level (0..255) of paper below which a page is too dark."""
FAINT_PRINT = 0.25
"""Darkness of print against its paper below which a page is too pale."""
BLURRED = 0.3
"""Share of the empty form's fine detail that must be left on its print."""
_TURNED = 45.0


@dataclass(frozen=True, slots=True)
class Reason:
    """``code`` is a key of ``phrases.CHECKS`` or ``phrases.REJECTIONS``."""

    code: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageCheck:
    """What became of a page. ``template`` is ``id@revision``; ``page`` its page; they are None
    where the page is no form that is known."""

    number: int
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    template: str | None = None
    page: int | None = None
    dpi: float | None = None
    rotation: float | None = None
    residual_mm: float | None = None


def check_page(page: Page, references: Sequence[Reference]) -> PageCheck:
    """Judges a page: ``bad`` won't be read, ``poor`` will be read worse than it need be."""
    if is_blank(page.pixels):
        return _torn(page) if page.torn else PageCheck(page.number, "good", (Reason("blank_back"),))
    located = locate(page, references)
    if not isinstance(located, Misfit):
        return _judged(page, located, None)
    if page.torn:  # nobody knows what it would have been whole
        return _torn(page)
    if located.found is None:
        return _unknown(page, located)
    return _judged(page, located.found, located)


def _judged(page: Page, found: Registered, misfit: Misfit | None) -> PageCheck:
    sides = cut_mm(found, page)
    bad = [Reason(f"cut_{side}", {"detail": f"{mm:.0f}"}) for side, mm in sides.items() if mm > 0.5]
    if misfit and not bad:
        bad.append(_rejection(misfit, found.warp.dpi()))
    poor = list(_shortcomings(page, found)) if not bad else []
    notes = _notes(found)
    return PageCheck(
        page.number,
        "bad" if bad else "poor" if poor else "good",
        (*bad, *poor, *notes),
        found.reference.template.ref,
        found.reference.page,
        round(found.warp.dpi(), 1),
        round(found.warp.rotation(), 1),
        round(found.residual_mm, 3) if np.isfinite(found.residual_mm) else None,
    )


def check_rejected(number: int, rejected: Rejected) -> PageCheck:
    """A page that couldn't even be opened."""
    return PageCheck(number, "bad", (Reason(rejected.reason, rejected.details),))


def _torn(page: Page) -> PageCheck:
    return PageCheck(page.number, "bad", (Reason("damaged", {"detail": TORN}),))


def _unknown(page: Page, misfit: Misfit) -> PageCheck:
    grey = grey_of(page.pixels)[::8, ::8]
    reasons = [Reason(misfit.reason, {"detail": misfit.detail})]
    if np.percentile(grey, 90) < DARK_PAPER:
        reasons.append(Reason("too_dark"))
    return PageCheck(page.number, "bad", tuple(reasons), dpi=round(page.dpi, 1))


def _rejection(misfit: Misfit, dpi: float) -> Reason:
    if misfit.reason == "too_small":
        return Reason("low_dpi", {"detail": f"{dpi:.0f}"})
    return Reason(misfit.reason, {"detail": misfit.detail})


def _shortcomings(page: Page, found: Registered) -> list[Reason]:
    reasons = []
    if (dpi := found.warp.dpi()) < ENOUGH_DPI:
        reasons.append(Reason("low_dpi", {"detail": f"{dpi:.0f}"}))
    level = found.reference.fine
    # Nearest places suffice for how bright the paper is.
    x, y = np.meshgrid(np.linspace(20, 190, 40), np.linspace(20, 277, 60))
    across, down = found.warp.page_mm[0] / 210, found.warp.page_mm[1] / 297
    places = found.warp.places(np.stack([x.ravel() * across, y.ravel() * down], axis=1))
    limit = np.array(page.pixels.shape[1::-1]) - 1
    column, row = np.clip(places.astype(int), 0, limit).T
    paper = float(np.percentile(page.pixels[row, column].reshape(len(row), -1).mean(axis=1), 70))
    if paper < DARK_PAPER:
        reasons.append(Reason("too_dark"))
    print_left, detail_left = _print_left(found.sheet_ink, level.ink, level.mask)
    if print_left < FAINT_PRINT:
        reasons.append(Reason("too_pale"))
    elif detail_left < BLURRED:
        reasons.append(Reason("blurred"))
    fits = fields_of(found)
    if wrong := [name for name, fit in fits.items() if is_misaligned(fit)]:
        reasons.append(Reason("misaligned_fields", {"detail": ", ".join(wrong[:4])}))
    return reasons


def _print_left(sheet: Pixels, form: Pixels, mask: Pixels) -> tuple[float, float]:
    """How dark the print is, as a share of the empty form's, and how much of its fine detail
    there is for its darkness: the energy of the Laplacian along the print, 1 as sharp."""
    printed = form > 90
    if not printed.any():
        return 1.0, 1.0
    dark = float(np.median(sheet[printed])) / max(1.0, float(np.median(form[printed])))

    def detail(ink: Pixels) -> float:
        edges = np.abs(cv2.Laplacian(ink, cv2.CV_32F))[mask > 0]
        return float(np.median(edges)) / max(1.0, float(ink[printed].mean()))

    return dark, detail(sheet) / max(1e-6, detail(form))


def _notes(found: Registered) -> list[Reason]:
    turned = abs(found.warp.rotation())
    if turned > 180 - _TURNED:
        return [Reason("upside_down")]
    return [Reason("sideways")] if turned > _TURNED else []

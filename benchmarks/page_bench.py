"""A form, pages of it, and what placing makes of them, for ``benchmarks/pages.py``."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from page_baselines import Places
from page_ink import scrawled, scribbled, shown_through, torn
from page_wear import WEAR, Wear, Worn, project, worn

from scanform.model.scan import Page, Pixels, ScanFile
from scanform.model.template import Template
from scanform.page.fieldfit import is_misaligned
from scanform.page.layout import lay_out
from scanform.page.misfit import Misfit
from scanform.page.place import locate
from scanform.page.reference import make_reference
from scanform.page.warp import Warp
from scanform.programs import poppler
from scanform.template.draw import draw_pdf

Row = dict[str, Any]

LOST = ("one mark lost", "two marks lost", "three marks lost")
_FEEDER = replace(WEAR["medium"], turned=2, tilt=0.0, desk=0.0, any_way_up=0.25)
HAZARDS: dict[str, Wear] = {
    **dict.fromkeys(LOST, WEAR["medium"]),
    "writing across marks": WEAR["medium"],
    "show-through": _FEEDER,
    "fax, 150 to 200 dpi": replace(_FEEDER, least_dpi=150, fax=True),
    "skew to 20 degrees": replace(WEAR["medium"], turned=20),
    "copier, 95 to 105 %, uneven": replace(_FEEDER, tilt=1e-6, scale=0.05),
    "cluttered desk": replace(WEAR["medium"], tilt=0.08, desk=1.0, clutter=25),
    "margins cut to 5 mm": replace(_FEEDER, cut_mm=10),
    "dark shadow": replace(WEAR["medium"], shadow=0.65, bitonal=0.0),
}


def page_of(page: Worn) -> Page:
    return Page(ScanFile(Path("page.jpg"), "0" * 64, 0), 1, page.dpi, page.pixels)


def blank_of(form: Template, marks: bool) -> Pixels:
    blank = poppler.render_bytes(draw_pdf(form, marks=marks), 1, 300, grey=True)
    # Blanks may be a dot wider than the page.
    return np.ascontiguousarray(blank[:3508, :2480])


class Bench:
    """One form, its reference, and pages of it."""

    def __init__(self, form: Template, seed: int) -> None:
        self.form, self.seed = form, seed
        self.blanks = {marks: blank_of(form, marks) for marks in (True, False)}
        self.reference = make_reference(form, 1, self.blanks[True])
        boxes = [each.box for each in form.fields]
        places = [(x, y) for b in boxes for x in (b.x, b.right) for y in (b.y, b.bottom)]
        self.points = np.array(places)

    def page(self, number: int, wear: Wear, marks: bool, hazard: str = "") -> Worn:
        rng = np.random.default_rng([self.seed, number])
        filled = scribbled(self.blanks[marks], self.form.fields, rng)
        if hazard in LOST:
            filled = torn(filled, LOST.index(hazard) + 1, rng)
        elif hazard == "writing across marks":
            filled = scrawled(filled, rng)
        elif hazard == "show-through":
            back = scribbled(self.blanks[marks], self.form.fields, rng)
            filled = shown_through(filled, back, rng)
        return worn(filled, wear, rng)

    def measured(self, page: Worn, places: Places) -> list[float]:
        off = np.linalg.norm(places(self.points) - page.truth(self.points), axis=1)
        return [round(float(each), 3) for each in off / page.true_dpi * 25.4]

    def ours(self, page: Worn) -> Row:
        scan = page_of(page)
        start = time.process_time()
        found = locate(scan, [self.reference])
        seconds = time.process_time() - start
        if isinstance(found, Misfit):
            return {"taken": False, "why": f"{found.reason} {found.detail}", "seconds": seconds}
        sheet = lay_out(scan, found)
        doubted = [name for name, each in sheet.fields.items() if is_misaligned(each)]
        off = self.measured(page, found.warp.places)
        worst = np.array(off).reshape(-1, 4).max(axis=1)
        far = {each.id for each, mm in zip(self.form.fields, worst, strict=True) if mm > 2.0}
        return {
            "taken": True,
            "how": found.method,
            "seconds": time.process_time() - start,
            "finding": seconds,
            "off": off,
            "flat": self.measured(page, _one_homography(found.warp)) if page.bent else [],
            "doubted": len(doubted),
            "fields": len(sheet.fields),
            "far": len(far),
            "unseen": len(far - set(doubted)),
        }


def _one_homography(warp: Warp) -> Places:
    """The one homography that comes nearest to the whole warp."""
    grid = np.stack(np.meshgrid(np.linspace(5, 205, 20), np.linspace(5, 292, 28)), -1)
    points = grid.reshape(-1, 2)
    best, _ = cv2.findHomography(points, warp.places(points), 0)
    return lambda places: project(best, places)

"""Do pages land where their template says, and are others refused?

    python benchmarks/pages.py [-n 50] [--seed 1] [--foreign 30] [--revisions 20]

Prints, for each wear, with and without marks: the error of field corners in millimetres (median,
99th percentile, worst), the share of pages taken, pages taken with a field more than 2 mm off and
the processor time a page, beside two baselines on the same pages; then what the local warp adds
to a homography, and how many foreign pages were taken for a form.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from page_wear import A4, PER_MM, Points, Worn, project, scribbled, worn

from scanform.model.scan import Page, Pixels, ScanFile
from scanform.model.template import Template
from scanform.page.fieldfit import is_misaligned
from scanform.page.place import Misfit, lay_out, locate, place
from scanform.page.reference import Reference, make_reference
from scanform.programs import poppler
from scanform.template.draw import draw_pdf
from scanform.template.find import find
from scanform.template.load import load

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
from revisions import DC01_LABELS, DC01_MOVED, revised_dc01

Places = Callable[[Points], Points]
Method = Callable[[Worn], Places | None]


@dataclass
class Figures:
    pages: int = 0
    errors: list[Points] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, errors: Points | None, seconds: float) -> None:
        self.pages += 1
        self.seconds.append(seconds)
        if errors is not None:
            self.errors.append(errors)

    def row(self) -> str:
        if not self.errors:
            return "no page taken"
        every = np.concatenate(self.errors)
        wrong = sum(bool(each.max() > 2.0) for each in self.errors)
        return (
            f"{np.median(every):7.3f} {np.percentile(every, 99):7.3f} {every.max():8.2f} "
            f"{len(self.errors) / self.pages:7.1%} {wrong:5d} {np.median(self.seconds) * 1e3:7.0f}"
        )


def page_of(pixels: Pixels, dpi: float) -> Page:
    return Page(ScanFile(Path("page.jpg"), "0" * 64, 0), 1, dpi, pixels)


def ours(references: list[Reference], bent: bool = True) -> Method:
    def run(page: Worn) -> Places | None:
        scan = page_of(page.pixels, page.dpi)
        found = locate(scan, references)
        if isinstance(found, Misfit):
            return None
        lay_out(scan, found)
        return found.warp.places if bent else _homography_only(found.warp)

    return run


def _homography_only(warp: object) -> Places:
    """The one homography that comes nearest to the whole warp."""
    grid = np.stack(np.meshgrid(np.linspace(5, 205, 20), np.linspace(5, 292, 28)), -1)
    points = grid.reshape(-1, 2)
    best, _ = cv2.findHomography(points, warp.places(points), 0)  # type: ignore[attr-defined]
    return lambda places: project(best, places)


def contour_and_warp(page: Worn) -> Places | None:
    """The baseline of many tutorials: the largest light quadrangle is the page."""
    grey = cv2.cvtColor(page.pixels, cv2.COLOR_BGR2GRAY)
    scale = 1000 / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, light = cv2.threshold(cv2.GaussianBlur(small, (5, 5), 0), 0, 255, cv2.THRESH_OTSU)
    light = cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    contours, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = max(contours, key=cv2.contourArea)
    quad = cv2.approxPolyDP(largest, 0.02 * cv2.arcLength(largest, True), True).reshape(-1, 2)
    if len(quad) != 4:
        quad = cv2.boxPoints(cv2.minAreaRect(largest))
    by_sum, by_difference = quad.sum(axis=1), np.diff(quad, axis=1).ravel()
    order = [by_sum.argmin(), by_difference.argmin(), by_sum.argmax(), by_difference.argmax()]
    corners = quad[order].astype(np.float64) / scale
    form = np.array([[0, 0], [A4[0], 0], [*A4], [0, A4[1]]], np.float64)
    found, _ = cv2.findHomography(form, corners, 0)
    cv2.warpPerspective(page.pixels, found, (2480, 3508))
    return lambda places: project(found, places)


def sift_and_ransac(blank: Pixels) -> Method:
    """The other baseline: features of the whole page, ratio test, RANSAC, one homography."""
    sift = cv2.SIFT_create()  # type: ignore[attr-defined]
    form = cv2.resize(blank, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    form_points, form_features = sift.detectAndCompute(form, None)

    def run(page: Worn) -> Places | None:
        grey = cv2.cvtColor(page.pixels, cv2.COLOR_BGR2GRAY)
        scale = min(1.0, 150 / page.dpi)
        small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        points, features = sift.detectAndCompute(small, None)
        flann = cv2.FlannBasedMatcher({"algorithm": 1, "trees": 5}, {"checks": 50})
        pairs = [p for p in flann.knnMatch(features, form_features, k=2) if len(p) == 2]
        good = [first for first, second in pairs if first.distance < 0.75 * second.distance]
        if len(good) < 10:
            return None
        here = np.array([points[each.queryIdx].pt for each in good]) / scale
        there = np.array([form_points[each.trainIdx].pt for each in good]) * 2 / PER_MM
        found, _ = cv2.findHomography(there, here, cv2.RANSAC, 5.0)
        if found is None:
            return None
        cv2.warpPerspective(page.pixels, found, (2480, 3508))
        return lambda places: project(found, places)

    return run


def measure(method: Method, page: Worn, points: Points, figures: Figures) -> None:
    start = time.process_time()
    places = method(page)
    seconds = time.process_time() - start
    if places is None:
        figures.add(None, seconds)
        return
    off = np.linalg.norm(places(points) - page.truth(points), axis=1)
    figures.add(off / page.true_dpi * 25.4, seconds)


def placing(form: Template, blanks: dict[bool, Pixels], count: int, seed: int) -> None:
    reference = make_reference(form, 1, blanks[True])
    boxes = [each.box for each in form.fields]
    points = np.array([(x, y) for b in boxes for x in (b.x, b.right) for y in (b.y, b.bottom)])
    print(f"\n{'':34} median    99 %    worst   taken  >2mm      ms")
    for level in ("light", "medium", "strong"):
        for marks in (True, False):
            methods: dict[str, Method] = {
                "scanform": ours([reference]),
                "  bent pages, one homography": ours([reference], bent=False),
                "  bent pages, local warp": ours([reference]),
                "contour and warp": contour_and_warp,
                "SIFT and RANSAC": sift_and_ransac(blanks[True]),
            }
            figures = {name: Figures() for name in methods}
            decoding = []
            for number in range(count):
                rng = np.random.default_rng([seed, number, marks, len(level)])
                page = worn(scribbled(blanks[marks], form.fields, rng), level, rng)
                for name, method in methods.items():
                    if page.bent or not name.startswith("  "):
                        measure(method, page, points, figures[name])
                _, jpeg = cv2.imencode(".jpg", page.pixels)
                start = time.process_time()
                cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
                decoding.append(time.process_time() - start)
            title = f"{level}, {'with' if marks else 'without'} marks"
            print(f"{title} (decoding the JPEG: {np.median(decoding) * 1e3:.0f} ms)")
            for name, each in figures.items():
                print(f"  {name:32}{each.row()}", flush=True)


def foreign(forms: dict[str, Template], blanks: dict[str, Pixels], count: int, seed: int) -> None:
    """Pages that are none of the forms, or another revision, offered as these."""
    references = {name: make_reference(forms[name], 1, blanks[name]) for name in forms}
    taken: dict[str, list[str]] = {}
    total = 0
    for number in range(count):
        rng = np.random.default_rng([seed, number, 99])
        for sort, pixels, asked in _strangers(forms, blanks, rng):
            page = worn(pixels, str(rng.choice(["light", "medium"])), rng)
            total += 1
            found = locate(page_of(page.pixels, page.dpi), [references[name] for name in asked])
            if not isinstance(found, Misfit):
                taken.setdefault(sort, []).append(f"{found.support:.2f}")
    print(f"\nforeign pages taken: {sum(map(len, taken.values()))} of {total} {taken or ''}")


def _strangers(
    forms: dict[str, Template], blanks: dict[str, Pixels], rng: np.random.Generator
) -> list[tuple[str, Pixels, list[str]]]:
    everything = list(forms)
    strangers = []
    for name, form in forms.items():
        others = [each for each in forms if each != name]
        filled = scribbled(blanks[name], form.fields, rng)
        strangers.append((f"{name} as another form", filled, others))
        # Another revision: everything below some row stands 6 to 15 mm lower.
        row, lower = int(rng.uniform(900, 2000)), int(rng.uniform(70, 180))
        moved = blanks[name].copy()
        moved[row + lower :] = blanks[name][row : 3508 - lower]
        strangers.append((f"{name} with rows moved", scribbled(moved, [], rng), [name]))
    white = np.full((3508, 2480, 3), 255, np.uint8)
    strangers.append(("paper", white, everything))
    photo = cv2.resize(rng.integers(0, 255, (30, 21, 3), np.uint8), (2480, 3508))
    strangers.append(("photo", np.asarray(photo, np.uint8), everything))
    text = white.copy()
    for y in range(250, 3300, 70):
        words = "".join(rng.choice(list("abcdefgh ijklmnop qrstuvw"), 60))
        cv2.putText(text, words, (250, y), cv2.FONT_HERSHEY_COMPLEX, 1.6, (30,) * 3, 3)
    strangers.append(("text", text, everything))
    table = white.copy()
    table[300:3300:107, 200:2300] = 40
    table[300:3300, 200 : 2300 : int(rng.uniform(55, 400))] = 40
    strangers.append(("table", table, everything))
    return strangers


def revisions(first: Template, count: int, seed: int) -> None:
    """Two revisions of one form: is the right one taken, are changed fields doubted when only
    the other is known, and how often are fields doubted that are as they should be?"""
    second = revised_dc01(first)
    forms = {each.ref: each for each in (first, second)}
    blanks = {
        (ref, marks): np.ascontiguousarray(
            poppler.render_bytes(draw_pdf(form, marks=marks), 1, 300, grey=True)[:3508, :2480]
        )
        for ref, form in forms.items()
        for marks in (True, False)
    }
    known = {ref: make_reference(form, 1, blanks[ref, True]) for ref, form in forms.items()}
    changed = {*DC01_LABELS, *DC01_MOVED}
    pages = right = refused = told = missed = fields = alarms = 0
    for number in range(count):
        for (ref, marks), blank in blanks.items():
            rng = np.random.default_rng([seed, number, marks, 7])
            level = str(rng.choice(["light", "medium", "strong"]))
            page = worn(scribbled(blank, forms[ref].fields, rng), level, rng)
            scan = page_of(page.pixels, page.dpi)
            pages += 1
            sheet = place(scan, list(known.values()))
            if not isinstance(sheet, Misfit):
                right += sheet.template == ref
                fields += len(sheet.fields)
                alarms += sum(is_misaligned(each) for each in sheet.fields.values())
            other = place(scan, [known[each] for each in known if each != ref])
            if isinstance(other, Misfit):
                refused += 1
                continue
            doubted = {name for name, each in other.fields.items() if is_misaligned(each)}
            told += len(changed & doubted)
            missed += len(changed - doubted)
    print(f"\nrevisions: {right} of {pages} taken for the right one; fields doubted that are as")
    print(f"they should be: {alarms} of {fields}; only the other known: {refused} refused, on the")
    print(f"others {told} changed fields doubted and {missed} not")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("-n", type=int, default=50, help="pages of each wear, with and without")
    parser.add_argument("--foreign", type=int, default=30, help="rounds of foreign pages")
    parser.add_argument("--revisions", type=int, default=20, help="rounds of a pair of revisions")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    print(f"{asked.n} pages each, seed {asked.seed}, OpenCV {cv2.__version__}, one thread")
    forms = {name: load(find(name)) for name in ("dc01", "ct01")}
    blanks = {
        (name, marks): poppler.render_bytes(draw_pdf(form, marks=marks), 1, 300, grey=True)
        for name, form in forms.items()
        for marks in (True, False)
    }
    # Blanks may be a dot wider than the page.
    blanks = {key: np.ascontiguousarray(each[:3508, :2480]) for key, each in blanks.items()}
    placing(forms["dc01"], {m: blanks["dc01", m] for m in (True, False)}, asked.n, asked.seed)
    revisions(forms["dc01"], asked.revisions, asked.seed)
    foreign(forms, {name: blanks[name, False] for name in forms}, asked.foreign, asked.seed)


if __name__ == "__main__":
    main()

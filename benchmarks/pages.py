"""Do pages land where their template says, and are others refused?

    python benchmarks/pages.py wear [-n 50] [--wear strong] [--baselines] [--log FILE]
    python benchmarks/pages.py hazards | spoilt | foreign | revisions [-n 10] [--log FILE]
    python benchmarks/pages.py sum --log FILE [--pictures FOLDER --seed 1 --wear strong]

- wear: filled dc01 pages, with and without marks in turn, light, medium and strong in turn or just
  one: the error of field corners in millimetres, pages taken, pages with a field more than 2 mm
  off (unseen: not all such fields doubted), processor time (finding: before the sheet is drawn);
  with --baselines beside two usual ways on the same pages
- hazards: torn marks, writing across them, show-through, fax, a cluttered desk and so on
- spoilt: print that is stamped over, struck out, torn off or pale, without marks
- foreign: other forms, rows moved, paper, photos, text, tables, some with our marks
- revisions: two revisions of one form, a given pair and others made up by chance

A long count can be made in slices: --first says which page to begin with, --log keeps what was
measured, and ``sum`` adds up the slices; with --pictures it draws the worst three pages of a
``wear`` (given the same --seed and --wear). Page k of a seed is always the same page.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from page_baselines import Places, contour_and_warp, sift_and_ransac
from page_revisions import another_revision
from page_spoilt import SPOILT
from page_strangers import strangers
from page_wear import (
    WEAR,
    Wear,
    Worn,
    project,
    scrawled,
    scribbled,
    shown_through,
    torn,
    worn,
)

from scanform.model.geometry import Box
from scanform.model.scan import Page, Pixels, ScanFile
from scanform.model.template import Template
from scanform.page.arrays import in_colour
from scanform.page.fieldfit import is_misaligned
from scanform.page.layout import lay_out
from scanform.page.misfit import Misfit
from scanform.page.place import locate, place
from scanform.page.reference import make_reference
from scanform.page.warp import Warp
from scanform.programs import poppler
from scanform.template.draw import draw_pdf
from scanform.template.find import find
from scanform.template.load import load

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
from revisions import revised_dc01

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


def wear_rows(bench: Bench, numbers: range, level: str, baselines: bool) -> Iterator[Row]:
    levels = [level] if level else list(WEAR)
    methods = {"contour": contour_and_warp, "sift": sift_and_ransac(bench.blanks[True])}
    for number in numbers:
        name, marks = levels[number % len(levels)], number // len(levels) % 2 == 0
        page = bench.page(number, WEAR[name], marks)
        row: Row = {"number": number, "sort": f"{name}, {'marks' if marks else 'no marks'}"}
        _, jpeg = cv2.imencode(".jpg", page.pixels)
        start = time.process_time()
        cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
        row["decoding"] = time.process_time() - start
        row |= bench.ours(page)
        for title, method in methods.items() if baselines else ():
            start = time.process_time()
            places = method(page)
            off = bench.measured(page, places) if places else None
            row[title] = {"seconds": time.process_time() - start, "off": off}
        yield row


def hazard_rows(bench: Bench, numbers: range) -> Iterator[Row]:
    names = list(HAZARDS)
    for number in numbers:
        name = names[number % len(names)]
        marks = "mark" in name or number // len(names) % 2 == 0
        page = bench.page(number, HAZARDS[name], marks, name)
        yield {"number": number, "sort": name, **bench.ours(page)}


def spoilt_rows(bench: Bench, numbers: range) -> Iterator[Row]:
    """Pages without marks, medium and strong in turn, whose own print is covered or gone."""
    pieces = [each for each in bench.reference.pieces if not each.own]
    mm = 25.4 / bench.reference.fine.plan.dpi
    words = [
        Box(x * mm, y * mm, each.patch.shape[1] * mm, each.patch.shape[0] * mm)
        for each in pieces
        for x, y in [each.corner]
    ]
    names = list(SPOILT)
    for number in numbers:
        name, level = names[number % len(names)], ("medium", "strong")[number // len(names) % 2]
        rng = np.random.default_rng([bench.seed, number, 55])
        filled = scribbled(bench.blanks[False], bench.form.fields, rng)
        page = worn(SPOILT[name](filled.copy(), words, rng), WEAR[level], rng)
        yield {"number": number, "sort": name, **bench.ours(page)}


def foreign_rows(bench: Bench, numbers: range) -> Iterator[Row]:
    forms = {name: load(find(name)) for name in ("dc01", "ct01")}
    blanks = {name: blank_of(form, marks=False) for name, form in forms.items()}
    references = {
        name: make_reference(forms[name], 1, blank_of(forms[name], True)) for name in forms
    }
    marked, bare = (bench.blanks[each] for each in (True, False))
    blanks["marks"] = np.where(bare - marked > 40, marked, np.uint8(255)).astype(np.uint8)
    for number in numbers:
        rng = np.random.default_rng([bench.seed, number, 99])
        for sort, pixels, asked in strangers(forms, blanks, rng):
            page = worn(pixels, WEAR[str(rng.choice(["light", "medium"]))], rng)
            found = place(page_of(page), [references[name] for name in asked])
            taken = not isinstance(found, Misfit)
            why = f"{found.reason} {found.detail}" if isinstance(found, Misfit) else ""
            yield {"number": number, "sort": sort, "taken": taken, "why": why}


def revision_rows(bench: Bench, numbers: range) -> Iterator[Row]:
    """Is the right one of two taken; is the other refused when it alone is known; how often are
    fields doubted that are as they should be? In turn dc01's pair, and revisions by chance of dc01
    and ct01 with one to five changes; half of the pages are in the newer print."""
    forms = {name: load(find(name)) for name in ("dc01", "ct01")}
    blanks = {(f.ref, m): blank_of(f, m) for f in forms.values() for m in (True, False)}
    known = {f.ref: make_reference(f, 1, blanks[f.ref, True]) for f in forms.values()}
    pair = revised_dc01(bench.form)
    for number in numbers:
        rng = np.random.default_rng([bench.seed, number, 7])
        first, changes = forms["ct01" if number % 3 == 2 else "dc01"], 1 + number // 6 % 5
        second, sort = another_revision(first, changes, rng), f"{first.id}, {changes} changes"
        if number % 3 == 0:
            first, second, sort = bench.form, pair, "dc01's pair"
        newer, marks = number // 3 % 2 == 1, number % 5 == 4
        of_second = make_reference(second, 1, blank_of(second, True))
        form = second if newer else first
        blank = blank_of(second, marks) if newer else blanks[first.ref, marks]
        wear = WEAR[str(rng.choice(list(WEAR)))]
        scan = page_of(worn(scribbled(blank, form.fields, rng), wear, rng))
        row: Row = {"number": number, "sort": sort + (", marks" if marks else "")}
        sheet = place(scan, [known[first.ref], of_second])
        if row.setdefault("taken", not isinstance(sheet, Misfit)) and not isinstance(sheet, Misfit):
            row["right"] = sheet.template == form.ref
            row["fields"] = len(sheet.fields)
            row["doubted"] = sum(map(is_misaligned, sheet.fields.values()))
        other = place(scan, [known[first.ref] if newer else of_second])
        row["refused"] = isinstance(other, Misfit)
        row["why"] = other.reason if isinstance(other, Misfit) else ""
        if not isinstance(other, Misfit):
            row["told"] = sum(map(is_misaligned, other.fields.values()))
        yield row


def summary(rows: Sequence[Row]) -> None:
    by_sort: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_sort[row["sort"]].append(row)
    print(f"\n{'':30}    n median   99 %  worst  taken >2mm unseen  doubts     ms finding")
    for sort, some in by_sort.items():
        taken = [row for row in some if row["taken"]]
        if "refused" in some[0]:
            _revisions(sort, some)
        elif taken and "off" in taken[0]:
            _placed(sort, some, taken)
        else:
            print(f"{sort:30} {len(some):4} {len(taken):4} taken")
        for title in ("contour", "sift"):
            _baseline(title, [row[title] for row in some if title in row])
        for why, times in Counter(row.get("why") for row in some if "seconds" in row).items():
            if why:
                print(f"    refused {times}: {why}")
    decoding = [row["decoding"] for row in rows if "decoding" in row]
    if decoding:
        print(f"decoding the same JPEG: {np.median(decoding) * 1e3:.0f} ms")
    print(f"{len(rows)} pages in all, {sum(bool(row['taken']) for row in rows)} taken")


def _placed(sort: str, some: Sequence[Row], taken: Sequence[Row]) -> None:
    far, unseen = (sum(row[key] > 0 for row in taken) for key in ("far", "unseen"))
    doubts = f"{sum(row['doubted'] for row in taken)}/{sum(row['fields'] for row in taken)}"
    ms, finding = (np.median([row[k] for row in taken]) * 1e3 for k in ("seconds", "finding"))
    print(
        f"{sort:30} {len(some):4} {_errors([row['off'] for row in taken])} "
        f"{len(taken) / len(some):6.1%} {far:4} {unseen:6} {doubts:>7} {ms:6.0f} {finding:6.0f}"
    )
    for title, key in (("  bent: one homography", "flat"), ("  bent: local warp", "off")):
        if bent := [row[key] for row in taken if row["flat"]]:
            print(f"{title:30} {len(bent):4} {_errors(bent)}")


def _baseline(title: str, tried: Sequence[Row]) -> None:
    got = [row["off"] for row in tried if row["off"]]
    if got:
        far = sum(max(off) > 2 for off in got)
        ms = np.median([row["seconds"] for row in tried]) * 1e3
        share = f"{len(got) / len(tried):6.1%}"
        print(f"{'  ' + title:30} {len(tried):4} {_errors(got)} {share} {far:4} {'':14} {ms:6.0f}")


def _revisions(sort: str, some: Sequence[Row]) -> None:
    keys = ("taken", "right", "doubted", "fields", "refused", "told")
    sums = {key: sum(int(row.get(key, 0)) for row in some) for key in keys}
    print(f"{sort}: of {len(some)} pages", ", ".join(f"{key} {n}" for key, n in sums.items()))


def worst(bench: Bench, rows: Sequence[Row], level: str, folder: Path) -> None:
    """The three pages with the field farthest off, as pictures: the field as cut (green) and where
    it truly is (red), on the page as it lies in template space."""
    folder.mkdir(parents=True, exist_ok=True)
    levels = [level] if level else list(WEAR)
    for row in sorted((r for r in rows if r["taken"]), key=lambda r: -max(r["off"]))[:3]:
        number = row["number"]
        marks = number // len(levels) % 2 == 0
        page = bench.page(number, WEAR[levels[number % len(levels)]], marks)
        found = locate(page_of(page), [bench.reference])
        if isinstance(found, Misfit):
            continue
        drawn = in_colour(lay_out(page_of(page), found).pixels).copy()
        form = np.stack(np.meshgrid(np.arange(0, 211, 2.0), np.arange(0, 298, 2.0)), -1)
        here = found.warp.places(form.reshape(-1, 2))
        true = cv2.findHomography(here, form.reshape(-1, 2))[0]
        for k, field in enumerate(bench.form.fields):
            x, y, right, bottom = field.box.pixels(300)
            cv2.rectangle(drawn, (x, y), (right, bottom), (0, 160, 0), 2)
            corners = bench.points[4 * k : 4 * k + 4]
            off = project(true, page.truth(corners)) - project(true, found.warp.places(corners))
            places = ((corners + off) * 300 / 25.4)[[0, 1, 3, 2]]
            cv2.polylines(drawn, [places.round().astype(np.int32)], True, (0, 0, 220), 2)
        middle = bench.points[int(np.argmax(row["off"]))] * 300 / 25.4
        left, top = np.clip(middle - (450, 250), 0, (1580, 3008)).astype(int)
        name = f"{number}-{max(row['off']):.2f}mm.png"
        cv2.imwrite(str(folder / name), drawn[top : top + 500, left : left + 900])


def _errors(off: Sequence[list[float]]) -> str:
    every = np.concatenate(off)
    return f"{np.median(every):6.3f} {np.percentile(every, 99):6.3f} {every.max():6.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "part", choices=["wear", "hazards", "spoilt", "foreign", "revisions", "sum"]
    )
    parser.add_argument("-n", type=int, default=30, help="pages (foreign: rounds of many sorts)")
    parser.add_argument("--first", type=int, default=0, help="number of the first page")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wear", choices=list(WEAR), default="", help="all in turn, if not given")
    parser.add_argument("--baselines", action="store_true")
    parser.add_argument("--log", type=Path, help="keeps each page's figures, a line of JSON each")
    parser.add_argument("--pictures", type=Path, help="with sum: where the worst are drawn")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    if asked.part == "sum":
        lines = asked.log.read_text("utf-8").splitlines()
        # A page that was done twice counts once, as it came out last.
        latest = {(row["sort"], row["number"]): row for row in map(json.loads, lines)}
        summary(list(latest.values()))
        if asked.pictures:
            bench = Bench(load(find("dc01")), asked.seed)
            worst(bench, list(latest.values()), asked.wear, asked.pictures)
        return
    bench = Bench(load(find("dc01")), asked.seed)
    numbers = range(asked.first, asked.first + asked.n)
    print(f"{asked.part}, pages {numbers}, seed {asked.seed}, OpenCV {cv2.__version__}, one thread")
    rows_of = {
        "wear": lambda: wear_rows(bench, numbers, asked.wear, asked.baselines),
        "hazards": lambda: hazard_rows(bench, numbers),
        "spoilt": lambda: spoilt_rows(bench, numbers),
        "foreign": lambda: foreign_rows(bench, numbers),
        "revisions": lambda: revision_rows(bench, numbers),
    }
    rows = []
    for row in rows_of[asked.part]():
        rows.append(row)
        if asked.log:
            with asked.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
    summary(rows)


if __name__ == "__main__":
    main()

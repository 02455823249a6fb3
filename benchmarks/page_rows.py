"""The parts of ``benchmarks/pages.py``, page by page: what was measured of each, as a row."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np
from page_baselines import contour_and_warp, sift_and_ransac
from page_bench import HAZARDS, Bench, Row, blank_of, page_of
from page_ink import scribbled
from page_revisions import another_revision
from page_spoilt import SPOILT
from page_strangers import strangers
from page_wear import WEAR, Wear, worn

from scanform.model.geometry import Box
from scanform.page.fieldfit import is_misaligned
from scanform.page.misfit import Misfit
from scanform.page.place import place
from scanform.page.reference import make_reference
from scanform.template.find import find
from scanform.template.load import load

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))
from revisions import revised_dc01


def wear_rows(
    bench: Bench, numbers: range, levels: Mapping[str, Wear], baselines: bool
) -> Iterator[Row]:
    """Pages worn by each of ``levels`` in turn, with and without marks."""
    names = list(levels)
    methods = {"contour": contour_and_warp, "sift": sift_and_ransac(bench.blanks[True])}
    for number in numbers:
        name, marks = names[number % len(names)], number // len(names) % 2 == 0
        page = bench.page(number, levels[name], marks)
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
    """Pages with each of ``HAZARDS`` in turn."""
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
    """Rounds of pages that are none of the forms they are offered as."""
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

"""Fits ``scanform/fields/confidence.json``: from readers' scores to chances of being right.

    python benchmarks/calibrate_reading.py measure --level light -n 20
    python benchmarks/calibrate_reading.py fit -n 240 --seed 1

``measure`` prints how many fields of made-up sheets are right and how many wrong ones would be
accepted; ``fit`` writes the table. The fonts named by ``--font`` are used beside those that come
with the project; two hand fonts (Sriracha, Pangolin) are never fitted on, only judged.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from calibration_pages import has_letters, sheets
from scipy.optimize import minimize

from scanform.fields import FIELD_KINDS
from scanform.model.record import Answer
from scanform.model.scan import SHEET_DPI
from scanform.page.crop import crop
from scanform.programs import poppler
from scanform.recognise import RECOGNISERS
from scanform.recognise.choose import for_kind
from scanform.template import draw, find, load

ROOT = Path(__file__).parents[1]
HELD = ("Sriracha", "Pangolin")
PRINT = [ROOT / "scanform/template/fonts" / f"Tinos-{s}.ttf" for s in ("Regular", "Bold", "Italic")]
HANDS = sorted((ROOT / "scanform/rehearse/fonts").glob("*.ttf"))


@dataclass(frozen=True)
class Case:
    """One field of one sheet."""

    kind: str
    font: str
    truth: str | None
    answer: Answer

    @property
    def right(self) -> bool:
        return self.answer.value == self.truth


def read_all(fonts: list[Path], level: str, count: int, seed: int) -> tuple[list[Case], float]:
    """Every field of ``count`` sheets, and the seconds that reading took."""
    template = load.load(find.find("dc01"))
    blank = poppler.render_bytes(draw.draw_pdf(template), 1, SHEET_DPI, grey=True)
    readers = {name: make() for name, make in RECOGNISERS.items()}
    cases: list[Case] = []
    seconds = 0.0
    for sheet, made, font in sheets(template, blank, fonts, level, count, seed):
        start = time.perf_counter()
        answers: dict[str, Answer] = {}
        crops = {field.id: crop(sheet, field, blank) for field in template.fields}
        for sort in ("text", "digits", "marks"):
            fields = [f for f in template.fields if FIELD_KINDS[f.kind].reader == sort]
            readings = readers[for_kind(sort)].read([crops[f.id] for f in fields])
            for field, reading in zip(fields, readings, strict=True):
                answers[field.id] = FIELD_KINDS[field.kind].answer(field, reading, answers)
        seconds += time.perf_counter() - start
        for field in template.fields:
            if field.id in answers:
                case = Case(field.kind, font.stem, made.get(field.id), answers[field.id])
                cases.append(case)
    return cases, seconds


def report(cases: list[Case], seconds: float, sheets_read: int, show: int) -> None:
    kinds: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        kinds[case.kind if case.truth else "(blank)"].append(case)
        if case.truth:
            kinds["(filled)"].append(case)
    print(f"{'kind':10} {'count':>6} {'right':>7} {'accepted':>9} {'wrong accepted':>15}")
    for kind, some in sorted(kinds.items()):
        taken = [c for c in some if c.answer.state in ("accepted", "blank")]
        wrong = sum(not c.right for c in taken)
        right = sum(c.right for c in some)
        print(
            f"{kind:10} {len(some):6} {right / len(some):7.2%} {len(taken) / len(some):9.1%} "
            f"{wrong:6} = {wrong / max(1, len(taken)):.2%}"
        )
    print(f"{seconds / sheets_read:.2f} s a sheet")
    for case in [c for c in cases if not c.right][:show]:
        a = case.answer
        taken = "!" if a.state in ("accepted", "blank") else " "
        codes = ",".join(d.code for d in a.doubts)
        text = a.reading.text if a.reading else ""
        print(f" {taken} {case.font:12} {a.field:24} {case.truth!r} read {a.value!r} [{text}] "
              f"{a.confidence:.3f} {codes}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["measure", "fit"])
    parser.add_argument("-n", type=int, default=20)
    parser.add_argument("--level", default="light", choices=["light", "medium", "strong"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--font", type=Path, action="append", default=[])
    parser.add_argument("--hands", action="store_true", help="hand fonts instead of print")
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    fonts = [font for font in (HANDS if args.hands else PRINT) + args.font if has_letters(font)]
    print(", ".join(font.stem for font in fonts))
    if args.what == "measure":
        cases, seconds = read_all(fonts, args.level, args.n, args.seed)
        report(cases, seconds, args.n, args.show)


if __name__ == "__main__":
    main()

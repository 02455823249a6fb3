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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from calibration_pages import has_letters, sheets
from scipy.optimize import minimize

from scanform.fields import (
    FIELD_KINDS,
    capitals,
    closed,
    confidence,
    date,
    digits,
    place,
    text,
)
from scanform.fields.confidence import Group
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
    asked: int | None = None
    """Which of the recorded chances was asked for it."""

    @property
    def right(self) -> bool:
        return self.answer.value == self.truth


def read_all(
    fonts: list[Path],
    level: str,
    count: int,
    seed: int,
    seen: list[tuple[str, dict[str, float]]] | None = None,
    text_reader: str = "",
) -> tuple[list[Case], float]:
    """Every field of ``count`` sheets, and the seconds that reading took."""
    template = load.load(find.find("dc01"))
    blank = poppler.render_bytes(draw.draw_pdf(template), 1, SHEET_DPI, grey=True)
    chosen = {sort: for_kind(sort) for sort in ("text", "digits", "marks")}
    chosen["text"] = text_reader or chosen["text"]
    readers = {sort: RECOGNISERS[name]() for sort, name in chosen.items()}
    cases: list[Case] = []
    seconds = 0.0
    for sheet, made, font in sheets(template, blank, fonts, level, count, seed):
        start = time.perf_counter()
        answers: dict[str, Answer] = {}
        asked: dict[str, int] = {}
        crops = {field.id: crop(sheet, field, blank) for field in template.fields}
        for sort, reader in readers.items():
            fields = [f for f in template.fields if FIELD_KINDS[f.handled_by].reader == sort]
            readings = reader.read([crops[f.id] for f in fields])
            for field, reading in zip(fields, readings, strict=True):
                before = len(seen) if seen is not None else 0
                answers[field.id] = FIELD_KINDS[field.handled_by].answer(field, reading, answers)
                if seen is not None and len(seen) > before:
                    asked[field.id] = before
        seconds += time.perf_counter() - start
        for field in template.fields:
            if field.id in answers:
                case = Case(field.handled_by, font.stem, made.get(field.id), answers[field.id])
                case = replace(case, asked=asked.get(field.id))
                cases.append(case)
    return cases, seconds


@contextmanager
def recorded() -> Iterator[list[tuple[str, dict[str, float]]]]:
    """Notes group and features of every chance that the field kinds ask for."""
    seen: list[tuple[str, dict[str, float]]] = []

    def note(group: Group, features: Mapping[str, float]) -> float:
        seen.append((group, dict(features)))
        return confidence.chance(group, features)

    users = (text, capitals, closed, place, digits, date)
    for module in users:
        module.chance = note  # type: ignore[attr-defined]
    try:
        yield seen
    finally:
        for module in users:
            module.chance = confidence.chance  # type: ignore[attr-defined]


SIGNS = {
    "worst": 1, "mean": 1, "all": 1, "worst_character": 1, "odds": 1, "exact": 1,
    "misshapen": -1, "changed": -1, "unknown": -1, "distance": -1, "rivals": -1, "unlisted": -1,
    "open_misshapen": -1, "open_words": -1, "words": -1, "short": -1, "has_digits": -1,
    "looked_twice": -1, "line": -1, "unsure_dots": -1,
    "agree": 1, "disagree": -1, "readers_margin": 1, "not_first": -1,
    "fit": 1, "overruled": -1,
}  # fmt: skip
"""Whether more of a feature may only raise or only lower the chance."""


def fit_group(rows: list[tuple[dict[str, float], bool]]) -> dict[str, float]:
    """Logistic regression with signed weights and a little ridge."""
    names = sorted({name for features, _ in rows for name in features})
    inputs = np.array([[features.get(name, 0.0) for name in names] for features, _ in rows])
    right = np.array([good for _, good in rows], float)
    scale = inputs.std(axis=0) + 1e-6

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total = inputs / scale @ weights[1:] + weights[0]
        chance = 1 / (1 + np.exp(-np.clip(total, -30, 30)))
        value = -np.mean(right * np.log(chance + 1e-9) + (1 - right) * np.log(1 - chance + 1e-9))
        slope = (chance - right) / len(right)
        ridge = 2e-4
        grad = np.concatenate(([slope.sum()], (inputs / scale).T @ slope + 2 * ridge * weights[1:]))
        return float(value + ridge * (weights[1:] ** 2).sum()), grad

    bounds = [(None, None)] + [(0, None) if SIGNS[name] > 0 else (None, 0) for name in names]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B")
    table = {"bias": float(found.x[0])}
    for name, weight, size in zip(names, found.x[1:], scale, strict=True):
        if abs(weight) > 1e-4:
            table[name] = float(weight / size)
    return {name: round(weight, 4) for name, weight in table.items()}


def collect(
    fonts: list[Path], count: int, seed: int
) -> list[tuple[str, str, dict[str, float], bool]]:
    """Group, font, features and rightness of every value read on ``count`` sheets: half of them
    with light, a third with medium and a sixth with strong wear."""
    rows = []
    with recorded() as seen:
        shares = (("light", 1 / 2), ("medium", 1 / 3), ("strong", 1 / 6))
        for at, (level, share) in enumerate(shares):
            # Half of the sheets without the extra: one table serves both.
            for half, reader in enumerate(("tesseract", "")):
                some = round(count * share / 2)
                cases, _ = read_all(fonts, level, some, seed + at + 50 * half, seen, reader)
                told = [case for case in cases if case.asked is not None]
                rows += [(*seen[case.asked], case.font, case.right) for case in told]
    return [(group, font, features, right) for group, features, font, right in rows]


def fit(print_fonts: list[Path], hand_fonts: list[Path], count: int, seed: int) -> None:
    fitted = [font for font in hand_fonts if font.stem not in HELD]
    rows = collect(print_fonts, round(count * 0.7), seed)
    rows += collect(fitted, round(count * 0.3), seed + 10)
    groups = {}
    for group in ("open", "name", "listed", "digits"):
        some = [(features, right) for name, _, features, right in rows if name == group]
        groups[group] = fit_group(some)
        print(f"{group}: {len(some)} values, {sum(r for _, r in some) / len(some):.1%} right")
    table = {
        "made_by": "benchmarks/calibrate_reading.py fit",
        "seed": seed,
        "sheets": count,
        "values": len(rows),
        "fonts": sorted({font for _, font, _, _ in rows}),
        "groups": groups,
    }
    target = ROOT / "scanform/fields/confidence.json"
    target.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


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
    if args.what == "fit":
        printed = [font for font in PRINT + args.font if has_letters(font)]
        fit(printed, HANDS, args.n, args.seed)
    else:
        cases, seconds = read_all(fonts, args.level, args.n, args.seed)
        report(cases, seconds, args.n, args.show)


if __name__ == "__main__":
    main()

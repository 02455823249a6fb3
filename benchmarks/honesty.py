"""Rehearsed forms through the real commands, judged at several bounds; for ``reading.py``.

Every hand and wear is rehearsed, digitised once, and then judged by each bound with ``scanform
decide``: that is what a user does. Seeds are none of a calibration's.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import accuracy
import cv2
import numpy as np
from click.testing import CliRunner
from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, String
from reportlab.lib.colors import HexColor

from scanform.cli import main
from scanform.engine.calibrate import HELD_APART
from scanform.fields import FIELD_KINDS
from scanform.fields.binomial import upper_bound
from scanform.fields.calibration import calibrated
from scanform.fields.policy import judged, parse_share
from scanform.lexicon.hamlets import FILE_NAME
from scanform.lexicon.places import inside
from scanform.model.geometry import Box
from scanform.model.reading import Crop
from scanform.model.scan import Pixels
from scanform.model.template import Field
from scanform.page.cropquality import crop_figures
from scanform.recognise import RECOGNISERS
from scanform.recognise.choose import for_kind
from scanform.recognise.soft import soft_line
from scanform.rehearse.homes import HAMLETS
from scanform.report import fonts, png
from scanform.template.find import find
from scanform.template.load import load

BATCH = 100
BOUNDS = ("0.1%", "0.5%", "1%", "2%")
WEARS = ("light", "medium", "strong")
GROUPS = {"none": "print", "held": "hand fonts held apart", "auto": "hand fonts"}


@dataclass(frozen=True)
class Batch:
    """One rehearsed batch: how it was written and worn, and its answers by each bound."""

    hand: str
    wear: str
    pages: int
    taken: int
    judged: dict[str, list[accuracy.Judged]]
    expected: dict[str, float]

    @property
    def group(self) -> str:
        return GROUPS.get(self.hand, Path(self.hand).name)


def batch(
    hand: str, wear: str, options: argparse.Namespace, bounds: Sequence[str] = BOUNDS
) -> Batch:
    """``options`` holds ``n``, ``template``, ``seed`` and ``no_marks``."""
    with tempfile.TemporaryDirectory(prefix="scanform-honesty-") as name:
        folder = Path(name)
        wanted = argparse.Namespace(**vars(options) | {"hand": hand, "wear": wear})
        if hand == "held":
            wanted.hand = str(_held(folder / "fonts"))
        truth = accuracy._rehearse(folder / "scans", wanted)
        if getattr(options, "hamlets", False):
            _list_hamlets(folder / "work")
        accuracy._run(folder, options.template)
        kinds = {field.id: field.handled_by for field in load(find(options.template)).fields}
        judged, expected, records = {}, {}, {}
        for bound in bounds:
            work = folder / "work"
            told = _called("decide", "--max-error", bound, "-w", str(work), "--json")
            expected[bound] = json.loads(told)["expected_wrong"]
            file = folder / "records.jsonl"
            _called("export", "--format", "jsonl", "-o", str(file), "-w", str(work))
            records = accuracy._records(file)
            judged[bound] = [one for line in truth for one in accuracy._judge(line, records, kinds)]
    taken = sum((line["scan"], line["page"]) in records for line in truth)
    return Batch(hand, wear, len(truth), taken, judged, expected)


def _list_hamlets(workspace: Path) -> None:
    """The list that an office would lay into its workspace, made harder: each commune of the
    rehearsed district has every hamlet that any of them has."""
    workspace.mkdir()
    names = [f"Ấp {name}" for name in (*HAMLETS, *range(1, 11))]
    names += [f"Khu phố {number}" for number in range(1, 11)]
    communes = [f"{each.unit} {each.name}" for each in inside("commune", ["837"])]
    rows = ["commune,hamlet", *(f"{commune},{name}" for commune in communes for name in names)]
    (workspace / FILE_NAME).write_text("\n".join(rows) + "\n", encoding="utf-8")


def _called(*words: str) -> str:
    """What a command writes, called in this process: a start costs more than judging."""
    done = CliRunner().invoke(main, words)
    if done.exit_code:
        sys.exit(f"scanform {words[0]} ended with exit code {done.exit_code}: {done.output}")
    return done.stdout


def _held(folder: Path) -> Path:
    """The two hand fonts that no calibration and no training saw."""
    folder.mkdir()
    for name in HELD_APART:
        shutil.copy(str(files("scanform.rehearse") / "fonts" / f"{name}.ttf"), folder)
    return folder


def shares(group: Sequence[accuracy.Judged]) -> dict:
    """What is right, what is accepted (or taken for blank) unseen, and what of that is wrong, with
    the upper end of its exact 95 % bound."""
    unseen = [one for one in group if one.unseen]
    wrong = sum(not one.right for one in unseen)
    return {
        "count": len(group),
        "right": round(sum(one.right for one in group) / max(1, len(group)), 4),
        "accepted": round(len(unseen) / max(1, len(group)), 4),
        "wrong_accepted": wrong,
        "error": round(wrong / max(1, len(unseen)), 5),
        "error_at_most": round(upper_bound(wrong, len(unseen)), 5) if unseen else 1.0,
    }


def by_form(groups: Sequence[Sequence[accuracy.Judged]]) -> dict[str, float]:
    """Of the forms of some batches: how many are complete without a look, how many of those hold a
    wrong answer, and how many answers a form wait (mean)."""
    forms: list[list[accuracy.Judged]] = []
    for some in groups:
        by_scan: dict[str, list[accuracy.Judged]] = {}
        for one in some:
            by_scan.setdefault(one.scan, []).append(one)
        forms += by_scan.values()
    whole = [form for form in forms if all(one.unseen for one in form)]
    waiting = sum(not one.unseen for form in forms for one in form)
    return {
        "forms": len(forms),
        "complete": round(len(whole) / max(1, len(forms)), 4),
        "complete_wrong": sum(not all(one.right for one in form) for form in whole),
        "waiting": round(waiting / max(1, len(forms)), 2),
    }


def by_kind(judged: Sequence[accuracy.Judged]) -> dict[str, dict]:
    """``shares`` of filled answers by kind, of those left blank, and of all."""
    filled = [one for one in judged if one.filled]
    kinds = {kind: [one for one in filled if one.kind == kind] for kind in _kinds(filled)}
    groups = {
        **kinds,
        "filled": filled,
        "blank": [one for one in judged if not one.filled],
        "all": list(judged),
    }
    return {name: shares(group) for name, group in groups.items()}


def _kinds(judged: Sequence[accuracy.Judged]) -> list[str]:
    return sorted({one.kind for one in judged})


def figures(batches: Sequence[Batch]) -> dict:
    """For each group of hands, each wear of it and all together: a row for each bound."""
    groups: dict[str, list[Batch]] = {}
    for each in batches:
        for name in (each.group, f"{each.group}, {each.wear}"):
            groups.setdefault(name, []).append(each)
    groups["all"] = list(batches)
    table = {}
    for name, some in groups.items():
        rows = []
        for bound in batches[0].judged:
            judged = [one for each in some for one in each.judged[bound]]
            filled = [one for one in judged if one.filled]
            rows.append(
                {
                    "max_error": bound,
                    **shares(judged),
                    "expected": round(sum(each.expected[bound] for each in some), 1),
                    "filled_accepted": shares(filled)["accepted"],
                    "filled_error": shares(filled)["error"],
                    **by_form([each.judged[bound] for each in some]),
                }
            )
        table[name] = rows
    return table


def reliability(batches: Sequence[Batch], bins: int = 12) -> list[dict]:
    """Answers without a doubt in bins of equal size by confidence: mean confidence and share that
    is right."""
    last = [*batches[0].judged][-1]
    told = sorted(
        (one.confidence, one.right)
        for each in batches
        for one in each.judged[last]
        if one.status in ("accepted", "blank", "pending") and one.confidence > 0
    )
    size = max(1, len(told) // bins)
    rows = []
    for at in range(0, len(told), size):
        some = told[at : at + size]
        if len(some) < size / 2:
            continue
        wrong = sum(not right for _, right in some)
        rows.append(
            {
                "confidence": round(sum(c for c, _ in some) / len(some), 5),
                "right": round(1 - wrong / len(some), 5),
                "count": len(some),
            }
        )
    return rows


def real_lines(
    pairs: Sequence[tuple[Pixels, str]], max_error: str, plain: Callable[[str], str]
) -> dict:
    """Lines that people wrote (image, text): what the bound would accept unseen, read as an address
    and as free text, and how much of it is wrong, without case and punctuation."""
    reader = RECOGNISERS[for_kind("text")]()
    found = {}
    for kind, lexicon in (("place", "address"), ("text", None)):
        taken, wrong, right = 0, 0, 0
        told = []
        for at in range(0, len(pairs), BATCH):
            some = pairs[at : at + BATCH]
            crops = [_line_crop(image, kind, lexicon) for image, _ in some]
            for crop, reading, (_, truth) in zip(crops, reader.read(crops), some, strict=True):
                measures = {**reading.measures, **crop_figures(crop)}
                answer = FIELD_KINDS[kind].answer(
                    crop.field, replace(reading, measures=measures), {}
                )
                answer = judged(calibrated(answer, kind), crop.field, parse_share(max_error))
                good = plain(answer.value or "") == plain(truth)
                right += good
                if answer.state in ("accepted", "blank"):
                    taken += 1
                    wrong += not good
                    told += (
                        [] if good else [f"{truth!r} -> {answer.value!r} {answer.confidence:.4f}"]
                    )
        found[kind] = {
            "count": len(pairs),
            "right": right,
            "accepted": taken,
            "wrong_accepted": wrong,
            "shown": told[:20],
        }
    return {"max_error": max_error, "kinds": found}


def _line_crop(image: Pixels, kind: str, lexicon: str | None) -> Crop:
    """The line as a field 7 mm high, at 300 dpi, on a form that prints nothing."""
    pixels = soft_line(image)
    factor = 83 / pixels.shape[0]
    pixels = np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor), np.uint8)
    around = cv2.copyMakeBorder(pixels, 14, 14, 14, 14, cv2.BORDER_CONSTANT, value=(255,))
    whole = np.asarray(around, np.uint8)
    area = Box(0, 0, whole.shape[1] / 300 * 25.4, whole.shape[0] / 300 * 25.4)
    field = Field("line", "", kind, 1, area.grown(-1.2), lexicon=lexicon)
    return Crop(field, area, whole, np.full_like(whole, 255))


INK, PALE = HexColor("#222222"), HexColor("#cccccc")
COLOURS = tuple(map(HexColor, ("#0b5394", "#b45f06", "#38761d", "#741b47")))


def picture(batches: Sequence[Batch]) -> bytes:
    """PNG: how honest confidences are (left), and the error that each accepted share costs."""
    fonts.register()
    drawing = Drawing(720, 330)
    groups: dict[str, list[Batch]] = {}
    for each in batches:
        groups.setdefault(each.group, []).append(each)
    table = figures(batches)
    _reliability_panel(drawing, groups)
    _tradeoff_panel(drawing, {name: table[name] for name in groups})
    return png.picture(renderPDF.drawToString(drawing), 150)


def _odds(share: float) -> float:
    """A share of wrong answers on an even scale of tenths: 0 at 50 %, 1 at 0.05 %."""
    return min(1.0, max(0.0, math.log10(0.5 / max(5e-4, share)) / 3))


def _text(x: float, y: float, text: str, anchor: str = "start", size: float = 8.5) -> String:
    return String(x, y, text, fontName=fonts.REGULAR, fontSize=size, textAnchor=anchor)


def _frame(drawing: Drawing, left: float, title: str, across: str) -> None:
    drawing.add(Line(left, 45, left + 260, 45, strokeColor=INK, strokeWidth=0.7))
    drawing.add(Line(left, 45, left, 295, strokeColor=INK, strokeWidth=0.7))
    drawing.add(_text(left, 308, title, size=10))
    drawing.add(_text(left + 130, 16, across, "middle"))


TICKS = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005)


def _reliability_panel(drawing: Drawing, groups: dict[str, list[Batch]]) -> None:
    left = 60.0
    title = "Wrong answers: said (across) and counted (up); honest on the line"
    _frame(drawing, left, title, "said: 1 - confidence, mean of a bin of equal size")
    for share in TICKS:
        x, y = left + 260 * _odds(share), 45 + 250 * _odds(share)
        drawing.add(Line(left, y, left + 260, y, strokeColor=PALE, strokeWidth=0.3))
        drawing.add(_text(x, 33, f"{share:.2%}".replace(".00", ""), "middle", 6.5))
        drawing.add(_text(left - 4, y - 2.5, f"{share:.2%}".replace(".00", ""), "end", 6.5))
    drawing.add(Line(left, 45, left + 260, 295, strokeColor=INK, strokeWidth=0.6))
    for at, (name, some) in enumerate(groups.items()):
        colour = COLOURS[at % len(COLOURS)]
        for row in reliability(some):
            x = left + 260 * _odds(1 - row["confidence"])
            y = 45 + 250 * _odds(1 - row["right"])
            drawing.add(Circle(x, y, 3.2, fillColor=None, strokeColor=colour, strokeWidth=1.4))
        drawing.add(_text(left + 14, 280 - 13 * at, name))
        drawing.add(Circle(left + 7, 283 - 13 * at, 3.2, fillColor=None, strokeColor=colour))


def _tradeoff_panel(drawing: Drawing, table: dict[str, list[dict]]) -> None:
    left = 420.0
    _frame(drawing, left, "Wrong among accepted, by the share accepted", "accepted without a look")
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        drawing.add(_text(left + 260 * share, 33, f"{share:.0%}", "middle", 6.5))
    most = 0.02
    for share in (0.0, 0.0025, 0.005, 0.0075, 0.01, 0.0125, 0.015, 0.0175, 0.02):
        y = 45 + 250 * share / most
        drawing.add(Line(left, y, left + 260, y, strokeColor=PALE, strokeWidth=0.3))
        drawing.add(_text(left - 4, y - 2.5, f"{share:.2%}", "end", 6.5))
    for at, (name, rows) in enumerate(table.items()):
        colour = COLOURS[at % len(COLOURS)]
        points = [
            (left + 260 * row["accepted"], 45 + 250 * min(1.0, row["error"] / most)) for row in rows
        ]
        line = [z for point in points for z in point]
        drawing.add(PolyLine(line, strokeColor=colour, strokeWidth=1.2))
        for (x, y), row in zip(points, rows, strict=True):
            drawing.add(Circle(x, y, 2.6, fillColor=colour, strokeColor=colour))
            drawing.add(_text(x, y + 5, row["max_error"], "middle", 6))
        drawing.add(_text(left + 14, 280 - 13 * at, name))
        drawing.add(Circle(left + 7, 283 - 13 * at, 2.6, fillColor=colour, strokeColor=colour))


def show(judged: Sequence[accuracy.Judged], where: str) -> Iterator[str]:
    """A line for each wrong answer that nobody would have looked at."""
    for one in judged:
        if one.unseen and not one.right:
            yield (
                f"  {where}: {one.scan} {one.field} ({one.kind}) {one.confidence:.4f}: "
                f"{one.truth!r} -> {one.value!r}"
            )

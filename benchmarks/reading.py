"""How well lines, digits and whole rehearsed forms are read, and how honest the confidence is.

    python benchmarks/reading.py rehearsed [-n 20] [--hand auto] [--wear medium] [--json]
    python benchmarks/reading.py lines DIR [--json]
    python benchmarks/reading.py digits DIR [--json]
    python benchmarks/reading.py calibration [-n 20] [-o FILE.png] [--json]

``lines``: a folder with ``labels.tsv`` (path, tab, text), scored without case and punctuation.
``digits``: folders 0 to 9 of PNGs, dark ink on white. ``best`` and the digits' figures are what
``scanform run`` would give with the readers that are installed here.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import accuracy
import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from scanform.model.geometry import Box
from scanform.model.reading import Crop, Reading
from scanform.model.scan import Pixels
from scanform.model.template import Field
from scanform.programs import asterocr, tesseract
from scanform.recognise import RECOGNISERS
from scanform.recognise.bare import bare_line
from scanform.recognise.choose import for_kind
from scanform.recognise.ctc import best_text
from scanform.recognise.weigh import weigh
from scanform.recognise.words import respaced
from scanform.template.find import find
from scanform.template.load import load

BATCH = 100
BOUND = 0.001
"""Share of wrong digits among those accepted that ``accepted_at_0.1%`` allows."""
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999)
Reader = Callable[[Sequence[Pixels]], list[str]]


def plain(text: str) -> str:
    """Without case and punctuation, single spaces, NFC."""
    lower = unicodedata.normalize("NFC", text).lower()
    return " ".join(re.sub(r"[^\w\s]|_", " ", lower).split())


def lines(folder: Path) -> dict:
    """Character error rate, share of lines without any error and ms a line, by reader."""
    listed = (folder / "labels.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t")[:2] for line in listed if "\t" in line]
    images = [cv2.imread(str(folder / path), cv2.IMREAD_GRAYSCALE) for path, _ in pairs]
    known = [
        (im, plain(text)) for im, (_, text) in zip(images, pairs, strict=True) if im is not None
    ]
    found: dict[str, dict[str, float]] = {}
    for name, read in _line_readers().items():
        started = time.perf_counter()
        texts: list[str] = []
        for at in range(0, len(known), BATCH):
            texts += read([bare_line(image) for image, _ in known[at : at + BATCH]])
        seconds = time.perf_counter() - started
        wrong = sum(
            Levenshtein.distance(plain(text), truth)
            for text, (_, truth) in zip(texts, known, strict=True)
        )
        exact = sum(plain(t) == truth for t, (_, truth) in zip(texts, known, strict=True))
        found[name] = {
            "cer": round(wrong / max(1, sum(len(truth) for _, truth in known)), 4),
            "exact": round(exact / max(1, len(known)), 4),
            "ms": round(1000 * seconds / max(1, len(known)), 1),
        }
    return {"count": len(known), "readers": found}


def _line_readers() -> dict[str, Reader]:
    readers: dict[str, Reader] = {"tesseract": _by_tesseract}
    if asterocr.version() is not None:
        readers |= {"asterocr": _by_asterocr, "best": _by_both}
    else:
        readers["best"] = _by_tesseract
    return readers


def _by_tesseract(images: Sequence[Pixels]) -> list[str]:
    found = tesseract.read_lines(images)
    return [
        " ".join(word.text for word in respaced(line.words, image)) if line else ""
        for line, image in zip(found, images, strict=True)
    ]


def _by_asterocr(images: Sequence[Pixels]) -> list[str]:
    return [best_text(steps, asterocr.alphabet()) for steps in asterocr.read_lines(images)]


def _by_both(images: Sequence[Pixels]) -> list[str]:
    texts = []
    both = zip(images, tesseract.read_lines(images), asterocr.read_lines(images), strict=True)
    for image, line, steps in both:
        found = weigh(respaced(line.words, image) if line else [], steps, asterocr.alphabet())
        texts.append(found.text if found else "")
    return texts


def digits(folder: Path) -> dict:
    """The share of digits read right, and the largest share that can be accepted by the reader's
    score with at most 0.1 % of them wrong."""
    paths = [
        (path, label) for label in "0123456789" for path in sorted((folder / label).glob("*.png"))
    ]
    reader = RECOGNISERS[for_kind("digits")]()
    judged: list[tuple[float, bool]] = []
    for at in range(0, len(paths), BATCH):
        batch = paths[at : at + BATCH]
        readings = reader.read([_digit_crop(path) for path, _ in batch])
        judged += [_judged(r, label) for r, (_, label) in zip(readings, batch, strict=True)]
    right = sum(good for _, good in judged)
    return {
        "count": len(judged),
        "accuracy": round(right / max(1, len(judged)), 4),
        "accepted_at_0.1%": round(accepted_at(judged, BOUND), 4),
    }


def _digit_crop(path: Path) -> Crop:
    """The picture as one cell of a comb, 5 mm long, at 300 dpi."""
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        image = np.full((28, 28), 255, np.uint8)
    factor = 59 / max(image.shape)
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=how)
    image = cv2.copyMakeBorder(image, 6, 6, 6, 6, cv2.BORDER_CONSTANT, value=255)
    area = Box(0, 0, image.shape[1] / 300 * 25.4, image.shape[0] / 300 * 25.4)
    cell = area.grown(-6 / 300 * 25.4)
    field = Field("digit", "", "digits", 1, cell, cells=(cell,))
    return Crop(field, area, np.asarray(image, np.uint8), np.full_like(image, 255))


def _judged(reading: Reading, label: str) -> tuple[float, bool]:
    guess = reading.cells[0].text if reading.cells else ""
    return (reading.score if reading.outcome == "read" else 0.0), guess == label


def accepted_at(judged: Sequence[tuple[float, bool]], bound: float) -> float:
    """The largest share, best score first, with at most ``bound`` wrong; equal scores together."""
    ranked = sorted(judged, key=lambda pair: -pair[0])
    best = wrong = 0
    for at, (score, good) in enumerate(ranked, start=1):
        wrong += not good
        last = at == len(ranked) or ranked[at][0] < score
        if last and wrong <= bound * at:
            best = at
    return best / max(1, len(ranked))


def _rehearsal(options: argparse.Namespace) -> list[accuracy.Judged]:
    with tempfile.TemporaryDirectory(prefix="scanform-reading-") as name:
        folder = Path(name)
        truth = accuracy._rehearse(folder / "scans", options)
        accuracy._run(folder, options.template)
        records = accuracy._export(folder)
    kinds = {field.id: field.kind for field in load(find(options.template)).fields}
    return [one for line in truth for one in accuracy._judge(line, records, kinds)]


def rehearsed(options: argparse.Namespace) -> dict:
    """Rehearsed forms through the real command: what is right, what accepted, what of it wrong."""
    judged = _rehearsal(options)
    filled = [one for one in judged if one.filled]
    kinds = {one.kind for one in filled}
    return {
        **_shares(filled),
        "wrong_unseen": sum(one.unseen and not one.right for one in judged),
        "kinds": {k: _shares([one for one in filled if one.kind == k]) for k in sorted(kinds)},
    }


def _shares(group: Sequence[accuracy.Judged]) -> dict[str, float]:
    count = max(1, len(group))
    taken = [one for one in group if one.accepted]
    return {
        "count": len(group),
        "right": round(sum(one.right for one in group) / count, 4),
        "accepted": round(len(taken) / count, 4),
        "wrong_accepted": sum(not one.right for one in taken),
    }


def calibration(options: argparse.Namespace) -> dict:
    """Accepted share and error by threshold, for each wear; the diagram goes to ``-o``."""
    table: dict[str, list[dict[str, float]]] = {}
    for hand in ("none", "auto"):
        judged: list[accuracy.Judged] = []
        for wear in ("light", "medium", "strong"):
            judged += _rehearsal(argparse.Namespace(**vars(options) | {"hand": hand, "wear": wear}))
        filled = [one for one in judged if one.filled]
        table["print" if hand == "none" else "hand"] = [_at(filled, t) for t in THRESHOLDS]
    if options.output:
        cv2.imwrite(str(options.output), _diagram(table))
    return table


def _at(filled: Sequence[accuracy.Judged], least: float) -> dict[str, float]:
    taken = [one for one in filled if one.confidence >= least]
    wrong = sum(not one.right for one in taken)
    expected = sum(1.0 - one.confidence for one in taken)
    return {
        "confidence": least,
        "accepted": round(len(taken) / max(1, len(filled)), 4),
        "error": round(wrong / max(1, len(taken)), 5),
        "expected": round(expected / max(1, len(taken)), 5),
    }


def _diagram(table: dict[str, list[dict[str, float]]]) -> Pixels:
    """Expected error (across) against measured error (up), both to 5 %; honest on the diagonal."""
    size, edge, most = 600, 60, 0.05
    image = np.full((size + 2 * edge, size + 2 * edge, 3), 255, np.uint8)
    cv2.rectangle(image, (edge, edge), (edge + size, edge + size), (0, 0, 0), 1)
    cv2.line(image, (edge, edge + size), (edge + size, edge), (170, 170, 170), 1, cv2.LINE_AA)
    for (name, rows), colour in zip(table.items(), ((160, 80, 0), (0, 80, 200)), strict=True):
        for row in rows:
            x = edge + round(size * min(1.0, row["expected"] / most))
            y = edge + size - round(size * min(1.0, row["error"] / most))
            cv2.circle(image, (x, y), 3 + round(9 * row["accepted"]), colour, 2, cv2.LINE_AA)
        at = (edge + 12, edge + 26 + 26 * (name == "hand"))
        cv2.putText(image, name, at, cv2.FONT_HERSHEY_SIMPLEX, 0.7, colour, 2, cv2.LINE_AA)
    labels = {
        "expected error, 0 to 5 %": (edge, edge + size + 36),
        "measured error, 0 to 5 %; size: share accepted": (edge, edge - 16),
    }
    for text, at in labels.items():
        cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1, cv2.LINE_AA)
    return image


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    if options.what in ("lines", "digits"):
        found = (lines if options.what == "lines" else digits)(options.folder)
    else:
        found = (rehearsed if options.what == "rehearsed" else calibration)(options)
    if options.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        _print(found)
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    subs = parser.add_subparsers(dest="what", required=True)
    for name in ("lines", "digits"):
        sub = subs.add_parser(name)
        sub.add_argument("folder", type=Path)
        sub.add_argument("--json", action="store_true")
    for name in ("rehearsed", "calibration"):
        sub = subs.add_parser(name)
        sub.add_argument("-n", type=int, default=20, help="how many forms (of each sort)")
        sub.add_argument("--template", default="dc01")
        sub.add_argument("--seed", type=int, default=1)
        sub.add_argument("--no-marks", action="store_true")
        sub.add_argument("--json", action="store_true")
        if name == "rehearsed":
            sub.add_argument("--hand", default="none", help="none, auto or a folder of fonts")
            sub.add_argument("--wear", default="medium")
        else:
            sub.add_argument("-o", "--output", type=Path, help="the diagram, a PNG")
    return parser


def _print(found: dict, indent: str = "") -> None:
    for name, value in found.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            _print(value, indent + "  ")
        elif isinstance(value, list):
            print(f"{indent}{name}")
            for row in value:
                print(indent + "  " + "  ".join(f"{key} {figure}" for key, figure in row.items()))
        else:
            print(f"{indent}{name:<18} {value}")


if __name__ == "__main__":
    sys.exit(main())

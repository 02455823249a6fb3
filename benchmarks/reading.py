"""How well lines, digits and whole rehearsed forms are read, and how honest the confidence is.

    python benchmarks/reading.py rehearsed [-n 20] [--hand held] [--wear medium] [--json]
    python benchmarks/reading.py rehearsed [-n 20] --hand all --wear all --max-error 0.5% [--show]
    python benchmarks/reading.py lines DIR [--json]
    python benchmarks/reading.py unseen DIR [--max-error 0.5%] [--json]
    python benchmarks/reading.py digits DIR [--json]
    python benchmarks/reading.py calibration [-n 20] [-o FILE.png] [--json]

``lines``: a folder with ``labels.tsv`` (path, tab, text), scored without case and punctuation.
``best`` is what an address field would get from ``scanform run``.
``unseen``: what of such lines would be accepted without a look, and how much of that is wrong.
``digits``: folders 0 to 9 of PNGs, dark ink on white. ``best`` and the digits' figures are what
``scanform run`` would give with the readers that are installed here.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import accuracy
import cv2
import honesty
import numpy as np
from PIL import Image, ImageOps
from rapidfuzz.distance import Levenshtein

from scanform.lexicon.places import LEVELS
from scanform.model.geometry import Box
from scanform.model.reading import Crop, Reading
from scanform.model.scan import Pixels
from scanform.model.template import Field
from scanform.programs import asterocr, tesseract
from scanform.recognise import RECOGNISERS
from scanform.recognise.choose import for_kind
from scanform.recognise.ctc import best_text
from scanform.recognise.decode import Addresses, decode
from scanform.recognise.inform import informed
from scanform.recognise.known import placed
from scanform.recognise.soft import soft_line
from scanform.recognise.weigh import weigh
from scanform.recognise.words import respaced

BATCH = 100
BOUND = 0.001
"""Share of wrong digits among those accepted that ``accepted_at_0.1%`` allows."""
Reader = Callable[[Sequence[Pixels]], list[str]]


def plain(text: str) -> str:
    """Without case and punctuation, single spaces, NFC."""
    lower = unicodedata.normalize("NFC", text).lower()
    return " ".join(re.sub(r"[^\w\s]|_", " ", lower).split())


def lines(folder: Path) -> dict:
    """Character error rate, share of lines without any error, share whose places (whatever a
    gazetteer's commune, district and province the right text ends with) are all right, and ms a
    line, by reader: of the clock, and of the processor without what Tesseract takes."""
    listed = (folder / "labels.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t")[:2] for line in listed if "\t" in line]
    truths = []
    batches: list[list[Pixels]] = []
    for path, text in pairs:
        image = _grey(folder / path)
        if image is None:
            continue
        if len(truths) % BATCH == 0:
            batches.append([])
        batches[-1].append(image)
        truths.append(plain(text))
    found: dict[str, dict[str, float]] = {}
    for name, read in _line_readers().items():
        read(batches[0][:1] if batches else [])  # loads what is loaded once a process
        started, used = time.perf_counter(), time.process_time()
        texts = [plain(text) for batch in batches for text in read([soft_line(i) for i in batch])]
        spent = {"ms": time.perf_counter() - started, "own_cpu_ms": time.process_time() - used}
        each = {unit: round(1000 * s / max(1, len(truths)), 1) for unit, s in spent.items()}
        found[name] = _scored(texts, truths) | each
    return {"count": len(truths), "readers": found}


def _grey(path: Path) -> Pixels | None:
    """Any picture that can be opened, in grey; None for one that can't."""
    try:
        with Image.open(path) as image:
            flat = Image.new("RGBA", image.size, "white")
            flat.alpha_composite(ImageOps.exif_transpose(image).convert("RGBA"))
            return np.asarray(flat.convert("L"))
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def _scored(texts: Sequence[str], truths: Sequence[str]) -> dict[str, float]:
    pairs = list(zip(texts, truths, strict=True))
    wrong = sum(Levenshtein.distance(text, truth) for text, truth in pairs)
    placed = [(text, named) for text, truth in pairs if (named := _places(truth))]
    return {
        "cer": round(wrong / max(1, sum(map(len, truths))), 4),
        "exact": round(sum(text == truth for text, truth in pairs) / max(1, len(pairs)), 4),
        "place_exact": round(
            sum(f" {text}".endswith(f" {named}") for text, named in placed) / max(1, len(placed)), 4
        ),
    }


def _places(truth: str) -> str:
    """The commune, district and province that an address ends with; "" when it doesn't."""
    words = truth.split()
    ways = [
        len(words) - len(rest)
        for level, (rest, _) in placed(words, 0, "", 0.0)
        if level == len(LEVELS) - 1
    ]
    return " ".join(words[-min(ways) :]) if ways else ""


def unseen(folder: Path, max_error: str) -> dict:
    """What of a folder's lines would be accepted without a look."""
    listed = (folder / "labels.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t")[:2] for line in listed if "\t" in line]
    images = [(cv2.imread(str(folder / path), cv2.IMREAD_GRAYSCALE), text) for path, text in pairs]
    known = [(np.asarray(im, np.uint8), text) for im, text in images if im is not None]
    return honesty.real_lines(known, max_error, plain)


def _line_readers() -> dict[str, Reader]:
    readers: dict[str, Reader] = {"tesseract": _by_tesseract}
    if asterocr.version() is not None:
        readers |= {"asterocr": _by_asterocr, "asterocr+places": _by_decoder, "best": _by_both}
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


def _by_decoder(images: Sequence[Pixels]) -> list[str]:
    found = [decode(s, asterocr.alphabet(), Addresses()) for s in asterocr.read_lines(images)]
    return [each.text if each else "" for each in found]


def _by_both(images: Sequence[Pixels]) -> list[str]:
    texts = []
    alphabet = asterocr.alphabet()
    both = zip(images, tesseract.read_lines(images), asterocr.read_lines(images), strict=True)
    for image, line, steps in both:
        words = respaced(line.words, image) if line else []
        found = weigh(words, steps, alphabet)
        if found is not None:
            found = informed(found, words, steps, alphabet, Addresses())
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


def rehearsed(options: argparse.Namespace) -> dict:
    """Rehearsed forms through the real commands: what is right, what accepted, what of it wrong,
    by kind."""
    hands = ("none", "held") if options.hand == "all" else (options.hand,)
    wears = honesty.WEARS if options.wear == "all" else (options.wear,)
    found: dict = {}
    judged: list[accuracy.Judged] = []
    for hand in hands:
        for wear in wears:
            batch = honesty.batch(hand, wear, options, (options.max_error,))
            some = batch.judged[options.max_error]
            judged += some
            name = f"{batch.group}, {wear}"
            if len(hands) * len(wears) > 1:
                found[name] = {"pages": batch.taken, **honesty.by_kind(some)}
            if options.show:
                print(*honesty.show(some, name), sep="\n", file=sys.stderr)
    kinds = honesty.by_kind(judged)
    filled = kinds["filled"]
    wrong = kinds["all"]["wrong_accepted"]
    return {
        **filled,
        "wrong_unseen": wrong,
        "kinds": kinds,
        **({"batches": found} if found else {}),
    }


def calibration(options: argparse.Namespace) -> dict:
    """Accepted share and error by bound, for print and the held hand fonts and each wear; the
    diagram goes to ``-o``."""
    batches = [
        honesty.batch(hand, wear, options) for hand in ("none", "held") for wear in honesty.WEARS
    ]
    if options.output:
        options.output.write_bytes(honesty.picture(batches))
    return {**honesty.figures(batches), "reliability": honesty.reliability(batches)}


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    if options.what in ("lines", "digits"):
        found = (lines if options.what == "lines" else digits)(options.folder)
    elif options.what == "unseen":
        found = unseen(options.folder, options.max_error)
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
    for name in ("lines", "digits", "unseen"):
        sub = subs.add_parser(name)
        sub.add_argument("folder", type=Path)
        sub.add_argument("--json", action="store_true")
        if name == "unseen":
            sub.add_argument("--max-error", default="0.5%")
    for name in ("rehearsed", "calibration"):
        sub = subs.add_parser(name)
        sub.add_argument("-n", type=int, default=20, help="how many forms (of each sort)")
        sub.add_argument("--template", default="dc01")
        sub.add_argument("--seed", type=int, default=1)
        sub.add_argument("--no-marks", action="store_true")
        sub.add_argument(
            "--hamlets", action="store_true", help="with the office's list of hamlets at hand"
        )
        sub.add_argument("--json", action="store_true")
        if name == "rehearsed":
            sub.add_argument(
                "--hand", default="none", help="none, auto, held, all (none and held) or a folder"
            )
            sub.add_argument("--wear", default="medium", help="a wear of rehearse, or all")
            sub.add_argument("--max-error", default="0.5%")
            sub.add_argument("--show", action="store_true", help="tell what was wrong, accepted")
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
                told = row.items() if isinstance(row, dict) else [("", row)]
                print(indent + "  " + "  ".join(f"{key} {figure}".strip() for key, figure in told))
        else:
            print(f"{indent}{name:<18} {value}")


if __name__ == "__main__":
    sys.exit(main())

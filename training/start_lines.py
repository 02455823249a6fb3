"""Teaches AsterOCR's reader rehearsed lines, and says whether that helps on real handwriting.

    pip install -e ".[learn]"
    python training/start_lines.py [--lines 150] [--passes 2] [--judge DIR] [-o FILE]

The lines are made up: addresses and names in the shipped hand fonts, each with its own pen, slant
and habits (``scanform/learn/made.py``). ``--judge`` reads a folder with ``labels.tsv`` (path, tab,
text) before and after. Seed 3. What came of it is told in docs/learning.md: nothing was gained on
real hands, so no weights of it are shipped.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import cv2

from scanform.learn.fit import fit, limit_threads
from scanform.learn.made import made_lines
from scanform.learn.read import read_plain
from scanform.learn.scoring import score
from scanform.learn.training import Plan
from scanform.model.scan import Pixels
from scanform.programs import asterocr
from scanform.recognise.soft import soft_line

SEED, FRESH_SEED = 3, 77
FRESH = 30
RATE = 4e-4


def judged(name: str, images: list[Pixels], truths: list[str], models: tuple[Path, Path]) -> None:
    for when, model in zip(("before", "after"), models, strict=True):
        found = score(read_plain(asterocr.read_lines(images, model), None), truths)
        print(f"{name:12} {when:7} cer {found.cer:.4f}  exact {found.exact:.4f}  ({found.lines})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=150)
    parser.add_argument("--passes", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--judge", type=Path, metavar="DIR")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE")
    args = parser.parse_args()
    limit_threads(1)
    plan = Plan(minutes=args.minutes, passes=args.passes, rate=RATE, seed=SEED)
    with tempfile.TemporaryDirectory() as scratch:
        made = made_lines(args.lines, SEED, hand=True)
        models = asterocr.shipped(), fit(made, asterocr.shipped(), Path(scratch), plan).reader
        fresh = made_lines(FRESH, FRESH_SEED, hand=True)
        judged("made lines", [e.image for e in fresh], [e.text for e in fresh], models)
        if args.judge:
            listed = (args.judge / "labels.tsv").read_text("utf-8").splitlines()
            pairs = [line.split("\t")[:2] for line in listed if "\t" in line]
            images = [cv2.imread(str(args.judge / path), cv2.IMREAD_GRAYSCALE) for path, _ in pairs]
            judged("real lines", [*map(soft_line, images)], [text for _, text in pairs], models)
        if args.output:
            shutil.copy(models[1], args.output)
            print(f"wrote {args.output}", file=sys.stderr)


if __name__ == "__main__":
    main()

"""Learns what a misread mark, a look-alike and another letter cost in ``lexicon/spelling.py``.

    python benchmarks/learn_spelling.py [-n 600] [--seed 1] [--held]
    python benchmarks/learn_spelling.py --compare 600 [-n 1200] [--seed 2]

Lines of made-up addresses and names are drawn in the print fonts and four of the six hand fonts
(``--held``: in the two that are kept apart), worn, and read by Tesseract; the text and what was
read are laid beside each other letter by letter. A kind of mistake costs the less the more often
it is made: the natural log of its chance against that of any other letter's. What is printed
belongs into ``MARK_COST``, ``LOOK_COST`` and ``LOOKS``.

``--compare``: so many further lines, each one entry of a list, in the fonts that were learned from
and in the two kept apart; how many are taken for the right entry by the costs in use, by those
learned, and by a cost learned for each pair of letters.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from calibration_pages import wear_of, worn
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from scanform.lexicon import places, spelling
from scanform.lexicon.lists import rows
from scanform.lexicon.spelling import LOOK_COST, LOOKS, MARK_COST, TONES, fold, key
from scanform.model.scan import Pixels
from scanform.programs import tesseract

ROOT = Path(__file__).parents[1]
HELD = ("Sriracha", "Pangolin")
BATCH = 60
LEVELS = ("light", "medium", "medium", "strong")
LEAST_SEEN = 4
"""A pair of letters that was mixed up less often is no look-alike."""


def fonts(held: bool) -> list[Path]:
    """The faces that lines are drawn in."""
    hands = sorted((ROOT / "scanform/rehearse/fonts").glob("*.ttf"))
    if held:
        return [path for path in hands if path.stem in HELD]
    prints = sorted((ROOT / "scanform/template/fonts").glob("*.ttf"))
    return prints + [path for path in hands if path.stem not in HELD]


def lines(count: int, rng: random.Random) -> Iterator[str]:
    """Made-up names and addresses."""
    communes = [each for each in places.places().values() if len(each.code) == 5]
    words = [row["token"] for row in rows("names.csv")]
    for _ in range(count):
        if rng.random() < 0.4:
            yield " ".join(rng.choices(words, k=rng.choice((3, 3, 4))))
            continue
        commune = rng.choice(communes)
        district = places.places()[commune.parent]
        yield f"{commune.unit} {commune.name}, {district.unit.lower()} {district.name}"


def drawn(text: str, font: Path, rng: random.Random) -> Pixels:
    """A worn line at 300 dpi."""
    face = ImageFont.truetype(str(font), rng.randint(40, 54))
    left, top, right, bottom = face.getbbox(text)
    image = Image.new("L", (int(right - left) + 40, int(bottom - top) + 40), 255)
    ImageDraw.Draw(image).text((20 - left, 20 - top), text, fill=rng.randint(0, 70), font=face)
    page = cv2.cvtColor(np.asarray(image), cv2.COLOR_GRAY2BGR)
    wear = wear_of(rng.choice(LEVELS), rng)
    scanned = worn(page, wear, np.random.default_rng(rng.randrange(2**32)))
    return np.asarray(cv2.cvtColor(scanned, cv2.COLOR_BGR2GRAY))


def mistakes(
    pairs: Sequence[tuple[str, str]],
) -> tuple[Counter[str], Counter[tuple[str, str]], int]:
    """How often a mark alone, and which letter for which other ("" for none), was read; letters."""
    kinds: Counter[str] = Counter()
    letters: Counter[tuple[str, str]] = Counter()
    total = 0
    for truth, read in pairs:
        one, other = fold(truth), fold(read)
        total += len(one.replace(" ", ""))
        if Levenshtein.normalized_distance(one, other) > 0.5:
            continue  # nothing of the line was read: no letter stands for any other
        for edit in Levenshtein.opcodes(one, other):
            if edit.tag == "equal":
                a, b = truth[edit.src_start : edit.src_end], read[edit.dest_start : edit.dest_end]
                kinds["mark"] += sum(key(x) != key(y) for x, y in zip(a, b, strict=True))
            elif edit.tag == "replace":
                pairs_here = zip(
                    one[edit.src_start : edit.src_end],
                    other[edit.dest_start : edit.dest_end],
                    strict=True,
                )
                letters.update(pair for pair in pairs_here if " " not in pair)
            else:
                gone = one[edit.src_start : edit.src_end] + other[edit.dest_start : edit.dest_end]
                kinds["lost or added"] += len(gone.replace(" ", ""))
    return kinds, letters, total


def learned(
    kinds: Counter[str], letters: Counter[tuple[str, str]], total: int
) -> dict[str, object]:
    """Costs by kind, and which letters are look-alikes."""
    both = Counter({tuple(sorted(pair)): 0 for pair in letters})
    for pair, seen in letters.items():
        both[tuple(sorted(pair))] += seen
    alike = {pair for pair, seen in both.items() if seen >= LEAST_SEEN}
    looks = sum(both[pair] for pair in alike)
    others = sum(both.values()) - looks
    # Any mark on a letter has some five rivals, any letter two dozen; a look-alike has about two.
    chances = {
        "mark": max(1, kinds["mark"]) / total / len(TONES),
        "look": max(1, looks) / total / 2,
        "letter": max(1, others) / total / 24,
    }
    dear = -math.log(chances["letter"])
    return {
        "mark": round(-math.log(chances["mark"]) / dear, 2),
        "look": round(-math.log(chances["look"]) / dear, 2),
        "pairs": sorted("".join(pair) for pair in alike),
    }


Distance = Callable[[str, str], float]
MOST_ALIKE = 24
"""Entries whose spelling is compared after a quick search by bare letters, as in ``Forms``."""


def by_pairs(kinds: Counter[str], letters: Counter[tuple[str, str]], total: int) -> Distance:
    """A distance with a cost for each pair of letters: the log of how often one was read for the
    other, beside that of a letter for any other. Pairs never seen cost 1."""
    dear = -math.log(1 / total / 24)
    cost = {pair: min(1.0, -math.log(seen / total) / dear) for pair, seen in letters.items()}
    mark = min(1.0, -math.log(max(1, kinds["mark"]) / total / len(TONES)) / dear)
    gone = min(1.0, -math.log(max(1, kinds["lost or added"]) / total / 2) / dear)

    def distance(read: str, truth: str) -> float:
        one, other = truth.lower(), read.lower()
        row = [at * gone for at in range(len(other) + 1)]
        for a in one:
            before, row = row, [row[0] + gone]
            for at, b in enumerate(other):
                if fold(a) == fold(b):
                    change = 0.0 if key(a) == key(b) else mark
                else:
                    change = cost.get((fold(a), fold(b)), 1.0)
                row.append(min(before[at] + change, before[at + 1] + gone, row[at] + gone))
        return row[-1]

    return distance


def entries(count: int, rng: random.Random) -> list[tuple[str, tuple[str, ...]]]:
    """Lines with one entry each, and the list that it is of: a district's communes (two of three
    lines), the nation's districts, ethnic groups."""
    districts = [each for each in places.places().values() if len(each.code) == 3]
    named = tuple(dict.fromkeys(f"{each.unit} {each.name}" for each in districts))
    groups = tuple(row["name"] for row in rows("ethnic_groups.csv"))
    made: list[tuple[str, tuple[str, ...]]] = []
    while len(made) < count:
        inside = places.children().get(rng.choice(districts).code, ())
        communes = tuple(dict.fromkeys(f"{each.unit} {each.name}" for each in inside))
        listed = rng.choice((communes, communes, communes, communes, named, groups))
        if listed:
            made.append((rng.choice(listed), listed))
    return made


def nearest(text: str, listed: Sequence[str], distance: Distance) -> str:
    alike = process.extract(
        fold(text), {form: fold(form) for form in listed}, scorer=Levenshtein.distance,
        limit=MOST_ALIKE,
    )  # fmt: skip
    return min((form for _, _, form in alike), key=lambda form: (distance(text, form), form))


def compare(count: int, seed: int, faces: Sequence[Path], ways: dict[str, Distance]) -> None:
    """Prints how many lines each distance takes for the right entry."""
    rng = random.Random(seed)
    made = entries(count, rng)
    read = read_all([drawn(text, rng.choice(faces), rng) for text, _ in made])
    pairs = [(text, listed, told) for (text, listed), told in zip(made, read, strict=True) if told]
    wrong = [each for each in pairs if key(each[0]) != key(each[2])]
    for name, distance in ways.items():
        right = sum(
            key(nearest(told, listed, distance)) == key(text) for text, listed, told in wrong
        )
        print(f"  {name:18} {right} of {len(wrong)} misread lines taken for the right entry")


def read_all(images: Sequence[Pixels]) -> list[str]:
    read: list[str] = []
    for at in range(0, len(images), BATCH):
        told = tesseract.read_lines(images[at : at + BATCH])
        read += [line.text if line else "" for line in told]
    return read


def with_costs(mark: float, look: float) -> Distance:
    """``spelling.distance`` with other costs."""

    def distance(one: str, other: str) -> float:
        kept = spelling.MARK_COST, spelling.LOOK_COST
        try:
            spelling.MARK_COST, spelling.LOOK_COST = mark, look
            return spelling.distance(one, other)
        finally:
            spelling.MARK_COST, spelling.LOOK_COST = kept

    return distance


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-n", type=int, default=600, help="how many lines (600)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held", action="store_true", help="the two hand fonts kept apart")
    parser.add_argument("--compare", type=int, metavar="LINES", default=0)
    options = parser.parse_args(arguments)
    rng = random.Random(options.seed)
    faces = fonts(options.held)
    truths = list(lines(options.n, rng))
    images = [drawn(text, rng.choice(faces), rng) for text in truths]
    read = read_all(images)
    kinds, letters, total = mistakes(list(zip(truths, read, strict=True)))
    found = learned(kinds, letters, total)
    print(f"{options.n} lines, {total} letters, {len(faces)} fonts, seed {options.seed}")
    print(f"a mark alone misread {kinds['mark']}, letters {sum(letters.values())}")
    print(f"lost or added {kinds['lost or added']}")
    used = {"mark": MARK_COST, "look": LOOK_COST, "pairs": LOOKS}
    print(f"in use   {json.dumps(used, ensure_ascii=False)}")
    print(f"learned  {json.dumps(found, ensure_ascii=False)}")
    if options.compare:
        ways = {
            "in use": with_costs(MARK_COST, LOOK_COST),
            "learned": with_costs(float(str(found["mark"])), float(str(found["look"]))),
            "learned by pairs": by_pairs(kinds, letters, total),
        }
        for held in (False, True):
            print("fonts kept apart" if held else "fonts learned from, other lines")
            compare(options.compare, options.seed + 1000, fonts(held), ways)
    return 0


if __name__ == "__main__":
    sys.exit(main())

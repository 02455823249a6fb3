"""Do pages land where their template says, and are others refused?

    python benchmarks/pages.py wear [-n 50] [--wear strong] [--dpi 300] [--baselines] [--log FILE]
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
from dataclasses import replace
from pathlib import Path

import cv2
from page_bench import Bench
from page_figures import summary, worst
from page_rows import foreign_rows, hazard_rows, revision_rows, spoilt_rows, wear_rows
from page_wear import WEAR

from scanform.engine.memory import keep_what_is_freed
from scanform.template.find import find
from scanform.template.load import load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "part", choices=["wear", "hazards", "spoilt", "foreign", "revisions", "sum"]
    )
    parser.add_argument("-n", type=int, default=30, help="pages (foreign: rounds of many sorts)")
    parser.add_argument("--first", type=int, default=0, help="number of the first page")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wear", choices=list(WEAR), default="", help="all in turn, if not given")
    parser.add_argument("--dpi", type=float, default=0, help="the least; 300: every page at 300")
    parser.add_argument("--baselines", action="store_true")
    parser.add_argument("--log", type=Path, help="keeps each page's figures, a line of JSON each")
    parser.add_argument("--pictures", type=Path, help="with sum: where the worst are drawn")
    asked = parser.parse_args()
    # As a worker has it.
    cv2.setNumThreads(1)
    keep_what_is_freed()
    levels = {
        name: replace(each, least_dpi=max(each.least_dpi, asked.dpi))
        for name, each in WEAR.items()
        if asked.wear in ("", name)
    }
    if asked.part == "sum":
        lines = asked.log.read_text("utf-8").splitlines()
        # A page that was done twice counts once, as it came out last.
        latest = {(row["sort"], row["number"]): row for row in map(json.loads, lines)}
        summary(list(latest.values()))
        if asked.pictures:
            bench = Bench(load(find("dc01")), asked.seed)
            worst(bench, list(latest.values()), levels, asked.pictures)
        return
    bench = Bench(load(find("dc01")), asked.seed)
    numbers = range(asked.first, asked.first + asked.n)
    print(f"{asked.part}, pages {numbers}, seed {asked.seed}, OpenCV {cv2.__version__}, one thread")
    rows_of = {
        "wear": lambda: wear_rows(bench, numbers, levels, asked.baselines),
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

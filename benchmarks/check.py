"""How much sooner `scanform check` tells which pages work than `scanform run` reads them.

    python benchmarks/check.py [-n 24] [--template dc01] [--wear light] [--seed 1] [--runs 2]

The same rehearsed pages through both, in turn, from start to end: seconds of the wall clock, the
median of the runs, and how many times as long a run takes, with Tesseract alone reading text and
with the readers that are installed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median


def seconds(words: list[str]) -> float:
    """Of the clock; fails where the command does."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "scanform", *words], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-n", type=int, default=24, help="pages (24)")
    parser.add_argument("--template", default="dc01")
    parser.add_argument("--wear", default="light")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scanform-check-") as name:
        scans, form = str(Path(name, "scans")), ["-t", asked.template]
        made = ["rehearse", asked.template, "-n", str(asked.n), "--wear", asked.wear]
        seconds([*made, "--seed", str(asked.seed), "-o", scans])
        taken: dict[str, list[float]] = {}
        for number in range(asked.runs):
            work = ["-w", str(Path(name, f"work{number}"))]
            more = ["-w", str(Path(name, f"more{number}"))]
            ways = {
                "check": ["check", scans, *form],
                "run, Tesseract": ["run", scans, *form, *work, "--text-reader", "tesseract"],
                "run": ["run", scans, *form, *more],
            }
            for way, words in ways.items():
                taken.setdefault(way, []).append(seconds(words))
    print(f"{asked.n} pages of {asked.template}, {asked.wear}, seed {asked.seed}")
    for way, each in taken.items():
        times = median(each) / median(taken["check"])
        print(f"{way:16} {median(each):7.2f} s  {times:5.1f} times check")


if __name__ == "__main__":
    main()

"""A long run: pages a minute on one core and on all, and whether memory or time a page grow.

    python benchmarks/load.py [-n 5000] [--different 100] [--seed 1] [--jobs 1 2] [--compare 50]

Rehearsed pages (``--different`` of them, light wear) are copied, each copy another file, until
there are ``-n``. Each run is the whole program in a fresh workspace, watched from outside every
second: pages with an outcome in the database, and the memory (proportional, of all its processes).
The first tenth of the pages is held against the last. ``--compare`` N also runs
``benchmarks/speed.py -n N``: naive, ocrmypdf where it is installed, and the floor, in the same
sitting.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCANFORM = [sys.executable, "-m", "scanform"]


@dataclass(frozen=True, slots=True)
class Look:
    seconds: float
    pages: int
    memory: float
    """MiB."""


def make_box(folder: Path, count: int, different: int, seed: int) -> None:
    source = folder / "source"
    words = ["rehearse", "dc01", "-n", str(different), "--wear", "light", "--seed", str(seed)]
    subprocess.run([*SCANFORM, *words, "-o", str(source)], check=True, stdout=subprocess.DEVNULL)
    pages = sorted(source.glob("*.jpg"))
    for number in range(count):
        data = pages[number % len(pages)].read_bytes()
        place = folder / "box" / f"{number // 1000}" / f"{number:06}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        # What comes after a JPEG's end is another file to the hash and nothing to the eye.
        place.write_bytes(data + number.to_bytes(4, "big"))


def memory_of(root: int) -> float:
    """MiB that the process and those under it hold, what they share counted once."""
    parents, total = {}, 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rpartition(")")[2].split()[1]
                )
            except (OSError, ValueError):
                continue
    for each in parents:
        above = each
        while above in parents and above != root:
            above = parents[above]
        if above == root:
            try:
                for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total += int(line.split()[1])
            except OSError:
                continue
    return total / 1024


def pages_in(workspace: Path) -> int:
    try:
        with sqlite3.connect(f"file:{workspace}/scanform.db?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM pages").fetchone()[0])
    except sqlite3.Error:
        return 0


def watched(box: Path, workspace: Path, jobs: int) -> list[Look]:
    command = [*SCANFORM, "run", str(box), "-t", "dc01", "--jobs", str(jobs), "--json"]
    environment = {**os.environ, "SCANFORM_WORKSPACE": str(workspace)}
    begun, looks = time.monotonic(), []
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        while run.poll() is None:
            looks.append(Look(time.monotonic() - begun, pages_in(workspace), memory_of(run.pid)))
            time.sleep(1)
        if run.returncode not in (0, 3):
            raise SystemExit(f"scanform run ended with {run.returncode}")
    looks.append(Look(time.monotonic() - begun, pages_in(workspace), looks[-1].memory))
    return looks


def tenth(looks: list[Look], count: int, last: bool) -> tuple[float, float]:
    """Seconds a page and MiB over the first or last tenth of the pages. Start-up is left out."""
    low, high = (0.9 * count, count) if last else (0, 0.1 * count)
    inside = [each for each in looks if low < each.pages <= high]
    if len(inside) < 2 or inside[-1].pages == inside[0].pages:
        return float("nan"), float("nan")
    seconds = inside[-1].seconds - inside[0].seconds
    memory = statistics.median(each.memory for each in inside)
    return seconds / (inside[-1].pages - inside[0].pages), memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=5000)
    parser.add_argument("--different", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--compare", type=int, default=0, metavar="N")
    asked = parser.parse_args()
    print("| cores | pages/min | s a page, first and last tenth | MiB, first and last tenth |")
    print("|---|---|---|---|")
    rates = []
    with tempfile.TemporaryDirectory(prefix="scanform-load-") as place:
        folder = Path(place)
        make_box(folder, asked.n, min(asked.different, asked.n), asked.seed)
        for jobs in asked.jobs:
            looks = watched(folder / "box", folder / f"w{jobs}", jobs)
            rates.append(60 * looks[-1].pages / looks[-1].seconds)
            first, last = (tenth(looks, asked.n, each) for each in (False, True))
            print(
                f"| {jobs} | {rates[-1]:.0f} | {first[0]:.2f}, {last[0]:.2f} | "
                f"{first[1]:.0f}, {last[1]:.0f} |",
                flush=True,
            )
    if len(rates) > 1:
        print(f"\nscaling: {rates[-1] / rates[0]:.2f} ({asked.n} pages, start-up included)")
    if asked.compare:
        speed = [sys.executable, str(ROOT / "benchmarks" / "speed.py"), "-n", str(asked.compare)]
        subprocess.run([*speed, "--runs", "1"], check=True)


if __name__ == "__main__":
    main()

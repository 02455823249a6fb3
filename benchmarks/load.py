"""A long run: pages a minute on one core and on two, and whether memory or time a page grow.

    python benchmarks/load.py [-n 5000] [--one-core 600] [--compare 12] [--grown 50000]
                              [--hand auto] [--log FILE]

Rehearsed pages (``--different`` of them, light wear, in hand fonts or with ``--hand none`` typed)
are copied, each copy another file, until there are ``-n``. Each run is the whole program in a fresh
workspace, held to as many cores as it is measured on and watched from outside: pages with an
outcome in the database, and the memory (proportional, of all its processes). The first tenth of the
pages is held against the last. ``--one-core`` N does the first N pages on one core, for how it
scales; ``--compare`` N reads N pages of the same sort naively and with ocrmypdf where it is
installed, and ``--different`` pages as the floor (``speed.py``), all in one sitting. Each part is
printed when it is done; with ``--log`` the same command goes on after it.

``--grown`` N holds reading into an empty workspace against reading into a large one: a tenth of the
pages are read, their rows copied inside the database until it holds N records, and as many others
are read into that.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copies import multiply

ROOT = Path(__file__).parents[1]
SCANFORM = [sys.executable, "-m", "scanform"]
LOOK_SECONDS = 4.0
HELD_TO = "import os, sys; os.sched_setaffinity(0, map(int, sys.argv[1].split(','))); " \
          "os.execv(sys.argv[2], sys.argv[2:])"  # fmt: skip
"""A Python that becomes another program, on some cores alone."""


@dataclass(frozen=True, slots=True)
class Look:
    seconds: float
    pages: int
    memory: float
    """MiB."""


def make_source(folder: Path, different: int, seed: int, hand: str) -> list[Path]:
    words = ["rehearse", "dc01", "-n", str(different), "--wear", "light", "--seed", str(seed)]
    words += ["--hand", hand]
    done = [*SCANFORM, *words, "-o", str(folder)]
    subprocess.run(done, check=True, stdout=subprocess.DEVNULL)
    return sorted(folder.glob("*.jpg"))


def make_box(folder: Path, pages: Sequence[Path], count: int, first: int = 0) -> Path:
    for number in range(first, first + count):
        data = pages[number % len(pages)].read_bytes()
        place = folder / f"{number // 1000}" / f"{number:06}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        # A comment (ITU-T T.81, B.2.4.5) is another file to the hash and nothing to the eye.
        comment = b"\xff\xfe\x00\x06" + number.to_bytes(4, "big")
        place.write_bytes(data[:2] + comment + data[2:])
    return folder


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
    address = f"file:{workspace}/scanform.db?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM pages").fetchone()[0])
    except sqlite3.Error:
        return 0


def watched(box: Path, workspace: Path, cores: Sequence[int], reader: str) -> list[Look]:
    command = [*SCANFORM, "run", str(box), "-t", "dc01", "--text-reader", reader, "--json"]
    held = [sys.executable, "-c", HELD_TO, ",".join(map(str, cores)), *command]
    environment = {**os.environ, "SCANFORM_WORKSPACE": str(workspace)}
    before = pages_in(workspace)
    begun, looks = time.monotonic(), []
    told = begun
    with subprocess.Popen(
        held, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        while run.poll() is None:
            seconds = time.monotonic() - begun
            looks.append(Look(seconds, pages_in(workspace) - before, memory_of(run.pid)))
            if time.monotonic() - told > 60:
                told = time.monotonic()
                pages, memory = looks[-1].pages, looks[-1].memory
                print(f"  {seconds:.0f} s: {pages} pages, {memory:.0f} MiB", file=sys.stderr)
            try:
                run.wait(LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                continue
        if run.returncode not in (0, 3):
            raise SystemExit(f"scanform run ended with {run.returncode}")
    seconds = time.monotonic() - begun
    looks.append(Look(seconds, pages_in(workspace) - before, looks[-1].memory))
    return looks


def tenth(looks: Sequence[Look], count: int, last: bool) -> tuple[float, float]:
    """Seconds a page and MiB over the first or last tenth of the pages. Start-up is left out."""
    low, high = (0.9 * count, count) if last else (0, 0.1 * count)
    inside = [each for each in looks if low < each.pages <= high]
    if len(inside) < 2 or inside[-1].pages == inside[0].pages:
        return math.nan, math.nan
    seconds = inside[-1].seconds - inside[0].seconds
    memory = statistics.median(each.memory for each in inside)
    return seconds / (inside[-1].pages - inside[0].pages), memory


def run_of(
    box: Path, count: int, cores: Sequence[int], reader: str, workspace: Path
) -> dict[str, Any]:
    """The figures of one long run."""
    looks = watched(box, workspace, cores, reader)
    done = looks[-1]
    if done.pages != count:
        raise SystemExit(f"{done.pages} of {count} pages have an outcome")
    first, last = (tenth(looks, count, each) for each in (False, True))
    return {
        "pages": count,
        "cores": len(cores),
        "seconds_a_page": done.seconds / count,
        "first": first,
        "last": last,
        "most": max(each.memory for each in looks),
    }


def compared(ways: Sequence[str], count: int, seed: int, hand: str) -> dict[str, float]:
    """Seconds a page of other ways to read the same sort of pages."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "speed.json"
        speed = [sys.executable, str(ROOT / "benchmarks" / "speed.py"), "-n", str(count)]
        speed += ["--seed", str(seed), "--hand", hand, "--runs", "1"]
        speed += ["--json", str(target), "--only", *ways]
        subprocess.run(speed, check=True, stdout=sys.stderr)
        found: dict[str, float] = json.loads(target.read_text())
        return found


def say_run(row: dict[str, Any]) -> None:
    (first, small), (last, large) = row["first"], row["last"]
    print(
        f"| {row['pages']} | {row['cores']} | {60 / row['seconds_a_page']:.0f} | "
        f"{row['seconds_a_page']:.3f} | {first:.3f}, {last:.3f} | {small:.0f}, {large:.0f} | "
        f"{row['most']:.0f} |",
        flush=True,
    )


Part = Callable[[str, Callable[[], Any]], Any]
"""Does a part of the sitting, or takes it from the log."""


def asked_for() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-n", type=int, default=5000, help="pages on all cores (5000)")
    parser.add_argument("--different", type=int, default=100, help="rehearsed pages (100)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hand", default="auto", help="as of rehearse: auto, none, FONT_DIR")
    parser.add_argument("--one-core", type=int, default=0, metavar="N")
    parser.add_argument("--compare", type=int, default=0, metavar="N")
    parser.add_argument("--grown", type=int, default=0, metavar="N")
    parser.add_argument("--text-reader", default="tesseract")
    parser.add_argument("--log", type=Path, help="where each part is noted, to go on from")
    return parser.parse_args()


def main() -> None:
    asked = asked_for()
    done: dict[str, Any] = {}
    if asked.log is not None and asked.log.exists():
        done = dict(map(json.loads, asked.log.read_text("utf-8").splitlines()))

    def part(name: str, work: Callable[[], Any]) -> Any:
        key = f"{name}, seed {asked.seed}, {asked.hand}, {asked.text_reader}"
        if key not in done:
            done[key] = work()
            if asked.log is not None:
                with asked.log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([key, done[key]]) + "\n")
        return done[key]

    others = other_ways(asked, part) if asked.compare else {}
    ours = long_runs(asked, part)
    for name, seconds in others.items():
        ratio = seconds / ours
        said = f"scanform takes {1 / ratio:.2f} times" if ratio < 1 else f"takes {ratio:.1f} times"
        print(f"{name}: {seconds:.3f} s a page; {said}")


def other_ways(asked: argparse.Namespace, part: Part) -> dict[str, float]:
    """Seconds a page of the others, and of the floor."""
    found: dict[str, float] = {}
    slow, pages = ("naive", "ocrmypdf"), asked.compare
    found |= part(f"others, {pages} pages", lambda: compared(slow, pages, asked.seed, asked.hand))
    # The floor starts Tesseract once for each core: few pages would make it look slow.
    pages = min(asked.n, asked.different)
    found |= part(
        f"floor, {pages} pages", lambda: compared(["floor"], pages, asked.seed, asked.hand)
    )
    return found


def long_runs(asked: argparse.Namespace, part: Part) -> float:
    """Says what every run took; seconds a page of the last."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    print("| pages | cores | pages/min | s a page | first, last tenth | MiB, first, last tenth | "
          "at most |\n|---|---|---|---|---|---|---|")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="scanform-load-") as place:
        source: list[Path] = []

        def box_of(count: int, first: int) -> Path:
            if not source:
                different = min(asked.different, max(asked.n, asked.one_core))
                folder = Path(place) / "source"
                source.extend(make_source(folder, different, asked.seed, asked.hand))
            return make_box(Path(place) / f"box{count}-{first}", source, count, first)

        def long_run(count: int, on: Sequence[int]) -> Any:
            with tempfile.TemporaryDirectory(prefix="scanform-load-") as folder:
                return run_of(box_of(count, 0), count, on, asked.text_reader, Path(folder) / "w")

        def into_a_large_one(count: int) -> Any:
            with tempfile.TemporaryDirectory(prefix="scanform-load-") as folder:
                given = (count, cores, asked.text_reader, Path(folder) / "w")
                empty = run_of(box_of(count, 0), *given)
                multiply(given[-1], asked.grown)
                return [empty, run_of(box_of(count, count), *given)]

        runs, grown = [], []
        for count, on in ((asked.one_core, cores[:1]), (asked.n, cores)):
            if count:
                runs.append(part(f"{count} on {len(on)}", lambda c=count, o=on: long_run(c, o)))  # type: ignore[misc]
                say_run(runs[-1])
        if asked.grown:
            few = max(1, asked.n // 10)
            grown = part(f"{few} into {asked.grown}", lambda: into_a_large_one(few))
            for row in grown:
                say_run(row)
    if len(runs) > 1:
        scaling = runs[0]["seconds_a_page"] / runs[1]["seconds_a_page"]
        print(f"\nscaling from {runs[0]['cores']} core to {runs[1]['cores']}: {scaling:.2f}")
    if grown:
        ratio = grown[1]["seconds_a_page"] / grown[0]["seconds_a_page"]
        print(f"\na page into a workspace of {asked.grown} records: {ratio:.2f} times the time")
    return float(runs[-1]["seconds_a_page"])


if __name__ == "__main__":
    main()

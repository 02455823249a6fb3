"""Faults done for real, and what came of each: a matrix of fault and moment.

``python benchmarks/faults.py --kills 2000`` kills the parent at 2,000 random moments of a run (its
store, its images, its transactions; only the reading is canned) and holds what the next run leaves
against an undisturbed one. ``--log FILE`` notes every 50 kills as they are done: the same command
goes on from there. The other faults are tests, run one by one. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict, fields
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))

import fault_bench as bench  # noqa: E402 - its folder had to be named first

SLICE = 50
PROGRAMS = "test_broken_programs.py"

FAULTS = (
    ("two runs on one workspace", "from the start", "two_runs_at_once"),
    ("a worker is killed", "4 random moments", "workers_killed"),
    ("the disk is full (tmpfs of 600 KiB)", "in the middle", "full_disk"),
    ("files may not grow (RLIMIT_FSIZE)", "in the middle", "may_not_grow"),
    ("the input folder vanishes", "after 3 pages", "vanish"),
    ("the input folder may only be read", "always", "only_be_read"),
    ("SQLite is locked", "before the first page", "locked"),
    ("SQLite is damaged", "between two runs", "damaged"),
    ("PostgreSQL is restarted", "after 7 pages", "postgresql"),
    ("the clock goes backwards", "at every row", "clock"),
    ("power cut: order of syncs", "every page", "nothing_is_named"),
    ("fsync fails", "the first image", "write_that_fails"),
    ("a program or `vie` is missing", "at the start", f"{PROGRAMS}::before_anything"),
    ("Tesseract crashes or talks rubbish", "at every call", f"{PROGRAMS}::waits_for_a_person"),
    ("Tesseract hangs", "at every call", f"{PROGRAMS}::tesseract_that_hangs or ends_with_its_page"),
    ("Poppler crashes or talks rubbish", "at a PDF", f"{PROGRAMS}::poppler_fails"),
    ("Poppler hangs", "at a PDF", f"{PROGRAMS}::poppler_that_hangs"),
    (
        "person erase, purge, encrypt, backup or restore is killed",
        "before each of its steps",
        "test_killed_commands.py::test_",
    ),
    ("a watch is killed", "before each of its steps", "../unit/test_watch_how.py::at_any_step"),
    ("a lesson is killed", "looking, learning", "test_learning_killed.py::killed_twice"),
    ("a lesson's state is torn", "after a power cut", "test_learning_killed.py::torn"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, help="where what was done is noted, to go on from")
    parser.add_argument("--only-kills", action="store_true")
    asked = parser.parse_args()
    print("| fault | moment | outcome |\n|---|---|---|")
    told, seconds = killed(asked.kills, asked.seed, asked.log)
    bad = told.lost + told.doubled + told.differ
    print(
        f"| SIGKILL of the parent | {told.kills} random moments, seed {asked.seed} | lost "
        f"{told.lost}, doubled {told.doubled}, runs that ended otherwise {told.differ} "
        f"({seconds:.0f} s of processor) |",
        flush=True,
    )
    for fault, moment, test in () if asked.only_kills else FAULTS:
        outcome = tried(test)
        bad += outcome not in ("as it must be", "not possible here")
        print(f"| {fault} | {moment} | {outcome} |", flush=True)
    return bool(bad)


def killed(kills: int, seed: int, log: Path | None) -> tuple[bench.Killed, float]:
    """Fifty at a time, each with a seed of its own; those in the log are not done again."""
    rows = {}
    if log is not None and log.exists():
        read = map(json.loads, log.read_text("utf-8").splitlines())
        rows = {row["first"]: row for row in read if row["seed"] == seed}
    shared = Path("/dev/shm")
    for first in range(0, kills, SLICE):
        if first in rows:
            continue
        count = min(SLICE, kills - first)
        before = used()
        with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
            box = bench.make_box(Path(folder) / "box")
            told = bench.kill_at_random(box, Path(folder), count, seed * 1_000_003 + first)
        rows[first] = {"seed": seed, "first": first, "seconds": round(used() - before, 1)}
        rows[first] |= asdict(told)
        if log is not None:
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(rows[first]) + "\n")
    done = [row for first, row in rows.items() if first < kills]
    names = [each.name for each in fields(bench.Killed)]
    total = bench.Killed(**{name: sum(row[name] for row in done) for name in names})
    return total, sum(row["seconds"] for row in done)


def used() -> float:
    """Seconds of processor of this process and of those that it has waited for."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in found)


def tried(test: str) -> str:
    """Runs the tests of that name; ``test``: a part of it, behind its file where that is another
    one than ``test_faults.py``."""
    file, _, name = test.rpartition("::")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs", "-k", name]
    where = ROOT / "tests" / "integration" / (file or "test_faults.py")
    done = subprocess.run([*command, where], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode == 0:
        return "not possible here" if "SKIPPED" in done.stdout else "as it must be"
    return "FAILED: " + (done.stdout.strip().splitlines() or ["?"])[-1]


if __name__ == "__main__":
    sys.exit(main())

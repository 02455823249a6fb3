"""Faults done for real, and what came of each: a matrix of fault and moment.

``python benchmarks/faults.py --kills 2000`` kills the parent at 2,000 random moments of a run (its
store, its images, its transactions; only the reading is canned) and holds what the next run leaves
against an undisturbed one. The other faults are the tests of ``tests/integration/test_faults.py``,
run one by one. Prints Markdown.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "helpers"))

import fault_bench as bench  # noqa: E402 - its folder had to be named first

FAULTS = (
    ("two runs on one workspace", "from the start", "two_runs_at_once"),
    ("a worker is killed", "4 random moments", "workers_killed"),
    ("the disk is full (tmpfs of 600 KiB)", "in the middle", "full_disk"),
    ("files may not grow (RLIMIT_FSIZE)", "in the middle", "may_not_grow"),
    ("the input folder vanishes", "after 3 pages", "vanish"),
    ("SQLite is locked", "before the first page", "locked"),
    ("SQLite is damaged", "between two runs", "damaged"),
    ("PostgreSQL is restarted", "after 7 pages", "postgresql"),
    ("the clock goes backwards", "at every row", "clock"),
    ("power cut: order of syncs", "every page", "nothing_is_named"),
    ("fsync fails", "the first image", "write_that_fails"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only-kills", action="store_true")
    asked = parser.parse_args()
    print("| fault | moment | outcome |\n|---|---|---|")
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        begun = time.monotonic()
        box = bench.make_box(Path(folder) / "box")
        told = bench.kill_at_random(box, Path(folder), asked.kills, asked.seed)
        seconds = time.monotonic() - begun
    bad = told.lost + told.doubled + told.differ
    print(
        f"| SIGKILL of the parent | {told.kills} random moments, seed {asked.seed} | lost "
        f"{told.lost}, doubled {told.doubled}, runs that ended otherwise {told.differ} "
        f"({seconds:.0f} s) |",
        flush=True,
    )
    for fault, moment, test in () if asked.only_kills else FAULTS:
        outcome = tried(test)
        bad += outcome not in ("as undisturbed", "not possible here")
        print(f"| {fault} | {moment} | {outcome} |", flush=True)
    return bool(bad)


def tried(test: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs", "-k", test]
    file = str(ROOT / "tests" / "integration" / "test_faults.py")
    done = subprocess.run([*command, file], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode == 0:
        return "not possible here" if "SKIPPED" in done.stdout else "as undisturbed"
    return "FAILED: " + (done.stdout.strip().splitlines() or ["?"])[-1]


if __name__ == "__main__":
    sys.exit(main())

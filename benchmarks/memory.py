"""How much memory a run takes, with its workers and the programs that they start.

    python benchmarks/memory.py [-n 16] [--template dc01] [--wear light] [--hand none] [--seed 1]

Rehearses forms and digitises them with Tesseract alone and with every reader that is installed,
looking every tenth of a second at all processes of the run. ``together``: what they hold at most at
one moment, shared pages counted once (PSS); ``largest``: the most that one process ever held (RSS),
by whether it is the run's own, a worker or Tesseract. Linux only: the figures come from /proc.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scanform.engine.local import usable_cores
from scanform.recognise.choose import for_kind

EVERY_S = 0.1
PROC = Path("/proc")


@dataclass
class Held:
    """Kilobytes that a run held at most: all together, and one process of each sort."""

    together: int = 0
    processes: int = 0
    largest: dict[str, int] = field(default_factory=dict)

    def look(self, root: int) -> None:
        """Takes in what the processes hold just now."""
        total = count = 0
        for pid in tree(root):
            shares, highest = rollup(pid), status(pid)
            if not shares:
                continue  # it ended meanwhile
            total, count = total + shares, count + 1
            sort = "the run" if pid == root else name(pid)
            self.largest[sort] = max(highest, self.largest.get(sort, 0))
        if total > self.together:
            self.together, self.processes = total, count


def tree(root: int) -> Iterator[int]:
    """A process and all that came of it."""
    yield root
    for task in (PROC / str(root) / "task").glob("*/children"):
        for child in _text(task).split():
            yield from tree(int(child))


def rollup(pid: int) -> int:
    """Kilobytes of a process, what it shares with n others counted as an n-th."""
    return _kilobytes(_text(PROC / str(pid) / "smaps_rollup"), "Pss:")


def status(pid: int) -> int:
    """Kilobytes that the process ever held at once."""
    return _kilobytes(_text(PROC / str(pid) / "status"), "VmHWM:")


def name(pid: int) -> str:
    command = _text(PROC / str(pid) / "comm").strip()
    return "a worker" if command.startswith(("python", "scanform")) else command or "gone"


def _kilobytes(text: str, heading: str) -> int:
    found = [line.split()[1] for line in text.splitlines() if line.startswith(heading)]
    return int(found[0]) if found else 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def measured(words: Sequence[str]) -> tuple[Held, float]:
    """What a command held, and how many seconds it took."""
    held, begun = Held(), time.perf_counter()
    run = subprocess.Popen([sys.executable, "-m", "scanform", *words], stdout=subprocess.DEVNULL)
    while run.poll() is None:
        held.look(run.pid)
        time.sleep(EVERY_S)
    if run.returncode:
        sys.exit(f"scanform {words[0]} ended with exit code {run.returncode}")
    return held, time.perf_counter() - begun


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-n", type=int, default=16, help="pages (16)")
    parser.add_argument("--template", default="dc01")
    parser.add_argument("--wear", default="light")
    parser.add_argument("--hand", default="none")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(
        f"{asked.n} pages of {asked.template}, hand {asked.hand}, wear {asked.wear}, seed "
        f"{asked.seed}; {usable_cores()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}"
    )
    with tempfile.TemporaryDirectory(prefix="scanform-memory-") as folder:
        scans = f"{folder}/scans"
        words = ["rehearse", asked.template, "-n", str(asked.n), "--hand", asked.hand]
        words += ["--wear", asked.wear, "--seed", str(asked.seed), "-o", scans]
        subprocess.run([sys.executable, "-m", "scanform", *words], check=True, capture_output=True)
        for reader in dict.fromkeys(("tesseract", for_kind("text"))):
            run = ["run", scans, "-t", asked.template, "-w", f"{folder}/{reader}", "--json"]
            held, seconds = measured([*run, "--text-reader", reader])
            print(
                f"{reader}: {held.together / 1024:.0f} MB together in {held.processes} processes; "
                + ", ".join(f"{sort} {kb / 1024:.0f}" for sort, kb in sorted(held.largest.items()))
                + f" MB at most; {seconds / asked.n:.2f} s a page while being looked at"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())

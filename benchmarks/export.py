"""How many records a second each format writes, and how much memory that takes.

    python benchmarks/export.py [-n 10000] [-n 100000] [-n 1000000] [--formats csv,xlsx,...]

Made-up people fill dc01; a workspace of them in SQLite is made once for each size, by copying two
thousand records inside the database. Then `scanform export` runs in a process of its own for every
format, as a user calls it: seconds of the wall clock from start to the manifest on disk, seconds of
the processor, the process's greatest resident memory, the file's size. `import` of the unchanged
CSV and of one with a changed cell in every hundredth row comes last. The workspace of a million
records takes 16 GB under --folder.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import numpy as np
from copies import multiply

from scanform.export import EXPORTERS
from scanform.model.reading import Alternative, Reading
from scanform.model.record import Answer, Doubt, Record, SheetRef
from scanform.model.scan import ScanFile
from scanform.rehearse.answers import Habits, answers
from scanform.rehearse.people import respondents
from scanform.store.interface import PageRow
from scanform.store.open import DATABASE_NAME, open_store
from scanform.template.find import find
from scanform.template.load import load

SEEDS = 2000  # records that are made up; the others are copies of them
T0 = datetime(2018, 9, 26, tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-n", type=int, action="append", help="records (10000); repeatable")
    parser.add_argument("--formats", default=",".join(sorted(EXPORTERS)))
    parser.add_argument("--folder", type=Path, help="keep the workspaces there, and use them again")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the exported files there")
    parser.add_argument("--no-import", action="store_true")
    asked = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        for count in asked.n or [10_000]:
            workspace = folder / f"export-{count}"
            if not (workspace / DATABASE_NAME).exists():
                part = folder / f"export-{count}.part"
                make(part, count)
                part.rename(workspace)
            formats = asked.formats.split(",")
            with _kept(asked.keep) if asked.keep else _passing(workspace) as files:
                measure(workspace, files, count, formats, not asked.no_import)
    return 0


def make(workspace: Path, count: int) -> None:
    """A workspace of ``count`` records: under a tenth of the answers wait."""
    shutil.rmtree(workspace, ignore_errors=True)
    template = load(find("dc01"))
    rng = np.random.default_rng(1)
    people = islice(respondents(rng), min(SEEDS, count))
    with open_store(workspace) as store:
        store.open_scan(ScanFile(Path("box/forms.pdf"), "ab" * 32, 1))
        for number, who in enumerate(people, 1):
            found = answers(template, who, rng, Habits())
            record = Record(
                f"{number:016x}",
                template.id,
                template.revision,
                f"box/{number:07}.pdf",
                "ab" * 32,
                number,
                tuple(_answer(field, value, rng) for field, value in found.items()),
                (SheetRef(1, number, "cd" * 32),),
                T0 + timedelta(minutes=number),
            )
            store.save([PageRow("ab" * 32, number, "form", "cd" * 32)], record)
    multiply(workspace, count)


def _answer(field: str, value: str | None, rng: np.random.Generator) -> Answer:
    text = value or ""
    other = (Alternative(text[:-1], 0.2),) if text else ()
    reading = Reading("read" if text else "blank", text or None, 0.9, "tesseract 5.3.0", other)
    if value is None:
        return Answer(field, None, 0.99, "blank", (), reading)
    if rng.random() < 0.08:
        return Answer(field, value, 0.6, "pending", (Doubt("low_confidence"),), reading)
    return Answer(field, value, 0.98, "accepted", (), reading)


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    busy: float
    """Seconds of the processor: what a machine with nothing else to do would take, nearly."""
    megabytes: float
    code: int


def measure(
    workspace: Path, files: Path, count: int, formats: Sequence[str], also_import: bool
) -> None:
    print(f"\n{count} records, database {_size(workspace / DATABASE_NAME):.0f} MB")
    print("| what | seconds | processor s | records/s of processor | peak memory, MB | file, MB |")
    print("|---|---:|---:|---:|---:|---:|", flush=True)
    for name in formats:
        file = files / f"{count}.{name}"
        run = timed("export", "--format", name, "-o", str(file), "-w", str(workspace))
        tell(name, run, count, file)
    if also_import:
        file = files / f"{count}-back.csv"
        timed("export", "--format", "csv", "-o", str(file), "-w", str(workspace))
        arguments = ("import", str(file), "-w", str(workspace), "--dry-run", "--json")
        tell("import, no edits", timed(*arguments), count, file)
        edit(file)
        tell("import, 1 % edited", timed(*arguments), count, file)


def _kept(folder: Path) -> AbstractContextManager[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    return nullcontext(folder)


@contextmanager
def _passing(workspace: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=workspace) as folder:
        yield Path(folder)


def edit(file: Path) -> None:
    """Changes the name in every hundredth row."""
    changed = file.with_suffix(".new")
    with (
        file.open(encoding="utf-8-sig", newline="") as old,
        changed.open("w", encoding="utf-8-sig", newline="") as new,
    ):
        rows, writer = csv.reader(old), csv.writer(new)
        head = next(rows)
        writer.writerow(head)
        name = head.index("full_name")
        for number, row in enumerate(rows):
            if number % 100 == 0:
                row[name] += " AN"
            writer.writerow(row)
    changed.replace(file)


def timed(*arguments: str) -> Run:
    """Runs scanform in a process of its own."""
    start = time.perf_counter()
    actions = [
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    command = [sys.executable, "-m", "scanform", *arguments]
    child = os.posix_spawn(sys.executable, command, os.environ, file_actions=actions)
    _, status, used = os.wait4(child, 0)
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    code = os.waitstatus_to_exitcode(status)
    busy = used.ru_utime + used.ru_stime
    return Run(time.perf_counter() - start, busy, used.ru_maxrss / unit, code)


def tell(name: str, run: Run, count: int, file: Path) -> None:
    if run.code not in (0, 3):
        print(f"| {name} | failed with exit code {run.code} | | | | |", flush=True)
        return
    figures = f"{run.seconds:.1f} | {run.busy:.1f} | {count / run.busy:.0f} | {run.megabytes:.0f}"
    print(f"| {name} | {figures} | {_size(file):.1f} |", flush=True)


def _size(file: Path) -> float:
    return file.stat().st_size / 1e6


if __name__ == "__main__":
    sys.exit(main())

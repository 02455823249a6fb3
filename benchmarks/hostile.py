"""Hostile files through a run, in slices: does it crash, hang, eat memory, lose count?

``python benchmarks/hostile.py -n 10000 --seed 1 --log FILE``: own generators (``hostile_files.py``,
``hostile_pdfs.py``: bombs, loops, lies about size, pages without end, wrong names) and mutations of
them and of ``sample_scans/``. Each slice is a fresh workspace, a run
with a limit on time and a look whether every file is in the books; the worker processes are those
of one long run. Pages that can still be laid on the form are read with Tesseract (``--keyed``: not
read, which is most of the time). With ``--log`` the same command goes on where it was stopped.
``--corpus DIR`` takes the files under a folder, instead of making them: public collections of
broken PDFs and images, say. ``--told FILE`` notes what each file was rejected for, as a clerk reads
it: whether that is true of the file, only a person can say.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from hostile_files import IMAGES, Maker
from hostile_pdfs import PDFS

from scanform.engine import worker
from scanform.engine.local import LocalEngine
from scanform.engine.run import run_scans
from scanform.model.phrases import REJECTIONS
from scanform.model.scan import Rejected
from scanform.store.check import findings
from scanform.store.images import ImageStore
from scanform.store.open import open_store
from scanform.template.find import find
from scanform.template.load import empty_form

ROOT = Path(__file__).parents[1]
SAMPLES = sorted(
    path for path in (ROOT / "sample_scans").rglob("scan.*") if path.stat().st_size < 400_000
)
FORM = empty_form(find("dc01"))
SECONDS_A_FILE = 30.0
BAD = ("crashes", "hangs", "not accounted for", "noise")
"""``noise``: what came out of libraries where a terminal would be, in bytes."""


def mutated(chance: random.Random) -> bytes:
    data = bytearray(chance.choice(SAMPLES).read_bytes())
    return bitten(data, chance)


def made(chance: random.Random) -> bytes:
    """One of our own, as it is or mutated."""
    data = chance.choice(chance.choice([IMAGES, PDFS]))(chance)
    return data if chance.random() < 0.8 else bitten(bytearray(data), chance)


def bitten(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.choice([1, 3, 10, 100])):
        at = int(len(data) * chance.random() ** chance.choice([1, 4]))
        what = chance.randrange(5)
        if what == 0 and data:
            data[at % len(data)] ^= 1 << chance.randrange(8)
        elif what == 1:
            data[at : at + 8] = chance.randbytes(8)
        elif what == 2:
            del data[at : at + chance.randrange(1, 2000)]
        elif what == 3:
            data[at:at] = data[: chance.randrange(1, 500)]
        else:
            data[at : at + 4] = chance.choice([b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"])
    return bytes(data)


def cut(chance: random.Random) -> bytes:
    data = chance.choice(SAMPLES).read_bytes()
    return data[: int(len(data) * chance.random() ** 2)]


def noise(chance: random.Random) -> bytes:
    heads = [
        b"%PDF-1.7\n",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"II*\0",
        b"MM\0*",
        b"PK\3\4",
    ]
    heads += [b"BM", b"RIFF\0\0\0\0WEBP", b"GIF89a", b"<svg>", b"", b"II+\0", b"PK\3\4"]
    return chance.choice(heads) + chance.randbytes(chance.choice([0, 1, 30, 1000, 40_000]))


MAKERS: tuple[Maker, ...] = (mutated, mutated, mutated, cut, noise, made, made, made, made, made)
NAMES = ("{n}{e}", "a\nb{n}{e}", "\u202egpj{n}{e}", "-rf {n}{e}", "ế" * 80 + "{n}{e}", "%s{n}{e}")


def fill(folder: Path, files: Sequence[Path]) -> None:
    """Files of a collection, under names that say nothing of what they are."""
    folder.mkdir()
    for number, path in enumerate(files):
        shutil.copyfile(path, folder / f"{number:03d} {path.name[-150:]}.scan")


def make(count: int, chance: random.Random, folder: Path) -> None:
    folder.mkdir()
    for number in range(count):
        ending = chance.choice([".pdf", ".jpg", ".png", ".tif", ".jpeg", "", ".PDF", ".bmp"])
        name = chance.choice(NAMES).format(n=number, e=ending)
        (folder / name).write_bytes(chance.choice(MAKERS)(chance))
    (folder / "out.jpg").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.pdf")


class Hung(Exception):
    """A slice took longer than all its files together may."""


def hung(*_: object) -> None:
    raise Hung


class Deaf:
    """A listener that hears nothing."""

    def files_found(self, number: int) -> None: ...
    def scan_opened(self, pages: int) -> None: ...
    def page_done(self) -> None: ...
    def was_rejected(self, rejected: Rejected) -> None: ...


def tried(
    count: int,
    filled: Callable[[Path], None],
    engine: LocalEngine,
    listed: Path | None,
    since: Callable[[], int],
) -> Counter[str]:
    """One slice: a fresh folder and workspace, the workers that all slices share. ``since``: as
    ``overheard`` gives."""
    told: Counter[str] = Counter(files=count)
    with tempfile.TemporaryDirectory(prefix="scanform-hostile-") as place:
        folder, workspace = Path(place) / "box", Path(place) / "w"
        filled(folder)
        since()  # what was said while the files were made isn't the program's
        signal.alarm(round(SECONDS_A_FILE * count))
        try:
            with open_store(workspace) as store:
                put = ImageStore(workspace).put
                run_scans([folder], {FORM.template.ref: FORM.template}, engine, store, put, Deaf())
                figures, rejected = store.figures(), store.rejected()
                wrong = list(findings(store, ImageStore(workspace)))
        except Hung:
            told["hangs"] += 1
        except Exception:  # whatever a run ends with, it must not
            told["crashes"] += 1
            traceback.print_exc()
            keep = Path(tempfile.gettempdir()) / f"hostile-{time.time():.0f}"
            shutil.copytree(folder, keep, symlinks=True, ignore=lambda *_: ["pipe.pdf"])
        else:
            seen = figures.scans_digitised + figures.duplicates + figures.scans_rejected
            told["not accounted for"] += abs(seen - count) + len(wrong)
            told["digitised"] += figures.scans_digitised
            told["duplicate"] += figures.duplicates
            told["rejected"] += figures.scans_rejected
            told["taken for a form"] += figures.records
            told["pages taken for blank"] += figures.pages_blank
            told.update(f"reason {each.reason}" for each in rejected)
            if listed is not None:
                with listed.open("a", encoding="utf-8") as file:
                    file.writelines(map(line_of, rejected))
        finally:
            signal.alarm(0)
        told["noise"] = since()
    return told


def line_of(rejected: Rejected) -> str:
    """The file, its page where only that was rejected, and why, between tabulators."""
    words = REJECTIONS[rejected.reason].say("en", rejected.details)
    cells = (rejected.path.name, str(rejected.page or "-"), rejected.reason, words)
    return "\t".join(" ".join(each.split()) for each in cells) + "\n"


@contextmanager
def overheard() -> Iterator[Callable[[], int]]:
    """Takes in what this process and those that it starts complain of where a terminal would be;
    gives how many bytes there were since it was last asked. Our own words still reach it."""
    sys.stderr.flush()
    terminal = os.dup(2)
    ours, sys.stderr = sys.stderr, os.fdopen(terminal, "w")
    with tempfile.TemporaryFile() as heard:
        os.dup2(heard.fileno(), 2)

        def since() -> int:
            size = os.lseek(2, 0, os.SEEK_END)
            os.ftruncate(2, 0)
            os.lseek(2, 0, os.SEEK_SET)
            return size

        try:
            yield since
        finally:
            sys.stderr.flush()
            os.dup2(terminal, 2)
            sys.stderr = ours


def used() -> float:
    """Seconds of processor of this process and of those that it has waited for."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in found)


def sort_of(asked: argparse.Namespace) -> dict[str, object]:
    """What a slice's row must say to be of the same series."""
    corpus = {"corpus": asked.corpus.name} if asked.corpus else {}
    return {"seed": asked.seed, "slice": asked.slice} | corpus


def done_before(log: Path | None, asked: argparse.Namespace) -> dict[int, Counter[str]]:
    if log is None or not log.exists():
        return {}
    rows = map(json.loads, log.read_text("utf-8").splitlines())
    mine = [row for row in rows if all(row.get(name) == of for name, of in sort_of(asked).items())]
    return {row["first"]: Counter(row["told"]) for row in mine if row["first"] < asked.n}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=10_000)
    parser.add_argument("--slice", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keyed", action="store_true", help="lay pages on the form, read nothing")
    parser.add_argument("--log", type=Path, help="where what was done is noted, to go on from")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="files of a folder, no own ones")
    parser.add_argument("--told", type=Path, help="where each rejected file is noted, and why")
    asked = parser.parse_args()
    found = asked.corpus.rglob("*") if asked.corpus else ()
    corpus = sorted(path for path in found if path.is_file())
    asked.n = len(corpus) if asked.corpus else asked.n
    signal.signal(signal.SIGALRM, hung)
    done = done_before(asked.log, asked)
    start = partial(worker.start, text_reader="tesseract", keyed=asked.keyed)
    with overheard() as since, LocalEngine([FORM], asked.jobs, start=start) as engine:
        for first in range(0, asked.n, asked.slice):
            if first in done:
                continue
            count = min(asked.slice, asked.n - first)
            filled = partial(make, count, random.Random(f"{asked.seed}/{first}"))
            if corpus:
                filled = partial(fill, files=corpus[first : first + count])
            told = tried(count, filled, engine, asked.told, since)
            if told["hangs"] or told["crashes"]:
                engine.stop()
            done[first] = told
            row = sort_of(asked) | {"first": first, "told": told}
            print(first, dict(told), flush=True)
            if asked.log is not None:
                with asked.log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
            if engine.stopped:
                break
    total = sum(done.values(), Counter())
    largest = [resource.getrusage(who).ru_maxrss // 1024 for who in (
        resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]  # fmt: skip
    said = ", ".join(f"{name} {total[name]}" for name in BAD)
    print(f"{total['files']} files: {said}; largest process {max(largest)} MiB (the run itself "
          f"{largest[0]}), {used():.0f} s of processor in this sitting")  # fmt: skip
    print(", ".join(f"{name} {number}" for name, number in total.most_common()))
    return any(total[name] for name in BAD)


if __name__ == "__main__":
    sys.exit(main())

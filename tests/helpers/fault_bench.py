"""Runs that real faults are done to: real store, real images, real processes; only the reading is
canned, so that hundreds of them fit into a minute."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image

from scanform.digitise import BlankPage, FormPage, PageResult, RejectedPage
from scanform.engine.interface import PageJob
from scanform.engine.run import Listener, Summary, run_scans
from scanform.model.geometry import Box
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt
from scanform.model.scan import Quality, Rejected
from scanform.model.template import Field, Template
from scanform.store.check import findings
from scanform.store.images import ImageStore
from scanform.store.open import open_store

SINGLES, STACKS, STACK_PAGES = 8, 4, 5
QUALITY = Quality(0.1, 0.1, 0.9, 300, 0, "marks")
FIELDS = tuple(Field(f"f{n}", f"Mục {n}", "text", 1, Box(10, 10 * n, 50, 8)) for n in range(6))


def template(name: str, pages: int) -> Template:
    more = tuple(replace(each, id=f"{each.id}b", page=2) for each in FIELDS) if pages > 1 else ()
    return Template(name, name, 1, pages, (210, 297), FIELDS + more)


TEMPLATES = {each.ref: each for each in (template("one", 1), template("two", 2))}


def make_box(folder: Path) -> Path:
    """Files of one page, and stacks: forms of two pages, a blank, a page that is rejected."""
    folder.mkdir(parents=True)
    for number in range(SINGLES):
        Image.new("L", (40, 40), number).save(folder / f"single{number}.png")
    for number in range(STACKS):
        first, *rest = [Image.new("L", (40, 40), 100 + number * 10 + p) for p in range(STACK_PAGES)]
        first.save(folder / f"stack{number}.tif", save_all=True, append_images=rest)
    return folder


def canned(job: PageJob) -> PageResult:
    """What a page always reads as: of a stack pages 1 and 2 are a form, 3 is blank, 4 rejected,
    5 half a form."""
    scan, page = job.scan, job.page
    if scan.path.suffix == ".png":
        return _form(job, "one@1", 1)
    if page == 3:
        return BlankPage(page)
    if page == 4:
        rejected = Rejected(scan.path, scan.sha256, page, "misaligned", {"detail": "6 mm"})
        return RejectedPage(page, rejected)
    return _form(job, "two@1", 1 if page == 5 else page)


def _form(job: PageJob, ref: str, page: int) -> FormPage:
    seed = f"{job.scan.sha256}/{job.page}"
    answers = tuple(
        Answer(
            each.id,
            hashlib.sha256(f"{seed}/{each.id}".encode()).hexdigest()[:8],
            0.5,
            "pending",
            (Doubt("low_confidence"),),
            Reading("read", each.id, 0.5, "canned 1"),
        )
        for each in TEMPLATES[ref].fields
        if each.page == page
    )
    picture = hashlib.sha256(seed.encode()).digest() * 600
    return FormPage(job.page, ref, page, picture, QUALITY, answers)


def work(jobs: Sequence[PageJob]) -> list[PageResult]:
    """For a worker process."""
    time.sleep(0.02 * len(jobs))
    return [canned(job) for job in jobs]


def get_ready(_forms: object, _memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@dataclass
class Inline:
    """An engine without processes, for faults in the parent."""

    stopped: bool = False

    def read(self, jobs: Iterable[PageJob]) -> Iterator[tuple[PageJob, PageResult]]:
        for job in jobs:
            yield job, canned(job)

    def stop(self) -> None:
        self.stopped = True

    def close(self) -> None:
        pass


@dataclass
class Deaf:
    """A ``Listener``; ``at_page`` is called with the number of pages done."""

    at_page: Callable[[int], None] = lambda _: None
    pages: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def files_found(self, number: int) -> None: ...
    def scan_opened(self, pages: int) -> None: ...

    def page_done(self) -> None:
        self.pages += 1
        self.at_page(self.pages)

    def was_rejected(self, rejected: Rejected) -> None:
        self.rejected.append(rejected)


def run(
    box: Path, workspace: Path, database: str | None = None, listener: Listener | None = None
) -> Summary:
    with open_store(workspace, database) as store:
        put = ImageStore(workspace).put
        return run_scans([box], TEMPLATES, Inline(), store, put, listener or Deaf())


def state(workspace: Path, database: str | None = None) -> object:
    """All that an undisturbed run leaves, but for the moments at which it did."""
    with open_store(workspace, database, create=False) as store:
        records = [replace(each, created_at=None) for each in store.records()]
        found = [each for each in findings(store, ImageStore(workspace))
                 if each.code != "image_unfinished"]  # fmt: skip
        rejected = [(str(each.path), each.page, each.reason) for each in store.rejected()]
        return records, store.figures(), rejected, found


def in_child(action: Callable[[], object]) -> int:
    """Runs ``action`` in a fork of this process; its process id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        sys.stderr = sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
        action()
        code = 0
    finally:
        os._exit(code)


def kill_after(pid: int, seconds: float) -> bool:
    """Whether it was still running when it was killed."""
    time.sleep(seconds)
    done, _ = os.waitpid(pid, os.WNOHANG)
    if done:
        return False
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return True


@dataclass
class Killed:
    kills: int = 0
    """Of runs that were still running."""
    lost: int = 0
    doubled: int = 0
    differ: int = 0


def kill_at_random(box: Path, folder: Path, kills: int, seed: int, a_workspace: int = 16) -> Killed:
    """Kills runs at random moments, several of one workspace after each other until one comes to
    its end, then holds what they left against an undisturbed run. Half of the kills come early:
    they meet a run's beginning, and leave work for the next kill."""
    chance, told = random.Random(seed), Killed()
    begun = time.monotonic()
    run(box, folder / "undisturbed")
    lasts = time.monotonic() - begun
    expected = state(folder / "undisturbed")
    while told.kills < kills:
        workspace = folder / f"w{told.kills}"
        for _ in range(min(a_workspace, kills - told.kills)):
            pid = in_child(lambda workspace=workspace: run(box, workspace))  # type: ignore[misc]
            if not kill_after(pid, chance.uniform(0, lasts) * chance.choice([0.2, 1.0])):
                break
            told.kills += 1
        run(box, workspace)
        _compare(expected, state(workspace), told)
        shutil.rmtree(workspace)
    return told


def _compare(expected: object, found: object, told: Killed) -> None:
    wanted = [each.id for each in expected[0]]  # type: ignore[index]
    there = [each.id for each in found[0]]  # type: ignore[index]
    told.lost += len(set(wanted) - set(there))
    told.doubled += len(there) - len(set(there))
    told.differ += found != expected

"""Checking scans before they are read: nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scanform.digitise import RejectedPage
from scanform.engine import worker
from scanform.engine.interface import PageJob
from scanform.engine.local import MEMORY_BYTES, PAGE_SECONDS, LocalEngine
from scanform.intake.files import find_files, scan_file
from scanform.intake.pages import page_count
from scanform.model.scan import Rejected
from scanform.model.template import EmptyForm
from scanform.page.check import PageCheck, check_rejected


@dataclass(frozen=True, slots=True)
class Checked:
    """A page of a scan, or a scan that can't be opened (``check.number`` is 0)."""

    path: Path
    check: PageCheck


def checking_engine(forms: Sequence[EmptyForm], workers: int | None = None) -> LocalEngine:
    """An engine whose workers know ``forms`` and no reader."""
    return LocalEngine(forms, workers, PAGE_SECONDS, MEMORY_BYTES, start=worker.start_checking)


def check_scans(paths: Sequence[Path], engine: LocalEngine) -> list[Checked]:
    """Every page under ``paths``, in the order of files and pages."""
    unopened: list[Checked] = []
    done = [
        Checked(job.scan.path, _judged(job, result))
        for job, result in engine.each(worker.check, _jobs(paths, unopened))
    ]
    return sorted([*unopened, *done], key=lambda each: (str(each.path), each.check.number))


def _jobs(paths: Sequence[Path], unopened: list[Checked]) -> Iterator[PageJob]:
    for path in find_files(paths):
        scan = scan_file(path)
        if isinstance(scan, Rejected):
            unopened.append(Checked(path, check_rejected(0, scan)))
            continue
        pages = page_count(scan)
        if isinstance(pages, Rejected):
            unopened.append(Checked(path, check_rejected(0, pages)))
            continue
        yield from (PageJob(scan, number) for number in range(1, pages + 1))


def _judged(job: PageJob, result: PageCheck | RejectedPage) -> PageCheck:
    if isinstance(result, RejectedPage):
        return check_rejected(job.page, result.rejected)
    return result

"""A run: files found, pages read by an engine, records kept; nothing lost on the way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Protocol

from scanform.digitise import Assembled, BlankPage, FormAssembler, FormPage, PageResult
from scanform.engine.interface import Engine, PageJob
from scanform.fields.policy import Bounds, expected_wrong
from scanform.intake.files import find_files, scan_file
from scanform.intake.pages import page_count
from scanform.model.record import Record
from scanform.model.scan import Rejected, ScanFile
from scanform.model.template import Template
from scanform.store.interface import PageRow, Store

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Summary:
    """What a run did. A scan is counted once it is done with."""

    seen: int = 0
    digitised: int = 0
    duplicate: int = 0
    rejected: int = 0
    pages: int = 0
    pages_rejected: int = 0
    records: int = 0
    accepted: int = 0
    pending: int = 0
    blank: int = 0
    seconds: float = 0.0
    files_left: int = 0
    """Files not looked at, and pages of those that were, when the run was stopped before its
    end."""
    pages_left: int = 0
    expected_wrong: float = 0.0
    """Of the answers accepted or blank without a look, how many are likely wrong."""

    @property
    def complained(self) -> bool:
        """Whether anything was rejected."""
        return bool(self.rejected or self.pages_rejected)

    def as_json(self) -> dict[str, object]:
        return {
            "scans": {
                "seen": self.seen,
                "digitised": self.digitised,
                "duplicate": self.duplicate,
                "rejected": self.rejected,
            },
            "pages": self.pages,
            "records": self.records,
            "answers": {
                "accepted": self.accepted,
                "pending": self.pending,
                "blank": self.blank,
            },
            "expected_wrong": round(self.expected_wrong, 3),
            "seconds": round(self.seconds, 3),
        }

    def count(self, record: Record) -> None:
        self.records += 1
        self.expected_wrong += expected_wrong(record.answers)
        for answer in record.answers:
            match answer.state:
                case "blank":
                    self.blank += 1
                case "pending":
                    self.pending += 1
                case _:
                    self.accepted += 1


class Listener(Protocol):
    """Is told how a run goes, so that a person can be."""

    def files_found(self, number: int) -> None: ...
    def scan_opened(self, pages: int) -> None:
        """The next file was looked at; ``pages`` of it are to be read."""
        ...

    def page_done(self) -> None: ...
    def was_rejected(self, rejected: Rejected) -> None: ...


def run_scans(  # noqa: PLR0913 - what a run works with, each named
    paths: Sequence[Path],
    templates: Mapping[str, Template],
    engine: Engine,
    store: Store,
    store_image: Callable[[bytes], str],
    listener: Listener,
    *,
    bounds: Bounds | None = None,
) -> Summary:
    """Digitises what is new under ``paths``. ``templates`` are by ``id@revision``; ``bounds`` say
    what is accepted without a look.

    What was finished before an interruption is kept: every form is one transaction, and a scan
    that was not done with is taken up where it stopped.
    """
    run = _Run(templates, store, store_image, listener, bounds or Bounds())
    return run.over(paths, engine)


@dataclass(slots=True)
class _ScanInWork:
    """A scan whose pages are being read, handed on to the assembler in order."""

    scan: ScanFile
    todo: list[int]
    """Pages not yet handed on, in order."""
    retried: bool
    """It was finished before, and only its rejected pages are tried again."""
    pages: int
    assembler: FormAssembler
    arrived: dict[int, PageResult] = field(default_factory=dict)
    records: int = 0
    kept: int = 0
    """Pages that are no reason to reject the scan: of a form, or blank."""


@dataclass(slots=True)
class _Run:
    templates: Mapping[str, Template]
    store: Store
    store_image: Callable[[bytes], str]
    listener: Listener
    bounds: Bounds
    summary: Summary = field(default_factory=Summary)
    in_work: dict[str, _ScanInWork] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    found: int = 0

    def over(self, paths: Sequence[Path], engine: Engine) -> Summary:
        begun = monotonic()
        for job, result in engine.read(self._jobs(paths)):
            work = self.in_work[job.scan.sha256]
            work.arrived[job.page] = result
            self.listener.page_done()
            self._hand_on(work)
        self.summary.seconds = monotonic() - begun
        self.summary.files_left = self.found - self.summary.seen
        self.summary.pages_left = sum(len(work.todo) for work in self.in_work.values())
        log.info("run_ended", extra={"figures": self.summary.as_json()})
        return self.summary

    def _jobs(self, paths: Sequence[Path]) -> Iterator[PageJob]:
        files = list(find_files(paths))
        self.found = len(files)
        self.listener.files_found(self.found)
        for path in files:
            self.summary.seen += 1
            work = self._take_up(path)
            self.listener.scan_opened(len(work.todo) if work else 0)
            if work:
                pages = list(work.todo)
                yield from (PageJob(work.scan, page) for page in pages)

    def _take_up(self, path: Path) -> _ScanInWork | None:
        """The pages of a file that are to be read; None when there is nothing to do."""
        scan = scan_file(path)
        if isinstance(scan, Rejected):
            self._reject_scan(scan)
            return None
        state = self.store.open_scan(scan)
        if scan.sha256 in self.met:
            self.summary.duplicate += 1
            return None
        self.met.add(scan.sha256)
        rows = self.store.page_rows(scan.sha256)
        if state == "finished" and not any(row.outcome == "rejected" for row in rows):
            self.summary.duplicate += 1
            return None
        pages = page_count(scan)
        if isinstance(pages, Rejected):
            self._reject_scan(pages)
            return None
        known = {row.number for row in rows if row.outcome != "rejected"}
        todo = [number for number in range(1, pages + 1) if number not in known]
        assembler = FormAssembler(scan, self.templates, self.store_image, self.bounds)
        work = _ScanInWork(scan, todo, state == "finished", pages, assembler, kept=len(known))
        self.in_work[scan.sha256] = work
        if not todo:
            self._finish(work)
            return None
        return work

    def _hand_on(self, work: _ScanInWork) -> None:
        while work.todo and work.todo[0] in work.arrived:
            result = work.arrived.pop(work.todo.pop(0))
            for assembled in work.assembler.feed(result):
                self._keep(work, assembled)
        if not work.todo:
            self._finish(work)

    def _keep(self, work: _ScanInWork, assembled: Assembled) -> None:
        images = (
            {sheet.scan_page: sheet.image for sheet in assembled.record.sheets}
            if (assembled.record)
            else {}
        )
        rows = [_row(work.scan, page, images) for page in assembled.pages]
        added = self.store.save(rows, assembled.record)
        for row in rows:
            if row.rejected:
                self.summary.pages_rejected += 1
                self._was_rejected(row.rejected)
            else:
                work.kept += 1
                self.summary.pages += row.outcome == "form"
        if assembled.record and added:
            work.records += 1
            self.summary.count(assembled.record)

    def _finish(self, work: _ScanInWork) -> None:
        for assembled in work.assembler.finish():
            self._keep(work, assembled)
        self.store.finish_scan(work.scan.sha256, work.pages)
        del self.in_work[work.scan.sha256]
        if not work.kept:
            self.summary.rejected += 1
        elif work.retried and not work.records:
            self.summary.duplicate += 1
        else:
            self.summary.digitised += 1

    def _reject_scan(self, rejected: Rejected) -> None:
        self.store.reject_scan(rejected)
        self.summary.rejected += 1
        self._was_rejected(rejected)

    def _was_rejected(self, rejected: Rejected) -> None:
        self.listener.was_rejected(rejected)
        # A file's name may be a person's: its hash tells as much to whoever has the file.
        said = {"reason": rejected.reason, "scan": rejected.sha256[:16], "page": rejected.page}
        log.info("rejected", extra=said)


def _row(scan: ScanFile, result: PageResult, images: Mapping[int, str]) -> PageRow:
    match result:
        case FormPage():
            return PageRow(scan.sha256, result.number, "form", images[result.number])
        case BlankPage():
            return PageRow(scan.sha256, result.number, "separator" if result.separator else "blank")
        case _:
            return PageRow(scan.sha256, result.number, "rejected", rejected=result.rejected)

"""An engine of worker processes on this machine.

Workers are Pebble's: a page that hangs or takes its worker down is told apart from the others,
and the worker is replaced (https://pebble.readthedocs.io).
"""

from __future__ import annotations

import logging
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from types import TracebackType
from typing import Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from scanform.digitise import PageResult, RejectedPage
from scanform.engine import processes, worker
from scanform.engine.interface import PageJob
from scanform.engine.references import references_of
from scanform.errors import MissingProgram, WorkersDie
from scanform.model.scan import Rejected
from scanform.model.template import EmptyForm

log = logging.getLogger(__name__)

R = TypeVar("R")

PAGES_A_BATCH = 12
"""Pages that share the starts of a reader, at twelve a fiftieth of the pages' time."""
PAGE_SECONDS = 60.0
MEMORY_BYTES = 4 * 2**30
TRIES = 2
POOLS = 5
"""How often in a row all workers are started anew, without one page done, before giving up."""


class LocalEngine:
    """Reads pages of ``forms`` in ``workers`` processes (none given: one a core).

    A page is given ``page_seconds``; a worker ``memory_bytes`` of address space. A page that
    fails is tried once more on its own, then rejected with the reason. ``work`` runs in the worker,
    which ``start`` readies: each prepares the forms for itself, which takes no longer than handing
    them on, while the caller is busy with something else.
    """

    def __init__(
        self,
        forms: Sequence[EmptyForm],
        workers: int | None = None,
        page_seconds: float = PAGE_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        work: Callable[[Sequence[PageJob]], list[PageResult]] = worker.work,
        start: Callable[[Sequence[EmptyForm], int], None] = worker.start,
    ) -> None:
        self._workers = workers or usable_cores()
        self._page_seconds = page_seconds
        self._work = work
        self.stopped = False
        self._start = start, (tuple(forms), memory_bytes)
        self._broken = 0
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._workers,
            initializer=processes.ready,
            initargs=(dict(os.environ), *self._start),
            context=processes.context(),
        )

    def _schedule(
        self, work: Callable[[Sequence[PageJob]], list[R]], batch: list[PageJob]
    ) -> ProcessFuture[list[R]]:
        seconds = self._page_seconds * len(batch)
        try:
            return self._pool.schedule(work, (batch,), timeout=seconds)
        except RuntimeError:
            # Pebble gives the pool up when a worker dies that has no page in hand: while it gets
            # ready, or between two batches, as when the system runs out of memory.
            self._broken += 1
            if self._broken == 1:
                references_of(self._start[1][0])  # what is wrong with a form is said here
            if self._broken > POOLS:
                raise WorkersDie from None
        self._restart()
        return self._schedule(work, batch)

    def renew(self, start: Callable[[Sequence[EmptyForm], int], None]) -> None:
        """Has new workers get ready in another way; to be called between two reads."""
        self._start = start, self._start[1]
        self._restart()

    def _restart(self) -> None:
        self.close()
        self._pool = self._new_pool()

    def warm(self) -> None:
        """Has the workers get ready while the caller is busy with something else."""
        for _ in range(self._workers):
            self._pool.schedule(worker.be_ready)

    def read(self, jobs: Iterable[PageJob]) -> Iterator[tuple[PageJob, PageResult]]:
        return self.each(self._work, jobs)

    def each(
        self, work: Callable[[Sequence[PageJob]], list[R]], jobs: Iterable[PageJob]
    ) -> Iterator[tuple[PageJob, R | RejectedPage]]:
        """What ``work`` makes of each job; one that fails for good is a rejected page."""
        supply = _Supply(iter(jobs), self._workers)
        flying: dict[ProcessFuture[list[R]], list[PageJob]] = {}
        while True:
            # One batch in hand and one in wait for each worker: none is ever idle.
            while not self.stopped and len(flying) < 2 * self._workers and (batch := supply.take()):
                flying[self._schedule(work, batch)] = batch
            if self.stopped:
                # What is in hand is finished. What waits is left for the next run, and not even
                # cancelled: that could take along the worker that others are still in.
                for future in [each for each in flying if not (each.running() or each.done())]:
                    del flying[future]
            if not flying:
                return
            wait(flying, return_when=FIRST_COMPLETED)
            for future in [each for each in flying if each.done()]:
                yield from self._settle(flying.pop(future), future, supply)

    def _settle(
        self, batch: list[PageJob], future: ProcessFuture[list[R]], supply: _Supply
    ) -> Iterator[tuple[PageJob, R | RejectedPage]]:
        try:
            yield from zip(batch, future.result(), strict=True)
            self._broken = 0
        except BrokenProcessPool:  # no fault of any page
            supply.back(batch)
        except TimeoutError:
            yield from supply.again(batch, "page_timeout", f"> {self._page_seconds:.0f} s")
        except ProcessExpired as died:
            yield from supply.again(batch, "page_failed", f"exit {died.exitcode}")
        except MissingProgram:  # no fault of the page, and the next one will meet it too
            raise
        except Exception as error:  # whatever one page does, the batch goes on
            log.debug("a page failed", exc_info=error)
            yield from supply.again(batch, "page_failed", type(error).__name__)

    def stop(self) -> None:
        """Has ``read`` end once the pages in hand are done. May be called by a signal's handler."""
        self.stopped = True

    def close(self) -> None:
        """Stops the workers at once; pages in work are left for the next run."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Supply:
    """Jobs in batches: new ones as they come, failed ones alone and before all others. ``_share``
    is how many go into one of the last batches, 0 before it is known."""

    def __init__(self, jobs: Iterator[PageJob], workers: int) -> None:
        self._jobs = jobs
        self._workers = workers
        self._ready: deque[PageJob] = deque()
        self._alone: deque[PageJob] = deque()
        self._tries: Counter[PageJob] = Counter()
        self._share = 0

    def take(self) -> list[PageJob]:
        """The next batch; empty when there is none."""
        if self._alone:
            return [self._alone.popleft()]
        if not self._share:
            wanted = self._workers * PAGES_A_BATCH
            self._ready.extend(islice(self._jobs, wanted - len(self._ready)))
            if len(self._ready) < wanted:
                # The last pages are shared out evenly rather than left to one worker.
                self._share = -(-len(self._ready) // self._workers)
        share = self._share or PAGES_A_BATCH
        return [self._ready.popleft() for _ in range(min(share, len(self._ready)))]

    def back(self, batch: list[PageJob]) -> None:
        """Puts pages back that nobody has begun."""
        self._alone.extend(batch)

    def again(
        self, batch: list[PageJob], reason: str, detail: str
    ) -> Iterator[tuple[PageJob, RejectedPage]]:
        """Puts failed pages back, each alone; one that has had its tries is rejected."""
        for job in batch:
            if len(batch) == 1:
                self._tries[job] += 1
            if self._tries[job] < TRIES:
                self._alone.append(job)
                continue
            scan = job.scan
            rejected = Rejected(scan.path, scan.sha256, job.page, reason, {"detail": detail})
            yield job, RejectedPage(job.page, rejected)


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

"""Stand-ins for a worker's work that fail as real pages make it fail. Importable by a spawned
process, so they live in a module of their own."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence

from scanform.digitise import BlankPage, PageResult
from scanform.engine.interface import PageJob

DIES, HANGS, RAISES, EATS = 3, 5, 7, 9
"""Pages that take their worker down, never end, raise, or want all memory."""


def work(jobs: Sequence[PageJob]) -> list[PageResult]:
    return [_work(job) for job in jobs]


def _work(job: PageJob) -> PageResult:
    if job.page == DIES:
        os.kill(os.getpid(), signal.SIGKILL)
    if job.page == HANGS:
        time.sleep(3600)
    if job.page == RAISES:
        raise RuntimeError("a bug met by one page")
    if job.page == EATS:
        bytearray(2**40)
    return BlankPage(job.page)

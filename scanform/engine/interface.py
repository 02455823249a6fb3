"""What an engine is: page jobs in, page results out, wherever the work is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from scanform.digitise import PageResult
from scanform.model.scan import ScanFile


@dataclass(frozen=True, slots=True)
class PageJob:
    """One page to read: ``page`` counted from 1."""

    scan: ScanFile
    page: int


class Engine(Protocol):
    """Reads pages somewhere. Results come in any order; each job has exactly one. Jobs are drawn
    only as there is room for them, so an endless supply needs no memory."""

    stopped: bool
    """Whether it was told to stop before all was read."""

    def read(self, jobs: Iterable[PageJob]) -> Iterator[tuple[PageJob, PageResult]]: ...

    def stop(self) -> None:
        """Has ``read`` end once the pages in hand are done."""
        ...

    def close(self) -> None: ...

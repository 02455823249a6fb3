"""What an exporter is: records in, a file out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, Protocol

from scanform.model.record import Record


class Exporter(Protocol):
    """Writes records to an open file, one after the other, so a million need little memory.
    The same records give the same bytes. Returns how many were written."""

    def __call__(self, records: Iterable[Record], to: BinaryIO) -> int: ...

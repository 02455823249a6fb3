"""A file that a command writes, whole or not at all, and what is told where it can't be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from scanform.errors import ScanformError
from scanform.phrase import Phrase
from scanform.whole import writing_whole

READ_BY_OTHERS = 0o666
"""As far as the person's own mask lets others read what he writes."""
_CANT_WRITE = Phrase("Không ghi được {file}: {why}.", "{file} can't be written: {why}.")
MAKE_ROOM = Phrase(
    "Hãy cho tệp khác bằng -o, hoặc dọn chỗ trên đĩa.",
    "Give another file with -o, or make room on the disk.",
)


@contextmanager
def writing_output(
    output: Path,
    mode: int = READ_BY_OTHERS,
    advice: Phrase = MAKE_ROOM,
    kind: type[ScanformError] = ScanformError,
) -> Iterator[BinaryIO]:
    """The file, which takes its name once the block is left; what was there stays until then.
    Raises an error of that ``kind`` where it can't be written."""
    with saying_why(output, advice, kind), writing_whole(output, mode) as file:
        yield file


@contextmanager
def saying_why(
    file: Path, advice: Phrase, kind: type[ScanformError] = ScanformError
) -> Iterator[None]:
    """Raises an error of that ``kind``, which says why, where the block can't write the file."""
    try:
        yield
    except OSError as error:
        raise kind(
            _CANT_WRITE.of(file=str(file), why=error.strerror or str(error)), advice
        ) from error

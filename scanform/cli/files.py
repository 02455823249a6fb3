"""Files that take their name only when they are whole."""

from __future__ import annotations

import sys
from pathlib import Path

from scanform.errors import ScanformError, UsageError
from scanform.export.output import MAKE_ROOM, READ_BY_OTHERS, writing_output
from scanform.phrase import Phrase
from scanform.store.leftovers import sweep_beside

_CANT_MAKE = Phrase("Không tạo được {folder} ({why}).", "{folder} can't be made ({why}).")
_MAY_WRITE = Phrase("Hãy cho -o một thư mục ghi được.", "Give -o a folder you may write to.")


def make_folder(folder: Path) -> None:
    """The folder that -o names, made where it is missing. Raises ``UsageError`` where it can't."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            _CANT_MAKE.of(folder=str(folder), why=error.strerror or str(error)), _MAY_WRITE
        ) from error


def write_whole(
    output: Path,
    data: bytes,
    mode: int = READ_BY_OTHERS,
    *,
    advice: Phrase = MAKE_ROOM,
    kind: type[ScanformError] = ScanformError,
) -> None:
    """Writes the file, or standard output for ``-``; what was there stays until the new one is
    whole, and what was left half written beside it is gone then. Raises an error of that ``kind``
    where it can't be written."""
    if str(output) == "-":
        sys.stdout.buffer.write(data)
        return
    with writing_output(output, mode, advice, kind) as file:
        file.write(data)
    sweep_beside(output)

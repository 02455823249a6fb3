"""Files that take their name only when they are whole."""

from __future__ import annotations

import sys
from pathlib import Path

from scanform import whole
from scanform.errors import ScanformError
from scanform.export.wording import CANT_WRITE, MAKE_ROOM
from scanform.store.leftovers import sweep_beside


def write_whole(output: Path, data: bytes) -> None:
    """Writes the file, or standard output for ``-``; what was there stays until the new one is
    whole, and what was left half written beside it is gone then. Raises ``ScanformError`` where it
    can't be written."""
    if str(output) == "-":
        sys.stdout.buffer.write(data)
        return
    try:
        whole.write_whole(output, data, 0o666)
    except OSError as error:
        raise ScanformError(
            CANT_WRITE.of(file=str(output), why=error.strerror or str(error)), MAKE_ROOM
        ) from error
    sweep_beside(output)

"""Files that take their name only when they are whole."""

from __future__ import annotations

import sys
from pathlib import Path

from scanform.export.output import writing_output
from scanform.store.leftovers import sweep_beside


def write_whole(output: Path, data: bytes) -> None:
    """Writes the file, or standard output for ``-``; what was there stays until the new one is
    whole, and what was left half written beside it is gone then. Raises ``ScanformError`` where it
    can't be written."""
    if str(output) == "-":
        sys.stdout.buffer.write(data)
        return
    with writing_output(output) as file:
        file.write(data)
    sweep_beside(output)

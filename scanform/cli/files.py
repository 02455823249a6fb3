"""Files that take their name only when they are whole."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from scanform.errors import ScanformError
from scanform.export.wording import CANT_WRITE, MAKE_ROOM


def write_whole(output: Path, data: bytes) -> None:
    """Writes the file, or standard output for ``-``; what was there stays until the new one is
    whole. Raises ``ScanformError`` where it can't be written."""
    if str(output) == "-":
        sys.stdout.buffer.write(data)
        return
    temporary = output.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(output)
    except OSError as error:
        raise ScanformError(
            CANT_WRITE.of(file=str(output), why=error.strerror or str(error)), MAKE_ROOM
        ) from error
    finally:
        temporary.unlink(missing_ok=True)

"""An Excel workbook from elsewhere, opened with limits: it is a ZIP of XML, and may be anything."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scanform.errors import ScanformError, UsageError
from scanform.export.extras import from_extra
from scanform.export.wording import CANT_READ, SAVE_AS_CSV
from scanform.phrase import Phrase

MOST_SHEETS = 8 * 2**30
"""Bytes of all sheets, which are read row by row; a million records have about a tenth of it."""
MOST_OTHERS = 2**30
"""Bytes of all else, which is taken into memory: the texts that cells share, styles."""

_NO_WORKBOOK = Phrase(
    "{file} không phải bảng tính Excel, hoặc đã hỏng.",
    "{file} is no Excel workbook, or it is damaged.",
)
_TOO_LARGE = Phrase(
    "{file} quá lớn so với một bảng tính phiếu.",
    "{file} is too large for a workbook of records.",
)


@contextmanager
def opened(file: Path, *, data_only: bool) -> Iterator[Any]:
    """The workbook, to be read row by row. Raises ``UsageError`` for what is none or is too large,
    also while its rows are read, and ``MissingProgram`` without openpyxl. ``data_only``: cells with
    a formula have its last result."""
    with from_extra("xlsx"):
        from openpyxl import load_workbook  # noqa: PLC0415 - only this format needs it

    try:
        with file.open("rb") as stream:
            _check(file, stream)
            book = load_workbook(stream, read_only=True, data_only=data_only)
            try:
                yield book
            finally:
                book.close()
    except ScanformError:
        raise
    except Exception as error:  # openpyxl, zipfile and expat raise whatever they trip over
        if isinstance(error, OSError) and error.errno is not None:
            raise UsageError(CANT_READ.of(file=str(file), why=error.strerror or "?")) from error
        raise UsageError(_NO_WORKBOOK.of(file=str(file)), SAVE_AS_CSV) from error


def _check(file: Path, stream: Any) -> None:
    """Before anything is unpacked: what the archive says that it unpacks to, which is all that
    zipfile ever takes out of it."""
    with zipfile.ZipFile(stream) as archive:
        sheets = others = 0
        for each in archive.infolist():
            if each.filename.startswith("xl/worksheets/"):
                sheets += each.file_size
            else:
                others += each.file_size
    if sheets > MOST_SHEETS or others > MOST_OTHERS:
        raise UsageError(_TOO_LARGE.of(file=str(file)), SAVE_AS_CSV)
    stream.seek(0)

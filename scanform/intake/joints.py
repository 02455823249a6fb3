"""PDFs that were put end to end in one file (``copy /b a.pdf+b.pdf``).

Poppler draws the last of them; the pages of the others would be lost without a word.
"""

from __future__ import annotations

import re
from typing import BinaryIO

_JOINT = re.compile(rb"%%EOF[\0\t\n\f\r ]{0,64}(?=%PDF-[0-9])")
"""Where one PDF ends and another begins. One that is attached ends before its stream does."""
_OVERLAP = 80
"""Bytes: a joint and the sign after it are shorter."""
_TAIL = 2048
_CROSS_REFERENCE = re.compile(rb"\s*(xref\s|[0-9]+\s+[0-9]+\s+obj)")


class Joints:
    """Looks for joints in a file's bytes as they are read."""

    def __init__(self) -> None:
        self._before = b""
        self._read = 0
        self._last = 0
        """Where the last PDF begins."""

    def take(self, chunk: bytes) -> None:
        """The next bytes of the file."""
        start = self._read - len(self._before)
        data = self._before + chunk
        for joint in _JOINT.finditer(data):
            self._last = start + joint.end()
        self._before = data[-_OVERLAP:]
        self._read += len(chunk)

    def are_in(self, file: BinaryIO) -> bool:
        """Whether ``file``, all of which was taken, is several PDFs. What was written behind a PDF
        to change it, by programs that write a header there again (Pillow), is none of its own: its
        places are counted from the file's beginning (ISO 32000-1, 7.5.5 and 7.5.6)."""
        if not self._last:
            return False
        file.seek(max(self._last, self._read - _TAIL))
        told = re.findall(rb"startxref\s+([0-9]{1,12})", file.read())
        if not told or int(told[-1]) < self._last:
            return True
        file.seek(int(told[-1]))
        return not _CROSS_REFERENCE.match(file.read(64))

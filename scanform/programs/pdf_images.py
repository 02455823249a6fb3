"""The pictures inside a PDF page, as the file has them, through Poppler's ``pdfimages``.

Poppler draws a picture whose data stops as far as it goes and leaves the rest white; of a JPEG that
stops it doesn't say a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from scanform.programs.poppler import PdfError, asked

SECONDS = 10.0
"""For each question; the page has been drawn by then, which takes longer."""

EMPTY = "empty"
"""The sort of a picture of no bytes."""
_COLUMN = 8
"""Of ``pdfimages -list``: how the picture's data is packed."""
_SIZE = -2
_DRAWN_DPI = 9
"""All data is unpacked to draw a page, however small."""


def sorts(path: Path, page: int) -> Counter[str]:
    """How many pictures of each sort (``jpeg``, ``ccitt``, ``image`` and so on, as ``pdfimages``
    calls them; ``EMPTY``; ``inline`` for those that stand in the page's own content) page ``page``
    shows. Raises ``PdfError`` and ``MissingProgram``."""
    said, _ = asked(["pdfimages", "-list", *_of(page), str(path.resolve())], SECONDS)
    head, *lines = said.splitlines() or [""]
    if not head.startswith("page"):
        raise PdfError("damaged", f"page {page}")
    rows = [line.split() for line in lines[1:]]
    return Counter(_sort(row) for row in rows if len(row) > _COLUMN)


def _sort(row: Sequence[str]) -> str:
    if "[inline]" in row:
        return "inline"
    return EMPTY if row[_SIZE] == "0B" else row[_COLUMN]


def jpegs(path: Path, page: int, folder: Path) -> list[Path]:
    """The page's JPEGs as the file has them, in ``folder``, which is empty; a picture of another
    sort is written there, too. Raises ``PdfError`` and ``MissingProgram``."""
    raw = ["-j", "-jp2", "-jbig2", "-ccitt"]
    to = str(folder.resolve() / "picture")
    asked(["pdfimages", *raw, *_of(page), str(path.resolve()), to], SECONDS, folder)
    return sorted(folder.glob("*.jpg"))


def complaints(path: Path, page: int) -> str:
    """What Poppler complains of when it draws the page. Raises ``PdfError`` and
    ``MissingProgram``."""
    drawn = ["pdftoppm", "-r", str(_DRAWN_DPI), "-gray", *_of(page)]
    return asked([*drawn, str(path.resolve())], SECONDS)[1]


def _of(page: int) -> list[str]:
    return ["-f", str(page), "-l", str(page)]

"""One record a row, for spreadsheets.

UTF-8 with a byte order mark, so that Excel sees Vietnamese; RFC 4180 otherwise. A spreadsheet
takes a cell that begins with ``= + - @``, a tab or a line break for a formula, which a form's
writer could use against whoever opens the file
(https://owasp.org/www-community/attacks/CSV_Injection). Such a cell gets an apostrophe in front,
as does one that begins with an apostrophe; ``restored`` takes it off again, so nothing is lost.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

from scanform.export.columns import columns, row
from scanform.export.interface import Layout, Tell
from scanform.model.record import Record

# The wide forms are what a Japanese or Chinese spreadsheet takes for the same signs.
_DANGEROUS = frozenset("=+-@\t\r\n'＝＋－＠")


def write_csv(records: Iterable[Record], to: BinaryIO, layout: Layout, tell: Tell) -> int:
    """See ``export.interface.Exporter``. An empty cell is a blank."""
    del tell  # a table of text can say everything
    text = io.TextIOWrapper(to, "utf-8-sig", errors="backslashreplace", newline="")
    writer = csv.writer(text)
    writer.writerow([defused(name) for name in columns(layout)])
    count = 0
    for record in records:
        writer.writerow([defused(cell) if cell else cell for cell in row(record, layout)])
        count += 1
    text.flush()
    text.detach()
    return count


def defused(cell: str) -> str:
    """The cell as no spreadsheet takes it for a formula."""
    return "'" + cell if cell[:1] in _DANGEROUS else cell


def restored(cell: str) -> str:
    """What ``defused`` was given."""
    return cell[1:] if cell.startswith("'") else cell

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
import json
import tempfile
from collections.abc import Iterable
from typing import BinaryIO

from scanform.model.record import Record

COLUMNS = ("record", "template", "revision", "scan", "page", "status")

# The wide forms are what a Japanese or Chinese spreadsheet takes for the same signs.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")

_IN_MEMORY = 8 * 1024 * 1024  # bytes


def write_csv(records: Iterable[Record], to: BinaryIO) -> int:
    """See ``export.interface.Exporter``. The columns are ``COLUMNS`` and every field of the
    templates that occur, in the order in which they are met."""
    # The last record may bring a column of its own, and the header comes first: so the rows wait
    # in a temporary file, which stays in memory while it is small.
    with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="ascii") as rows:
        fields: dict[str, None] = {}
        count = 0
        for record in records:
            values = {answer.field: answer.value for answer in record.answers if answer.value}
            fields.update((answer.field, None) for answer in record.answers)
            rows.write(json.dumps([_head(record), values]) + "\n")
            count += 1
        text = io.TextIOWrapper(to, "utf-8-sig", errors="backslashreplace", newline="")
        writer = csv.writer(text)
        writer.writerow([*COLUMNS, *(defused(field) for field in fields)])
        rows.seek(0)
        for line in rows:
            head, values = json.loads(line)
            cells = [*head, *(values.get(field, "") for field in fields)]
            writer.writerow(defused(cell) for cell in cells)
        text.flush()
        text.detach()
    return count


def _head(record: Record) -> list[str]:
    return [
        record.id,
        record.template,
        str(record.revision),
        record.scan_path,
        str(record.scan_page),
        record.status,
    ]


def defused(cell: str) -> str:
    """The cell as no spreadsheet takes it for a formula."""
    return "'" + cell if cell.startswith(_DANGEROUS) else cell


def restored(cell: str) -> str:
    """What ``defused`` was given."""
    return cell[1:] if cell.startswith("'") else cell

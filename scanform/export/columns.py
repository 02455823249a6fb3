"""A record as a row of text: what all tables (CSV, Excel, Parquet, SQLite) have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanform.export.interface import Layout
from scanform.model.record import Record

HEAD = ("record", "version", "template", "revision", "scan", "page", "status")
"""The columns before the fields. ``version`` is how many decisions the record stood after: by it
an import knows what the row was when it was written."""

NUMBERS = frozenset({"version", "revision", "page"})
"""The columns of the head that count. All others are text, whatever they look like."""

CONFIDENCE, STATE = " confidence", " state"
"""Ends of the columns beside a field. A field's id has no space, so they are nobody's own."""


def column_of(field: str) -> str:
    """The column of a field. One that is called like a column of the head gets a ``_`` behind."""
    return field + "_" if field.rstrip("_") in HEAD else field


def field_of(column: str) -> str | None:
    """The field of a column, None for a column of the head or beside a field."""
    if column in HEAD or " " in column:
        return None
    if column.endswith("_") and column.rstrip("_") in HEAD:
        return column[:-1]
    return column


def columns(layout: Layout) -> list[str]:
    """The names of all columns."""
    names = list(HEAD)
    for field in layout.fields:
        names.append(column_of(field))
        if layout.with_confidence:
            names += [column_of(field) + CONFIDENCE, column_of(field) + STATE]
    return names


def is_number(column: str) -> bool:
    """Whether the column holds numbers: of the head, or a confidence."""
    return column in NUMBERS or column.endswith(CONFIDENCE)


def row(record: Record, layout: Layout) -> list[str | None]:
    """The cells of a record, by ``columns``, all as text; None is blank. A field that the record
    doesn't ask is blank, too."""
    cells: list[str | None] = [
        record.id,
        str(record.version),
        record.template,
        str(record.revision),
        sound(record.scan_path),
        str(record.scan_page),
        record.status,
    ]
    if layout.with_confidence:
        cells += _with_confidence(record, layout.fields)
    else:
        values = {answer.field: answer.value for answer in record.answers}
        cells += [values.get(field) or None for field in layout.fields]
    return cells


def _with_confidence(record: Record, fields: Sequence[str]) -> Iterator[str | None]:
    answers = {answer.field: answer for answer in record.answers}
    for field in fields:
        answer = answers.get(field)
        if answer is None:
            yield from (None, None, None)
        else:
            yield from (answer.value or None, str(round(answer.confidence, 4)), answer.state)


def sound(text: str) -> str:
    """A file name of no known encoding with what is no UTF-8 as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()

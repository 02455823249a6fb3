"""Parquet, for statistics: a column of text for each field, the dictionary in its metadata."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from scanform.export.columns import NUMBERS, columns, is_number, row
from scanform.export.extras import from_extra
from scanform.export.interface import Layout, Tell
from scanform.model.record import Record

if TYPE_CHECKING:
    import pyarrow as pa

GROUP = 4_000  # records in a row group: what is held in memory at once


def write_parquet(records: Iterable[Record], to: BinaryIO, layout: Layout, tell: Tell) -> int:
    """See ``export.interface.Exporter``. Blank is null. The dictionary is JSON under the key
    ``scanform.dictionary`` of the file's metadata, and a column's label in the column's."""
    del tell  # a table can say everything
    with from_extra("parquet"):
        import pyarrow as pa  # noqa: PLC0415 - only this format needs it
        import pyarrow.parquet as pq  # noqa: PLC0415
    schema = _schema(layout)
    cells = (row(record, layout) for record in records)
    count = 0
    with pq.ParquetWriter(to, schema, compression="zstd") as writer:
        while group := list(islice(cells, GROUP)):
            arrays = [
                pa.array(_typed(each.name, column), each.type)
                for each, column in zip(schema, zip(*group, strict=True), strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            count += len(group)
    return count


def _schema(layout: Layout) -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415

    notes = [asdict(note) for note in layout.notes]
    return pa.schema(
        [(name, _type(name)) for name in columns(layout)],
        {"scanform.dictionary": json.dumps(notes, ensure_ascii=False)},
    )


def _type(column: str) -> pa.DataType:
    import pyarrow as pa  # noqa: PLC0415

    if column in NUMBERS:
        return pa.int32()
    return pa.float64() if is_number(column) else pa.string()


def _typed(name: str, cells: Iterable[str | None]) -> list[str | int | float | None]:
    if not is_number(name):
        return list(cells)
    number = int if name in NUMBERS else float
    return [None if cell is None else number(cell) for cell in cells]

"""Exporters: what records look like to others.

A new format is one new module and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping

from scanform.export.citizen import vintages
from scanform.export.csv import write_csv
from scanform.export.interface import Format
from scanform.export.jsonl import write_jsonl
from scanform.export.parquet import write_parquet
from scanform.export.qcvn109 import write_qcvn109
from scanform.export.sqlite import write_sqlite
from scanform.export.xlsx import write_xlsx

EXPORTERS: Mapping[str, Format] = {
    "csv": Format(write_csv),
    "jsonl": Format(write_jsonl, readings="texts"),
    "parquet": Format(write_parquet),
    "qcvn109": Format(write_qcvn109, codes=vintages),
    "sqlite": Format(write_sqlite),
    "xlsx": Format(write_xlsx),
}

__all__ = ["EXPORTERS"]

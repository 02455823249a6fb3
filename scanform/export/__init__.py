"""Exporters: what records look like to others.

A new format is one new module and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping

from scanform.export.csv import write_csv
from scanform.export.interface import Exporter
from scanform.export.jsonl import write_jsonl

EXPORTERS: Mapping[str, Exporter] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
}

__all__ = ["EXPORTERS"]

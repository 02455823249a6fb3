"""Figures for Prometheus (text format 0.0.4): counts and codes, nothing about people."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from scanform import __version__
from scanform.store.accounts import equations
from scanform.store.log import head
from scanform.store.sql import SqlStore


def exposition(store: SqlStore) -> str:
    """The workspace in numbers, at this moment."""
    with store.reading() as connection:
        books = equations(connection)
        rows, _ = head(connection)
    found = store.figures()
    lines = [
        *_family("scanform_info", "gauge", "The program.", {"version": {__version__: 1}}),
        *_family(
            "scanform_accounted",
            "gauge",
            "What came in and what became of it.",
            {each.what: each.parts for each in books},
            ("what", "outcome"),
        ),
        *_family(
            "scanform_books_balance",
            "gauge",
            "Whether the equation holds.",
            {"what": {each.what: int(each.holds) for each in books}},
        ),
        *_family(
            "scanform_records",
            "gauge",
            "Records.",
            {"state": {"complete": found.complete, "pending": found.records - found.complete}},
        ),
        *_family(
            "scanform_answers",
            "gauge",
            "Answers.",
            {
                "state": {
                    "accepted": found.answers_accepted,
                    "pending": found.answers_pending,
                    "blank": found.answers_blank,
                    "unreadable": found.answers_unreadable,
                }
            },
        ),
        *_family("scanform_log_rows", "counter", "Rows of the log.", {"": {"": rows}}),
        *_family("process_resident_memory_bytes", "gauge", "Memory.", {"": {"": _resident()}}),
    ]
    return "\n".join(lines) + "\n"


def _family(
    name: str,
    sort: str,
    meaning: str,
    values: Mapping[str, Mapping[str, float]],
    labels: tuple[str, str] | None = None,
) -> Iterator[str]:
    """``values`` by label and its value; with two ``labels`` by the values of both."""
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {sort}"
    for outer, inner in values.items():
        for key, value in inner.items():
            if labels is not None:
                said = f'{{{labels[0]}="{outer}",{labels[1]}="{key}"}}'
            else:
                said = f'{{{outer}="{key}"}}' if outer else ""
            yield f"{name}{said} {value:g}" if value < 1e6 else f"{name}{said} {value:.0f}"


def _resident() -> int:
    """Bytes of memory of this process; 0 where that can't be told."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")

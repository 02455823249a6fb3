"""One record a line, in JSON: everything that is known, for other programs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any, BinaryIO

from scanform.export.interface import Layout, Tell
from scanform.model.record import Answer, Record


def write_jsonl(records: Iterable[Record], to: BinaryIO, layout: Layout, tell: Tell) -> int:
    """See ``export.interface.Exporter``. UTF-8, keys always in the same order: the answers in
    the form's."""
    del tell  # JSON can say everything
    fields = frozenset(layout.fields)
    count = 0
    # What is written is a tree that was made just now: no need to look for circles in it.
    encoder = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
    for record in records:
        line = encoder.encode(record_json(record, fields))
        # A file name of no known encoding becomes an escape, which is JSON too.
        to.write(line.encode("utf-8", "backslashreplace") + b"\n")
        count += 1
    return count


def record_json(record: Record, fields: Collection[str]) -> dict[str, Any]:
    """The record in the contract's shape, with the answers of ``fields``. When it was read isn't
    in it: the same scans give the same bytes."""
    return {
        "record": record.id,
        "template": record.template,
        "revision": record.revision,
        "scan": {
            "path": record.scan_path,
            "sha256": record.scan_sha256,
            "page": record.scan_page,
        },
        "status": record.status,
        "answers": {
            answer.field: answer_json(answer) for answer in record.answers if answer.field in fields
        },
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """``text`` and ``reader`` are of the raw reading, None where there was none."""
    reading = answer.reading
    text, reader = (reading.text, reading.reader) if reading else (None, None)
    return {
        "value": answer.value,
        "text": text,
        "confidence": round(answer.confidence, 4),
        "status": answer.state,
        "doubts": [doubt.code for doubt in answer.doubts] if answer.doubts else [],
        "reader": reader,
    }

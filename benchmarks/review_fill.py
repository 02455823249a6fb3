"""A workspace of a million answers, made up and nobody's, for `benchmarks/review.py`."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

from scanform.model.template import Template
from scanform.page.encode import encode_sheet
from scanform.store.images import ImageStore
from scanform.store.open import DATABASE_NAME, open_store
from scanform.template.blank import draw_pages

SHA = "ab" * 32
NOW = "2018-10-01 08:00:00.000000"


def fill(folder: Path, template: Template, answers: int, pending: int, seed: int) -> None:
    """A workspace of about so many answers, written straight into its tables; every record shows
    the same page."""
    open_store(folder).close()
    image = ImageStore(folder).put(encode_sheet(draw_pages(template)[0]))
    count = answers // len(template.fields)
    waiting = round(pending / count)
    draw = random.Random(seed)
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "INSERT INTO scans (sha256, path, size, state, seen_at) VALUES (?, 'a.pdf', 1, ?, ?)",
            (SHA, "finished", NOW),
        )
        for start in range(1, count + 1, 1000):
            numbers = range(start, min(start + 1000, count + 1))
            _insert(connection, template, numbers, waiting, draw)
            connection.executemany(
                "INSERT INTO sheets (record, position, page, scan_page, image)"
                " VALUES (?, 0, 1, ?, ?)",
                [(n, n, image) for n in numbers],
            )
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()


def _insert(
    connection: sqlite3.Connection,
    template: Template,
    numbers: range,
    waiting: int,
    draw: random.Random,
) -> None:
    readings, answers = [], []
    for number in numbers:
        doubted = set(draw.sample(range(len(template.fields)), waiting))
        for position, field in enumerate(template.fields):
            state = "pending" if position in doubted else "accepted"
            value = f"Giá trị {draw.randrange(500)}"
            reading = {
                "outcome": "read",
                "text": value,
                "score": 0.5,
                "alternatives": [["Giá trị khác", 0.2]],
                "cells": [],
                "measures": {},
            }
            doubts = '[["low_confidence", ""]]' if position in doubted else "[]"
            both = (number, field.id, position, value, 0.9, state)
            readings.append((*both, doubts, "bench 1", json.dumps(reading)))
            answers.append((*both, template.id, waiting, "review"))
    connection.executemany(
        "INSERT INTO records (number, id, template, revision, scan, scan_path, scan_page,"
        " created_at, doubted, waiting) VALUES (?, ?, ?, ?, ?, 'a.pdf', ?, ?, ?, ?)",
        [
            (n, f"{n:016x}", template.id, template.revision, SHA, n, NOW, waiting, waiting)
            for n in numbers
        ],
    )
    connection.executemany(
        "INSERT INTO readings (record, field, position, value, confidence, state, doubts, reader,"
        " reading) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        readings,
    )
    connection.executemany(
        "INSERT INTO answers (record, field, position, value, confidence, state, template, rank,"
        " desk) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        answers,
    )

"""From the model to rows and back: a record read is the record that was saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from scanform.model.reading import Alternative, CellReading, Reading, Said
from scanform.model.record import TO_KEY, Answer, Decision, Doubt, Record, SheetRef, Standing

Row = dict[str, Any]


def reading_row(number: int, record: Record, position: int) -> Row:
    """The row of ``readings`` for the answer at ``position``."""
    answer = record.answers[position]
    return {
        "record": number,
        "field": answer.field,
        "position": position,
        "value": answer.value,
        "confidence": answer.confidence,
        "state": answer.state,
        "doubts": doubts_json(answer.doubts),
        "reader": answer.reading.reader if answer.reading else None,
        "reading": reading_json(answer.reading) if answer.reading else None,
    }


def answer_row(number: int, record: Record, position: int, waiting: int) -> Row:
    """The row of ``answers`` for the answer at ``position``, before any decision; ``waiting``: how
    many of the record's are pending."""
    answer = record.answers[position]
    return {
        "record": number,
        "field": answer.field,
        "template": record.template,
        "position": position,
        "value": answer.value,
        "confidence": answer.confidence,
        "state": answer.state,
        "rank": waiting,
        "desk": "key" if TO_KEY in answer.doubts else "review",
    }


def sheet_row(number: int, record: Record, position: int) -> Row:
    """The row of ``sheets`` for the page at ``position``."""
    sheet = record.sheets[position]
    return {
        "record": number,
        "position": position,
        "page": sheet.page,
        "scan_page": sheet.scan_page,
        "image": sheet.image,
    }


def answer_from(reading: RowMapping, standing: RowMapping | None = None) -> Answer:
    """The answer as the machine gave it, or as it stands by its row of ``answers``."""
    now = standing or reading
    return Answer(
        field=reading["field"],
        value=now["value"],
        confidence=now["confidence"],
        state=now["state"],
        doubts=doubts_from(reading["doubts"]),
        reading=reading_from(reading["reader"], reading["reading"]),
    )


def record_from(
    row: RowMapping, answers: list[Answer], sheets: list[SheetRef], version: int = 0
) -> Record:
    return Record(
        id=row["id"],
        template=row["template"],
        revision=row["revision"],
        scan_path=row["scan_path"],
        scan_sha256=row["scan"],
        scan_page=row["scan_page"],
        answers=tuple(answers),
        sheets=tuple(sheets),
        created_at=row["created_at"],
        version=version,
    )


def sheet_from(row: RowMapping) -> SheetRef:
    return SheetRef(page=row["page"], scan_page=row["scan_page"], image=row["image"])


def decision_from(row: RowMapping, record_id: str) -> Decision:
    return Decision(
        record=record_id,
        field=row["field"],
        action=row["action"],
        value=row["value"],
        by=row["by"],
        at=row["at"],
        standing=_standing_from(row),
        undoes=row["undoes"],
        crop=row["crop"],
        template=row["template"],
        readers=row["readers"],
        how=row["how"],
        lot=row["lot"],
        note=row["note"],
        seconds=row["seconds"],
        reading=reading_from(row.get("reread_reader"), row.get("reread_reading")),
        seq=row["seq"],
    )


def _standing_from(row: RowMapping) -> Standing | None:
    if row["action"] != "recheck":
        return None
    return Standing(row["to_state"], row["confidence"], doubts_from(row["doubts"]))


def doubts_json(doubts: Sequence[Doubt]) -> list[list[str]]:
    return [[doubt.code, doubt.detail] for doubt in doubts]


def doubts_from(stored: Sequence[Sequence[str]] | None) -> tuple[Doubt, ...]:
    return tuple(Doubt(code, detail) for code, detail in stored or ())


def reading_json(reading: Reading) -> Row:
    return {
        "outcome": reading.outcome,
        "text": reading.text,
        "score": reading.score,
        "alternatives": [[each.text, each.score] for each in reading.alternatives],
        "cells": [_cell_json(each) for each in reading.cells],
        "measures": dict(reading.measures),
    } | ({"said": [[s.reader, s.text, s.score] for s in reading.said]} if reading.said else {})


def _cell_json(cell: CellReading) -> list[Any]:
    """Without the others where there are none: most cells are sure."""
    others = [[[each.text, each.score] for each in cell.others]] if cell.others else []
    return [cell.text, cell.score, *others]


def _cell_from(text: str, score: float, others: Sequence[Sequence[Any]] = ()) -> CellReading:
    return CellReading(text, score, tuple(Alternative(*each) for each in others))


def reading_from(reader: str | None, stored: Mapping[str, Any] | None) -> Reading | None:
    if stored is None or reader is None:
        return None
    return Reading(
        outcome=stored["outcome"],
        text=stored["text"],
        score=stored["score"],
        reader=reader,
        alternatives=tuple(Alternative(text, score) for text, score in stored["alternatives"]),
        cells=tuple(_cell_from(*each) for each in stored["cells"]),
        measures=stored["measures"],
        said=tuple(Said(*each) for each in stored.get("said", ())),
    )

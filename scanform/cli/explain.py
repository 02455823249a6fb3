"""``scanform explain``: how one answer came about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scanform.cli.files import write_whole
from scanform.cli.opened import open_desk
from scanform.cli.options import echo_json, json_option, lang_option, workspace_options
from scanform.cli.wording import one_line, say_doubt
from scanform.fields.calibration import steps_for
from scanform.fields.policy import least, say_share
from scanform.model.calibration import Calibration
from scanform.model.phrases import Language, Phrase
from scanform.model.record import Answer
from scanform.review import Item

_LINES = {
    "value": Phrase("Giá trị:     {value} [{state}]", "Value:       {value} [{state}]"),
    "read": Phrase("Máy {reader}: {text} ({score})", "Reader {reader}: {text} ({score})"),
    "other": Phrase("  hoặc {text} ({score})", "  or {text} ({score})"),
    "cells": Phrase("  từng ô: {cells}", "  cell by cell: {cells}"),
    "measure": Phrase("  {name} = {figure}", "  {name} = {figure}"),
    "doubt": Phrase("Nghi ngờ:    {why} [{code}]", "Doubt:       {why} [{code}]"),
    "confidence": Phrase(
        "Độ tin cậy:  {confidence} ({how}); mục này cần {least} (sai tối đa {bound})",
        "Confidence:  {confidence} ({how}); this field asks for {least} (at most {bound} wrong)",
    ),
}
_HOW = {
    "figure": Phrase("theo máy đọc, chưa hiệu chuẩn", "the reader's own figures, not calibrated"),
    "steps": Phrase("theo bảng hiệu chuẩn", "by the steps of a calibration"),
    "template": Phrase("theo bảng hiệu chuẩn của mẫu", "by the template's own calibration"),
    "person": Phrase("người quyết định", "a person decided"),
    "rule": Phrase(
        "có nghi ngờ, luôn chờ duyệt", "doubted, so it waits however sure the reader is"
    ),
}


@click.command()
@click.argument("record_id", metavar="RECORD")
@click.argument("field_id", metavar="FIELD")
@click.option(
    "--crop",
    "crop_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Save the piece of the page as PNG.",
)
@workspace_options
@json_option
@lang_option
def explain(
    record_id: str,
    field_id: str,
    crop_file: Path | None,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Say how an answer came about: what was read, measured and doubted, and what it takes."""
    with open_desk(workspace, database) as desk:
        item = desk.review.item(record_id, field_id)
        bound = desk.review.bounds()[item.record.template]
        calibration = desk.review.template(item.record.template, item.record.revision).calibration
        if crop_file is not None:
            write_whole(crop_file, desk.review.snippet(item))
    needed = least(item.field, bound)
    how = _how(item, calibration)
    if as_json:
        echo_json(_json(item, needed, how))
        return
    for line in _told(item, needed, how, lang):
        click.echo(line)


def _how(item: Item, own: Calibration | None) -> str:
    """What the confidence comes from; a key of ``_HOW``."""
    answer, kind = item.answer, item.field.kind
    if answer.state in ("corrected", "unreadable") or answer.confidence == 1.0:
        return "person"
    if any(each.code != "low_confidence" for each in answer.doubts):
        return "rule"
    steps = steps_for(answer, kind, own)
    if not steps:
        return "figure"
    return "steps" if steps == steps_for(answer, kind) else "template"


def _told(item: Item, needed: float, how: str, lang: Language) -> list[str]:
    answer = item.answer
    lines = [f"{item.field.label}  [{item.record.id} {item.field.id}, {item.field.kind}]"]

    def say(line: str, /, **details: str) -> None:
        lines.append(_LINES[line].say(lang, {k: one_line(v) for k, v in details.items()}))

    say("value", value=answer.value or "-", state=answer.state)
    _say_reading(answer, say)
    for doubt in answer.doubts:
        say("doubt", why=say_doubt(doubt, lang), code=doubt.code)
    say(
        "confidence",
        confidence=f"{answer.confidence:.4f}",
        how=_HOW[how].say(lang),
        least=f"{needed:.4f}",
        bound=say_share(1.0 - needed),
    )
    return lines


def _say_reading(answer: Answer, say: Any) -> None:
    reading = answer.reading
    if reading is None:
        return
    say("read", reader=reading.reader, text=reading.text or "-", score=f"{reading.score:.4f}")
    for other in reading.alternatives:
        say("other", text=other.text, score=f"{other.score:.4f}")
    if reading.cells:
        say("cells", cells=" ".join(f"{c.text or '_'}:{c.score:.3f}" for c in reading.cells))
    for name, figure in sorted(reading.measures.items()):
        say("measure", name=name, figure=f"{figure:.4g}")


def _json(item: Item, needed: float, how: str) -> dict[str, Any]:
    answer, reading = item.answer, item.answer.reading
    return {
        "record": item.record.id,
        "field": item.field.id,
        "kind": item.field.kind,
        "value": answer.value,
        "status": answer.state,
        "confidence": round(answer.confidence, 6),
        "confidence_by": how,
        "needed": round(needed, 6),
        "doubts": [{"code": each.code, "detail": each.detail} for each in answer.doubts],
        "reading": None
        if reading is None
        else {
            "reader": reading.reader,
            "outcome": reading.outcome,
            "text": reading.text,
            "score": reading.score,
            "alternatives": [
                {"text": each.text, "score": each.score} for each in reading.alternatives
            ],
            "cells": [{"text": each.text, "score": each.score} for each in reading.cells],
            "measures": dict(sorted(reading.measures.items())),
        },
    }

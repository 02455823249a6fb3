"""``scanform explain``: how one answer came about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scanform.cli.files import write_whole
from scanform.cli.opened import desk_over
from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.cli.wording import one_line, say_doubt
from scanform.fields.binomial import upper_bound
from scanform.fields.policy import say_share
from scanform.model.phrases import Language, Phrase
from scanform.model.reading import CellReading, Reading
from scanform.model.record import Answer
from scanform.review import Item, Person
from scanform.review.why import Why, explained
from scanform.store import outputs
from scanform.store.open import open_store

_LINES = {
    "value": Phrase("Giá trị:     {value} [{state}]", "Value:       {value} [{state}]"),
    "crop": Phrase("Ảnh cắt:     {file}", "Crop:        {file}"),
    "no_crop": Phrase(
        "Ảnh cắt:     trang {page}, {box} mm; --crop FILE để lưu",
        "Crop:        page {page}, {box} mm; --crop FILE saves it",
    ),
    "read": Phrase("Máy {reader}: {text} ({score})", "Reader {reader}: {text} ({score})"),
    "said": Phrase("  {reader}: {text} ({score})", "  {reader}: {text} ({score})"),
    "other": Phrase("  hoặc {text} ({score})", "  or {text} ({score})"),
    "cells": Phrase("  từng ô: {cells}", "  cell by cell: {cells}"),
    "measure": Phrase("  {name} = {figure}", "  {name} = {figure}"),
    "rule_broken": Phrase(
        "Quy tắc:     {rule} ({fields}): mâu thuẫn", "Rule:        {rule} ({fields}): contradicts"
    ),
    "rule_holds": Phrase(
        "Quy tắc:     {rule} ({fields}): khớp", "Rule:        {rule} ({fields}): holds"
    ),
    "doubt": Phrase("Nghi ngờ:    {why} [{code}]", "Doubt:       {why} [{code}]"),
    "figure": Phrase(
        "Cách tính:   {parts} = {figure} (log tỷ lệ cược)",
        "Figure:      {parts} = {figure} (log odds)",
    ),
    "seen": Phrase(
        "Đã thấy:     trong {count} mục thử từ mức này trở lên, {wrong} sai "
        "(95 %: nhiều nhất {top})",
        "Seen:        of {count} rehearsed ones this sure or surer {wrong} were wrong "
        "(95 %: {top} at most)",
    ),
    "confirmed": Phrase(
        "Đã thấy:     trong {count} mục đã có người duyệt từ mức này trở lên, {wrong} sai "
        "(95 %: nhiều nhất {top})",
        "Seen:        of {count} that people confirmed and this sure or surer {wrong} were wrong "
        "(95 %: {top} at most)",
    ),
    "confidence": Phrase(
        "Độ tin cậy:  {confidence} ({how}); mục này cần {least} (sai tối đa {bound})",
        "Confidence:  {confidence} ({how}); this field asks for {least} (at most {bound} wrong)",
    ),
    "doubted": Phrase(
        "Độ tin cậy:  {confidence} ({how})",
        "Confidence:  {confidence} ({how})",
    ),
    "never": Phrase(
        "Độ tin cậy:  {confidence} ({how}); chưa có hiệu chuẩn nào chứng minh sai tối đa {bound}",
        "Confidence:  {confidence} ({how}); no calibration proves at most {bound} wrong",
    ),
}
_HOW = {
    "figure": Phrase("theo máy đọc, chưa hiệu chuẩn", "the reader's own figures, not calibrated"),
    "shipped": Phrase("theo hiệu chuẩn kèm scanform", "by the calibration that scanform brings"),
    "template": Phrase("theo hiệu chuẩn của mẫu", "by the template's own calibration"),
    "learnt": Phrase(
        "theo hiệu chuẩn khi học từ phiếu đã duyệt", "by what people confirmed, fitted in a lesson"
    ),
    "person": Phrase("người quyết định", "a person decided"),
    "doubt": Phrase(
        "có nghi ngờ, luôn chờ duyệt", "doubted, so it waits however sure the reader is"
    ),
}
SHOWN_PARTS = 6
SHOWN_CHANCE = 0.005


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
@by_option
@workspace_options
@json_option
@lang_option
def explain(
    record_id: str,
    field_id: str,
    crop_file: Path | None,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Say how an answer came about: what was read, measured and doubted, and what it takes."""
    with open_store(workspace, database, create=False) as store:
        desk = desk_over(store, workspace)
        item = desk.review.item(record_id, field_id)
        desk.log.looked(Person(by, "admin"), [record_id], "terminal")
        template = desk.review.template(item.record.template, item.record.revision)
        why = explained(item, template, desk.review.bounds()[item.record.template])
        if crop_file is not None:
            write_whole(crop_file, desk.review.snippet(item))
            outputs.note(store, "crop", by, crop_file, searchable=False)
    if as_json:
        echo_json(_json(item, why))
        return
    for line in _Told(lang).lines(item, why, crop_file):
        click.echo(line, err=str(crop_file) == "-")  # the picture may be stdout


class _Told:
    """The answer in words, a line each."""

    def __init__(self, lang: Language) -> None:
        self._lang = lang
        self._lines: list[str] = []

    def lines(self, item: Item, why: Why, crop_file: Path | None) -> list[str]:
        answer = item.answer
        title = f"{item.field.label}  [{item.record.id} {item.field.id}, {item.field.kind}]"
        self._lines = [one_line(title)]
        self._say("value", value=answer.value or "-", state=answer.state)
        if crop_file is not None:
            self._say("crop", file=str(crop_file))
        else:
            box = item.field.box
            place = f"{box.w:.4g} × {box.h:.4g} @ {box.x:.4g}, {box.y:.4g}"
            self._say("no_crop", page=str(item.field.page), box=place)
        if answer.reading is not None:
            self._reading(answer.reading)
        for rule in why.rules:
            line = "rule_holds" if rule.holds else "rule_broken"
            self._say(line, rule=rule.rule, fields=", ".join(rule.fields))
        for doubt in answer.doubts:
            self._say("doubt", why=say_doubt(doubt, self._lang), code=doubt.code)
        self._confidence(answer, why)
        return self._lines

    def _say(self, line: str, /, **details: str) -> None:
        told = {name: one_line(text) for name, text in details.items()}
        self._lines.append(_LINES[line].say(self._lang, told))

    def _reading(self, reading: Reading) -> None:
        score = f"{reading.score:.4f}"
        self._say("read", reader=reading.reader, text=reading.text or "-", score=score)
        for each in reading.said:
            self._say("said", reader=each.reader, text=each.text or "-", score=f"{each.score:.4f}")
        for other in reading.alternatives:
            self._say("other", text=other.text, score=f"{other.score:.4f}")
        if reading.cells:
            cells = " ".join(map(_cell, reading.cells))
            self._say("cells", cells=cells)
        for name, figure in sorted(reading.measures.items()):
            self._say("measure", name=name, figure=f"{figure:.4g}")

    def _confidence(self, answer: Answer, why: Why) -> None:
        if why.figure is not None:
            shown = [part for part in why.parts if abs(part.adds) >= 0.05][:SHOWN_PARTS]
            parts = " ".join(f"{part.adds:+.1f} {part.name}" for part in shown)
            self._say("figure", parts=parts or "0", figure=f"{why.figure:.2f}")
        if why.seen is not None:
            top = upper_bound(why.seen.wrong, why.seen.count)
            count, wrong = str(why.seen.count), str(why.seen.wrong)
            by = "confirmed" if why.how == "learnt" else "seen"
            self._say(by, count=count, wrong=wrong, top=f"{top:.2%}")
        told = {
            "confidence": f"{answer.confidence:.4f}",
            "how": _HOW[why.how].say(self._lang),
            "bound": say_share(why.bound),
        }
        if why.least is None and why.how != "person":
            self._say("doubted" if why.how == "doubt" else "never", **told)
        else:
            self._say("confidence", **told, least=f"{why.least or 0.0:.4f}")


def _cell(cell: CellReading) -> str:
    """``7:0.943(1:0.055)``: what else is likely enough to speak of, too."""
    others = " ".join(f"{o.text}:{o.score:.3f}" for o in cell.others if o.score >= SHOWN_CHANCE)
    return f"{cell.text or '_'}:{cell.score:.3f}" + (f"({others})" if others else "")


def _json(item: Item, why: Why) -> dict[str, Any]:
    answer = item.answer
    return {
        "record": item.record.id,
        "field": item.field.id,
        "kind": item.field.kind,
        "value": answer.value,
        "status": answer.state,
        "confidence": round(answer.confidence, 6),
        "confidence_by": why.how,
        "max_error": why.bound,
        "needed": None if why.least is None else round(why.least, 6),
        "figure": None if why.figure is None else round(why.figure, 4),
        "parts": {part.name: round(part.adds, 4) for part in why.parts if part.adds},
        "seen": why.seen and {"count": why.seen.count, "wrong": why.seen.wrong},
        "rules": [
            {"rule": each.rule, "fields": list(each.fields), "holds": each.holds}
            for each in why.rules
        ],
        "doubts": [{"code": each.code, "detail": each.detail} for each in answer.doubts],
        "reading": answer.reading and _reading_json(answer.reading),
    }


def _reading_json(reading: Reading) -> dict[str, Any]:
    return {
        "reader": reading.reader,
        "outcome": reading.outcome,
        "text": reading.text,
        "score": reading.score,
        "readers": [
            {"reader": each.reader, "text": each.text, "score": each.score} for each in reading.said
        ],
        "alternatives": [{"text": each.text, "score": each.score} for each in reading.alternatives],
        "cells": [
            {"text": each.text, "score": each.score}
            | ({"others": {o.text: o.score for o in each.others}} if each.others else {})
            for each in reading.cells
        ],
        "measures": dict(sorted(reading.measures.items())),
    }

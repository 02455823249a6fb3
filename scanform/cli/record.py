"""``scanform record``: one record, and what was decided about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scanform.cli.opened import open_desk
from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.cli.wording import one_line, say_doubt
from scanform.model.phrases import Language
from scanform.model.record import Answer, Record
from scanform.review import Person
from scanform.store.chain import row_json
from scanform.store.interface import LogRow


@click.command()
@click.argument("record_id", metavar="RECORD")
@click.option("--history", is_flag=True, help="Also who decided what, when.")
@by_option
@workspace_options
@json_option
@lang_option
def record(
    record_id: str,
    history: bool,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Show one record as it stands; the log notes that you looked."""
    with open_desk(workspace, database) as desk:
        found = desk.review.store.record(record_id)
        desk.log.looked(Person(by, "admin"), [record_id], "terminal")
        rows = desk.log.history(Person("", "admin"), record_id) if history else []
    if as_json:
        shown = _record_json(found)
        if history:
            shown["history"] = [
                row_json(row.decision, row.from_value, row.from_state, row.to_state)
                | {"hash": row.hash}
                for row in rows
            ]
        echo_json(shown)
        return
    click.echo(f"{found.id}  {found.template}@{found.revision}  {found.status}")
    click.echo(f"  {one_line(found.scan_path)}, {found.scan_page}")
    for answer in found.answers:
        doubts = " ".join(say_doubt(each, lang) for each in answer.doubts)
        value = one_line(answer.value) if answer.value is not None else "-"
        why = f"  ({doubts})" if answer.state == "pending" else ""
        click.echo(f"  {answer.field:<28} {answer.state:<10} {value}{why}")
    for row in rows:
        click.echo(_line(row))


def _line(row: LogRow) -> str:
    said = row.decision
    was = one_line(row.from_value) if row.from_value is not None else "-"
    same = said.action in ("accept", "paper", "note")
    now = was if same else "" if said.undoes else one_line(said.value or "-")
    undone = f" (row {said.undoes})" if said.undoes else ""
    note = f"  {one_line(said.note)}" if said.note else ""
    return (
        f"  {said.seq:>6} {said.at:%Y-%m-%d %H:%M:%S} {one_line(said.by)}: {said.action}{undone} "
        f"{said.field}: {was} [{row.from_state}] -> {now} [{row.to_state}]{note}"
    )


def _record_json(found: Record) -> dict[str, Any]:
    return {
        "record": found.id,
        "template": found.template,
        "revision": found.revision,
        "scan": {
            "path": found.scan_path,
            "sha256": found.scan_sha256,
            "page": found.scan_page,
        },
        "status": found.status,
        "answers": {answer.field: _answer_json(answer) for answer in found.answers},
    }


def _answer_json(answer: Answer) -> dict[str, Any]:
    return {
        "value": answer.value,
        "text": answer.reading.text if answer.reading else None,
        "confidence": round(answer.confidence, 4),
        "status": answer.state,
        "doubts": [doubt.code for doubt in answer.doubts],
        "reader": answer.reading.reader if answer.reading else None,
    }

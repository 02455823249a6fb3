"""``scanform log``: check the chain of decisions, or write it out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from scanform.cli.opened import desk_over, open_desk
from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.errors import StoreError
from scanform.export.output import writing_output
from scanform.model.phrases import Language, Phrase
from scanform.review import Person
from scanform.store import outputs
from scanform.store.leftovers import sweep_beside
from scanform.store.open import open_store

_WHO = Person("", "admin")
_WHOLE = Phrase(
    "Nhật ký nguyên vẹn: {rows} dòng. Đầu chuỗi: {head}",
    "The log is whole: {rows} rows. Head: {head}",
)
_CHANGED = Phrase("Nhật ký không còn như khi ghi.", "The log is not what was written.")
_COMPARE = Phrase(
    "Giữ nguyên cơ sở dữ liệu này và so với bản sao lưu.",
    "Keep this database and compare with a backup.",
)
_FAULT = Phrase("{reason}, dòng {seq}: {detail}", "{reason}, row {seq}: {detail}")


@click.group()
def log() -> None:
    """Check the log of decisions, or write it out."""


@log.command()
@click.option(
    "--head", metavar="HASH", help="A head that was written down earlier: is it in the chain?"
)
@workspace_options
@json_option
@lang_option
def verify(
    head: str | None, workspace: Path, database: str | None, as_json: bool, lang: Language
) -> None:
    """Check every row, the chain, and that each record is what its log says.

    Write the head down somewhere else, on paper or in a mail: whoever can rewrite the whole
    database can rewrite the whole chain, and only a head kept elsewhere shows it.
    """
    with open_desk(workspace, database) as desk:
        found = desk.log.verify(_WHO, head)
    if as_json:
        echo_json(asdict(found))
    elif not found.faults:
        click.echo(_WHOLE.say(lang, {"rows": str(found.rows), "head": found.head}))
    for each in () if as_json else found.faults:
        told = {"reason": each.reason, "seq": str(each.seq or "-"), "detail": each.detail}
        click.echo(_FAULT.say(lang, told))
    if found.faults:
        raise StoreError(_CHANGED, _COMPARE)


@log.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@by_option
@workspace_options
def export(output: Path | None, by: str, workspace: Path, database: str | None) -> None:
    """Write the log out, one row of JSON a line, oldest first; its last row says that you did."""
    with open_store(workspace, database, create=False) as store:
        desk = desk_over(store, workspace)
        desk.log.took(Person(by, "admin"), "log")
        if output is None or str(output) == "-":
            for row in desk.log.lines(_WHO):
                click.echo(log_line(row).encode())  # as in a file, whatever the terminal speaks
            return
        with writing_output(output) as file:
            file.writelines(f"{log_line(row)}\n".encode() for row in desk.log.lines(_WHO))
        sweep_beside(output)
        outputs.note(store, "log", by, output)


def log_line(row: Mapping[str, object]) -> str:
    """A row and its hash; docs/security.md says how the hash is made."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True)

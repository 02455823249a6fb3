"""``scanform import``: corrections from an exported table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import click

from scanform.cli.bounds import kept_bounds
from scanform.cli.known import KnownTemplates
from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.cli.wording import one_line, say_doubt
from scanform.errors import REJECTED_SOME, UsageError
from scanform.export.read_back import read_rows
from scanform.export.wording import CANT_READ
from scanform.fields import FIELD_KINDS
from scanform.fields.rules import check
from scanform.importing import REASONS, Draft, Importer, Outcome
from scanform.model.phrases import Language, Phrase
from scanform.model.record import Action, Doubt
from scanform.page.snippet import cut_png
from scanform.review import Item, Review
from scanform.review.decide import Said
from scanform.store.images import ImageStore
from scanform.store.interface import Store
from scanform.store.open import open_store

_REFUSED = Phrase(
    "Có {count} ô không ghi được, nên chưa ghi gì.",
    "{count} cells can't be taken, so nothing was written.",
)
_MEND = Phrase(
    "Hãy sửa các ô đó trong tệp, hoặc ghi phần còn lại bằng --skip-bad.",
    "Mend them in the file, or take the rest with --skip-bad.",
)
_NOTHING = Phrase("{rows} dòng, không có ô nào thay đổi.", "{rows} rows, and no cell was changed.")
_NOT_ONE = Phrase("{rows} dòng, không có gì ghi được.", "{rows} rows, and nothing to take.")
_WOULD = Phrase(
    "Sẽ sửa {corrected} mục và để trống {blanked} mục trong {records} phiếu. Chưa ghi gì.",
    "{corrected} corrections and {blanked} blanks in {records} records. Nothing was written.",
)
_DONE = Phrase(
    "Đã sửa {corrected} mục và để trống {blanked} mục trong {records} phiếu.",
    "{corrected} answers corrected and {blanked} made blank in {records} records.",
)
_PROBLEM = Phrase("Dòng {row}, cột {column}: {why}", "Row {row}, column {column}: {why}")
_WARNING = Phrase(
    "Chú ý, dòng {row}, cột {column}: {why}", "Note, row {row}, column {column}: {why}"
)
_MASKED = Phrase("Bỏ qua {count} ô đã che.", "{count} masked cells were left alone.")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option(
    "--skip-bad",
    is_flag=True,
    help="Take what can be taken, although some cells can't. [default: all or nothing]",
)
@click.option(
    "-t",
    "--template",
    metavar="TEMPLATE",
    help="The template, where it isn't found by its id: its folder.",
)
@by_option
@workspace_options
@json_option
@lang_option
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    dry_run: bool,
    skip_bad: bool,
    template: str | None,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Take the corrections of an exported CSV or XLSX file back.

    Every cell that was changed becomes a correction, a cell that was emptied a blank. Cells that
    can't be taken, and those that somebody else decided about after the export, are listed; then
    nothing is written, unless --skip-bad says so.
    """
    known = KnownTemplates([template] if template else [])
    with open_store(workspace, database, create=False) as store:
        draft = Draft(store)
        # The draft is the store in everything that it doesn't do itself.
        review = Review(
            cast("Store", draft),
            FIELD_KINDS,
            known,
            check,
            ImageStore(workspace).get,
            cut_png,
            bounds=lambda: kept_bounds(store),
        )
        importer = Importer(store, _Reviewer(review, by, _lot(file)), FIELD_KINDS, known)
        outcome = importer.take(read_rows(file))
        refused = bool(outcome.problems) and not skip_bad
        if not dry_run and not refused and outcome.records:
            draft.commit()
            outcome.written = True
    if as_json:
        echo_json(_json(outcome, dry_run, lang))
    else:
        _say(outcome, lang)
    if refused:
        raise UsageError(_REFUSED.of(count=str(len(outcome.problems))), _MEND)
    if outcome.problems:
        ctx.exit(REJECTED_SOME)


@dataclass(frozen=True, slots=True)
class _Reviewer:
    """Review as an import sees it: ``importing.Reviewer``."""

    review: Review
    by: str
    lot: str
    """Joins the rows of the log that one file made."""

    def correct(self, record_id: str, field_id: str, text: str) -> Iterable[tuple[str, str]]:
        item = self.review.item(record_id, field_id)
        value, warnings = self.review.typed(item, text)
        self._decide(item, "correct", value)
        return [(each.doubt.code, each.doubt.detail) for each in warnings]

    def blank(self, record_id: str, field_id: str) -> None:
        self._decide(self.review.item(record_id, field_id), "blank", None)

    def _decide(self, item: Item, action: Action, value: str | None) -> None:
        self.review.decide(item, Said(action, value, how="import", lot=self.lot), self.by)


def _lot(file: Path) -> str:
    """What the log calls this import: by the file's content, for its name may name somebody."""
    try:
        with file.open("rb") as stream:
            return "import " + hashlib.file_digest(stream, "sha256").hexdigest()[:16]
    except OSError as error:
        raise UsageError(CANT_READ.of(file=str(file), why=error.strerror or "?")) from error


def _say(outcome: Outcome, lang: Language) -> None:
    notes: dict[str, None] = {}
    for each in outcome.warnings:
        why = say_doubt(Doubt(each.code, each.detail), lang)
        told = {"row": str(each.row), "column": one_line(each.column), "why": why}
        notes[_WARNING.say(lang, told)] = None  # several fields may have the same doubt
    for note in notes:
        click.echo(note, err=True)
    for problem in outcome.problems:
        why = REASONS[problem.reason].say(lang, {"detail": one_line(problem.detail)})
        told = {"row": str(problem.row), "column": one_line(problem.column), "why": why}
        click.echo(_PROBLEM.say(lang, told), err=True)
    if outcome.masked:
        click.echo(_MASKED.say(lang, {"count": str(outcome.masked)}), err=True)
    idle = _NOT_ONE if outcome.problems else _NOTHING
    phrase = _DONE if outcome.written else _WOULD if outcome.records else idle
    counts = {
        name: str(getattr(outcome, name)) for name in ("rows", "corrected", "blanked", "records")
    }
    click.echo(phrase.say(lang, counts))


def _json(outcome: Outcome, dry_run: bool, lang: Language) -> dict[str, Any]:
    return {
        "rows": outcome.rows,
        "records": outcome.records,
        "corrected": outcome.corrected,
        "blanked": outcome.blanked,
        "masked": outcome.masked,
        "dry_run": dry_run,
        "written": outcome.written,
        "problems": [
            {
                "row": each.row,
                "column": each.column,
                "record": each.record,
                "reason": each.reason,
                "message": REASONS[each.reason].say(lang, {"detail": each.detail}),
            }
            for each in outcome.problems
        ],
        "warnings": [
            {
                "row": each.row,
                "column": each.column,
                "record": each.record,
                "doubt": each.code,
                "message": say_doubt(Doubt(each.code, each.detail), lang),
            }
            for each in outcome.warnings
        ],
    }

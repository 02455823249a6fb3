"""``scanform reread``: what waits is read again by the model that learnt."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import click

from scanform.cli.options import (
    by_option,
    echo_json,
    json_option,
    lang_option,
    workspace_options,
)
from scanform.cli.progress import counting_bar
from scanform.cli.rereading import reading_desk
from scanform.engine.reread import Reread, reread_pending
from scanform.errors import UsageError
from scanform.model.phrases import Language, Phrase
from scanform.store.models import ModelStore
from scanform.store.open import open_store

_DONE = Phrase(
    "Đã đọc lại {looked} mục của {records} phiếu bằng {model}: {changed} mục thay đổi, {accepted} "
    "mục nay được nhận.",
    "Read {looked} answers of {records} records again with {model}: {changed} changed, {accepted} "
    "are accepted now.",
)
_SAY_WHAT = Phrase("Hãy nêu đọc lại gì: --pending.", "Say what to read again: --pending.")


@click.command()
@click.option("--pending", is_flag=True, help="Read again what still waits for a person.")
@click.option(
    "-t", "--template", "names", multiple=True, metavar="TEMPLATE",
    help="A form that isn't found by itself: its folder.",
)  # fmt: skip
@by_option
@workspace_options
@json_option
@lang_option
def reread(
    pending: bool,
    names: tuple[str, ...],
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Read again what waits, with the model that reads at present.

    What people decided is never touched. The first readings stay; each reading anew is a row of
    the log, and `scanform models rollback` takes them back.
    """
    if not pending:
        raise UsageError(_SAY_WHAT)
    model = ModelStore(workspace).current()
    with suppress(OSError, AttributeError):
        os.nice(10)  # whoever reviews meanwhile comes first
    with open_store(workspace, database, create=False) as store, counting_bar() as bar:
        task = bar.add_task("phiếu" if lang == "vi" else "records", total=None)
        done = reread_pending(
            reading_desk(store, workspace, names, by, model),
            lambda number, count: bar.update(task, completed=number, total=count),
        )
    if as_json:
        echo_json(_json(done, model.id if model else None))
    else:
        click.echo(_DONE.say(lang, _told(done, model.id if model else "AsterOCR")))


def _json(done: Reread, model: str | None) -> dict[str, object]:
    return {
        "model": model,
        "records": done.records,
        "looked": done.looked,
        "changed": done.changed,
        "accepted": done.accepted,
    }


def _told(done: Reread, model: str) -> dict[str, str]:
    return {
        "model": model,
        "records": str(done.records),
        "looked": str(done.looked),
        "changed": str(done.changed),
        "accepted": str(done.accepted),
    }

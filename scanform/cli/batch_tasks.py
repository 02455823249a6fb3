"""Differences of a batch as tasks: ``scanform batch tasks`` and ``settle``, and how they look."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.cli.weighing import Scales, weigh
from scanform.cli.wording import one_line
from scanform.errors import UsageError
from scanform.model.numerals import number_text
from scanform.model.phrases import Language, Phrase
from scanform.store.campaign_interface import Settlement
from scanform.store.campaigns import SqlCampaigns
from scanform.store.open import open_store
from scanform.tally.handin import Balance, Spot, Task, tasks_of
from scanform.tally.receipt import KINDS, spot_text

_COUNTED = Phrase(
    "{files} tệp, {digitised} phiếu đã số hóa.", "{files} files, {digitised} forms digitised."
)
_EVEN = Phrase("Khớp với bảng kê.", "It agrees with the slip.")
_SETTLED = Phrase("✓ {by}: {note}", "✓ {by}: {note}")
_SAY_WHAT = Phrase("Hãy ghi đã tìm ra điều gì: --note LỜI.", "Say what was found out: --note TEXT.")
_NO_TASK = Phrase(
    "Hộp {batch} không có chênh lệch {task}.", "Batch {batch} has no difference {task}."
)
_SHOWN = Phrase("`scanform batch show` nêu các chênh lệch.", "`scanform batch show` names them.")
_NO_TASKS = Phrase("Không có chênh lệch nào chờ xem.", "No difference waits to be looked into.")


@click.command("tasks")
@click.argument("batch_id", metavar="[BATCH]", required=False)
@click.option("--all", "settled_too", is_flag=True, help="Also what is settled.")
@workspace_options
@json_option
@lang_option
def tasks_(
    batch_id: str | None,
    settled_too: bool,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """List the differences that somebody has to look into, each with its page.

    They are those of BATCH, or of all batches that are closed.
    """
    with open_store(workspace, database, create=False) as store:
        kept = SqlCampaigns(store)
        some = [kept.batch(batch_id)] if batch_id else [b for b in kept.batches() if b.closed_at]
        said = kept.settlements()
        found = [task for each in map(Scales(kept), some) for task in tasks_of(each, said)]
    wanted = [task for task in found if settled_too or task.settled is None]
    if as_json:
        echo_json([{"batch": t.batch, "kind": t.kind, **_task_json(t)} for t in wanted])
        return
    if not wanted:
        click.echo(_NO_TASKS.say(lang))
    for task in wanted:
        click.echo(f"{task.batch}  {_task_line(task, lang)}")


@click.command()
@click.argument("batch_id", metavar="BATCH")
@click.argument("task")
@click.option("--note", default="", metavar="TEXT", help="What was found out; needed to settle.")
@click.option("--again", is_flag=True, help="It is open again after all.")
@by_option
@workspace_options
@lang_option
def settle(
    batch_id: str,
    task: str,
    note: str,
    again: bool,
    by: str,
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Settle TASK, a difference of BATCH: say what was found out about it."""
    if not note.strip() and not again:
        raise UsageError(_SAY_WHAT)
    with open_store(workspace, database, create=False) as store:
        kept = SqlCampaigns(store)
        found = tasks_of(weigh(kept, kept.batch(batch_id)), kept.settlements(batch_id))
        mine = [each for each in found if each.id == task]
        if not mine:
            raise UsageError(_NO_TASK.of(batch=batch_id, task=repr(task)), _SHOWN)
        word = Settlement(mine[0].batch, task, not again, note.strip(), by, datetime.now(UTC))
        kept.settle(word)
    click.echo(_task_line(replace(mine[0], settled=None if again else word), lang))


def draw_differences(found: Balance, tasks: list[Task], lang: Language) -> None:
    """What was digitised, and every difference with its name and place."""
    figures = {"files": str(found.files), "digitised": number_text(found.digitised, lang)}
    click.echo("  " + _COUNTED.say(lang, figures))
    if found.even:
        click.echo("  " + _EVEN.say(lang))
    for task in tasks:
        click.echo(f"  {_task_line(task, lang)}")


def _task_line(task: Task, lang: Language) -> str:
    """The difference's name, what and where it is, and what was said of it."""
    kind = KINDS[task.kind].say(lang)
    where = number_text(task.count, lang)
    if task.spot is not None:
        where = spot_text(task.spot, task.kind, lang)
    record = f"  [{task.spot.record}]" if task.spot and task.spot.record else ""
    said = ""
    if task.settled is not None:
        told = {"by": task.settled.by, "note": task.settled.note}
        said = "  " + _SETTLED.say(lang, told)
    return one_line(f"{task.id}  {kind}: {where}{record}{said}")


def differences_json(found: Balance, tasks: list[Task]) -> list[dict[str, Any]]:
    """Every kind of difference with its places and its tasks."""
    return [
        {
            "kind": each.kind,
            "count": each.count,
            "where": [_spot_json(spot) for spot in each.spots],
            "tasks": [_task_json(task) for task in tasks if task.kind == each.kind],
        }
        for each in found.findings
    ]


def _spot_json(spot: Spot) -> dict[str, Any]:
    place = {"path": spot.path, "page": spot.page}
    return place | {"record": spot.record or None, "detail": spot.detail}


def _task_json(task: Task) -> dict[str, Any]:
    said = task.settled
    word = said and {"note": said.note, "by": said.by, "at": said.at.isoformat()}
    where = _spot_json(task.spot) if task.spot else None
    return {"task": task.id, "count": task.count, "where": where, "settled": word}

"""``scanform batch``: boxes of forms that communes hand in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scanform.cli.batch_tasks import differences_json, draw_differences, settle, tasks_
from scanform.cli.dates import DAY, PAST_DAY, today
from scanform.cli.files import write_whole
from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.cli.weighing import Scales, weigh
from scanform.cli.wording import one_line
from scanform.errors import UsageError
from scanform.model.campaign import Batch, Campaign, Office, Slip
from scanform.model.numerals import day_text, number_text
from scanform.model.phrases import Language, Phrase
from scanform.page.cover import cover_text
from scanform.report import writer
from scanform.report.cover import cover_sheet
from scanform.report.interface import Writer
from scanform.store.campaigns import SqlCampaigns
from scanform.store.open import open_store
from scanform.tally.choose_unit import like
from scanform.tally.compose import Letter
from scanform.tally.counts import Target, UnitBook
from scanform.tally.handin import Balance, Task, tasks_of
from scanform.tally.receipt import receipt
from scanform.tally.targets import MOST

_OPENED = Phrase(
    "Đã mở hộp {id} của {unit}. Quét rồi chạy: scanform run THƯ_MỤC --batch {id} ...",
    "Batch {id} of {unit} is open. Scan it, then: scanform run FOLDER --batch {id} ...",
)
_SLIP = Phrase(
    "Hộp {id}: {unit}, {who} nộp ngày {day}, bảng kê {forms} phiếu ({state})",
    "Batch {id}: {unit}, handed in by {who} on {day}, {forms} forms on the slip ({state})",
)
_OPEN = Phrase("đang mở", "open")
_CLOSED = Phrase("đã đóng", "closed")
_COVER = Phrase("HỘP PHIẾU {id}", "BATCH {id}")
_COVER_FORMS = Phrase("{forms} phiếu, nộp ngày {day}", "{forms} forms, handed in on {day}")
_COVER_HINT = Phrase("Đặt lên trên cùng và quét trước tiên.", "Lay it on top and scan it first.")
_HEADINGS = (
    Phrase("Hộp", "Batch"),
    Phrase("Đơn vị", "Unit"),
    Phrase("Ngày nộp", "Handed in"),
    Phrase("Bảng kê", "On the slip"),
    Phrase("Số hóa", "Digitised"),
    Phrase("Còn việc", "Open tasks"),
    Phrase("Tình trạng", "State"),
)
_STRANGER = Phrase(
    "Chú ý: {unit} không có trong đợt{meant}. Đơn vị sai thì mở hộp khác.",
    "Note: {unit} is not in the campaign{meant}. If that is a mistake, open another batch.",
)
_MEANT = Phrase(" (có: {names})", " (there is {names})")
_NO_RECEIPT = Phrase(
    "Không ghi được biên nhận thành {name}.", "A receipt can't be written as {name}."
)
_NAME_PDF = Phrase("Hãy đặt tên TỆP.pdf.", "Name it FILE.pdf.")

_receipt_option = click.option(
    "--receipt",
    "receipt_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.pdf",
    help="Where to write the receipt with the differences, for both sides to sign.",
)


@click.group()
def batch() -> None:
    """Take in boxes of forms and weigh them against their slips."""


@contextmanager
def _kept(workspace: Path, database: str | None) -> Iterator[SqlCampaigns]:
    with open_store(workspace, database, create=False) as store:
        yield SqlCampaigns(store)


@batch.command("open")
@click.argument("unit")
@click.option("--forms", type=click.IntRange(0, MOST), required=True, metavar="N",
              help="How many forms the slip says.")  # fmt: skip
@click.option("--from", "handed_by", required=True, metavar="NAME", help="Who hands it in.")
@click.option("--day", type=PAST_DAY, default=today, metavar="DATE",
              help="When it is handed in. [default: today]")  # fmt: skip
@click.option("--cover", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.pdf",
              help="Where to write the cover sheet: scanned first, it says whose forms follow "
              "(scanform run --batch cover).")  # fmt: skip
@by_option
@workspace_options
@lang_option
def open_(
    unit: str,
    forms: int,
    handed_by: str,
    day: date,
    cover: Path | None,
    by: str,
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Note that UNIT hands in a box of forms."""
    with open_store(workspace, database) as store:
        kept = SqlCampaigns(store)
        plan = kept.campaign()
        unit = unit.strip() if plan is None else _as_planned(plan, unit.strip(), lang)
        opened = kept.open_batch(Slip(unit, day, handed_by, forms), by)
    said = _said(opened, lang)
    if cover is not None:
        lines = (unit, _COVER_FORMS.say(lang, said), _COVER_HINT.say(lang))
        write_whole(cover, cover_sheet(cover_text(opened.id), _COVER.say(lang, said), lines))
    click.echo(_OPENED.say(lang, said), err=str(cover) == "-")  # the cover may be stdout


def _as_planned(plan: Campaign, unit: str, lang: Language) -> str:
    """The unit as the campaign calls it. One that it has not would count by itself: a word about
    it, for most are misspelt."""
    names = [each.name for each in plan.units]
    place = UnitBook([Target(name, 0) for name in names]).place(unit)
    if isinstance(place, int):
        return names[place]
    near = "; ".join(like(unit, names))
    meant = _MEANT.say(lang, {"names": near}) if near else ""
    click.echo(_STRANGER.say(lang, {"unit": one_line(unit), "meant": meant}), err=True)
    return unit


@batch.command()
@click.argument("batch_id", metavar="BATCH")
@_receipt_option
@click.option("--number", default="", metavar="TEXT", help="The receipt's number.")
@click.option("--date", "signed", type=DAY, default=today, metavar="DATE",
              help="The receipt's date. [default: today]")  # fmt: skip
@workspace_options
@json_option
@lang_option
def close(
    batch_id: str,
    receipt_file: Path | None,
    number: str,
    signed: date,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Close BATCH: weigh what was digitised against the slip. It takes no more scans then."""
    # What can't be written as it is asked for must not close the box first.
    write = None if receipt_file is None else _receipt_writer(receipt_file)
    with _kept(workspace, database) as kept:
        found = weigh(kept, kept.close_batch(batch_id))
        tasks = tasks_of(found, kept.settlements(batch_id))
        plan = kept.campaign()
    _tell(found, tasks, as_json, lang)
    if receipt_file is not None and write is not None:
        office = plan.office if plan else Office()
        write_whole(receipt_file, write(receipt(found, office, Letter(signed, number), lang)))


@batch.command()
@click.argument("batch_id", metavar="BATCH")
@workspace_options
@json_option
@lang_option
def show(
    batch_id: str, workspace: Path, database: str | None, as_json: bool, lang: Language
) -> None:
    """Show BATCH: its slip, what was digitised, every difference with its pages."""
    with _kept(workspace, database) as kept:
        found = weigh(kept, kept.batch(batch_id))
        tasks = tasks_of(found, kept.settlements(batch_id))
    _tell(found, tasks, as_json, lang)


@batch.command("list")
@workspace_options
@json_option
@lang_option
def list_(workspace: Path, database: str | None, as_json: bool, lang: Language) -> None:
    """List the batches: what was digitised of each, and how many differences are still open."""
    with _kept(workspace, database) as kept:
        weighed = list(map(Scales(kept), kept.batches()))
        settled = kept.settlements()
    tasks = [[t for t in tasks_of(each, settled) if t.settled is None] for each in weighed]
    if as_json:
        rows = zip(weighed, tasks, strict=True)
        echo_json(
            [
                _slip_json(each.batch) | {"digitised": each.digitised, "open_tasks": len(mine)}
                for each, mine in rows
            ]
        )
        return
    table = Table(box=SIMPLE_HEAD)
    for number, heading in enumerate(_HEADINGS):
        table.add_column(heading.say(lang), justify="right" if number in (3, 4, 5) else "left")
    for each, mine in zip(weighed, tasks, strict=True):
        said = _said(each.batch, lang)
        figures = (number_text(n, lang) for n in (each.digitised, len(mine)))
        cells = (said["id"], said["unit"], said["day"], said["forms"], *figures, said["state"])
        table.add_row(*map(Text, cells))
    Console(highlight=False).print(table)


def _receipt_writer(file: Path) -> Writer:
    ending = file.suffix.lower().removeprefix(".")
    if ending not in ("pdf", "docx", "html", "md"):
        raise UsageError(_NO_RECEIPT.of(name=repr(file.name)), _NAME_PDF)
    return writer(ending)


def _said(batch: Batch, lang: Language) -> dict[str, str]:
    return {
        "id": batch.id,
        "unit": one_line(batch.slip.unit),
        "who": one_line(batch.slip.handed_by),
        "day": day_text(batch.slip.day, lang),
        "forms": number_text(batch.slip.forms, lang),
        "state": (_OPEN if batch.closed_at is None else _CLOSED).say(lang),
    }


def _tell(found: Balance, tasks: list[Task], as_json: bool, lang: Language) -> None:
    if as_json:
        about = _slip_json(found.batch) | {"files": found.files, "digitised": found.digitised}
        echo_json(about | {"differences": differences_json(found, tasks)})
        return
    click.echo(_SLIP.say(lang, _said(found.batch, lang)))
    draw_differences(found, tasks, lang)


def _slip_json(batch: Batch) -> dict[str, Any]:
    return {
        "batch": batch.id,
        "unit": batch.slip.unit,
        "day": batch.slip.day.isoformat(),
        "handed_by": batch.slip.handed_by,
        "forms": batch.slip.forms,
        "opened_by": batch.opened_by,
        "opened_at": batch.opened_at.isoformat(),
        "closed_at": batch.closed_at.isoformat() if batch.closed_at else None,
    }


batch.add_command(tasks_)
batch.add_command(settle)

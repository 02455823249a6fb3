"""``scanform tally``: the count per unit against the targets."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import Any

import click
from rich.console import Console, Group, RenderableType
from rich.table import Table

from scanform.cli.by_value import AGE, By, read_ages, tables
from scanform.cli.by_value import as_json as by_json
from scanform.cli.by_value import draw as draw_by
from scanform.cli.count_table import count_table, day_table
from scanform.cli.dates import read_day, today
from scanform.cli.known import KnownTemplates
from scanform.cli.options import echo_json, json_option, lang_option, workspace_options
from scanform.cli.quality import warn_of_samples
from scanform.cli.reporting import levelled
from scanform.cli.standing import daily_json, draw, outlook_json, standing_json
from scanform.cli.tables import targets_file
from scanform.errors import UsageError
from scanform.model.campaign import Level
from scanform.model.numerals import day_text
from scanform.model.phrases import Language, Phrase
from scanform.phrase import Words
from scanform.store.campaigns import SqlCampaigns
from scanform.store.open import open_store
from scanform.store.sql import SqlStore
from scanform.tally import Row, Tally, Target, count_against
from scanform.tally.choose_unit import like
from scanform.tally.counts import UnitBook
from scanform.tally.forecast import outlook
from scanform.tally.gather import Moment, end_of, now, progress_at
from scanform.tally.progress import Line, Progress
from scanform.tally.values import AGES

_TITLE = Phrase("Đến {as_of}", "As of {as_of}")
_NOT_COUNTED = Phrase(
    "Chú ý: {count} phiếu của mẫu khác không được tính.",
    "Note: {count} records of other templates are not counted.",
)

_TO_COME = Phrase("--as-of {text} chưa đến.", "--as-of {text} is still to come.")
_NOW = Phrase(
    "Bỏ --as-of để xem hiện nay, --forecast để xem dự báo.",
    "Leave --as-of out for now; --forecast tells where it leads.",
)
_NEEDS_CAMPAIGN = Phrase(
    "--forecast, --daily và --level cần đợt thu của thư mục làm việc, không dùng với --targets.",
    "--forecast, --daily and --level need the workspace's campaign, not --targets.",
)
_BY_ALONE = Phrase(
    "--by đếm theo một mục: ngoài ra chỉ dùng kèm --as-of.",
    "--by counts the answers of a field: of the rest only --as-of goes along.",
)
_BELONGS_TO_BY = Phrase(
    "--units đi với --by, --ages đi với --by age.",
    "--units belongs to --by, --ages to --by age.",
)
_BELONGS_TO_DAILY = Phrase("--unit đi với --daily.", "--unit belongs to --daily.")
_NO_TEMPLATES = Phrase(
    "Đợt thu đã định các mẫu được đếm: hãy bỏ -t.",
    "The campaign says which templates count: leave -t out.",
)
_NO_UNIT = Phrase("Không có đơn vị {unit}.", "There is no unit {unit}.")
_MEANT = Phrase("Có: {names}. ", "There is: {names}. ")
_SHOWN = Phrase("{meant}`scanform tally` nêu các đơn vị.", "{meant}`scanform tally` shows them.")
_NO_DATE = Phrase("--as-of {text} không phải là ngày.", "--as-of {text} is no date.")
_WRITE_DATE = Phrase(
    "Hãy viết 26/10/2018, 2018-10-26 hoặc 2018-10-26T15:00.",
    "Write 2018-10-26, 26/10/2018 or 2018-10-26T15:00.",
)


@click.command()
@click.option(
    "--targets",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="CSV or XLSX with the columns unit,target. [default: the workspace's campaign]",
)
@click.option(
    "--as-of",
    metavar="DATE",
    help="The state at the end of that day (2018-10-26 or 26/10/2018), or at a moment "
    "(2018-10-26T15:00). [default: now]",
)
@click.option(
    "-t",
    "--template",
    "names",
    multiple=True,
    metavar="TEMPLATE",
    help="Count only records of this template (id or folder). [default: all, or the campaign's]",
)
@click.option("--forecast", is_flag=True, help="Where the campaign will be at its deadline.")
@click.option("--daily", is_flag=True, help="What each day of the campaign brought.")
@click.option("--unit", metavar="NAME", help="With --daily: what each day brought of this unit.")
@click.option(
    "--level",
    type=click.Choice(["province", "district", "commune", "hamlet"]),
    help="A line for each unit of that level. [default: those with a target]",
)
@click.option(
    "--by",
    "field",
    metavar="FIELD",
    help="Count by the answers of this field instead (sex, ethnic_group, ...), or by `age`.",
)
@click.option("--units", "by_unit", is_flag=True, help="With --by: unit by unit.")
@click.option("--ages", metavar="A,B", help="With --by age: where groups begin. "
              "[default: 6,14,18,35,60]")  # fmt: skip
@click.option("--watch", is_flag=True, help="Draw it anew again and again, until Ctrl-C.")
@click.option(
    "--every",
    type=click.IntRange(min=1),
    default=30,
    metavar="SECONDS",
    help="How long --watch waits. [default: 30]",
)
@workspace_options
@json_option
@lang_option
def tally(
    targets: Path | None,
    as_of: str | None,
    names: tuple[str, ...],
    forecast: bool,
    daily: bool,
    unit: str | None,
    level: Level | None,
    field: str | None,
    by_unit: bool,
    ages: str | None,
    watch: bool,
    every: int,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Count records per unit (the form's commune) against the targets.

    The targets are those of a file, or of the workspace's campaign (`scanform campaign`), which
    adds reported figures, the pace that is needed and who lags.
    """
    wanted = Wanted(forecast, daily, unit, level)
    if targets and wanted != Wanted():
        raise UsageError(_NEEDS_CAMPAIGN)
    if field and (targets or wanted != Wanted()):
        raise UsageError(_BY_ALONE)
    if (by_unit and not field) or (ages and field != AGE):
        raise UsageError(_BELONGS_TO_BY)
    if unit and not daily:
        raise UsageError(_BELONGS_TO_DAILY)
    with open_store(workspace, database, create=False) as store:

        def look() -> RenderableType | None:
            if field:
                at = _moment(as_of)[1]
                moment = now() if at is None else Moment(at.date(), at)
                asked = By(field, moment, read_ages(ages) if ages else AGES, by_unit)
                return _by(store, asked, names, as_json, lang)
            if targets:
                return _against(store, targets, as_of, names, as_json, lang)
            if names:
                raise UsageError(_NO_TEMPLATES)
            return _of_campaign(store, as_of, wanted, as_json, lang)

        warn_of_samples(store, workspace, lang)
        if watch:
            _watch(look, every, as_json)
        else:
            _print(look())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for beyond the campaign's count."""

    forecast: bool = False
    daily: bool = False
    unit: str | None = None
    level: Level | None = None


def _print(drawn: RenderableType | None) -> None:
    if drawn is not None:
        Console(highlight=False).print(drawn)


def _watch(look: Callable[[], RenderableType | None], every: int, as_json: bool) -> None:
    """Draws again and again. With JSON: one answer after the other."""
    console = Console(highlight=False)
    while True:
        if console.is_terminal and not as_json:
            console.clear()
        _print(look())
        sys.stdout.flush()
        sleep(every)


def _against(
    store: SqlStore,
    targets: Path,
    as_of: str | None,
    names: tuple[str, ...],
    as_json: bool,
    lang: Language,
) -> RenderableType | None:
    wanted = targets_file(targets)
    label, moment = _moment(as_of)
    units = KnownTemplates(names).units()
    counted = count_against(wanted, store.unit_counts(units, moment))
    others = 0 if names or moment else store.figures().records - counted.total.records
    if others:
        click.echo(_NOT_COUNTED.say(lang, {"count": str(others)}), err=True)
    if as_json:
        echo_json(_json(counted, label))
        return None
    return _draw(counted, label, lang)


def _of_campaign(
    store: SqlStore, as_of: str | None, wanted: Wanted, as_json: bool, lang: Language
) -> RenderableType | None:
    label, moment = _moment(as_of)
    at = now() if moment is None else Moment(moment.date(), moment)
    progress = levelled(progress_at(SqlCampaigns(store), at), wanted.level)
    played = outlook(progress) if wanted.forecast else None
    if as_json:
        answer = standing_json(progress, label)
        answer |= {"forecast": outlook_json(progress, played)} if played else {}
        answer |= {"daily": daily_json(progress)} if wanted.daily else {}
        echo_json(answer)
        return None
    drawn: RenderableType = draw(progress, played, lang)
    if not wanted.daily:
        return drawn
    line = progress.total if wanted.unit is None else _named(progress, wanted.unit)
    return Group(day_table(progress, line, lang), drawn)


def _named(progress: Progress, unit: str) -> Line:
    named = [line for line in progress.lines if line.unit]
    place = UnitBook([Target(line.unit or "", 0) for line in named]).place(unit)
    if not isinstance(place, int):
        near = like(unit, [line.unit or "" for line in named])
        meant: Words = _MEANT.of(names="; ".join(near)) if near else ""
        raise UsageError(_NO_UNIT.of(unit=repr(unit)), _SHOWN.of(meant=meant))
    return named[place]


def _by(
    store: SqlStore, by: By, names: tuple[str, ...], as_json: bool, lang: Language
) -> RenderableType | None:
    found = tables(SqlCampaigns(store), by, names)
    if as_json:
        echo_json(by_json(found, by.units))
        return None
    return draw_by(found, by, lang)


def _moment(text: str | None) -> tuple[str, datetime | None]:
    """What to call the moment, and the moment itself; None for now. A day ends at midnight of
    this computer's time zone."""
    if text is None:
        return datetime.now().astimezone().isoformat(timespec="seconds"), None
    day = read_day(text)
    if day is not None:
        if day > today():
            raise UsageError(_TO_COME.of(text=text), _NOW)
        return day.isoformat(), end_of(day).at
    try:
        moment = datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(_NO_DATE.of(text=repr(text)), _WRITE_DATE) from None
    if moment > datetime.now().astimezone():
        raise UsageError(_TO_COME.of(text=text), _NOW)
    return moment.isoformat(), moment


def _json(counted: Tally, label: str) -> dict[str, Any]:
    def figures(row: Row) -> dict[str, Any]:
        return {
            "target": row.target,
            "records": row.records,
            "complete": row.complete,
            "pending": row.pending,
            "rate": row.rate,
        }

    units = [{"unit": row.unit, **figures(row)} for row in counted.units]
    return {"as_of": label, "units": units, "total": figures(counted.total)}


def _draw(counted: Tally, label: str, lang: Language) -> Table:
    title = _TITLE.say(lang, {"as_of": _when_text(label, lang)})
    lines = [_line(row) for row in counted.by_rate()]
    return count_table(title, lines, _line(counted.total), lang)


def _line(row: Row) -> Line:
    return Line(row.unit, row.target, row.complete, row.pending, 0, None, row.records)


def _when_text(label: str, lang: Language) -> str:
    """An ISO date or moment as people write it, in this place's time."""
    moment = datetime.fromisoformat(label)
    if moment.tzinfo is None:
        return day_text(moment.date(), lang)
    here = moment.astimezone()
    return f"{day_text(here.date(), lang)}, {here:%H:%M}"

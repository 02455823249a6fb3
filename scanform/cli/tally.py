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
from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from scanform.cli.dates import read_day
from scanform.cli.known import KnownTemplates
from scanform.cli.options import echo_json, json_option, lang_option, workspace_options
from scanform.cli.standing import (
    bar_text,
    daily_json,
    draw,
    draw_days,
    outlook_json,
    shown,
    standing_json,
)
from scanform.cli.tables import targets_file
from scanform.errors import UsageError
from scanform.model.numerals import day_text, number_text, percent_text
from scanform.model.phrases import Language, Phrase
from scanform.store.campaigns import SqlCampaigns
from scanform.store.open import open_store
from scanform.store.sql import SqlStore
from scanform.tally import Row, Tally, count_against
from scanform.tally.forecast import outlook
from scanform.tally.gather import Moment, end_of, now, progress_at

_HEADINGS = (
    Phrase("Đơn vị", "Unit"),
    Phrase("Phiếu", "Records"),
    Phrase("Chỉ tiêu", "Target"),
    Phrase("Tỷ lệ", "Rate"),
    Phrase("", ""),
    Phrase("Xong", "Complete"),
    Phrase("Chờ duyệt", "Pending"),
)
_TOTAL = Phrase("Tổng cộng", "Total")
_UNKNOWN = Phrase("(chưa rõ đơn vị)", "(unit not known)")
_UNLISTED = Phrase("{unit} (không có chỉ tiêu)", "{unit} (no target)")
_TEMPLATE = Phrase("Mẫu", "Template")
_BLANK = Phrase("(trống)", "(blank)")
_TITLE = Phrase("Đến {as_of}", "As of {as_of}")
_NOT_COUNTED = Phrase(
    "Chú ý: {count} phiếu của mẫu khác không được tính.",
    "Note: {count} records of other templates are not counted.",
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
@click.option(
    "--by", "field", metavar="FIELD", help="Count by the answers of this field instead (sex, ...)."
)
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
    field: str | None,
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
    of_campaign = forecast or daily
    if targets and of_campaign:
        raise UsageError("--forecast and --daily need the workspace's campaign, not --targets.")
    if field and (targets or as_of or of_campaign):
        raise UsageError("--by counts the answers of a field as they stand now, nothing else.")
    with open_store(workspace, database, create=False) as store:

        def look() -> RenderableType | None:
            if field:
                return _values(store, field, names, as_json, lang)
            if targets:
                return _against(store, targets, as_of, names, as_json, lang)
            if names:
                raise UsageError("The campaign says which templates count: leave -t out.")
            return _of_campaign(store, as_of, Wanted(forecast, daily), as_json, lang)

        if watch:
            _watch(look, every, as_json)
        else:
            _print(look())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for beyond the campaign's count."""

    forecast: bool = False
    daily: bool = False


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
    progress = progress_at(SqlCampaigns(store), at)
    played = outlook(progress) if wanted.forecast else None
    if as_json:
        answer = standing_json(progress, label)
        answer |= {"forecast": outlook_json(progress, played)} if played else {}
        answer |= {"daily": daily_json(progress)} if wanted.daily else {}
        echo_json(answer)
        return None
    drawn: RenderableType = draw(progress, played, lang)
    return Group(draw_days(progress, lang), drawn) if wanted.daily else drawn


def _values(
    store: SqlStore, field: str, names: tuple[str, ...], as_json: bool, lang: Language
) -> RenderableType | None:
    """Records by the answers of a field, template by template."""
    known = [each for each in KnownTemplates(names).all() if field in {f.id for f in each.fields}]
    if not known:
        raise UsageError(f"No template here has a field {field!r}.")
    kept = SqlCampaigns(store)
    counts = {each.id: kept.value_counts(each.id, field) for each in known}
    if as_json:
        echo_json(
            {
                template: [{"value": value, "records": count} for value, count in rows]
                for template, rows in counts.items()
            }
        )
        return None
    table = Table(box=SIMPLE_HEAD)
    for number, heading in enumerate((_TEMPLATE, Phrase(field, field), *_HEADINGS[1:2])):
        table.add_column(heading.say(lang), justify="right" if number == 2 else "left")
    for template, rows in counts.items():
        for value, count in rows:
            said = _BLANK.say(lang) if value is None else shown(value)
            table.add_row(Text(template), Text(said), number_text(count, lang))
    return table


def _moment(text: str | None) -> tuple[str, datetime | None]:
    """What to call the moment, and the moment itself; None for now. A day ends at midnight of
    this computer's time zone."""
    if text is None:
        return datetime.now().astimezone().isoformat(timespec="seconds"), None
    day = read_day(text)
    if day is not None:
        return day.isoformat(), end_of(day).at
    try:
        moment = datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(
            f"--as-of {text!r} is no date.", "Write 2018-10-26, 26/10/2018 or 2018-10-26T15:00."
        ) from None
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
    table = Table(title=title, title_justify="left", show_footer=True, box=SIMPLE_HEAD)
    total = _cells(counted.total, _TOTAL.say(lang), lang)
    for number, (heading, cell) in enumerate(zip(_HEADINGS, total, strict=True)):
        side = "left" if number in (0, 4) else "right"
        table.add_column(heading.say(lang), cell, justify=side, no_wrap=number > 0)  # type: ignore[arg-type]
    for row in counted.by_rate():
        table.add_row(*_cells(row, _unit(row, lang), lang))
    return table


def _when_text(label: str, lang: Language) -> str:
    """An ISO date or moment as people write it, in this place's time."""
    moment = datetime.fromisoformat(label)
    if moment.tzinfo is None:
        return day_text(moment.date(), lang)
    here = moment.astimezone()
    return f"{day_text(here.date(), lang)}, {here:%H:%M}"


def _unit(row: Row, lang: Language) -> str:
    if row.unit is None:
        return _UNKNOWN.say(lang)
    return row.unit if row.target is not None else _UNLISTED.say(lang, {"unit": row.unit})


def _cells(row: Row, name: str, lang: Language) -> list[Text]:
    cells = (
        name,
        number_text(row.records, lang),
        "" if row.target is None else number_text(row.target, lang),
        percent_text(row.records / row.target, lang) if row.target else "",
        "" if row.rate is None else bar_text(row.rate),
        number_text(row.complete, lang),
        number_text(row.pending, lang),
    )
    # A unit's name comes from a form: it is text, never the terminal's markup.
    return [Text(shown(cell)) for cell in cells]

"""``scanform campaign``: what is counted, for whom, until when; and figures without forms."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scanform.campaign import changed, new_campaign
from scanform.cli.campaign_options import changes, plan_options
from scanform.cli.dates import DAY, read_day, today
from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.cli.tables import figures_file
from scanform.cli.wording import one_line
from scanform.errors import UsageError
from scanform.model.campaign import Campaign, Entered
from scanform.model.numerals import day_text, number_text, share_text
from scanform.model.phrases import Language, Phrase
from scanform.store.campaigns import SqlCampaigns
from scanform.store.open import open_store
from scanform.tally.counts import Target, UnitBook
from scanform.tally.gather import NoCampaign

_LINES = (
    Phrase("Đợt:        {name}", "Campaign:   {name}"),
    Phrase("Đếm theo:   {fields}", "Counted by: {fields}"),
    Phrase("Thời gian:  {start} – {deadline}", "From – to:  {start} – {deadline}"),
    Phrase("Mục tiêu:   {goal} của {target}", "Goal:       {goal} of {target}"),
    Phrase("Ngày làm:   {days} ngày", "Work days:  {days}"),
    Phrase("Danh mục:   năm {vintage}", "Gazetteer:  of {vintage}"),
)
_HEADINGS = (
    Phrase("Mã", "Code"),
    Phrase("Đơn vị", "Unit"),
    Phrase("Chỉ tiêu", "Target"),
    Phrase("Số báo cáo", "Reported"),
    Phrase("Đến ngày", "As of"),
)
_ENTERED = Phrase(
    "Đã ghi: {unit}, {number} người, đến ngày {day}.", "Noted: {unit}, {number} people by {day}."
)


@click.group()
def campaign() -> None:
    """Say what is counted, for whom, until when; note figures that come without forms."""


@campaign.command()
@plan_options
@by_option
@workspace_options
@lang_option
def init(by: str, workspace: Path, database: str | None, lang: Language, **given: Any) -> None:
    """Begin a campaign in the workspace."""
    plan = new_campaign(changes(given, None))
    with open_store(workspace, database) as store:
        kept = SqlCampaigns(store)
        if kept.campaign() is not None:
            raise UsageError(
                "This workspace has a campaign already.", "Change it with `scanform campaign edit`."
            )
        kept.save_campaign(plan, by)
        _show(plan, [], lang)


@campaign.command()
@plan_options
@click.option("--drop", multiple=True, metavar="NAME", help="A unit to take away.")
@by_option
@workspace_options
@lang_option
def edit(by: str, workspace: Path, database: str | None, lang: Language, **given: Any) -> None:
    """Change the campaign. What it was before is kept for reports of earlier days."""
    with open_store(workspace, database, create=False) as store:
        kept = SqlCampaigns(store)
        before = kept.campaign()
        if before is None:
            raise NoCampaign
        after = changed(before, changes(given, dict(before.unit_fields)))
        if after != before:
            kept.save_campaign(after, by)
        _show(after, kept.entered(), lang)


@campaign.command()
@workspace_options
@json_option
@lang_option
def show(workspace: Path, database: str | None, as_json: bool, lang: Language) -> None:
    """Show the campaign and the figures that were reported."""
    with open_store(workspace, database, create=False) as store:
        kept = SqlCampaigns(store)
        plan, figures = kept.campaign(), kept.entered()
    if plan is None:
        raise NoCampaign
    if as_json:
        echo_json(_json(plan, figures))
    else:
        _show(plan, figures, lang)


@campaign.command()
@click.argument("unit", required=False)
@click.argument("number", type=click.IntRange(min=0), required=False)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Many at once: CSV or XLSX with the columns unit, number and perhaps day.",
)
@click.option(
    "--day",
    type=DAY,
    default=today,
    metavar="DATE",
    help="The figure is of the end of that day. [default: today]",
)
@by_option
@workspace_options
@lang_option
def enter(
    unit: str | None,
    number: int | None,
    file: Path | None,
    day: date,
    by: str,
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Note what a commune reported without forms: UNIT has NUMBER people in all.

    The figure is a total, not what came since the last one. A later one for the same day takes
    its place. Reports show it apart from the forms that were scanned.
    """
    if (unit is None or number is None) == (file is None):
        raise UsageError("Give a unit and its number, or --file FILE.")
    if file is not None:
        typed = [(name, count, text) for name, count, text in figures_file(file)]
    else:
        typed = [(unit or "", number or 0, "")]
    with open_store(workspace, database, create=False) as store:
        kept = SqlCampaigns(store)
        plan = kept.campaign()
        if plan is None:
            raise NoCampaign
        figures = _figures(plan, typed, day, by)
        kept.enter(figures)
    for each in figures:
        said = {"unit": each.unit, "number": number_text(each.number, lang)}
        click.echo(_ENTERED.say(lang, said | {"day": day_text(each.day, lang)}))


def _figures(
    plan: Campaign, typed: list[tuple[str, int, str]], day: date, by: str
) -> list[Entered]:
    """The figures of known units and days; raises ``UsageError`` that names all others."""
    book = UnitBook([Target(each.name, 0) for each in plan.counted])
    found, mistakes = [], []
    for name, number, text in typed:
        place, when = book.place(name), read_day(text) if text else day
        if not isinstance(place, int):
            mistakes.append(f"the campaign has no unit {name!r}")
        elif when is None:
            mistakes.append(f"{name}: {text!r} is no date")
        else:
            unit = plan.counted[place].name
            found.append(Entered(unit, when, number, by, datetime.now(UTC)))
    if mistakes:
        raise UsageError(
            "Nothing was noted:\n" + "\n".join(f"  {each}" for each in mistakes),
            "`scanform campaign show` names the units; dates are 2018-10-26 or 26/10/2018.",
        )
    return found


def _json(plan: Campaign, figures: list[Entered]) -> dict[str, Any]:
    return {
        "name": plan.name,
        "unit_fields": dict(plan.unit_fields),
        "start": plan.start.isoformat(),
        "deadline": plan.deadline.isoformat(),
        "goal": plan.goal,
        "weekdays": sorted(plan.weekdays),
        "holidays": sorted(day.isoformat() for day in plan.holidays),
        "workdays": sorted(day.isoformat() for day in plan.workdays),
        "vintage": plan.vintage,
        "units": [
            {"unit": u.name, "target": u.target, "code": u.code, "parent": u.parent}
            for u in plan.units
        ],
        "target": plan.target,
        "entered": [
            {
                "unit": each.unit,
                "day": each.day.isoformat(),
                "number": each.number,
                "by": each.by,
                "at": each.at.isoformat(),
            }
            for each in figures
        ],
    }


def _show(plan: Campaign, figures: list[Entered], lang: Language) -> None:
    said = {
        "name": one_line(plan.name),
        "fields": ", ".join(f"{t}: {f}" for t, f in plan.unit_fields.items()),
        "start": day_text(plan.start, lang),
        "deadline": day_text(plan.deadline, lang),
        "goal": share_text(plan.goal, lang),
        "target": number_text(plan.target, lang),
        "days": number_text(len(plan.working_days(plan.start, plan.deadline)), lang),
        "vintage": plan.vintage,
    }
    for line in _LINES[: None if plan.vintage else -1]:
        click.echo(line.say(lang, said))
    table = Table(box=SIMPLE_HEAD)
    for number, heading in enumerate(_HEADINGS):
        table.add_column(heading.say(lang), justify="right" if number > 1 else "left")
    last = {each.unit: each for each in sorted(figures, key=lambda each: each.day)}
    for unit in plan.units:
        figure = last.get(unit.name)
        cells = (
            unit.code,
            one_line(unit.name),
            "" if unit.target is None else number_text(unit.target, lang),
            "" if figure is None else number_text(figure.number, lang),
            "" if figure is None else day_text(figure.day, lang),
        )
        table.add_row(*map(Text, cells))
    Console(highlight=False).print(table)

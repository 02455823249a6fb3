"""``scanform campaign``: what is counted, for whom, until when; and figures without forms."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from scanform.campaign import changed, new_campaign
from scanform.cli.campaign_options import changes, plan_options
from scanform.cli.campaign_told import plan_json, show_plan
from scanform.cli.dates import PAST_DAY, read_day, today
from scanform.cli.numbers import NUMBER
from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.cli.tables import figures_file
from scanform.errors import UsageError
from scanform.model.campaign import Campaign, Entered
from scanform.model.numerals import day_text, number_text
from scanform.model.phrases import Language, Phrase
from scanform.phrase import Listed, Saying, Words
from scanform.store.campaigns import SqlCampaigns
from scanform.store.open import open_store
from scanform.tally.choose_unit import like
from scanform.tally.counts import Target, UnitBook
from scanform.tally.gather import NoCampaign

_ENTERED = Phrase(
    "Đã ghi: {unit}, {number} người, đến ngày {day}.", "Noted: {unit}, {number} people by {day}."
)

_THERE = Phrase("Thư mục làm việc này đã có đợt thu.", "This workspace has a campaign already.")
_EDIT = Phrase("Hãy sửa bằng `scanform campaign edit`.", "Change it with `scanform campaign edit`.")
_GIVE_FIGURE = Phrase(
    "Hãy cho một đơn vị và con số của nó, hoặc --file TỆP.",
    "Give a unit and its number, or --file FILE.",
)
_NO_UNIT = Phrase("đợt không có đơn vị {name}{meant}", "the campaign has no unit {name}{meant}")
_NO_SUCH_UNIT = Phrase(
    "Đợt không có đơn vị {name}{meant}.", "The campaign has no unit {name}{meant}."
)
_MEANT = Phrase(" (có {names})", " (there is {names})")
_NO_DATE = Phrase("{unit}: {text} không phải là ngày", "{unit}: {text} is no date")
_TO_COME = Phrase("{unit}: ngày {day} chưa đến", "{unit}: {day} is still to come")
_NOTHING_NOTED = Phrase("Chưa ghi gì:\n{mistakes}", "Nothing was noted:\n{mistakes}")
_UNITS = Phrase(
    "`scanform campaign show` nêu các đơn vị.", "`scanform campaign show` names the units."
)
_UNITS_AND_DATES = Phrase(
    "`scanform campaign show` nêu các đơn vị; ngày viết 26/10/2018 hoặc 2018-10-26.",
    "`scanform campaign show` names the units; dates are 2018-10-26 or 26/10/2018.",
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
            raise UsageError(_THERE, _EDIT)
        kept.save_campaign(plan, by)
        show_plan(plan, [], lang)


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
        given["drop"] = [_planned(before, name) for name in given["drop"]]
        after = changed(before, changes(given, dict(before.unit_fields)))
        if after != before:
            kept.save_campaign(after, by)
        show_plan(after, kept.entered(), lang)


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
        echo_json(plan_json(plan, figures))
    else:
        show_plan(plan, figures, lang)


@campaign.command()
@click.argument("unit", required=False)
@click.argument("number", type=NUMBER, required=False)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Many at once: CSV or XLSX with the columns unit, number and perhaps day.",
)
@click.option(
    "--day",
    type=PAST_DAY,
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
        raise UsageError(_GIVE_FIGURE)
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
    book = _book(plan)
    found: list[Entered] = []
    mistakes: list[Words] = []
    for name, number, text in typed:
        place, when = book.place(name), read_day(text) if text else day
        if not isinstance(place, int):
            mistakes.append(_no_unit(plan, name, _NO_UNIT))
        elif when is None:
            mistakes.append(_NO_DATE.of(unit=name, text=repr(text)))
        elif when > today():
            mistakes.append(_TO_COME.of(unit=name, day=f"{when:%d/%m/%Y}"))
        else:
            unit = plan.counted[place].name
            found.append(Entered(unit, when, number, by, datetime.now(UTC)))
    if mistakes:
        raise UsageError(_NOTHING_NOTED.of(mistakes=Listed(mistakes)), _UNITS_AND_DATES)
    return found


def _book(plan: Campaign) -> UnitBook:
    return UnitBook([Target(each.name, 0) for each in plan.counted])


def _planned(plan: Campaign, name: str) -> str:
    """The unit as the plan calls it, however it is spelt; raises ``UsageError``."""
    place = _book(plan).place(name)
    if not isinstance(place, int):
        raise UsageError(_no_unit(plan, name, _NO_SUCH_UNIT), _UNITS)
    return plan.counted[place].name


def _no_unit(plan: Campaign, name: str, phrase: Phrase) -> Saying:
    near = like(name, [unit.name for unit in plan.counted])
    meant: Words = _MEANT.of(names="; ".join(near)) if near else ""
    return phrase.of(name=repr(name), meant=meant)

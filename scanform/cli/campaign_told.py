"""A campaign's plan, told on the terminal and to scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scanform.cli.wording import one_line
from scanform.model.campaign import Campaign, Entered
from scanform.model.numerals import day_text, number_text, share_text
from scanform.model.phrases import Language, Phrase

_LINES = (
    Phrase("Đợt:        {name}", "Campaign:   {name}"),
    Phrase("Đếm theo:   {fields}", "Counted by: {fields}"),
    Phrase("Thời gian:  {start} – {deadline}", "From – to:  {start} – {deadline}"),
    Phrase("Mục tiêu:   {goal} của {target}", "Goal:       {goal} of {target}"),
    Phrase("Ngày làm:   {days} ngày ({which})", "Work days:  {days} ({which})"),
    Phrase("Danh mục:   năm {vintage}", "Gazetteer:  of {vintage}"),
)
_WEEKDAYS = (
    Phrase("T2", "Mon"),
    Phrase("T3", "Tue"),
    Phrase("T4", "Wed"),
    Phrase("T5", "Thu"),
    Phrase("T6", "Fri"),
    Phrase("T7", "Sat"),
    Phrase("CN", "Sun"),
)
_FREE = Phrase("nghỉ {days}", "not on {days}")
_WORKED = Phrase("làm thêm {days}", "also on {days}")
_HEADINGS = (
    Phrase("Mã", "Code"),
    Phrase("Đơn vị", "Unit"),
    Phrase("Chỉ tiêu", "Target"),
    Phrase("Số báo cáo", "Reported"),
    Phrase("Đến ngày", "As of"),
)


def plan_json(plan: Campaign, figures: Sequence[Entered]) -> dict[str, Any]:
    """All of it, for scripts."""
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


def _which_days(plan: Campaign, lang: Language) -> str:
    parts = [" ".join(_WEEKDAYS[day].say(lang) for day in sorted(plan.weekdays))]
    for phrase, days in ((_FREE, plan.holidays), (_WORKED, plan.workdays)):
        if days:
            named = ", ".join(day_text(day, lang) for day in sorted(days))
            parts.append(phrase.say(lang, {"days": named}))
    return "; ".join(parts)


def show_plan(plan: Campaign, figures: Sequence[Entered], lang: Language) -> None:
    """The plan and the last figure of each unit, on the terminal."""
    said = {
        "name": one_line(plan.name),
        "fields": ", ".join(f"{t}: {f}" for t, f in plan.unit_fields.items()),
        "start": day_text(plan.start, lang),
        "deadline": day_text(plan.deadline, lang),
        "goal": share_text(plan.goal, lang),
        "target": number_text(plan.target, lang),
        "days": number_text(len(plan.working_days(plan.start, plan.deadline)), lang),
        "which": _which_days(plan, lang),
        "vintage": plan.vintage,
    }
    for line in _LINES[0 if plan.name else 1 : None if plan.vintage else -1]:
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

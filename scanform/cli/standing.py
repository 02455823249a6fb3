"""The campaign's count in the terminal and in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group
from rich.text import Text

from scanform.cli.count_table import count_table, forecast_table, shown
from scanform.model.numerals import day_text, number_text, percent_text, share_text
from scanform.model.phrases import Language, Phrase
from scanform.tally.compose import chance_text
from scanform.tally.forecast import Forecast, Outlook
from scanform.tally.pace import Pace, laggards, pace, paces
from scanform.tally.progress import Line, Progress
from scanform.tally.tree import roll_up

_TITLE = Phrase("{name}, đến {day}", "{name}, as of {day}")
_BARE_TITLE = Phrase("Đến {day}", "As of {day}")
_NEEDED = Phrase(
    "Mục tiêu {goal} = {number} đến {deadline}: còn {missing}, {days} ngày làm việc, cần "
    "{needed} mỗi ngày; hiện nay {recent} mỗi ngày.",
    "Goal {goal} = {number} by {deadline}: {missing} to go in {days} working days, {needed} a day "
    "needed; now {recent} a day.",
)
_REACHED = Phrase("Đã đạt mục tiêu {goal} = {number}.", "The goal of {goal} = {number} is reached.")
_LATE = Phrase(
    "Hết hạn {deadline}: còn thiếu {missing} so với mục tiêu {goal} = {number}.",
    "The deadline of {deadline} is over: {missing} short of the goal, {goal} = {number}.",
)
_FORECAST = Phrase(
    "Dự báo đến {deadline}: {middle} ({rate}); 8 phần 10 trong khoảng {low}–{high}. "
    "Khả năng đạt mục tiêu: {chance}.",
    "Forecast for {deadline}: {middle} ({rate}); in 8 of 10 cases between {low} and {high}. "
    "Chance to reach the goal: {chance}.",
)
_LAGGARDS = Phrase("Chậm ({count}):", "Behind ({count}):")
_SLOW = Phrase("  {unit}: {recent} mỗi ngày", "  {unit}: {recent} a day")
_NEEDS = Phrase(", cần {needed}", ", needs {needed}")
_SILENT = Phrase(", {idle} ngày làm việc không nộp", ", nothing for {idle} working days")
_DUPLICATES = Phrase(
    "{count} phiếu trùng người không được tính.", "{count} forms of persons counted already."
)


def standing_json(progress: Progress, label: str) -> dict[str, Any]:
    """The count in the shape of ``tally --targets``, with what a campaign adds."""
    paced = {id(each.line): each for each in paces(progress)}
    units = [
        {"unit": line.unit, "code": line.code, **_figures(line), **_pace(paced.get(id(line)))}
        for line in progress.lines
    ]
    return {
        "as_of": label,
        "campaign": progress.campaign.name,
        "goal": progress.campaign.goal,
        "deadline": progress.campaign.deadline.isoformat(),
        "units": units,
        "groups": [
            {"unit": line.unit, "code": line.code, **_figures(line)} for line in roll_up(progress)
        ],
        "total": {**_figures(progress.total), **_pace(pace(progress, progress.total))},
        "laggards": [each.line.unit for each in laggards(progress)],
    }


def outlook_json(progress: Progress, outlook: Outlook) -> dict[str, Any]:
    """What ``--forecast`` adds."""
    units = zip(progress.targeted, outlook.units, strict=True)
    return {
        "chance": outlook.chance,
        "total": _forecast(outlook.total),
        "units": [{"unit": line.unit, **_forecast(each)} for line, each in units],
    }


def daily_json(progress: Progress) -> list[dict[str, Any]]:
    """What ``--daily`` adds: each day's count, and what the day brought, in all and by unit."""
    gains = progress.gains(progress.total)
    rows = zip(progress.days, progress.total.series, gains, strict=True)
    by_unit = [(line.unit, progress.gains(line)) for line in progress.lines]
    return [
        {
            "day": day.isoformat(),
            "counted": counted,
            "added": gain,
            "units": [{"unit": unit, "added": each[n]} for unit, each in by_unit if each[n]],
        }
        for n, (day, counted, gain) in enumerate(rows)
    ]


def _figures(line: Line) -> dict[str, Any]:
    return {
        "target": line.target,
        "records": line.records,
        "complete": line.complete,
        "pending": line.pending,
        "duplicate": line.duplicate,
        "handed": line.handed,
        "refused": line.refused,
        "entered": line.entered,
        "counted": line.counted,
        "rate": line.rate,
    }


def _pace(pace: Pace | None) -> dict[str, Any]:
    if pace is None:
        return {}
    return {
        "goal": pace.goal,
        "missing": pace.missing,
        "days_left": pace.days_left,
        "recent": round(pace.recent, 2),
        "needed": None if pace.needed is None else round(pace.needed, 2),
        "idle": pace.idle,
        "state": pace.state,
    }


def _forecast(forecast: Forecast) -> dict[str, int]:
    return {"low": forecast.low, "middle": forecast.middle, "high": forecast.high}


def draw(progress: Progress, outlook: Outlook | None, lang: Language) -> Group:
    """The table with bars, and what it means."""
    said = {"name": progress.campaign.name, "day": day_text(progress.as_of, lang)}
    title = (_TITLE if progress.campaign.name else _BARE_TITLE).say(lang, said)
    tables = [count_table(title, progress.by_rate(), progress.total, lang)]
    if outlook is not None and outlook.total.days:
        tables.append(forecast_table(progress, outlook, lang))
    return Group(*tables, *(Text(line) for line in _lines(progress, outlook, lang)))


def _lines(progress: Progress, outlook: Outlook | None, lang: Language) -> Iterator[str]:
    total = pace(progress, progress.total)
    yield _goal(progress, total, lang)
    if outlook is not None and total.days_left:
        yield _forecast_line(progress, outlook, lang)
    if progress.total.duplicate:
        yield _DUPLICATES.say(lang, {"count": number_text(progress.total.duplicate, lang)})
    slow = laggards(progress)
    if slow:
        yield _LAGGARDS.say(lang, {"count": str(len(slow))})
    for each in slow:
        yield _laggard(each, lang)


def _laggard(each: Pace, lang: Language) -> str:
    said = {
        "unit": shown(each.line.unit or ""),
        "recent": number_text(each.recent, lang, 1),
        "needed": number_text(each.whole_needed or 0, lang),
        "idle": number_text(each.idle, lang),
    }
    needs = "" if each.whole_needed is None else _NEEDS.say(lang, said)
    return _SLOW.say(lang, said) + needs + (_SILENT.say(lang, said) if each.silent else "")


def _goal(progress: Progress, total: Pace, lang: Language) -> str:
    said = {
        "goal": share_text(progress.campaign.goal, lang),
        "number": number_text(total.goal, lang),
        "deadline": day_text(progress.campaign.deadline, lang),
        "missing": number_text(total.missing, lang),
        "days": number_text(total.days_left, lang),
        "needed": number_text(total.whole_needed or 0, lang),
        "recent": number_text(total.recent, lang),
    }
    phrase = {"reached": _REACHED, "late": _LATE}.get(total.state, _NEEDED)
    return phrase.say(lang, said)


def _forecast_line(progress: Progress, outlook: Outlook, lang: Language) -> str:
    total = outlook.total
    said = {
        "deadline": day_text(progress.campaign.deadline, lang),
        "middle": number_text(total.middle, lang),
        "rate": percent_text(total.middle / (progress.total.target or 1), lang),
        "low": number_text(total.low, lang),
        "high": number_text(total.high, lang),
        "chance": chance_text(outlook.chance, lang),
    }
    return _FORECAST.say(lang, said)

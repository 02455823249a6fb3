"""The campaign's count in the terminal and in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from scanform.model.numerals import day_text, number_text, percent_text, share_text
from scanform.model.phrases import Language, Phrase
from scanform.tally.forecast import Forecast, Outlook
from scanform.tally.pace import Pace, laggards, pace, paces
from scanform.tally.progress import Line, Progress, roll_up

BAR = 10  # characters of a whole bar: the names must fit beside it in 80 columns

_HEADINGS = (
    Phrase("Đơn vị", "Unit"),
    Phrase("Đã thu", "Counted"),
    Phrase("Chỉ tiêu", "Target"),
    Phrase("Tỷ lệ", "Rate"),
    Phrase("", ""),
    Phrase("Phiếu", "Forms"),
    Phrase("Chờ", "Wait"),
    Phrase("Báo cáo", "Reported"),
)
_TOTAL = Phrase("Tổng cộng", "Total")
_UNKNOWN = Phrase("(chưa rõ đơn vị)", "(unit not known)")
_UNLISTED = Phrase("{unit} (không có chỉ tiêu)", "{unit} (no target)")
_TITLE = Phrase("{name}, đến {day}", "{name}, as of {day}")
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
_SLOW = Phrase(
    "  {unit}: {recent} mỗi ngày, cần {needed}", "  {unit}: {recent} a day, needs {needed}"
)
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
    """What ``--daily`` adds: each day's count, and what the day brought."""
    gains = progress.gains(progress.total)
    rows = zip(progress.days, progress.total.series, gains, strict=True)
    return [
        {"day": day.isoformat(), "counted": counted, "added": gain} for day, counted, gain in rows
    ]


def _figures(line: Line) -> dict[str, Any]:
    return {
        "target": line.target,
        "records": line.records,
        "complete": line.complete,
        "pending": line.pending,
        "duplicate": line.duplicate,
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
    return Group(_table(progress, lang), *(Text(line) for line in _lines(progress, outlook, lang)))


def draw_days(progress: Progress, lang: Language) -> Table:
    """Each day's count, those on which something came."""
    table = Table(box=SIMPLE_HEAD)
    for number, heading in enumerate(_DAY_HEADINGS):
        table.add_column(heading.say(lang), justify="right" if number else "left")
    gains = progress.gains(progress.total)
    most = max(gains, default=0)
    for day, counted, gain in zip(progress.days, progress.total.series, gains, strict=True):
        if gain:
            bar = bar_text(gain / most if most > 0 else 0.0)
            cells = (day_text(day, lang), number_text(gain, lang), number_text(counted, lang), bar)
            table.add_row(*cells)
    return table


_DAY_HEADINGS = (
    Phrase("Ngày", "Day"),
    Phrase("Thêm", "Added"),
    Phrase("Đã thu", "Counted"),
    Phrase("", ""),
)


def _table(progress: Progress, lang: Language) -> Table:
    said = {"name": progress.campaign.name, "day": day_text(progress.as_of, lang)}
    title = Text(shown(_TITLE.say(lang, said)))
    table = Table(
        title=title,
        title_justify="left",
        show_footer=True,
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    total = _cells(progress.total, _TOTAL.say(lang), lang)
    reported = progress.total.entered is not None
    for number, (heading, cell) in enumerate(zip(_HEADINGS, total, strict=True)):
        if reported or number < len(_HEADINGS) - 1:
            side: Any = "left" if number in (0, 4) else "right"
            table.add_column(heading.say(lang), cell, justify=side, no_wrap=number > 0)
    for line in progress.by_rate():
        table.add_row(*_cells(line, unit_text(line, lang), lang)[: len(table.columns)])
    return table


def unit_text(line: Line, lang: Language) -> str:
    if line.unit is None:
        return _UNKNOWN.say(lang)
    return line.unit if line.target is not None else _UNLISTED.say(lang, {"unit": line.unit})


def _cells(line: Line, name: str, lang: Language) -> list[Text]:
    cells = (
        name,
        number_text(line.counted, lang),
        "" if line.target is None else number_text(line.target, lang),
        percent_text(line.counted / line.target, lang) if line.target else "",
        "" if line.rate is None else bar_text(line.rate),
        number_text(line.records, lang),
        number_text(line.pending, lang),
        "" if line.entered is None else number_text(line.entered, lang),
    )
    return [Text(shown(cell)) for cell in cells]


def shown(text: str) -> str:
    """What a form or a file says is text, never codes that move a terminal's cursor."""
    return "".join(c for c in text if c.isprintable())


def bar_text(rate: float) -> str:
    """A bar in eighths of a character; full at 100 %."""
    eighths = round(min(max(rate, 0.0), 1.0) * BAR * 8)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[rest]


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
        needed = "–" if each.needed is None else number_text(each.needed, lang, 1)
        said = {"unit": shown(each.line.unit or ""), "needed": needed}
        said |= {"recent": number_text(each.recent, lang, 1), "idle": str(each.idle)}
        yield _SLOW.say(lang, said) + (_SILENT.say(lang, said) if each.silent else "")


def _goal(progress: Progress, total: Pace, lang: Language) -> str:
    said = {
        "goal": share_text(progress.campaign.goal, lang),
        "number": number_text(total.goal, lang),
        "deadline": day_text(progress.campaign.deadline, lang),
        "missing": number_text(total.missing, lang),
        "days": number_text(total.days_left, lang),
        "needed": number_text(total.needed or 0, lang),
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
        "chance": percent_text(outlook.chance, lang),
    }
    return _FORECAST.say(lang, said)

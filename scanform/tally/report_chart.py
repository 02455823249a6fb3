"""The report's curve: what was counted, the goal, the forecast. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from scanform.model.numerals import day_text, number_text, share_text
from scanform.model.phrases import Language
from scanform.report.interface import Chart, Fan
from scanform.tally import report_words as words
from scanform.tally.forecast import Outlook
from scanform.tally.pace import pace
from scanform.tally.progress import Progress


def chart(progress: Progress, outlook: Outlook, lang: Language) -> Chart:
    """The count day by day, the goal, and the forecast's fan."""
    plan, ahead = progress.campaign, outlook.total
    goal = pace(progress, progress.total).goal
    fan = Fan(ahead.days, ahead.lows, ahead.middles, ahead.highs) if ahead.days else None
    most = max(goal, progress.total.counted, ahead.high)
    said = {
        "goal": share_text(plan.goal, lang),
        "number": number_text(goal, lang),
        "deadline": day_text(plan.deadline, lang),
    }
    return Chart(
        days=progress.days,
        counts=progress.total.series,
        goal=goal,
        deadline=plan.deadline,
        fan=fan,
        day_ticks=tuple(_day_ticks(progress.days[0], max(plan.deadline, progress.as_of))),
        count_ticks=tuple((n, number_text(n, lang)) for n in _count_ticks(most)),
        labels=(
            words.CURVE.say(lang),
            words.MIDDLE.say(lang),
            words.INTERVAL.say(lang),
            words.GOAL_LINE.say(lang, said),
        ),
    )


def _day_ticks(first: date, last: date) -> Iterator[tuple[date, str]]:
    """Both ends and the firsts of the months between, where there is room."""
    span = (last - first).days
    yield first, f"{first:%d/%m}"
    month = first.replace(day=1)
    step = 1 + span // 400
    while True:
        ahead = month.month - 1 + step
        month = date(month.year + ahead // 12, ahead % 12 + 1, 1)
        if (last - month).days < max(1, span // 16):
            break
        if (month - first).days >= span // 16:
            yield month, f"{month:%d/%m}"
    if span:
        yield last, f"{last:%d/%m}"


def _count_ticks(most: int) -> list[int]:
    """Four to eight round numbers from 0 to just above ``most``."""
    step = 1
    for factor in _STEPS:
        step = factor
        if most <= factor * 6:
            break
    return [n * step for n in range(-(-most // step) + 1)]


_STEPS = [base * 10**power for power in range(9) for base in (1, 2, 5)]

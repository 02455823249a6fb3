"""The report's table: a line a unit. Pure."""

from __future__ import annotations

from dataclasses import replace

from scanform.model.numerals import number_text, percent_text
from scanform.model.phrases import Language
from scanform.report.interface import Cell, Table
from scanform.tally import report_words as words
from scanform.tally.forecast import Forecast, Outlook
from scanform.tally.pace import Pace, pace, paces
from scanform.tally.progress import Line, Progress


def table(progress: Progress, outlook: Outlook, slow: list[Pace], lang: Language) -> Table:
    """By rate, the furthest first; ``slow`` are marked. Forms and reports have a column each where
    there are both."""
    paced = {id(each.line): each for each in paces(progress)}
    ahead = {id(line): each for line, each in zip(progress.targeted, outlook.units, strict=True)}
    late = {id(each.line) for each in slow}
    lines = progress.by_rate()
    rows = [
        _row(str(number), line, paced.get(id(line)), ahead.get(id(line)), lang)
        for number, line in enumerate(lines, 1)
    ]
    total = _row("", progress.total, pace(progress, progress.total), outlook.total, lang)
    total = (total[0], replace(total[1], text=words.SUM.say(lang)), *total[2:])
    kept = [True] * len(words.HEADINGS)
    kept[words.FORMS] = kept[words.REPORTED] = progress.total.entered is not None
    kept[words.HANDED] = progress.total.handed is not None
    marked = frozenset(number for number, line in enumerate(lines) if id(line) in late)

    def pick(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        return tuple(cell for cell, keep in zip(cells, kept, strict=True) if keep)

    return Table(
        headings=tuple(h.say(lang) for h, keep in zip(words.HEADINGS, kept, strict=True) if keep),
        rows=tuple(map(pick, rows)),
        widths=tuple(w for w, keep in zip(words.WIDTHS, kept, strict=True) if keep),
        total=pick(total),
        marked=marked if len(marked) < len(lines) else frozenset(),
    )


def _row(
    number: str, line: Line, pace: Pace | None, ahead: Forecast | None, lang: Language
) -> tuple[Cell, ...]:
    rate = None if not line.target else line.counted / line.target
    name = line.unit or words.UNKNOWN.say(lang)
    return (
        Cell(number),
        Cell(name),
        _number(line.target, lang),
        _number(line.counted, lang),
        _rate(rate, lang),
        _number(line.handed, lang),
        _number(line.records, lang),
        _number(line.entered, lang),
        _number(None if pace is None else round(pace.recent), lang),
        _number(None if pace is None else pace.whole_needed, lang),
        _number(None if ahead is None else ahead.middle, lang),
    )


def _rate(rate: float | None, lang: Language) -> Cell:
    return Cell("–" if rate is None else unbroken(percent_text(rate, lang)), rate, "percent")


def _number(number: int | None, lang: Language) -> Cell:
    if number is None:
        return Cell("–", None, "number")
    return Cell(number_text(number, lang), number, "number")


def unbroken(text: str) -> str:
    """No line ends between a number and its sign."""
    return text.replace(" %", "\u00a0%")

"""Tables of counts in the terminal: units with bars, days, answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from scanform.model.numerals import day_text, number_text, percent_text
from scanform.model.phrases import Language, Phrase
from scanform.tally.forecast import Forecast, Outlook
from scanform.tally.pace import pace
from scanform.tally.progress import Line, Progress
from scanform.tally.values import ValueTable

BAR = 10  # characters of a whole bar: the names must fit beside it in 80 columns
_SHORT = 5  # the same where there are many columns

_UNIT = Phrase("Đơn vị", "Unit")
_NUMBERS = (
    Phrase("Đã thu", "Counted"),
    Phrase("Chỉ tiêu", "Target"),
    Phrase("Tỷ lệ", "Rate"),
    Phrase("", ""),
    Phrase("Nộp", "Handed"),
    Phrase("Số hóa", "Scanned"),
    Phrase("Xong", "Complete"),
    Phrase("Chờ", "Waiting"),
    Phrase("Loại", "Rejected"),
    Phrase("Báo cáo", "Reported"),
)
_BAR, _HANDED, _SCANNED, _COMPLETE, _WAITING, _REFUSED, _REPORTED = range(3, 10)
_TOTAL = Phrase("Tổng cộng", "Total")
_UNKNOWN = Phrase("(chưa rõ đơn vị)", "(unit not known)")
_UNLISTED = Phrase("{unit} (không có chỉ tiêu)", "{unit} (no target)")
_DAY_HEADINGS = (
    Phrase("Ngày", "Day"),
    Phrase("Thêm", "Added"),
    Phrase("Đã thu", "Counted"),
    Phrase("", ""),
)
_AHEAD = (
    Phrase("Mỗi ngày", "A day"),
    Phrase("Cần", "Needed"),
    Phrase("Đến {day}", "By {day}"),
    Phrase("Tỷ lệ", "Rate"),
    Phrase("Khoảng 80 %", "80 % between"),
)
_BLANK = Phrase("(trống)", "(blank)")
_SHARE = Phrase("Tỷ lệ", "Share")
_RECORDS = Phrase("Phiếu", "Records")
_OTHERS = Phrase("khác", "others")
_MOST_VALUES = 6  # columns of values beside the units'


def count_table(title: str, lines: Iterable[Line], total: Line, lang: Language) -> Table:
    """Units with bars. What was handed in, refused or reported has a column where there is any."""
    kept = [True] * len(_NUMBERS)
    kept[_HANDED] = total.handed is not None
    kept[_REFUSED] = total.refused > 0
    kept[_REPORTED] = total.entered is not None
    kept[_SCANNED] = kept[_REPORTED]  # else it is what was counted
    kept[_COMPLETE] = kept[_WAITING] = total.records > 0 or not kept[_REPORTED]
    bar = max(_SHORT, BAR - 3 * max(0, sum(kept) - 7))
    table = Table(
        title=Text(shown(title)),
        title_justify="left",
        show_footer=True,
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column(_UNIT.say(lang), _TOTAL.say(lang))
    foot = _numbers(total, bar, lang)
    for number, (heading, keep) in enumerate(zip(_NUMBERS, kept, strict=True)):
        if keep:
            side: Any = "left" if number == _BAR else "right"
            table.add_column(heading.say(lang), foot[number], justify=side, no_wrap=True)
    for line in lines:
        numbers = zip(_numbers(line, bar, lang), kept, strict=True)
        table.add_row(Text(shown(unit_text(line, lang))), *(cell for cell, keep in numbers if keep))
    return table


def unit_text(line: Line, lang: Language) -> str:
    if line.unit is None:
        return _UNKNOWN.say(lang)
    return line.unit if line.target is not None else _UNLISTED.say(lang, {"unit": line.unit})


def _numbers(line: Line, bar: int, lang: Language) -> list[Text]:
    cells = (
        number_text(line.counted, lang),
        "" if line.target is None else number_text(line.target, lang),
        percent_text(line.counted / line.target, lang) if line.target else "",
        "" if line.rate is None else bar_text(line.rate, bar),
        "" if line.handed is None else number_text(line.handed, lang),
        number_text(line.records, lang),
        number_text(line.complete, lang),
        number_text(line.pending, lang),
        number_text(line.refused, lang),
        "" if line.entered is None else number_text(line.entered, lang),
    )
    return [Text(cell) for cell in cells]


def day_table(progress: Progress, line: Line, lang: Language) -> Table:
    """Each day's count, those on which something came."""
    table = _plain([heading.say(lang) for heading in _DAY_HEADINGS], right=range(1, 3))
    gains = progress.gains(line)
    most = max(gains, default=0)
    for day, counted, gain in zip(progress.days, line.series, gains, strict=True):
        if gain:
            bar = bar_text(gain / most if most > 0 else 0.0)
            cells = (day_text(day, lang), number_text(gain, lang), number_text(counted, lang), bar)
            table.add_row(*cells)
    return table


def forecast_table(progress: Progress, outlook: Outlook, lang: Language) -> Table:
    """Where each unit will be at the deadline, and what a day must bring; the furthest first."""
    deadline = day_text(progress.campaign.deadline, lang)
    headings = [_UNIT.say(lang), *(h.say(lang, {"day": deadline}) for h in _AHEAD)]
    table = _plain(headings, right=range(1, len(headings)))
    known = dict(zip(map(id, progress.targeted), outlook.units, strict=True))

    def row(name: str, line: Line, ahead: Forecast) -> None:
        speed = pace(progress, line)
        share = percent_text(ahead.middle / line.target, lang) if line.target else ""
        cells = (
            number_text(speed.recent, lang),
            "–" if speed.whole_needed is None else number_text(speed.whole_needed, lang),
            number_text(ahead.middle, lang),
            share,
            f"{number_text(ahead.low, lang)}–{number_text(ahead.high, lang)}",
        )
        table.add_row(Text(shown(name)), *cells)

    for line in progress.by_rate():
        if id(line) in known:
            row(line.unit or "", line, known[id(line)])
    table.add_section()
    row(_TOTAL.say(lang), progress.total, outlook.total)
    return table


def value_table(heading: str, found: ValueTable, lang: Language) -> Table:
    """Answers with their shares."""
    headings = [heading, _RECORDS.say(lang), _SHARE.say(lang), ""]
    table = _plain(headings, right=range(1, 3))
    total = found.total or (0,) * len(found.values)
    everybody = sum(total) or 1
    for value, count in zip(found.values, total, strict=True):
        share = count / everybody
        cells = (number_text(count, lang), percent_text(share, lang), bar_text(share))
        table.add_row(Text(value_text(value, lang)), *cells)
    table.add_section()
    table.add_row(_TOTAL.say(lang), number_text(sum(total), lang))
    return table


def units_by_value_table(found: ValueTable, lang: Language) -> Table:
    """Units and the most frequent answers; the rest is one column."""
    few = len(found.values) <= _MOST_VALUES + 1
    named = found.values if few else found.values[:_MOST_VALUES]
    headings = [_UNIT.say(lang), *(value_text(value, lang) for value in named)]
    headings += [] if few else [_OTHERS.say(lang)]
    headings.append(_TOTAL.say(lang))
    table = _plain(headings, right=range(1, len(headings)))

    def row(name: str, numbers: Sequence[int]) -> None:
        parts = [*numbers[: len(named)], *([] if few else [sum(numbers[len(named) :])])]
        cells = [number_text(number, lang) for number in (*parts, sum(numbers))]
        table.add_row(Text(shown(name)), *cells)

    for unit, numbers in zip(found.units, found.rows, strict=True):
        row(_UNKNOWN.say(lang) if unit is None else unit, numbers)
    table.add_section()
    row(_TOTAL.say(lang), found.total)
    return table


def value_text(value: str | None, lang: Language) -> str:
    return _BLANK.say(lang) if value is None else shown(value)


def _plain(headings: Sequence[str], right: Iterable[int]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(Text(heading), justify="right" if number in right else "left")
    return table


def shown(text: str) -> str:
    """What a form or a file says is text, never codes that move a terminal's cursor."""
    return "".join(c for c in text if c.isprintable())


def bar_text(rate: float, width: int = BAR) -> str:
    """A bar in eighths of a character; full at 100 %."""
    eighths = round(min(max(rate, 0.0), 1.0) * width * 8)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[rest]

"""Dates: a comb of day, month and year, or a line such as 5/6/1985 or ngày 5 tháng 6 năm 1985."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace

from scanform.fields import doubt
from scanform.fields.confidence import chance
from scanform.fields.digits import features
from scanform.fields.interface import InvalidValue, ReaderName
from scanform.lexicon.spelling import fold
from scanform.model.reading import CellReading, Reading
from scanform.model.record import Answer, Doubt
from scanform.model.template import Field
from scanform.phrase import Phrase

_TYPE_A_DATE = Phrase(
    "Hãy nhập ngày như 5/6/1985, 6/1985 hoặc 1985.", "Type a date such as 5/6/1985, 6/1985 or 1985."
)
_NO_DATE = Phrase(
    "{text} không phải là ngày. Hãy nhập như 5/6/1985.",
    "{text} is no date. Type one such as 5/6/1985.",
)

FIRST_YEAR = 1880
"""Nobody alive was born before."""

NO_DAY = ("no_such_date", "future_date")
LEAST_CHANCE = 0.002
"""An alternative that is less likely is no reading of what is there."""

Parts = tuple[str, str, str]
"""Day, month and year as digits; a part that isn't there is empty."""


def parts_of_cells(cells: tuple[CellReading, ...], groups: tuple[int, ...]) -> Parts:
    """Day, month and year of a comb; ``groups`` are its parts, 2, 2 and 4 when not given."""
    day, month, year = groups if len(groups) == 3 else (2, 2, 4)
    text = [cell.text or " " for cell in cells]
    cut = ["".join(text[:day]), "".join(text[day : day + month])]
    cut.append("".join(text[day + month : day + month + year]))
    return cut[0].strip(), cut[1].strip(), cut[2].strip()


def parts_of_text(text: str) -> Parts | None:  # noqa: PLR0911 - one return a way of writing
    """Day, month and year of a written date, or None when it is none.

    >>> parts_of_text("ngày 5 tháng 6 năm 1985")
    ('5', '6', '1985')
    """
    plain = fold(text)
    if found := re.search(r"(\d{4})\s*-\s*(\d{1,2})\s*-\s*(\d{1,2})(?!\d)", plain):
        return found[3], found[2], found[1]
    if found := re.search(r"(?<!\d)(\d{4})\s*-\s*(\d{1,2})\s*$", plain):
        return "", found[2], found[1]
    numbers = re.findall(r"\d+", plain)
    match numbers:
        case [one] if len(one) == 8:
            return one[:2], one[2:4], one[4:]
        case [one] if len(one) == 4:
            return "", "", one
        case [month, year]:
            return "", month, year
        case [day, month, year]:
            return day, month, year
    return None


def value_of(parts: Parts) -> tuple[str, list[Doubt]]:
    """The ISO value and what is doubted. An impossible date keeps its digits: a person decides."""
    day, month, year = parts
    doubts: list[Doubt] = []
    if len(year) == 2:
        doubts.append(Doubt("incomplete_date"))
        now = datetime.date.today().year % 100
        year = ("20" if int(year) <= now else "19") + year
    elif len(year) != 4:
        doubts.append(Doubt("incomplete_date"))
    if day and not month:
        doubts.append(Doubt("incomplete_date"))
    iso = "-".join(part for part in (year, month.zfill(2) if month or day else "") if part)
    iso += f"-{day.zfill(2)}" if day else ""
    if len(year) == 4 and not _exists(int(year), int(month or 1), int(day or 1)):
        doubts.append(Doubt("no_such_date"))
    elif len(year) == 4 and iso > datetime.date.today().isoformat():
        doubts.append(Doubt("future_date"))
    return iso, list(dict.fromkeys(doubts))


def _day_that_was(field: Field, reading: Reading) -> tuple[str, list[Doubt]] | None:
    """The likeliest alternative of a reading that is a whole date in the past: a 1 taken for a 7
    makes the 71st. That it was chosen is doubted."""
    for other in reading.alternatives:
        if other.score < LEAST_CHANCE:
            continue
        if reading.cells:
            letters = iter(other.text)
            cells = tuple(
                replace(c, text=next(letters, "")) if c.text else c for c in reading.cells
            )
            parts: Parts | None = parts_of_cells(cells, field.groups)
        else:
            parts = parts_of_text(other.text)
        if parts is not None and any(parts) and all(map(_plain, parts)):
            day, month, year = (part.replace(" ", "") for part in parts)
            value, doubts = value_of((day, month, year))
            if not doubts:
                return value, [Doubt("mended_date")]
    return None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return year >= FIRST_YEAR


class Date:
    """A date, in ISO form; only a month or a year where the form gives no more."""

    name = "date"
    reader: ReaderName = "digits"

    def mistakes(self, field: Field) -> list[tuple[str, str]]:
        found = []
        if field.options:
            found.append(("a date field has no options", "remove `options`, or use kind choice"))
        if field.cells and (len(field.groups) != 3 or sum(field.groups) != len(field.cells)):
            found.append(("a date comb needs cells for day, month and year", "groups: [2, 2, 4]"))
        return found

    def answer(self, field: Field, reading: Reading, others: Mapping[str, Answer]) -> Answer:
        del others
        if reading.outcome == "blank":
            return doubt.blank(field, reading)
        parts: Parts | None
        if reading.cells:
            parts = parts_of_cells(reading.cells, field.groups)
        else:
            parts = parts_of_text(reading.text or "")
        if reading.outcome == "unreadable" or parts is None or not all(map(_plain, parts)):
            return doubt.unreadable(field, reading)
        if not any(parts):
            return doubt.unreadable(field, reading)
        day, month, year = (part.replace(" ", "") for part in parts)
        value, doubts = value_of((day, month, year))
        if any(each.code in NO_DAY for each in doubts):
            value, doubts = _day_that_was(field, reading) or (value, doubts)
        if (day, month, year) != parts:
            doubts.append(Doubt("gap_in_digits"))
        figures = features(reading)
        return doubt.read(field, value, chance("digits", figures), reading, tuple(doubts))

    def typed(self, field: Field, text: str) -> str:
        del field
        if re.fullmatch(r"\s*\d{4}\s*", text):
            parts: Parts | None = ("", "", text.strip())
        else:
            parts = parts_of_text(text)
        if parts is None:
            raise InvalidValue(_TYPE_A_DATE)
        value, doubts = value_of(parts)
        if any(each.code in ("no_such_date", "incomplete_date") for each in doubts):
            raise InvalidValue(_NO_DATE.of(text=text.strip()))
        return value


def _plain(part: str) -> bool:
    return all(c.isdecimal() and c.isascii() for c in part.replace(" ", ""))

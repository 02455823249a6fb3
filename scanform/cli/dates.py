"""Dates as people type them."""

from __future__ import annotations

from datetime import date, datetime

import click

from scanform.cli.telling import BadValue
from scanform.phrase import Phrase

TO_COME = Phrase("ngày {day} chưa đến.", "{day} is still to come.")
_NO_DATE = Phrase(
    "{text} không phải là ngày. Hãy viết 26/10/2018 hoặc 2018-10-26.",
    "{text} is no date. Write 2018-10-26 or 26/10/2018.",
)


class Day(click.ParamType[date]):
    """``2018-10-26`` or ``26/10/2018``."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        if isinstance(value, date):
            return value
        found = read_day(value)
        if found is None:
            raise BadValue(_NO_DATE.of(text=repr(value)), param, ctx)
        return found


DAY = Day()


class PastDay(Day):
    """A day that has begun: of one to come nothing can be told."""

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        day = super().convert(value, param, ctx)
        if day > today():
            raise BadValue(TO_COME.of(day=f"{day:%d/%m/%Y}"), param, ctx)
        return day


PAST_DAY = PastDay()


def read_day(text: str) -> date | None:
    """The day, None where the text is none."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def today() -> date:
    """Today in this computer's time zone."""
    return datetime.now().astimezone().date()

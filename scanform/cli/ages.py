"""How long ago, as a person says it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from scanform.cli.telling import BadValue
from scanform.phrase import Phrase

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_NO_AGE = Phrase(
    "{text} không phải một khoảng thời gian: hãy viết 90d, 12w, 6m, 2y hoặc 2025-06-30.",
    "{text} is no age: write 90d, 12w, 6m, 2y or 2025-06-30.",
)


class Age(click.ParamType[datetime]):
    """``90d``, ``12w``, ``6m``, ``2y`` ago, or a day (``2025-06-30``, its beginning in UTC): a
    moment."""

    name = "age"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        text = str(value).strip().lower()
        match = re.fullmatch(r"(\d{1,5})([dwmy])", text)
        try:
            if match:
                return datetime.now(UTC) - timedelta(days=int(match[1]) * _DAYS[match[2]])
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        except (ValueError, OverflowError) as error:  # 9999y lies before any calendar
            raise BadValue(_NO_AGE.of(text=repr(value)), param, ctx) from error

"""How long ago, as a person says it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


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
        if match:
            return datetime.now(UTC) - timedelta(days=int(match[1]) * _DAYS[match[2]])
        try:
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            self.fail(f"{value!r} is no age: write 90d, 12w, 6m, 2y or 2025-06-30.", param, ctx)

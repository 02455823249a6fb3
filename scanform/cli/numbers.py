"""Numbers on the command line, as offices write them."""

from __future__ import annotations

from typing import Any

import click

from scanform.cli.telling import BadValue
from scanform.phrase import Phrase
from scanform.tally.targets import whole_number

_NO_NUMBER = Phrase(
    "{text} không phải là số nguyên: hãy viết 7000, 7.000 hoặc 7,000.",
    "{text} is no whole number: write 7000, 7.000 or 7,000.",
)


class _Number(click.ParamType[int]):
    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        number = whole_number(str(value).strip())
        if number is None:
            raise BadValue(_NO_NUMBER.of(text=repr(value)), param, ctx)
        return number


NUMBER = _Number()
"""A whole number, with or without separators."""

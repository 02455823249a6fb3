"""The bound on errors as the commands take it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from scanform.fields.policy import DEFAULT_MAX_ERROR, parse_share, say_share

F = TypeVar("F", bound=Callable[..., Any])


class Share(click.ParamType[float]):
    """A share such as ``0.5%``."""

    name = "share"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if isinstance(value, float):
            return value
        try:
            return parse_share(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def max_error_option(required: bool = False) -> Callable[[F], F]:
    """``--max-error``: parameter ``max_error: float | None``, a share of 1."""
    return click.option(
        "--max-error",
        type=Share(),
        required=required,
        metavar="SHARE",
        help="Of what is accepted without a look, at most this share may be wrong, such as 0.2%."
        + (
            ""
            if required
            else f" [default: what was said last, at first {say_share(DEFAULT_MAX_ERROR)}]"
        ),
    )

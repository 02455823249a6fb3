"""The bound on errors as the commands take it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from scanform.cli.telling import BadValue
from scanform.fields.policy import DEFAULT_MAX_ERROR, parse_share, say_share
from scanform.phrase import Phrase

F = TypeVar("F", bound=Callable[..., Any])

_NO_SHARE = Phrase(
    "hãy viết một tỷ lệ dưới 100% kèm dấu %, chẳng hạn 0,5%.",
    "write a share below 100% with its sign, such as 0.5%.",
)


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
            raise BadValue(_NO_SHARE, param, ctx) from error


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

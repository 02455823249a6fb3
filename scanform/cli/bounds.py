"""The bound on errors as the commands take it, and as the workspace keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from scanform.fields.policy import DEFAULT_MAX_ERROR, Bounds, parse_share, say_share
from scanform.store.desk import SqlDesk
from scanform.store.sql import SqlStore

F = TypeVar("F", bound=Callable[..., Any])

SETTING = "max_error"


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


def kept_bounds(store: SqlStore) -> Bounds:
    """The bounds of the workspace: what was said last."""
    return Bounds.from_json(SqlDesk(store).setting(SETTING))


def keep_bound(store: SqlStore, max_error: float, templates: Iterable[str] = ()) -> Bounds:
    """Keeps another bound for those templates (none named: for all) and gives back all bounds."""
    bounds = kept_bounds(store).changed(max_error, templates)
    SqlDesk(store).set_setting(SETTING, bounds.as_json())
    return bounds

"""Options that several commands share, and what the terminal needs to show their answers."""

from __future__ import annotations

import getpass
import json
import locale
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from scanform.errors import UsageError
from scanform.model.phrases import Language, Phrase

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_WORKSPACE = "scanform-work"

_NO_LOGIN = Phrase("Không rõ tên đăng nhập của bạn.", "Your login name isn't known.")
_SAY_WHO = Phrase("Hãy nêu ai quyết định bằng --by TÊN.", "Say who decides with --by NAME.")

LANGUAGE = "language"
"""Where the command line's own context notes what ``--lang`` said: an error is told in it."""


def workspace_options(command: F) -> F:
    """``-w/--workspace`` and ``--database``: parameters ``workspace: Path`` and
    ``database: str | None``."""
    command = click.option(
        "--database",
        envvar="SCANFORM_DATABASE",
        metavar="URL",
        help="PostgreSQL instead of the workspace's own database "
        "(postgresql://user@host/name). [env: SCANFORM_DATABASE]",
    )(command)
    return click.option(
        "-w",
        "--workspace",
        envvar="SCANFORM_WORKSPACE",
        type=click.Path(file_okay=False, path_type=Path),
        default=DEFAULT_WORKSPACE,
        metavar="DIR",
        help=f"Where the database and the page images are. [default: ./{DEFAULT_WORKSPACE}; "
        "env: SCANFORM_WORKSPACE]",
    )(command)


def forms_option(command: F) -> F:
    """``-t/--template``, once for each form: parameter ``names: tuple[str, ...]``."""
    return click.option(
        "-t",
        "--template",
        "names",
        multiple=True,
        required=True,
        metavar="TEMPLATE",
        help="A form that may be among the scans: its id or folder. Give it once for each form.",
    )(command)


def scans_options(command: F) -> F:
    """``PATH...``, ``-t/--template`` and ``--jobs``: parameters ``paths: tuple[Path, ...]``,
    ``names: tuple[str, ...]`` and ``jobs: int | None``."""
    command = click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Pages worked at once. [default: one a core]",
    )(command)
    command = forms_option(command)
    return click.argument(
        "paths",
        nargs=-1,
        required=True,
        type=click.Path(exists=True, path_type=Path),
        metavar="PATH...",
    )(command)


def json_option(command: F) -> F:
    """``--json``: parameter ``as_json: bool``."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Answer in JSON on stdout, for scripts."
    )(command)


def lang_option(command: F) -> F:
    """``--lang``: parameter ``lang``, ``vi`` or ``en``."""
    return click.option(
        "--lang",
        envvar="SCANFORM_LANG",
        type=click.Choice(["vi", "en"]),
        default=default_language,
        is_eager=True,
        callback=_noted,
        help="Language of the answer. [default: the system's; env: SCANFORM_LANG]",
    )(command)


def _noted(ctx: click.Context, param: click.Parameter, value: str) -> str:  # noqa: ARG001
    ctx.find_root().ensure_object(dict)[LANGUAGE] = value
    return value


def login() -> str:
    """The user's login name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:  # a container's user may have a number and no name
        raise UsageError(_NO_LOGIN, _SAY_WHO) from error


def by_option(command: F) -> F:
    """``--by``: parameter ``by: str``."""
    return click.option(
        "--by", default=login, metavar="NAME", help="Who does this. [default: your login name]"
    )(command)


def default_language() -> Language:
    """Vietnamese where the system speaks it, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "vi" if os.environ[name].lower().startswith("vi") else "en"
    # Windows sets none of these; Python knows its language by other means.
    system = locale.getlocale()[0] or ""
    return "vi" if system.lower().startswith("vi") else "en"


def echo_json(value: object) -> None:
    """One JSON value on stdout, with Vietnamese as it is written."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))

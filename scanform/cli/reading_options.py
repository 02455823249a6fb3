"""How scans are read, said the same way to ``run`` and to ``watch``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from scanform.recognise.choose import BEST

F = TypeVar("F", bound=Callable[..., Any])


def reading_options(command: F) -> F:
    """``--batch``, ``--text-reader`` and ``--keyed``, as parameters of those names."""
    command = click.option(
        "--keyed",
        is_flag=True,
        help="Read nothing: people type every answer from its picture, in the same queue.",
    )(command)
    command = click.option(
        "--text-reader",
        type=click.Choice(BEST["text"]),
        envvar="SCANFORM_TEXT_READER",
        help="What reads lines of text. Tesseract alone is faster and reads print; with AsterOCR "
        "hands are read too. [default: the best installed; env: SCANFORM_TEXT_READER]",
    )(command)
    return click.option(
        "--batch",
        metavar="BATCH",
        help="The box that all of it belongs to (scanform batch open); or `cover`: every file has "
        "to come after a cover sheet. [default: a cover sheet says whose forms follow in its "
        "folder]",
    )(command)

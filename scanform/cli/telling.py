"""What is said when a command ends in an error, in the language that was asked for.

``scanform``'s own errors bring their wording along (``scanform.phrase``). Those about the command
line itself are Click's, which speaks English alone: what it tells by its classes is put into
Vietnamese here, the rest stays as it is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, cast

import click

from scanform.cli.options import LANGUAGE, default_language
from scanform.errors import ScanformError
from scanform.phrase import Language, Phrase, Words, say

INTERRUPTED = Phrase(
    "Đã ngắt. Những gì đã xong vẫn còn.", "Interrupted. What was finished is kept."
)

_HELP = "Xem cách dùng: {command} --help"
_WRONG = "Lỗi: {what}"
_NO_OPTION = "không có tùy chọn {name}{meant}."
_MEANT = " (có phải là {names}?)"
_NO_COMMAND = "không có lệnh {name}{meant}."
_MISSING = "thiếu {name}."
_NEEDS_VALUE = "tùy chọn {name} cần một giá trị."
_BAD = "giá trị của {name} không dùng được: {why}"
_ONE_OF = "phải là một trong: {values}."
_NUMBER = "phải là số nguyên {range}."
_NO_PATH = "không có tệp hay thư mục này, hoặc không đọc được."


class BadValue(click.BadParameter):
    """A value that a type of our own can't use, with its wording."""

    def __init__(
        self, words: Words, param: click.Parameter | None, ctx: click.Context | None
    ) -> None:
        super().__init__(say(words, "en"), ctx, param)
        self.words = words


def language(noted: object) -> Language:
    """What ``--lang`` said before the error, or what the environment says."""
    said = noted.get(LANGUAGE) if isinstance(noted, Mapping) else None
    for each in (said, os.environ.get("SCANFORM_LANG")):
        if each in ("vi", "en"):
            return cast(Language, each)
    return default_language()


def tell(error: ScanformError, lang: Language) -> None:
    meaning, advice = error.told(lang)
    click.echo(f"scanform: {meaning}", err=True)
    if advice:
        click.echo(f"  -> {advice}", err=True)


def tell_usage(error: click.ClickException, lang: Language) -> None:
    """As Click would, or in Vietnamese."""
    words = _words(error) if lang == "vi" else None
    if words is None:
        error.show()
        return
    ctx = getattr(error, "ctx", None)
    if ctx is not None:
        click.echo(_HELP.format(command=ctx.command_path), err=True)
    click.echo(_WRONG.format(what=words), err=True)


def _words(error: click.ClickException) -> str | None:
    """What is wrong, in Vietnamese; None where Click's class doesn't say enough."""
    match error:
        case click.NoSuchOption():
            names = error.possibilities or ()
            return _NO_OPTION.format(name=error.option_name, meant=_meant(names))
        case click.exceptions.NoSuchCommand():
            names = error.possibilities or ()
            return _NO_COMMAND.format(name=error.command_name, meant=_meant(names))
        case click.MissingParameter():
            return _MISSING.format(name=_named(error))
        case click.BadOptionUsage():
            return _NEEDS_VALUE.format(name=error.option_name)
        case click.BadParameter():
            return _BAD.format(name=_named(error), why=_why(error))
    return None


def _meant(names: Any) -> str:
    return _MEANT.format(names=", ".join(names)) if names else ""


def _named(error: click.BadParameter) -> str:
    if error.param is not None:
        return error.param.get_error_hint(error.ctx or click.Context(click.Command("")))
    hint = error.param_hint or "?"
    return hint if isinstance(hint, str) else " / ".join(hint)


def _why(error: click.BadParameter) -> str:
    if isinstance(error, BadValue):
        return say(error.words, "vi")
    kind = None if error.param is None else error.param.type
    if isinstance(kind, click.Choice):
        return _ONE_OF.format(values=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.IntRange):
        ends = (("từ", kind.min), ("đến", kind.max))
        told = " ".join(f"{word} {end}" for word, end in ends if end is not None)
        return _NUMBER.format(range=told)
    if isinstance(kind, click.Path):
        return _NO_PATH
    return error.message

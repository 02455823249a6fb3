"""The queue as a plain dialogue: works on any terminal, over any line, with a screen reader."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from scanform.cli.wording import answer_lines, say_doubt
from scanform.errors import ScanformError, UsageError
from scanform.model.phrases import Language, Phrase
from scanform.review import Item, Review

_HELP = Phrase(
    "Enter = đúng, gõ = sửa, - = bỏ trống, ? = không đọc được, s = để sau, q = thôi.",
    "Enter = right, type = correct it, - = blank, ? = unreadable, s = skip, q = quit.",
)
_PICTURE = Phrase("Ảnh:        {file}", "Picture:    {file}")
_NO_PICTURE = Phrase("Không có ảnh: {why}", "No picture: {why}")
_NOTE = Phrase("Chú ý: {why}", "Note: {why}")
_DONE = Phrase("Đã duyệt {count} mục.", "{count} answers decided.")
_EMPTY = Phrase("Không còn mục nào chờ duyệt.", "Nothing waits for review.")


def work_through(review: Review, template: str | None, by: str, lang: Language) -> None:
    """Asks for every answer of the queue until it is empty or the person has had enough."""
    count = seen = 0
    with tempfile.TemporaryDirectory(prefix="scanform-review-") as folder:
        picture = Path(folder) / "answer.png"
        for seen, waiting in enumerate(review.queue(template), 1):
            if seen == 1:
                click.echo(_HELP.say(lang))
            item = review.item(waiting.record, waiting.answer.field)
            if item.answer.state != "pending":
                continue  # somebody else was quicker
            _show(review, item, picture, lang)
            decided = _ask(review, item, by, lang)
            if decided is None:
                break
            count += decided
    click.echo(_DONE.say(lang, {"count": str(count)}) if seen else _EMPTY.say(lang))


def _show(review: Review, item: Item, picture: Path, lang: Language) -> None:
    click.echo()
    for line in answer_lines(item, lang):
        click.echo(line)
    try:
        picture.write_bytes(review.snippet(item))
        click.echo("  " + _PICTURE.say(lang, {"file": str(picture)}))
    except ScanformError as error:
        click.echo("  " + _NO_PICTURE.say(lang, {"why": str(error)}))


def _ask(review: Review, item: Item, by: str, lang: Language) -> bool | None:
    """Whether it was decided; None when the person leaves."""
    while True:
        try:
            typed = input("> ").strip()
        except EOFError:
            click.echo()
            return None
        if typed in ("q", "s"):
            return None if typed == "q" else False
        try:
            _decide(review, item, typed, by, lang)
        except UsageError as error:
            click.echo(f"  {error}")
            if error.next_step:
                click.echo(f"  {error.next_step}")
        else:
            return True


def _decide(review: Review, item: Item, typed: str, by: str, lang: Language) -> None:
    match typed:
        case "":
            review.accept(item, by)
        case "-":
            review.blank(item, by)
        case "?":
            review.unreadable(item, by)
        case _:
            for each in review.correct(item, typed, by)[1]:
                click.echo("  " + _NOTE.say(lang, {"why": say_doubt(each.doubt, lang)}))

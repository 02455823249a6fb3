"""``scanform review``: decide what the machine doubts, one answer at a time or by script."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import click

from scanform.cli.files import write_whole
from scanform.cli.known import KnownTemplates
from scanform.cli.opened import desk_over, open_desk
from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.cli.review_prompt import Dialogue
from scanform.cli.wording import answer_lines, one_line, say_doubt
from scanform.errors import UsageError
from scanform.model.phrases import Language, Phrase
from scanform.review import Desk, Filter, Item, Order, Person, Warned, Work
from scanform.store import outputs
from scanform.store.interface import Waiting
from scanform.store.open import open_store

_NOTHING_WAITS = Phrase("Không còn mục nào chờ duyệt.", "Nothing waits for review.")
_BEGIN = Phrase(
    "Duyệt với tên {who}. q hoặc Ctrl-C: thôi; điều đã quyết được giữ.",
    "Reviewing as {who}. q or Ctrl-C ends it; what was decided is kept.",
)
_KEPT = Phrase("{field} = {value}", "{field} = {value}")
_WARNING = Phrase("Chú ý, {field}: {why}", "Note, {field}: {why}")
_CROP = Phrase("Ảnh: {file}", "Picture: {file}")
_QUEUE_ONLY = Phrase(
    "Các tùy chọn của chính lệnh `review` là để duyệt hàng chờ.",
    "The options of `review` itself are for working through the queue.",
)
_BEHIND = Phrase(
    "Hãy viết chúng sau lệnh con: scanform review {command} ...",
    "Write them behind the command: scanform review {command} ...",
)
_GIVE_ONE = Phrase(
    "Hãy cho một giá trị, hoặc --blank, hoặc --unreadable.",
    "Give a value, or --blank, or --unreadable.",
)
_OTHER_FILE = Phrase("Hãy cho tệp khác bằng --crop.", "Give another file with --crop.")


template_option = click.option(
    "-t",
    "--template",
    metavar="TEMPLATE",
    help="The template, where it isn't found by its id: its folder.",
)


@contextmanager
def _opened(workspace: Path, database: str | None, template: str | None) -> Iterator[Desk]:
    with open_desk(workspace, database, [template] if template else []) as desk:
        yield desk


@click.group(invoke_without_command=True)
@click.option("-t", "--template", metavar="TEMPLATE", help="Only this template (id or folder).")
@click.option("--field", metavar="FIELD", help="Only this field.")
@click.option("--kind", metavar="KIND", help="Only this field kind.")
@click.option("--by-form", is_flag=True, help="Form by form, not one kind of field in a row.")
@click.option(
    "--work",
    type=click.Choice(get_args(Work)),
    default="review",
    show_default=True,
    help="What was doubted; or key, settle, sample: what was ordered.",
)
@click.option(
    "--plain",
    is_flag=True,
    help="Ask line by line: for simple terminals and screen readers. [default where the full "
    "screen can't be had]",
)
@by_option
@workspace_options
@lang_option
@click.pass_context
def review(
    ctx: click.Context,
    template: str | None,
    field: str | None,
    kind: str | None,
    by_form: bool,
    work: Work,
    plain: bool,
    by: str,
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Decide what the machine doubts.

    Without a command: work through the queue in this terminal. The commands do the same for
    scripts.
    """
    if ctx.invoked_subcommand is None:
        screen = None if plain else _screen()
        if screen is None:
            click.echo(_BEGIN.say(lang, {"who": one_line(by)}))
        with open_desk(workspace, database, [template] if template else []) as desk:
            order: Order = "by_form" if by_form else "by_field"
            who, only = Person(by, "admin", lang), Filter(_template_id(template), field, kind)
            if screen is None:
                Dialogue(desk, who, lang, work, order).work_through(only)
            else:
                screen(desk, who, work, order, only)
        return
    sources = {name: ctx.get_parameter_source(name) for name in ctx.params}
    if click.core.ParameterSource.COMMANDLINE in sources.values():
        raise UsageError(_QUEUE_ONLY, _BEHIND.of(command=str(ctx.invoked_subcommand)))


def _screen() -> Callable[[Desk, Person, Work, Order, Filter], None] | None:
    """The full screen; None where this terminal can't show one, or its extra isn't installed."""
    whole = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    if not whole:
        return None
    try:
        from scanform.cli.screen.app import run  # noqa: PLC0415 - an extra may be missing
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("textual"):
            raise
        return None
    return run


def _template_id(template: str | None) -> str | None:
    """The id of a template that was given as an id or as a folder."""
    return KnownTemplates([template]).named[0].id if template else None


@review.command("list")
@click.option("-t", "--template", metavar="TEMPLATE", help="Only this template (id or folder).")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N answers.")
@by_option
@workspace_options
@json_option
@lang_option
def list_(
    template: str | None,
    limit: int | None,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """List the answers that wait, grouped by field."""
    with _opened(workspace, database, template) as opened:
        # The log has one row for the list, not one for each of perhaps a hundred thousand answers.
        opened.log.took(Person(by, "admin"), "queue")
        queue = opened.review.queue(_template_id(template), limit)
        if as_json:
            echo_json([_waiting_json(each, lang) for each in queue])
            return
        first = next(queue, None)
        if first is None:
            click.echo(_NOTHING_WAITS.say(lang), err=True)
            return
        for each in chain([first], queue):
            why = " ".join(say_doubt(doubt, lang) for doubt in each.answer.doubts)
            value = one_line(each.answer.value or "")
            click.echo(f"{each.record}  {each.answer.field}  {value!r}  {why}")


@review.command()
@click.argument("record")
@click.argument("field")
@click.option(
    "--crop",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.png",
    help="Write the picture of the answer's region there.",
)
@by_option
@template_option
@workspace_options
@json_option
@lang_option
def show(
    record: str,
    field: str,
    crop: Path | None,
    by: str,
    template: str | None,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Show one answer: what was read, what is doubted, and its picture."""
    with open_store(workspace, database, create=False) as store:
        desk = desk_over(store, workspace, [template] if template else [])
        item = desk.review.item(record, field)
        desk.log.looked(Person(by, "admin"), [record], "terminal")
        if crop is not None:
            write_whole(crop, desk.review.snippet(item), advice=_OTHER_FILE)
            outputs.note(store, "crop", by, crop, searchable=False)
    if as_json:
        echo_json(_item_json(item, crop, lang))
        return
    aside = str(crop) == "-"
    for line in answer_lines(item, lang):
        click.echo(line, err=aside)
    if crop is not None and not aside:
        click.echo(_CROP.say(lang, {"file": str(crop)}))


@review.command("set")
@click.argument("record")
@click.argument("field")
@click.argument("value", required=False)
@click.option("--blank", is_flag=True, help="Nothing is written there.")
@click.option("--unreadable", is_flag=True, help="Nobody can read it.")
@by_option
@template_option
@workspace_options
@lang_option
def set_(
    record: str,
    field: str,
    value: str | None,
    blank: bool,
    unreadable: bool,
    by: str,
    template: str | None,
    workspace: Path,
    database: str | None,
    lang: Language,
) -> None:
    """Correct one answer. A value that breaks a rule is told, and taken."""
    if [value is not None, blank, unreadable].count(True) != 1:
        raise UsageError(_GIVE_ONE)
    with _opened(workspace, database, template) as opened:
        case = opened.review
        item = case.item(record, field)
        if value is not None:
            kept, warnings = case.correct(item, value, by)
            click.echo(_KEPT.say(lang, {"field": field, "value": kept}))
            _warn(warnings, lang)
        elif blank:
            case.blank(item, by)
        else:
            case.unreadable(item, by)


@review.command()
@click.argument("record")
@click.argument("field")
@by_option
@template_option
@workspace_options
def accept(
    record: str,
    field: str,
    by: str,
    template: str | None,
    workspace: Path,
    database: str | None,
) -> None:
    """Say that the value that was read is right."""
    with _opened(workspace, database, template) as opened:
        opened.review.accept(opened.review.item(record, field), by)


def _warn(warnings: Sequence[Warned], lang: Language) -> None:
    for each in warnings:
        told = {"field": each.field, "why": say_doubt(each.doubt, lang)}
        click.echo(_WARNING.say(lang, told), err=True)


def _waiting_json(waiting: Waiting, lang: Language) -> dict[str, Any]:
    answer, reading = waiting.answer, waiting.answer.reading
    return {
        "record": waiting.record,
        "template": waiting.template,
        "scan": waiting.scan_path,
        "field": answer.field,
        "value": answer.value,
        "text": reading.text if reading else None,
        "confidence": round(answer.confidence, 4),
        "doubts": [doubt.code for doubt in answer.doubts],
        "messages": [say_doubt(doubt, lang) for doubt in answer.doubts],
        "alternatives": [each.text for each in reading.alternatives] if reading else [],
    }


def _item_json(item: Item, crop: Path | None, lang: Language) -> dict[str, Any]:
    record, answer = item.record, item.answer
    waiting = Waiting(record.id, record.template, record.scan_path, answer)
    return {
        **_waiting_json(waiting, lang),
        "revision": record.revision,
        "page": item.field.page,
        "label": item.field.label,
        "kind": item.field.kind,
        "status": answer.state,
        "reader": answer.reading.reader if answer.reading else None,
        "crop": str(crop) if crop else None,
    }

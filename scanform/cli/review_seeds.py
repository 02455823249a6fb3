"""``scanform review seeds``: checks of known truth, unmarked in the queue."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from scanform.cli.opened import desk_over
from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.cli.review import review, template_option
from scanform.cli.review_more import field_option, kind_option, percent, seed_option
from scanform.cli.wording import one_line
from scanform.errors import UsageError
from scanform.model.phrases import Language, Phrase
from scanform.review import Filter, Person
from scanform.review.seeds import Measure
from scanform.store.open import open_store

_LAID = Phrase("Đã thêm {count} mục kiểm tra.", "{count} seeded checks laid out.")
_WHICH_FORM = Phrase(
    "Hãy nêu mẫu đã diễn tập: -t MẪU.", "Say which form was rehearsed: -t TEMPLATE."
)
_THERE = Phrase(
    "Mục kiểm tra: {confirmed} đã được hai người xác nhận, {rehearsed} từ diễn tập; tỷ lệ {share}.",
    "Seeded checks: {confirmed} confirmed by two people, {rehearsed} rehearsed; share {share}.",
)
_MEASURED = Phrase(
    "{person}, {kind}: {wrong} sai trong {shown} ({rate}; 95 %: {low} đến {high}), {left} bỏ qua",
    "{person}, {kind}: {wrong} wrong of {shown} ({rate}; 95 %: {low} to {high}), {left} passed on",
)


@review.command()
@click.option(
    "--add", type=click.IntRange(1), metavar="N", help="Lay out N answers that two confirmed."
)
@click.option(
    "--rehearsed",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Take them from what `scanform rehearse` wrote there; with -t. They stay apart from all "
    "records. [all that are doubted, or --add N]",
)
@click.option("--share", type=float, metavar="SHARE", help="Their share of the queue, up to 0.2.")
@template_option
@field_option
@kind_option
@seed_option
@by_option
@workspace_options
@json_option
@lang_option
def seeds(
    add: int | None,
    rehearsed: Path | None,
    share: float | None,
    template: str | None,
    field: str | None,
    kind: str | None,
    seed: int,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Seeded checks: lay them out, set their share, see how people did.

    They come with the queue, unmarked, and are never part of a record, a count or an export.
    """
    who, only = Person(by, "admin"), Filter(field=field, kind=kind)
    if rehearsed is not None and template is None:
        raise UsageError(_WHICH_FORM)
    with open_store(workspace, database, create=False) as store:
        desk = desk_over(store, workspace, [template] if template else [])
        laid = None
        if rehearsed is not None and template is not None:
            # Reading takes programs and libraries that nobody else here needs.
            from scanform.cli.rehearsed import Rehearsal  # noqa: PLC0415

            with Rehearsal(rehearsed, template, workspace, lang) as made:
                laid = desk.seeds.from_rehearsed(who, made.forms, add, made.keep, only, seed)
        elif add is not None:
            laid = desk.seeds.from_confirmed(who, add, only, seed)
        if share is not None:
            desk.seeds.set_share(who, share)
        now, count, measured = (
            desk.seeds.share(who),
            desk.seeds.count(who),
            desk.seeds.measured(who),
        )
    if as_json:
        there = {"confirmed": count[0], "rehearsed": count[1], "share": now}
        echo_json({"laid": laid, **there, "measured": [asdict(each) for each in measured]})
        return
    if laid is not None:
        click.echo(_LAID.say(lang, {"count": str(laid)}))
    told = {"confirmed": str(count[0]), "rehearsed": str(count[1]), "share": percent(now)}
    click.echo(_THERE.say(lang, told))
    for each in measured:
        click.echo(_measure(each, lang))


def _measure(each: Measure, lang: Language) -> str:
    told = {
        "person": one_line(each.person),
        "kind": each.kind,
        "wrong": str(each.wrong),
        "shown": str(each.shown),
        "left": str(each.left),
        "rate": percent(each.wrong / max(1, each.shown)),
        "low": percent(each.low),
        "high": percent(each.high),
    }
    return _MEASURED.say(lang, told)

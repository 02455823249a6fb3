"""More of ``scanform review``: figures, paper, undo, second keying, samples."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from scanform.cli.opened import desk_over, open_desk
from scanform.cli.options import by_option, echo_json, json_option, lang_option, workspace_options
from scanform.cli.review import review, template_option
from scanform.cli.tightening import tighten
from scanform.cli.wording import one_line
from scanform.engine.decide import Judged
from scanform.fields.policy import EVERY_KIND
from scanform.model.phrases import Language, Phrase
from scanform.review import Filter, Person
from scanform.store.open import open_store

field_option = click.option("--field", metavar="FIELD", help="Only this field.")
kind_option = click.option("--kind", metavar="KIND", help="Only this field kind.")
seed_option = click.option(
    "--seed", type=int, default=0, show_default=True, help="The same seed draws the same answers."
)
_TAKEN_BACK = Phrase("Đã hoàn tác: {field} [{record}]", "Taken back: {field} [{record}]")
_NO_PAPER = Phrase("Không cần rút phiếu nào.", "No form needs to be pulled.")
_PULL = Phrase(
    "{scan}, trang {page}: {fields}  [{record}] {why}",
    "{scan}, page {page}: {fields}  [{record}] {why}",
)
_ORDERED = Phrase(
    "Lệnh {id}: {answers} mục, {keyers} người gõ; xong {done}, lệch {differed}.",
    "Order {id}: {answers} answers, {keyers} keyers; {done} done, {differed} differed.",
)
_DRAWN = Phrase(
    "Mẫu {id}: {answers} mục (seed {seed}), đã xét {done}.",
    "Sample {id}: {answers} answers (seed {seed}), {done} judged.",
)
_MEASURED = Phrase(
    "{kind}: {wrong} sai trong {sampled} ({rate}; 95 %: {low} đến {high}) {verdict}",
    "{kind}: {wrong} wrong of {sampled} ({rate}; 95 %: {low} to {high}) {verdict}",
)
_BROKEN = Phrase("VƯỢT MỨC {bound}", "ABOVE THE BOUND OF {bound}")
_KEPT = Phrase("đạt mức {bound}", "keeps the bound of {bound}")
_OPEN = Phrase("chưa rõ so với mức {bound}", "not yet clear for the bound of {bound}")
_TIGHTENED = Phrase(
    "{template}: sai gấp {factor} lần mức máy tự ước; ngưỡng nhận được siết theo.",
    "{template}: {factor} times the errors that confidences speak of; the threshold follows.",
)
_WAIT_AGAIN = Phrase("{waiting} mục chờ duyệt trở lại.", "{waiting} answers wait again.")
_NO_BATCH = Phrase("(không thuộc hộp nào)", "(of no batch)")
_UNSEEN = Phrase(
    "· nhận không xem: {wrong} sai trong {sampled},",
    "· accepted without a look: {wrong} of {sampled},",
)
_HEAD_PACE = Phrase(
    "Người            loại         đã duyệt  đã sửa  giây/mục  mục/giờ",
    "Person           kind          decided corrected  seconds  an hour",
)
_HEAD_READER = Phrase(
    "Bộ đọc                       loại         đã duyệt  đã sửa",
    "Reader                       kind          decided corrected",
)
_HEAD_AGREE = Phrase("Gõ hai lần: loại      cặp   khớp", "Second keying: kind  pairs  agreed")


def percent(share: float) -> str:
    return f"{100 * share:.2f} %"


@review.command()
@click.option("--of", metavar="NAME", help="Only this person.")
@workspace_options
@json_option
@lang_option
def stats(
    of: str | None, workspace: Path, database: str | None, as_json: bool, lang: Language
) -> None:
    """Seconds a field, fields an hour, corrections, agreement of keyers."""
    with open_desk(workspace, database) as desk:
        found = desk.figures.of(Person("", "admin"), of)
    if as_json:
        echo_json(asdict(found))
        return
    click.echo(_HEAD_PACE.say(lang))
    for pace in found.paces:
        seconds = "-" if pace.seconds is None else f"{pace.seconds:.1f}"
        hour = "-" if pace.per_hour is None else f"{pace.per_hour:.0f}"
        click.echo(
            f"{one_line(pace.person):<16} {pace.kind:<12} {pace.decided:>8} {pace.corrected:>9} "
            f"{seconds:>8} {hour:>8}"
        )
    click.echo("\n" + _HEAD_READER.say(lang))
    for each in found.corrections:
        click.echo(f"{each.reader:<28} {each.kind:<12} {each.decided:>8} {each.corrected:>9}")
    if found.agreement:
        click.echo("\n" + _HEAD_AGREE.say(lang))
    for one in found.agreement:
        click.echo(f"               {one.kind:<12} {one.pairs:>5} {one.agreed:>7}")


@review.command()
@click.argument("number", required=False)
@by_option
@workspace_options
@lang_option
def undo(
    number: str | None, by: str, workspace: Path, database: str | None, lang: Language
) -> None:
    """Take back your last decision, or the one of that NUMBER of the log."""
    with open_desk(workspace, database) as desk:
        mine = desk.queue.undo(Person(by, "admin"), number)
    click.echo(_TAKEN_BACK.say(lang, {"field": mine.label, "record": mine.record}))


@review.command()
@click.option("--pulled", metavar="RECORD", help="The paper of this record lies here now.")
@workspace_options
@json_option
@lang_option
def paper(
    pulled: str | None, workspace: Path, database: str | None, as_json: bool, lang: Language
) -> None:
    """List the forms to pull from the box."""
    who = Person("", "admin")
    with open_desk(workspace, database) as desk:
        if pulled is not None:
            desk.queue.pulled(who, pulled)
        found = desk.queue.to_pull(who)
    if as_json:
        echo_json([asdict(each) for each in found])
        return
    if not found:
        click.echo(_NO_PAPER.say(lang), err=True)
    for each in found:
        told = {
            "scan": one_line(each.scan_path),
            "page": str(each.scan_page),
            "fields": ", ".join(each.fields),
            "record": each.record,
            "why": one_line("; ".join(why for why in each.why if why)),
        }
        click.echo(_PULL.say(lang, told))


@review.command()
@click.argument("template", required=False)
@field_option
@kind_option
@click.option("--share", type=float, default=1.0, show_default=True, help="A random share, 0 to 1.")
@click.option("--keyers", type=click.IntRange(1, 2), default=2, show_default=True)
@seed_option
@by_option
@workspace_options
@json_option
@lang_option
def keying(
    template: str | None,
    field: str | None,
    kind: str | None,
    share: float,
    keyers: int,
    seed: int,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Order answers of TEMPLATE to be keyed blind; without it, list the orders.

    Two people type what they see, without the machine's value or each other's; a third settles
    what differs. With --keyers 1 one person keys from the picture.
    """
    who = Person(by, "admin")
    with open_desk(workspace, database) as desk:
        if template is not None:
            desk.keying.order(who, template, Filter(field=field, kind=kind), share, keyers, seed)
        found = desk.keying.all(who)
    _tell_all([asdict(each) for each in found], _ORDERED, as_json, lang)


@review.command()
@template_option
@click.option("--share", type=float, metavar="SHARE", help="Draw this share of what is accepted.")
@click.option("--bound", type=float, metavar="SHARE", help="The error that was promised, 0.005.")
@click.option("--by-batch", is_flag=True, help="What was measured batch by batch.")
@click.option(
    "--tighten",
    "tightening",
    is_flag=True,
    help="Where the bound is proved broken: let answers wait again until it holds.",
)
@field_option
@kind_option
@seed_option
@by_option
@workspace_options
@json_option
@lang_option
def sample(
    template: str | None,
    share: float | None,
    bound: float | None,
    by_batch: bool,
    tightening: bool,
    field: str | None,
    kind: str | None,
    seed: int,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Draw a quality sample of what was accepted, or say what the samples have measured.

    What was accepted without a look is held against the bound of the workspace (--max-error), or
    against --bound.
    """
    who, only = Person(by, "admin"), Filter(template, field, kind)
    with open_store(workspace, database, create=False) as store:
        desk = desk_over(store, workspace, [template] if template else [])
        if share is not None:
            desk.sample.draw(who, share, only, seed)
        drawn, measured = desk.sample.all(who), desk.sample.measured(who, only, bound)
        if by_batch:
            measured = desk.sample.by_batch(who, only)
        if tightening:
            factors, done = tighten(desk, store, who)
            _tell_tightened(factors, done, lang)
    if as_json:
        judged = [{**asdict(each), "broken": each.broken, "kept": each.kept} for each in measured]
        samples = [_plain(asdict(each)) for each in drawn]
        echo_json({"samples": samples, "measured": judged})
        return
    _tell_all([asdict(each) for each in drawn], _DRAWN, False, lang)
    for each in measured:
        verdict = ""
        if each.bound is not None:
            phrase = _BROKEN if each.broken else _KEPT if each.kept else _OPEN
            verdict = phrase.say(lang, {"bound": percent(each.bound)})
            unseen = {"wrong": str(each.unseen_wrong), "sampled": str(each.unseen)}
            verdict = f"{_UNSEEN.say(lang, unseen)} {verdict}"
        told = {
            "kind": each.kind or _NO_BATCH.say(lang),
            "wrong": str(each.wrong),
            "sampled": str(each.sampled),
        }
        told |= {"rate": percent(each.rate), "low": percent(each.low)}
        told |= {"high": percent(each.high), "verdict": verdict}
        click.echo(_MEASURED.say(lang, told).rstrip())


def _tell_tightened(factors: dict[tuple[str, str], float], done: Judged, lang: Language) -> None:
    for (template, kind), factor in sorted(factors.items()):
        which = template if kind == EVERY_KIND else f"{template}, {kind}"
        told = {"template": which, "factor": f"{factor:.1f}"}
        click.echo(_TIGHTENED.say(lang, told), err=True)
    click.echo(_WAIT_AGAIN.say(lang, {"waiting": str(done.waiting)}), err=True)


def _tell_all(rows: list[dict[str, Any]], phrase: Phrase, as_json: bool, lang: Language) -> None:
    if as_json:
        echo_json([_plain(row) for row in rows])
        return
    for row in rows:
        click.echo(phrase.say(lang, {name: str(value) for name, value in row.items()}))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }

"""``scanform decide``: another bound on errors for what was read already."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from scanform.cli.bound_option import max_error_option
from scanform.cli.bounds import keep_bound
from scanform.cli.known import KnownTemplates
from scanform.cli.options import (
    by_option,
    echo_json,
    json_option,
    lang_option,
    workspace_options,
)
from scanform.engine.decide import Judged, judge_again
from scanform.fields.policy import say_share
from scanform.model.phrases import Language, Phrase
from scanform.store.open import open_store

_DONE = Phrase(
    "{records} phiếu thay đổi: {accepted} mục nay được nhận, {waiting} mục nay chờ duyệt. {share} "
    "được nhận mà không cần xem; ước chừng {wrong} trong số đó sai (cho phép {bound}).",
    "{records} records changed: {accepted} answers are accepted now, {waiting} wait now. {share} "
    "accepted without a look; about {wrong} of them likely wrong (at most {bound} allowed).",
)


@click.command()
@max_error_option(required=True)
@click.option(
    "-t",
    "--template",
    "names",
    multiple=True,
    metavar="TEMPLATE",
    help="Only forms of this template, its id or folder; may be given again. [default: all]",
)
@by_option
@workspace_options
@json_option
@lang_option
def decide(
    max_error: float,
    names: tuple[str, ...],
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Judge what was read by another bound, without reading it again.

    What is sure enough is accepted, the rest waits. What people decided stays. Every change is
    logged, so figures of an earlier day stay as they were; later runs keep to the new bound.
    """
    known = KnownTemplates(names)
    ids = [each.id for each in known.named]
    with open_store(workspace, database, create=False) as store:
        bounds = keep_bound(store, max_error, ids)
        said = (by, datetime.now(UTC), f"max-error {say_share(max_error)}")
        done = judge_again(store, known, bounds, ids or [None], said)
    if as_json:
        echo_json(_json(done, max_error))
    else:
        click.echo(_DONE.say(lang, _told(done, max_error)))


def _json(done: Judged, max_error: float) -> dict[str, object]:
    return {
        "max_error": max_error,
        "records_changed": done.records,
        "accepted": done.accepted,
        "waiting": done.waiting,
        "answers": done.answers,
        "unseen": done.unseen,
        "expected_wrong": round(done.expected_wrong, 3),
    }


def _told(done: Judged, max_error: float) -> dict[str, str]:
    return {
        "records": str(done.records),
        "accepted": str(done.accepted),
        "waiting": str(done.waiting),
        "share": f"{done.unseen / max(1, done.answers):.1%}",
        "wrong": f"{done.expected_wrong:.1f}",
        "bound": say_share(max_error),
    }

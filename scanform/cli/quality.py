"""What quality samples have shown about the bound on errors, told wherever figures are told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from scanform.fields.policy import say_share
from scanform.model.phrases import Language, Phrase
from scanform.review.measure import ALL, Measured
from scanform.store.desk import SqlDesk
from scanform.store.sql import SqlStore

_BROKEN = Phrase(
    "Kiểm mẫu: {wrong} sai trong {sampled} mục được nhận mà không xem ({kinds}): VƯỢT MỨC {bound}. "
    "Siết lại: scanform review sample --tighten",
    "Quality sample: {wrong} wrong of {sampled} accepted without a look ({kinds}): ABOVE THE BOUND "
    "of {bound}. To tighten it: scanform review sample --tighten",
)


def say_broken(broken: Sequence[Measured], lang: Language) -> str:
    """One line about the kinds whose bound is broken; empty where none is."""
    if not broken:
        return ""
    worst = next((each for each in broken if each.kind == ALL), broken[0])
    kinds = [each for each in broken if each.kind != ALL] or broken
    told = {
        "wrong": str(worst.unseen_wrong),
        "sampled": str(worst.unseen),
        "kinds": ", ".join(f"{each.template} {each.kind}".strip() for each in kinds),
        "bound": say_share(worst.bound or 0.0),
    }
    return _BROKEN.say(lang, told)


def warn_of_samples(store: SqlStore, workspace: Path, lang: Language) -> None:
    """Says on stderr when a sample has proved that the promised bound doesn't hold."""
    if not SqlDesk(store).orders("sample"):
        return
    # What draws crops is slow to load, and most who count have no sample.
    from scanform.cli.opened import desk_over  # noqa: PLC0415

    line = say_broken(desk_over(store, workspace).sample.broken(), lang)
    if line:
        click.echo(line, err=True)

"""A night's lesson in the workspace: begun or gone on with, and what is better is kept as a model.

What ``learn`` holds is imported late here: PyTorch takes seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanform.cli.files import write_whole
from scanform.errors import StoreError
from scanform.fields.learnt import FILE_NAME as SCALES
from scanform.fields.learnt import scales_in
from scanform.model.phrases import Language, Phrase
from scanform.programs import asterocr
from scanform.store.models import (
    DIGITS,
    MORE,
    PRIOR,
    READER,
    WORK,
    Model,
    ModelStore,
    written_or_told,
)
from scanform.store.shred import overwrite_folder
from scanform.store.sql import SqlStore

if TYPE_CHECKING:
    from scanform.learn.fit import Progress
    from scanform.learn.gather import Material
    from scanform.learn.night import Before, Night, Office
    from scanform.learn.priors import Written
    from scanform.learn.training import Plan

_MARK = "lines.sha256"
"""In the folder of a lesson: which lines it is about."""
LINE_EVERY = 60.0
"""Seconds between two lines of progress."""

_GOING = Phrase(
    "{stage} {share}, còn khoảng {left} phút", "{stage} {share}, about {left} minutes left"
)
_SOON = Phrase("{stage} {share}", "{stage} {share}")
_ERASED = Phrase(
    "Có phiếu bị xóa trong khi đang học, nên không giữ gì của lần học này.",
    "Somebody's form was erased while this lesson went on, so nothing of it is kept.",
)
_LEARN_AGAIN = Phrase("Hãy chạy lại `scanform learn`.", "Run `scanform learn` again.")
_STAGES = {
    "looking": Phrase("xem ảnh", "looking"),
    "learning": Phrase("học", "learning"),
    "digits": Phrase("học chữ số", "learning digits"),
    "figures": Phrase("đọc phiếu để riêng", "reading forms held apart"),
}


def share_waiting(store: SqlStore, models: Path) -> float:
    """Of the answers that came in since the last lesson, what waited for people: the reader that
    is to learn read them. Where none came in, the same of all there are."""
    from scanform.learn.curve import lessons  # noqa: PLC0415

    past = lessons(models)
    since = datetime.fromisoformat(past[-1].at) if past else None
    share = store.waited_at_first(since)
    return (store.waited_at_first() or 0.0) if share is None else share


@written_or_told()
def one_night(
    models: ModelStore,
    given: tuple[Material, Office],
    plan: Plan,
    by: str,
    lang: Language,
    waiting: float,
) -> tuple[Night, Model | None]:
    """Teaches; what is better is kept, and reads from now on. Raises ``StoreError`` where the disk
    is full."""
    from scanform.learn.card import card  # noqa: PLC0415
    from scanform.learn.night import confirmed_lines, night  # noqa: PLC0415

    now = datetime.now(UTC)
    material, office = given
    parent = models.current()
    before = before_of(parent)
    work = models.folder / WORK
    _fresh(work, material, before, plan.seed)
    found = _undisturbed(work, lambda: night(material, office, before, work, plan, _teller(lang)))
    model = None
    if found.model:
        told = card(found, office.kept, plan, now, parent=parent.id if parent else None)
        more = {name: found.model[name] for name in MORE if name in found.model}
        model = models.keep(found.model[READER], found.model[PRIOR].decode(), told, now, more)
        models.use(model.id, by, now, "learnt")
    # What was cut from forms goes with the work: a person who is erased leaves nothing here.
    overwrite_folder(work)
    _note(models.folder, found, now, waiting, confirmed_lines(material, office))
    return found, model


def before_of(model: Model | None) -> Before:
    """What reads until now."""
    from scanform.learn.night import Before  # noqa: PLC0415

    if model is None:
        return Before(asterocr.shipped())
    there = model.files()
    digits = there[DIGITS].read_bytes() if DIGITS in there else None
    return Before(model.reader, digits, scales_in(model.folder / SCALES))


def _note(
    folder: Path, found: Night, now: datetime, waiting: float, confirmed: Sequence[Written]
) -> None:
    """The lesson's point of the curve; ``confirmed``: the lines there were."""
    from scanform.learn.curve import Point, note  # noqa: PLC0415

    if found.lines is None:
        return
    apart = found.lines.apart
    note(
        folder,
        Point(
            now.isoformat(timespec="seconds"),
            len({each.form for each in confirmed}),
            len(confirmed),
            round(apart.old_cer, 5),
            round(apart.new_cer, 5),
            round(waiting, 5),
            found.lines.better,
        ),
    )


def _fresh(work: Path, material: Material, before: Before, seed: int) -> None:
    """Empties the folder of a killed run unless that run was about the very same lines."""
    from scanform.learn.lesson import fingerprint  # noqa: PLC0415

    mark = work / _MARK
    said = fingerprint(material.lines, before.reader, seed)
    if not mark.exists() or mark.read_text("utf-8") != said:
        overwrite_folder(work)
        work.mkdir(parents=True)
        write_whole(mark, said.encode())


def _undisturbed(work: Path, lesson: Callable[[], Night]) -> Night:
    """The lesson, unless somebody was erased while it went on: that takes its folder away, and
    what it made of the person's lines is kept nowhere."""
    try:
        found = lesson()
    except OSError:
        if (work / _MARK).exists():
            raise
    else:
        if (work / _MARK).exists():
            return found
    overwrite_folder(work)
    raise StoreError(_ERASED, _LEARN_AGAIN)


def _teller(lang: Language):  # type: ignore[no-untyped-def]
    last = [0.0]

    def tell(now: Progress) -> None:
        if time.monotonic() - last[0] < LINE_EVERY:
            return
        last[0] = time.monotonic()
        told = {"stage": _STAGES[now.stage].say(lang, {}), "share": f"{now.share:.0%}"}
        going = _GOING if now.left else _SOON
        click.echo(going.say(lang, told | {"left": f"{now.left / 60.0:.0f}"}), err=True)

    return tell

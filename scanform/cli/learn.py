"""``scanform learn``: the reader goes on learning from what people confirmed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanform.cli.files import write_whole
from scanform.cli.learn_lines import gathered, take_out_lines, taken_in
from scanform.cli.learn_told import as_json_of, tell
from scanform.cli.options import (
    by_option,
    echo_json,
    json_option,
    lang_option,
    workspace_options,
)
from scanform.errors import MissingProgram, StoreError, UsageError
from scanform.model.phrases import Language, Phrase
from scanform.programs import asterocr
from scanform.store.models import WORK, Model, ModelStore
from scanform.store.open import open_store
from scanform.store.shred import overwrite_folder
from scanform.store.sql import SqlStore

if TYPE_CHECKING:
    from scanform.learn.fit import Progress
    from scanform.learn.guards import Kept
    from scanform.learn.lesson import FormLine, Lesson
    from scanform.learn.training import Plan

SEED = 1
_MARK = "lines.sha256"
"""In the folder of a lesson: which lines it is about."""
LINE_EVERY = 60.0
"""Seconds between two lines of progress."""

_GOING = Phrase(
    "{stage} {share}, còn khoảng {left} phút", "{stage} {share}, about {left} minutes left"
)
_STAGES = {"looking": Phrase("xem ảnh", "looking"), "learning": Phrase("học", "learning")}
_CURVE = Phrase("Biểu đồ ở {file}.", "The curve is in {file}.")


@click.command()
@click.option(
    "--minutes", type=click.FloatRange(min=0.1), default=60.0, show_default=True, metavar="M",
    help="Time to learn in; passes end earlier where there is nothing more to gain.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Cores. [default: all but one]"
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.png",
    help="Draw the learning curve; without --minutes, only that.",
)
@click.option(
    "-t", "--template", "names", multiple=True, metavar="TEMPLATE",
    help="A form that isn't found by itself: its folder.",
)  # fmt: skip
@click.option(
    "--take-out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Learn nothing; write confirmed lines to a file for an office that teaches for several.",
)  # fmt: skip
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND",
    help="With --take-out: only fields of this kind (place, text, ...); may be given again.",
)  # fmt: skip
@click.option(
    "--most", type=click.IntRange(min=1), metavar="N", help="With --take-out: at most N lines."
)
@click.option(
    "--to", "recipients", multiple=True, metavar="AGE-KEY",
    help="With --take-out: encrypt for this age recipient.",
)  # fmt: skip
@click.option(
    "--also", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE", help="Learn from lines that another office took out, too.",
)  # fmt: skip
@click.option(
    "--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="The age key that opens what --also names.",
)  # fmt: skip
@by_option
@workspace_options
@json_option
@lang_option
@click.pass_context
def learn(
    ctx: click.Context,
    minutes: float,
    jobs: int | None,
    report: Path | None,
    names: tuple[str, ...],
    take_out: Path | None,
    kinds: tuple[str, ...],
    most: int | None,
    recipients: tuple[str, ...],
    also: tuple[Path, ...],
    key: Path | None,
    by: str,
    workspace: Path,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Teach the reader the hands that people confirmed; keep it if it is better.

    Learns from what was corrected, accepted by a person, keyed or sampled, never from what only
    the machine said. The new reader is measured against the old one on forms that neither learnt
    from, and on print. Run it at night: killed, it goes on where it was.
    """
    if report is not None and ctx.get_parameter_source("minutes").name == "DEFAULT":  # type: ignore[union-attr]
        _draw(ModelStore(workspace).folder, report, lang)
        return
    _require()
    # Imported late: PyTorch takes seconds, and only this command needs it.
    from scanform.learn.fit import limit_threads  # noqa: PLC0415
    from scanform.learn.training import Plan  # noqa: PLC0415

    with suppress(OSError, AttributeError):
        os.nice(10)  # whoever reviews meanwhile comes first
    limit_threads(jobs or max(1, (os.cpu_count() or 2) - 1))
    with open_store(workspace, database, create=False) as store:
        models = ModelStore(workspace)
        lines, kept = gathered(store, workspace, names)
        if take_out is not None:
            take_out_lines(lines, take_out, (kinds, most, SEED), recipients, lang)
            return
        lines += taken_in(also, key)
        waiting = _waiting(store)
        plan = Plan(minutes=minutes, seed=SEED)
        lesson, model = _taught(models, lines, kept, plan, by, lang, waiting)
    if report is not None:
        _draw(models.folder, report, lang)
    if as_json:
        echo_json(as_json_of(lesson, model, kept))
    else:
        tell(lesson, model, kept, lang)


def _require() -> None:
    missing = [name for name in ("torch", "onnx", "safetensors") if find_spec(name) is None]
    if missing:
        raise MissingProgram(
            f"Learning needs {', '.join(missing)}.",
            "Install it with: pip install 'scanform[learn]'",
        )
    asterocr.shipped()


def _waiting(store: SqlStore) -> float:
    figures = store.figures()
    every = figures.answers_accepted + figures.answers_pending + figures.answers_blank
    return figures.answers_pending / max(1, every)


def _taught(
    models: ModelStore,
    lines: list[FormLine],
    kept: Kept,
    plan: Plan,
    by: str,
    lang: Language,
    waiting: float,
) -> tuple[Lesson, Model | None]:
    from scanform.learn.card import card  # noqa: PLC0415
    from scanform.learn.curve import Point, note  # noqa: PLC0415
    from scanform.learn.lesson import taught  # noqa: PLC0415
    from scanform.learn.priors import prior_json  # noqa: PLC0415

    now = datetime.now(UTC)
    parent = models.current()
    old = parent.reader if parent else asterocr.shipped()
    work = models.folder / WORK
    _fresh(work, lines, old, plan.seed)
    lesson = _undisturbed(work, lambda: taught(lines, old, work, plan, _teller(lang)))
    model = None
    if lesson.better:
        told = card(lesson, kept, plan, now, parent=parent.id if parent else None)
        data = lesson.fitted.reader.read_bytes()
        model = models.keep(data, prior_json(lines), told, now)
        models.use(model.id, by, now, "learnt")
    # What was cut from forms goes with the work: a person who is erased leaves nothing here.
    overwrite_folder(work)
    apart = lesson.apart
    note(
        models.folder,
        Point(
            now.isoformat(timespec="seconds"),
            lesson.forms,
            lesson.learnt_from,
            round(apart.old_cer, 5),
            round(apart.new_cer, 5),
            round(waiting, 5),
            lesson.better,
        ),
    )
    return lesson, model


def _fresh(work: Path, lines: list[FormLine], old: Path, seed: int) -> None:
    """Empties the folder of a killed run unless that run was about the very same lines."""
    from scanform.learn.lesson import fingerprint  # noqa: PLC0415

    mark = work / _MARK
    said = fingerprint(lines, old, seed)
    if not mark.exists() or mark.read_text("utf-8") != said:
        overwrite_folder(work)
        work.mkdir(parents=True)
        write_whole(mark, said.encode())


def _undisturbed(work: Path, lesson: Callable[[], Lesson]) -> Lesson:
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
    raise StoreError(
        "Somebody's form was erased while this lesson went on, so nothing of it is kept.",
        "Run `scanform learn` again.",
    )


def _teller(lang: Language):  # type: ignore[no-untyped-def]
    last = [0.0]

    def tell(now: Progress) -> None:
        if time.monotonic() - last[0] < LINE_EVERY:
            return
        last[0] = time.monotonic()
        told = {"stage": _STAGES[now.stage].say(lang, {}), "share": f"{now.share:.0%}"}
        click.echo(_GOING.say(lang, told | {"left": f"{now.left / 60.0:.0f}"}), err=True)

    return tell


def _draw(models: Path, file: Path, lang: Language) -> None:
    from scanform.learn.curve import drawn, lessons  # noqa: PLC0415

    points = lessons(models)
    if not points:
        raise UsageError("Nothing was learnt here yet.", "Run `scanform learn` first.")
    write_whole(file, drawn(points, lang))
    click.echo(_CURVE.say(lang, {"file": str(file)}), err=True)

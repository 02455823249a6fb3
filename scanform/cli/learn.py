"""``scanform learn``: the reader goes on learning from what people confirmed."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanform.cli.empty_forms import EmptyForms
from scanform.cli.files import write_whole
from scanform.cli.known import KnownTemplates
from scanform.cli.options import (
    by_option,
    echo_json,
    json_option,
    lang_option,
    workspace_options,
)
from scanform.errors import MissingProgram, UsageError
from scanform.fields import FIELD_KINDS
from scanform.model.phrases import Language, Phrase
from scanform.programs import asterocr
from scanform.store.desk import SqlDesk
from scanform.store.images import ImageStore
from scanform.store.models import Model, ModelStore
from scanform.store.open import open_store
from scanform.store.sql import SqlStore

if TYPE_CHECKING:
    from scanform.learn.fit import Progress
    from scanform.learn.guards import Kept
    from scanform.learn.lesson import FormLine, Lesson
    from scanform.learn.training import Plan

SEED = 1
LINE_EVERY = 60.0
"""Seconds between two lines of progress."""

_KEPT = Phrase(
    "Đã học {lines} dòng của {forms} phiếu. Trên phiếu để riêng: lỗi mỗi chữ cái {old} → {new}, "
    "dòng đúng hẳn {was} → {now}. Từ nay đọc bằng mô hình {model}.\n"
    "Đọc lại phần còn chờ: scanform reread --pending",
    "Learnt {lines} lines of {forms} forms. On forms held apart: errors a letter {old} → {new}, "
    "lines without error {was} → {now}. The model {model} reads from now on.\n"
    "Read again what waits: scanform reread --pending",
)
_NOT_KEPT = Phrase(
    "Đã học {lines} dòng của {forms} phiếu, nhưng bộ đọc mới không được giữ ({why}): lỗi mỗi chữ "
    "cái {old} → {new} trên phiếu để riêng, {print_old} → {print_new} trên chữ in.",
    "Learnt {lines} lines of {forms} forms, but the new reader was not kept ({why}): errors a "
    "letter {old} → {new} on forms held apart, {print_old} → {print_new} on print.",
)
_HELD_OUT = Phrase(
    "Không học {count} mục: của người hay nhầm ({people}), hoặc một giá trị lặp lại.",
    "{count} answers were held out: of people often wrong ({people}), or one value over and over.",
)
_WHY = {
    "not better": Phrase("không chắc là tốt hơn", "not surely better"),
    "worse on print": Phrase("kém hơn trên chữ in", "worse on print"),
}
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
        lines, kept = _gathered(store, workspace, names)
        waiting = _waiting(store)
        plan = Plan(minutes=minutes, seed=SEED)
        lesson, model = _taught(models, lines, kept, plan, by, lang, waiting)
    if report is not None:
        _draw(models.folder, report, lang)
    if as_json:
        echo_json(_json(lesson, model, kept))
    else:
        _tell(lesson, model, kept, lang)


def _require() -> None:
    missing = [name for name in ("torch", "onnx", "safetensors") if find_spec(name) is None]
    if missing:
        raise MissingProgram(
            f"Learning needs {', '.join(missing)}.",
            "Install it with: pip install 'scanform[learn]'",
        )
    asterocr.shipped()


def _gathered(
    store: SqlStore, workspace: Path, names: tuple[str, ...]
) -> tuple[list[FormLine], Kept]:
    from scanform.learn.confirmed import confirmed, disagreements  # noqa: PLC0415
    from scanform.learn.gather import lines_of  # noqa: PLC0415
    from scanform.learn.guards import guarded  # noqa: PLC0415

    desk = SqlDesk(store)
    kept = guarded(confirmed(store, desk), disagreements(desk))
    forms, images = EmptyForms(names), ImageStore(workspace).get
    known = KnownTemplates(names)
    return list(lines_of(kept.answers, store, images, known, forms, FIELD_KINDS)), kept


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
    work = models.folder / ".work"
    _fresh(work, lines, old, plan.seed)
    lesson = taught(lines, old, work, plan, _teller(lang))
    model = None
    if lesson.better:
        told = card(lesson, kept, plan, now, parent=parent.id if parent else None)
        data = lesson.fitted.reader.read_bytes()
        model = models.keep(data, prior_json(lines), told, now)
        models.use(model.id, by, now, "learnt")
    # What was cut from forms goes with the work: a person who is erased leaves nothing here.
    shutil.rmtree(work, ignore_errors=True)
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

    mark = work / "lines.sha256"
    said = fingerprint(lines, old, seed)
    if not mark.exists() or mark.read_text("utf-8") != said:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        write_whole(mark, said.encode())


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


def _json(lesson: Lesson, model: Model | None, kept: Kept) -> dict[str, object]:
    apart = lesson.apart
    return {
        "lines": lesson.learnt_from,
        "forms": lesson.forms,
        "held_out": {"people": list(kept.people), "answers": kept.by_people + kept.repeated},
        "before": {"cer": round(apart.old_cer, 4), "exact": round(apart.old_exact, 4)},
        "after": {"cer": round(apart.new_cer, 4), "exact": round(apart.new_exact, 4)},
        "chance_better": round(apart.chance, 4),
        "print": {"before": round(lesson.print_old, 4), "after": round(lesson.print_new, 4)},
        "kept": lesson.better,
        "why": lesson.why,
        "model": model.id if model else None,
        "passes": round(lesson.fitted.passes, 2),
        "minutes": round(lesson.fitted.minutes, 1),
    }


def _tell(lesson: Lesson, model: Model | None, kept: Kept, lang: Language) -> None:
    apart = lesson.apart
    told = {
        "lines": str(lesson.learnt_from),
        "forms": str(lesson.forms),
        "old": f"{apart.old_cer:.1%}",
        "new": f"{apart.new_cer:.1%}",
        "was": f"{apart.old_exact:.0%}",
        "now": f"{apart.new_exact:.0%}",
        "print_old": f"{lesson.print_old:.2%}",
        "print_new": f"{lesson.print_new:.2%}",
        "model": model.id if model else "",
        "why": _WHY[lesson.why].say(lang, {}) if lesson.why in _WHY else "",
    }
    click.echo((_KEPT if model else _NOT_KEPT).say(lang, told))
    if held := kept.by_people + kept.repeated:
        people = ", ".join(kept.people) or "-"
        click.echo(_HELD_OUT.say(lang, {"count": str(held), "people": people}))

"""``scanform learn``: the reader goes on learning from what people confirmed."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import click

from scanform.cli.asking import SHARE, ask_for
from scanform.cli.files import write_whole
from scanform.cli.learn_lines import gathered, take_out_lines, taken_in
from scanform.cli.learn_told import as_json_of, tell
from scanform.cli.lessons import one_night, share_waiting
from scanform.cli.options import (
    by_option,
    echo_json,
    json_option,
    lang_option,
    workspace_options,
)
from scanform.errors import MissingProgram, UsageError
from scanform.model.phrases import Language, Phrase
from scanform.programs import asterocr
from scanform.store import outputs
from scanform.store.models import ModelStore
from scanform.store.open import open_store

SEED = 1
_CURVE = Phrase("Biểu đồ ở {file}.", "The curve is in {file}.")
_NEEDS = Phrase("Muốn học cần {names}.", "Learning needs {names}.")
_INSTALL = Phrase(
    "Cài đặt bằng: pip install 'scanform[learn]'", "Install it with: pip install 'scanform[learn]'"
)
_NOTHING = Phrase("Ở đây chưa học gì.", "Nothing was learnt here yet.")
_LEARN_FIRST = Phrase("Hãy chạy `scanform learn` trước.", "Run `scanform learn` first.")


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
    help="With --take-out: only fields of this kind (place, text, ...; cells: of combs); "
    "may be given again.",
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
@click.option(
    "--ask", type=SHARE, metavar="SHARE",
    help="Of what the queue gives from now on, this share is what teaches the reader most: "
    "doubtful lines of hands that are new (0%: none). Kept for the nights to come; at first 0%.",
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
    ask: float | None,
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
    from scanform.learn.gather import answers_in  # noqa: PLC0415
    from scanform.learn.training import Plan  # noqa: PLC0415

    with suppress(OSError, AttributeError):
        os.nice(10)  # whoever reviews meanwhile comes first
    cores = jobs or max(1, (os.cpu_count() or 2) - 1)
    limit_threads(cores)
    # Every office has an equal share of the night.
    night = (answers_in(minutes) // (1 + len(also)), SEED)
    with open_store(workspace, database, create=False) as store:
        models = ModelStore(workspace)
        material, office = gathered(store, workspace, names, None if take_out else night)
        if take_out is not None:
            take_out_lines(material, take_out, (kinds, most, SEED), recipients, lang)
            outputs.note(store, "lines", by, take_out, searchable=False)
            return
        material = taken_in(material, also, key, night)
        plan = Plan(minutes=minutes, seed=SEED)
        ask_for(store, office.kept, names, ask)
        waited = share_waiting(store, models.folder)
        found, model = one_night(models, (material, office), plan, by, lang, waited)
    if report is not None:
        _draw(models.folder, report, lang)
    if as_json:
        echo_json(as_json_of(found, model, office.kept, material.left))
    else:
        tell(found, model, office.kept, material.left, lang)


def _require() -> None:
    missing = [name for name in ("torch", "onnx", "safetensors") if find_spec(name) is None]
    if missing:
        raise MissingProgram(_NEEDS.of(names=", ".join(missing)), _INSTALL)
    asterocr.shipped()


def _draw(models: Path, file: Path, lang: Language) -> None:
    from scanform.learn.curve import drawn, lessons  # noqa: PLC0415

    points = lessons(models)
    if not points:
        raise UsageError(_NOTHING, _LEARN_FIRST)
    write_whole(file, drawn(points, lang))
    click.echo(_CURVE.say(lang, {"file": str(file)}), err=True)

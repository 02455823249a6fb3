"""``scanform rehearse``: filled, worn pages with known answers."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scanform.cli.files import make_folder
from scanform.cli.progress import counting_bar
from scanform.cli.telling import language
from scanform.errors import UsageError
from scanform.phrase import Phrase, say
from scanform.rehearse import Plan, files, hands, rehearsal, truth_line
from scanform.rehearse.levels import LEVELS
from scanform.template.blank import pages_to_fill
from scanform.template.find import find
from scanform.template.load import empty_form

TRUTH = "truth.jsonl"
_NOT_EMPTY = Phrase("{folder} không trống.", "{folder} is not empty.")
_NEW_FOLDER = Phrase(
    "Hãy cho -o một thư mục mới, hoặc dọn trống thư mục này.",
    "Give -o a new folder, or empty this one.",
)


@click.command()
@click.argument("template", metavar="TEMPLATE")
@click.option(
    "-n",
    "count",
    type=click.IntRange(1, 1_000_000),
    default=10,
    show_default=True,
    metavar="N",
    help="How many people fill the form.",
)
@click.option(
    "--hand",
    default="auto",
    show_default=True,
    metavar="none|auto|FONT_DIR",
    help="none: typed; auto: a shipped hand font for each writer; or a folder of fonts.",
)
@click.option(
    "--wear",
    type=click.Choice(list(LEVELS)),
    default="light",
    show_default=True,
    help="none, an office scanner, a hurried one, or a phone's photo or fax.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="S",
    help="The same seed gives the same files.",
)
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="An empty folder, made where missing.",
)
@click.option("--no-marks", is_flag=True, help="Without registration marks, as a ministry prints.")
@click.option(
    "--district",
    default="837",
    show_default=True,
    metavar="CODE",
    help="Where the people live: a district's code of the statistics office.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something is wrong.")
def rehearse(
    template: str,
    count: int,
    hand: str,
    wear: str,
    seed: int,
    folder: Path,
    no_marks: bool,
    district: str,
    quiet: bool,
) -> None:
    """Fill TEMPLATE as people do and wear the pages as scanners do.

    Writes an image (of a form of several pages a PDF or TIFF) for each respondent and truth.jsonl,
    a line for each with every answer. All people are made up.
    """
    empty = empty_form(find(template))
    form = empty.template
    faces = _faces(hand, quiet)
    plan = Plan(
        count=count, seed=seed, faces=faces, wear=wear, marks=not no_marks, district=district
    )
    forms = rehearsal(form, plan, pages_to_fill(empty, plan.marks))
    _make_room(folder)
    with (
        counting_bar(quiet) as bar,
        (folder / TRUTH).open("w", encoding="utf-8", newline="\n") as truth,
    ):
        task = bar.add_task(form.id, total=count)
        for filled in forms:
            path = files.save(filled.pages, folder / f"{filled.number:0{len(str(count))}}")
            line = truth_line(path.name, filled.answers)
            truth.write(json.dumps(line, ensure_ascii=False) + "\n")
            bar.advance(task)
    if not quiet:
        click.echo(f"{count} × {form.ref} in {folder}; the answers are in {folder / TRUTH}.")


def _faces(hand: str, quiet: bool) -> tuple[hands.Face, ...]:
    """The fonts to write in; none of them means typed."""
    if hand == "none":
        return ()
    if hand == "auto":
        return hands.shipped()
    usable, skipped = hands.fonts_in(Path(hand))
    if not quiet:
        for message in skipped:
            click.echo(say(message, language(None)), err=True)
    return usable


def _make_room(folder: Path) -> None:
    """Scans of an earlier rehearsal among the new ones would have no truth."""
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(_NOT_EMPTY.of(folder=str(folder)), _NEW_FOLDER)
    make_folder(folder)

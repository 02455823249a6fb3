"""``scanform template``: the forms that are known, and what people need to write new ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import click

from scanform.cli.files import write_whole
from scanform.cli.options import echo_json, json_option
from scanform.cli.template_preview import NAME_SO, OTHER_FILE, preview
from scanform.errors import Mistake, TemplateError, UsageError
from scanform.model.geometry import Box
from scanform.model.template import Template
from scanform.phrase import Phrase
from scanform.template.blank import mistakes_in
from scanform.template.draw import draw_pdf
from scanform.template.find import available, find
from scanform.template.load import empty_form, load

_NEITHER = Phrase("{file} không phải .pdf hay .png.", "{file} is neither .pdf nor .png.")
_CANT_DRAW = Phrase("Không vẽ được trang ({why}).", "The page can't be drawn ({why}).")
_FEWER_DPI = Phrase("Hãy cho --dpi nhỏ hơn.", "Ask for fewer --dpi.")


@click.group()
def template() -> None:
    """Draw, check and show templates."""


template.add_command(preview)


@template.command("list")
@json_option
def list_templates(as_json: bool) -> None:
    """Name the templates that can be asked for by their id."""
    rows = []
    for folder in available():
        try:
            form = load(folder)
        except TemplateError as error:
            wrong = len(error.mistakes)
            rows.append({"id": folder.name, "folder": str(folder), "mistakes": wrong})
            continue
        rows.append(
            {
                "id": folder.name,
                "folder": str(folder),
                "title": form.title,
                "revision": form.revision,
                "pages": form.pages,
                "fields": len(form.fields),
            }
        )
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        if "mistakes" in row:
            click.echo(f"{row['id']:<12} wrong: see `scanform template check {row['folder']}`")
        else:
            click.echo("{id:<12} {title} (revision {revision}, {fields} fields)".format(**row))


@template.command()
@click.argument("name", metavar="ID")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show a template's fields and where they stand on the page.

    ID is a template's id, or a path to its folder.
    """
    form = load(find(name))
    if as_json:
        echo_json(_as_json(form))
        return
    width, height = form.page_mm
    click.echo(f"{form.title} ({form.ref}), {form.pages} page(s) of {width:g} x {height:g} mm")
    id_width = max((len(field.id) for field in form.fields), default=0)
    for field in form.fields:
        place = "{:6.1f} {:6.1f} {:6.1f} {:6.1f}".format(*_rounded(field.box))
        click.echo(f"{field.id:<{id_width}}  {field.kind:<8} p{field.page} {place}  {field.label}")


@template.command()
@click.argument("name", metavar="ID")
@click.option(
    "-o", "--output", required=True, metavar="FILE", type=click.Path(dir_okay=False, path_type=Path)
)
@click.option("--dpi", default=300, show_default=True, type=click.IntRange(50, 1200))
@click.option("--no-marks", is_flag=True, help="Leave out the corner marks and the code.")
def blank(name: str, output: Path, dpi: int, no_marks: bool) -> None:
    """Draw the empty form, as PDF or PNG by FILE's ending.

    A form of several pages becomes FILE-1.png, FILE-2.png and so on.
    """
    form = load(find(name))
    pdf = draw_pdf(form, marks=not no_marks)
    match output.suffix.lower():
        case ".pdf":
            files = [(output, pdf)]
        case ".png":
            files = list(_pictures(pdf, form, output, dpi))
        case _:
            raise UsageError(_NEITHER.of(file=str(output)), NAME_SO)
    for path, data in files:
        write_whole(path, data, advice=OTHER_FILE, kind=UsageError)
        click.echo(f"Wrote {path}", err=True)


@template.command()
@click.argument("name", metavar="DIR")
@json_option
@click.pass_context
def check(ctx: click.Context, name: str, as_json: bool) -> None:
    """Tell every mistake in a template at once, and whether its blank form is up to date."""
    folder = find(name)
    found: tuple[Mistake, ...]
    try:
        empty = empty_form(folder)
        form, found = empty.template, tuple(mistakes_in(empty, folder))
    except TemplateError as error:
        found = error.mistakes
    if as_json:
        echo_json({"mistakes": [dataclasses.asdict(mistake) for mistake in found]})
        ctx.exit(TemplateError.exit_code if found else 0)
    if found:
        raise TemplateError(found)
    click.echo(f"{form.ref}: {len(form.fields)} fields on {form.pages} page(s), no mistakes.")


def _pictures(pdf: bytes, form: Template, output: Path, dpi: int) -> Iterator[tuple[Path, bytes]]:
    """PNG files of the pages, grey."""
    import io  # noqa: PLC0415 - PNG alone needs these

    from PIL import Image  # noqa: PLC0415

    from scanform.programs import poppler  # noqa: PLC0415

    for page in range(1, form.pages + 1):
        try:
            pixels = poppler.render_bytes(pdf, page, dpi, grey=True)
        except poppler.PdfError as error:
            raise UsageError(_CANT_DRAW.of(why=str(error)), _FEWER_DPI) from None
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG", dpi=(dpi, dpi))
        name = output if form.pages == 1 else output.with_stem(f"{output.stem}-{page}")
        yield name, buffer.getvalue()


def _as_json(form: Template) -> dict[str, object]:
    return {
        "id": form.id,
        "title": form.title,
        "revision": form.revision,
        "pages": form.pages,
        "page_mm": [round(side, 2) for side in form.page_mm],
        "fields": [
            {
                "id": field.id,
                "label": field.label,
                "kind": field.kind,
                "page": field.page,
                "box_mm": _rounded(field.box),
                "cells_mm": [_rounded(cell) for cell in field.cells],
                "options": [
                    {"value": option.value, "box_mm": _rounded(option.box)}
                    for option in field.options
                ],
            }
            for field in form.fields
        ],
    }


def _rounded(box: Box) -> list[float]:
    return [round(side, 2) for side in (box.x, box.y, box.w, box.h)]

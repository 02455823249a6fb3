"""``scanform template preview``: a template's regions drawn over a scan."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import click
import cv2

from scanform.cli.files import write_whole
from scanform.cli.options import lang_option
from scanform.engine.references import references_of
from scanform.errors import REJECTED_SOME, UsageError
from scanform.intake.files import scan_file
from scanform.intake.pages import read_page
from scanform.model.phrases import REJECTIONS, Language, Phrase
from scanform.model.scan import Pixels, Rejected, Sheet
from scanform.model.template import EmptyForm
from scanform.page.misfit import Misfit
from scanform.page.place import locate, place
from scanform.page.preview import draw_preview
from scanform.page.warp import Warp
from scanform.template.find import find
from scanform.template.load import empty_form

_NEITHER = Phrase("{file} không phải .png hay .jpg.", "{file} is neither .png nor .jpg.")
NAME_SO = Phrase("Hãy đặt tên TỆP có đuôi như vậy.", "Name a FILE that ends so.")
OTHER_FILE = Phrase("Hãy chọn TỆP khác.", "Choose another FILE.")


@click.command()
@click.argument("name", metavar="ID")
@click.argument("scan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", required=True, metavar="FILE", type=click.Path(dir_okay=False, path_type=Path)
)
@click.option(
    "--page", "number", default=1, show_default=True, type=click.IntRange(1), help="Of the scan."
)
@lang_option
@click.pass_context
def preview(
    ctx: click.Context, name: str, scan: Path, output: Path, number: int, lang: Language
) -> None:
    """Draw the template's regions over a page of SCAN, laid straight, as a picture.

    Each field's flag says how surely it lies right, in red where that is too little; arrows say
    how the page was bent straight, ten times as long as the shift.

    FILE ends in .png or .jpg. Where the page doesn't fit the template, it says why.
    """
    if output.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise UsageError(_NEITHER.of(file=str(output)), NAME_SO)
    folder = find(name)
    form = empty_form(folder)
    laid = _laid(form, scan, number)
    if isinstance(laid, _Refused):
        reason, details = laid
        click.echo(f"{scan}: {REJECTIONS[reason].say(lang, details)}", err=True)
        ctx.exit(REJECTED_SOME)
    sheet, warp = laid
    _write(output, draw_preview(sheet, form.template, warp))
    figures = sheet.quality
    click.echo(
        f"Wrote {output} (page {sheet.page}, {figures.dpi:.0f} dpi, registered by "
        f"{figures.method}, {figures.residual_mm:.2f} mm off)",
        err=True,
    )


class _Refused(NamedTuple):
    """Why a page can't be laid on the template, and what fills its wording."""

    reason: str
    details: dict[str, str]


def _laid(form: EmptyForm, path: Path, number: int) -> tuple[Sheet, Warp | None] | _Refused:
    """The page on its template and how it was bent straight."""
    scan = scan_file(path)
    page = scan if isinstance(scan, Rejected) else read_page(scan, number)
    if isinstance(page, Rejected):
        return _Refused(page.reason, dict(page.details))
    references = references_of([form])
    placed = place(page, references)
    if isinstance(placed, Misfit):
        return _Refused(placed.reason, {"detail": placed.detail})
    found = locate(page, references)
    return placed, None if isinstance(found, Misfit) else found.warp


def _write(path: Path, pixels: Pixels) -> None:
    suffix = path.suffix.lower()
    options = [] if suffix == ".png" else [cv2.IMWRITE_JPEG_QUALITY, 88]
    _, data = cv2.imencode(suffix, pixels, options)
    write_whole(path, data.tobytes(), advice=OTHER_FILE, kind=UsageError)

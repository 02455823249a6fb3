"""``scanform template preview``: a template's regions drawn over a scan."""

from __future__ import annotations

from pathlib import Path

import click
import cv2

from scanform.cli.options import lang_option
from scanform.errors import REJECTED_SOME, UsageError
from scanform.intake.files import scan_file
from scanform.intake.pages import read_page
from scanform.model.phrases import REJECTIONS, Language
from scanform.model.scan import SHEET_DPI, Pixels, Rejected, Sheet
from scanform.model.template import Template
from scanform.page.place import Misfit, place
from scanform.page.preview import draw_preview
from scanform.page.reference import make_reference
from scanform.programs import poppler
from scanform.template.find import find
from scanform.template.load import blank_pdf, load


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

    FILE ends in .png or .jpg. Where the page doesn't fit the template, it says why.
    """
    if output.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise UsageError(f"{output} is neither .png nor .jpg.", "Name a FILE that ends so.")
    folder = find(name)
    form = load(folder)
    sheet = _sheet(form, blank_pdf(folder), scan, number)
    if not isinstance(sheet, Sheet):
        reason, details = sheet
        click.echo(f"{scan}: {REJECTIONS[reason].say(lang, details)}", err=True)
        ctx.exit(REJECTED_SOME)
    _write(output, draw_preview(sheet, form))
    figures = sheet.quality
    click.echo(
        f"Wrote {output} (page {sheet.page}, {figures.dpi:.0f} dpi, registered by "
        f"{figures.method}, {figures.residual_mm:.2f} mm off)",
        err=True,
    )


def _sheet(
    form: Template, blank: Path, path: Path, number: int
) -> Sheet | tuple[str, dict[str, str]]:
    """The page on its template, or the reason why not and what fills its wording."""
    scan = scan_file(path)
    page = scan if isinstance(scan, Rejected) else read_page(scan, number)
    if isinstance(page, Rejected):
        return page.reason, dict(page.details)
    references = [
        make_reference(form, each, poppler.render(blank, each, SHEET_DPI, grey=True))
        for each in range(1, form.pages + 1)
    ]
    placed = place(page, references)
    if isinstance(placed, Misfit):
        return placed.reason, {"detail": placed.detail}
    return placed


def _write(path: Path, pixels: Pixels) -> None:
    suffix = path.suffix.lower()
    options = [] if suffix == ".png" else [cv2.IMWRITE_JPEG_QUALITY, 88]
    _, data = cv2.imencode(suffix, pixels, options)
    try:
        path.write_bytes(data.tobytes())
    except OSError as error:
        raise UsageError(
            f"{path} can't be written: {error.strerror}.", "Choose another FILE."
        ) from error

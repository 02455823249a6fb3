"""The pages of a template's empty form as pixels, and whose print it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from scanform.errors import Mistake, TemplateError
from scanform.model.scan import SHEET_DPI, Pixels
from scanform.model.template import EmptyForm
from scanform.programs import poppler


def pages_of(form: EmptyForm, *, grey: bool = False) -> Iterator[Pixels]:
    """Every page of ``form.pdf`` at ``SHEET_DPI``, at about a third of a second. Raises
    ``TemplateError`` where one can't be drawn, and ``MissingProgram``."""
    for page in range(1, form.template.pages + 1):
        try:
            yield poppler.render(form.pdf, page, SHEET_DPI, grey=grey)
        except poppler.PdfError as error:
            raise TemplateError([undrawable(form, page, error)]) from error


def printed_id(pdf: bytes) -> str | None:
    """The ``draw.print_id`` that a PDF was drawn from; None where scanform did not draw it."""
    found = re.search(rb"/Keywords \((scanform-[0-9a-f]{20})\)", pdf)
    return found[1].decode() if found else None


def is_own_print(pdf: Path) -> bool:
    """Whether the empty form is the office's own, which scanform did not draw."""
    return pdf.is_file() and printed_id(pdf.read_bytes()) is None


def undrawable(form: EmptyForm, page: int, error: poppler.PdfError) -> Mistake:
    """What to tell of a page of the empty form that can't be drawn. No advice writes over an
    office's own print, which may be all that there is of it."""
    problem = f"page {page} of the empty form can't be drawn ({error})"
    renew = f"run: scanform template blank {form.template.id} -o {form.pdf}"
    if is_own_print(form.pdf):
        pages = "1 page" if form.template.pages == 1 else f"{form.template.pages} pages"
        whole = f"put a whole PDF of your office's own print there ({pages})"
        renew = f"{whole}; or move this one away and {renew}"
    return Mistake(str(form.pdf), 1, "", problem, renew)

"""The pages of a template's empty form as pixels."""

from __future__ import annotations

from collections.abc import Iterator

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


def undrawable(form: EmptyForm, page: int, error: poppler.PdfError) -> Mistake:
    """What to tell of a page of the empty form that can't be drawn."""
    problem = f"page {page} of the empty form can't be drawn ({error})"
    renew = f"run: scanform template blank {form.template.id} -o {form.pdf}"
    return Mistake(str(form.pdf), 1, "", problem, renew)

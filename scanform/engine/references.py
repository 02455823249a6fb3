"""The pages of empty forms, ready to have scans laid on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanform.errors import Mistake, TemplateError
from scanform.model.scan import SHEET_DPI
from scanform.model.template import EmptyForm
from scanform.page.reference import Reference, make_reference
from scanform.programs import poppler


def references_of(forms: Iterable[EmptyForm]) -> tuple[Reference, ...]:
    """Every page of ``forms``, at about a third of a second a page. Raises ``TemplateError`` where
    an empty form can't be drawn, and ``MissingProgram``."""
    return tuple(each for form in forms for each in _pages_of(form))


def _pages_of(form: EmptyForm) -> Iterator[Reference]:
    for page in range(1, form.template.pages + 1):
        try:
            drawn = poppler.render(form.pdf, page, SHEET_DPI, grey=True)
        except poppler.PdfError as error:
            problem = f"page {page} of the empty form can't be drawn ({error})"
            renew = f"run: scanform template blank {form.template.id} -o {form.pdf}"
            raise TemplateError([Mistake(str(form.pdf), 1, "", problem, renew)]) from error
        yield make_reference(form.template, page, drawn)

"""The pages of empty forms, ready to have scans laid on them."""

from __future__ import annotations

from collections.abc import Iterable

from scanform.model.scan import SHEET_DPI
from scanform.model.template import EmptyForm
from scanform.page.reference import Reference, make_reference
from scanform.programs import poppler


def references_of(forms: Iterable[EmptyForm]) -> tuple[Reference, ...]:
    """Every page of ``forms``. Half a second a page: worked out once and handed to all workers."""
    return tuple(
        make_reference(form.template, page, poppler.render(form.pdf, page, SHEET_DPI, grey=True))
        for form in forms
        for page in range(1, form.template.pages + 1)
    )

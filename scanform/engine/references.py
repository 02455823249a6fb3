"""The pages of empty forms, ready to have scans laid on them."""

from __future__ import annotations

from collections.abc import Iterable

from scanform.model.template import EmptyForm
from scanform.page.reference import Reference, make_reference
from scanform.template.empty import pages_of


def references_of(forms: Iterable[EmptyForm]) -> tuple[Reference, ...]:
    """Every page of ``forms``, at about a third of a second a page. Raises ``TemplateError`` where
    an empty form can't be drawn, and ``MissingProgram``."""
    return tuple(
        make_reference(form.template, page, drawn)
        for form in forms
        for page, drawn in enumerate(pages_of(form, grey=True), start=1)
    )

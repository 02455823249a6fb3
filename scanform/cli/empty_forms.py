"""Empty forms as the commands need them that cut fields from stored pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanform.engine.references import references_of
from scanform.errors import TemplateError, UsageError
from scanform.model.template import Template
from scanform.page.reference import Reference
from scanform.phrase import Phrase
from scanform.template.find import available, find
from scanform.template.load import empty_form, load

_NOT_HERE = Phrase("Ở đây không có mẫu {template}.", "There is no template {template} here.")
_NAME_IT = Phrase("Hãy nêu thư mục của mẫu bằng -t.", "Name its folder with -t.")


class EmptyForms:
    """The empty pages of a template, by page; drawn once."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._named = [find(name) for name in names]
        self._known: dict[str, Mapping[int, Reference]] = {}

    def __call__(self, template: Template) -> Mapping[int, Reference]:
        """Raises ``UsageError`` when no folder holds the template."""
        if template.ref not in self._known:
            self._known[template.ref] = self._drawn(template)
        return self._known[template.ref]

    def _drawn(self, template: Template) -> Mapping[int, Reference]:
        for folder in (*self._named, *available()):
            try:
                if load(folder).ref != template.ref:
                    continue
            except TemplateError:
                continue
            return {each.page: each for each in references_of([empty_form(folder)])}
        raise UsageError(_NOT_HERE.of(template=template.ref), _NAME_IT)

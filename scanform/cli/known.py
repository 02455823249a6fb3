"""Templates as the commands look them up: those named with ``-t``, then those found by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scanform.errors import TemplateError, UsageError
from scanform.model.template import Template
from scanform.phrase import Phrase
from scanform.template.find import ENVIRONMENT, available, find
from scanform.template.load import load

_NOT_HERE = Phrase(
    "Ở đây không có mẫu {template} đã dùng khi đọc phiếu.",
    "There is no template {template} here, which the record was read with.",
)
_NAME_IT = Phrase(
    "Hãy nêu thư mục của mẫu bằng -t, hoặc thư mục chứa nó trong {variable}.",
    "Name its folder with -t, or the folder above it in {variable}.",
)


class KnownTemplates:
    """Finds a template by id and revision. ``names`` are ids or folders that the user gave."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.named = [load(find(name)) for name in names]
        self._cache: dict[tuple[str, int], Template] = {
            (each.id, each.revision): each for each in self.named
        }

    def __call__(self, template_id: str, revision: int) -> Template:
        """Raises ``UsageError`` when no folder holds it."""
        wanted = template_id, revision
        if wanted not in self._cache:
            self._cache.update(((each.id, each.revision), each) for each in _others(template_id))
        if wanted not in self._cache:
            raise UsageError(
                _NOT_HERE.of(template=f"{template_id}@{revision}"),
                _NAME_IT.of(variable=ENVIRONMENT),
            )
        return self._cache[wanted]

    def units(self) -> dict[str, str]:
        """The unit field of each template, by template id; empty where it has none. Only of the
        templates that were named, where some were."""
        return {each.id: each.unit or "" for each in self.all()}

    def all(self) -> list[Template]:
        """The templates that were named, or all there are."""
        return self.named or [each for folder in available() for each in _loaded(folder)]


def unit_fields(templates: Iterable[Template]) -> dict[str, str]:
    """The unit field of each template that has one, by template id."""
    return {each.id: each.unit for each in templates if each.unit}


def _others(template_id: str) -> Iterator[Template]:
    """The template whose folder bears the id, then whatever else there is."""
    for folder in sorted(available(), key=lambda folder: folder.name != template_id):
        yield from _loaded(folder)


def _loaded(folder: Path) -> list[Template]:
    # One template with mistakes must not stop work on the records of another.
    try:
        return [load(folder)]
    except TemplateError:
        return []

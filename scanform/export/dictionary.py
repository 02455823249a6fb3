"""What the columns of a table mean, from the templates that the records were read with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scanform.export.interface import FieldNote
from scanform.export.mask import Mask
from scanform.lexicon import lists, places
from scanform.lexicon.places import LEVELS
from scanform.model.template import Field, Template


def notes(templates: Iterable[Template], fields: Sequence[str], mask: Mask) -> list[FieldNote]:
    """The dictionary of ``fields``, in their order; a line for each template that has the field,
    and one without a template for a field that none has."""
    having = sorted(templates, key=lambda template: template.ref)
    found = []
    for name in fields:
        lines = [
            _note(template, field, mask)
            for template in having
            for field in template.fields
            if field.id == name
        ]
        found += lines or [FieldNote(name, "", masked=mask.of(name))]
    return found


def _note(template: Template, field: Field, mask: Mask) -> FieldNote:
    return FieldNote(
        field=field.id,
        template=template.ref,
        label=field.label,
        kind=field.kind,
        lexicon=field.lexicon or "",
        vintage=_vintage(field.lexicon),
        masked=mask.of(field.id),
    )


def _vintage(lexicon: str | None) -> str:
    if lexicon in (*LEVELS, "address"):
        return places.VINTAGE
    return lists.VINTAGES.get(lexicon or "", "")

"""What fields are called, where only their ids are at hand."""

from __future__ import annotations

from scanform.errors import ScanformError
from scanform.model.template import Template
from scanform.web.office import Office


def newest(office: Office, template_id: str) -> Template | None:
    """The newest revision of the template that is known, None where there is none."""
    return next((each for each in office.templates() if each.id == template_id), None)


def label_of(office: Office, template_id: str, field_id: str) -> str:
    """The field's label, its id where no template knows it."""
    template = newest(office, template_id)
    try:
        return template.field(field_id).label if template else field_id
    except (KeyError, ScanformError):
        return field_id

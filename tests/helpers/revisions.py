"""A second revision of a template, as offices get one: labels reworded, fields moved a little."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scanform.model.geometry import Box
from scanform.model.template import (
    Field,
    Printed,
    PrintedBox,
    PrintedLine,
    PrintedText,
    Template,
)

DC01_LABELS = {
    "ethnic_group": ("8. Dân tộc:", "8. Nghề nghiệp:"),
    "religion": ("10. Tôn giáo:", "10. Trình độ:"),
    "mother_name": ("Họ, chữ đệm và tên mẹ⁽¹⁾:", "Họ, chữ đệm và tên con⁽¹⁾:"),
}
DC01_MOVED = {"birth_date": (9.0, 0.0), "household_book_number": (-7.0, 0.0)}


def revised(
    template: Template,
    labels: Mapping[str, tuple[str, str]],
    moved: Mapping[str, tuple[float, float]],
) -> Template:
    """``template``'s next revision: ``labels`` gives the printed wording of a field's label as it
    was and as it is now, ``moved`` by how many millimetres a field with its lines is moved."""
    wording = dict(labels.values())
    fields = tuple(_moved(each, moved.get(each.id, (0.0, 0.0))) for each in template.fields)
    printed = tuple(_reprinted(each, template, wording, moved) for each in template.printed)
    return replace(template, revision=template.revision + 1, fields=fields, printed=printed)


def revised_dc01(template: Template) -> Template:
    return revised(template, DC01_LABELS, DC01_MOVED)


def _moved(field: Field, by: tuple[float, float]) -> Field:
    cells = tuple(each.shifted(*by) for each in field.cells)
    return replace(field, box=field.box.shifted(*by), cells=cells)


def _reprinted(
    each: Printed,
    template: Template,
    wording: Mapping[str, str],
    moved: Mapping[str, tuple[float, float]],
) -> Printed:
    if isinstance(each, PrintedText):
        return replace(each, text=wording.get(each.text, each.text))
    box = _extent(each)
    for name, (dx, dy) in moved.items():
        if template.field(name).box.holds(box, slack=0.5):
            if isinstance(each, PrintedBox):
                return replace(each, box=each.box.shifted(dx, dy))
            return replace(each, x1=each.x1 + dx, x2=each.x2 + dx, y1=each.y1 + dy, y2=each.y2 + dy)
    return each


def _extent(each: PrintedBox | PrintedLine) -> Box:
    if isinstance(each, PrintedBox):
        return each.box
    return Box(each.x1, each.y1, each.x2 - each.x1, each.y2 - each.y1)

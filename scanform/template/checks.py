"""What can be wrong with a template whose every entry is well formed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator
from itertools import combinations

from scanform.errors import Mistake
from scanform.fields import FIELD_KINDS, TEMPLATE_KINDS, rules
from scanform.model.geometry import Box
from scanform.model.template import (
    Field,
    Printed,
    PrintedBox,
    PrintedLine,
    PrintedText,
    Rule,
    Template,
)
from scanform.template import fonts, schema
from scanform.template.build import Built, in_row
from scanform.template.marks import quiet_zones

MAX_THINGS = 2000
"""Fields and printed things of a form, rows written out: the checks compare each with each."""
TOUCH = 0.01
"""Square millimetres that regions may share: neighbours may have a border in common."""

_NO_OPTIONS = (
    "a choice without options",
    "add `options:` with a `value` and a place `at: [x, y]` for each tick box",
)
_NO_REGION = (
    "it has no region",
    "add `box: [x, y, width, height]` or `cells: {at: [x, y], groups: [2, 2, 4]}`",
)

Found = tuple[int, str, str, str]
"""Line, field id, problem, advice."""


def mistakes(
    file: schema.TemplateFile, built: Built, name: str, others: Collection[str] = ()
) -> Iterator[Mistake]:
    """Every mistake of ``file``; ``name`` is the file's. ``others`` are ids of fields that could
    not be built: naming them is no further mistake."""
    checks: tuple[Callable[[schema.TemplateFile, Built], Iterator[Found]], ...] = (
        _entries,
        _ids,
        _kinds,
        _places,
        _overlaps,
        _marks,
        _texts,
    )
    known = {field.id for field in built.template.fields}
    known |= {in_row(other, row) for other in others for row in range(1, schema.MAX_ROWS + 1)}
    found = (each for check in checks for each in check(file, built))
    for line, field, problem, advice in (*found, *_references(file, built, known)):
        yield Mistake(name, line, field, problem, advice)


def too_many(file: schema.TemplateFile) -> bool:
    """Whether the form is larger than any form on paper; then it is not built."""
    things = len(file.print)
    for entry in file.fields:
        if isinstance(entry, schema.GroupEntry):
            things += entry.repeat.rows * (len(entry.fields) + len(entry.print))
        else:
            things += 1
    return things > MAX_THINGS


def nearest(word: str, known: Collection[str]) -> str:
    """Advice for a word that is none of the known ones."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"one of: {', '.join(sorted(known))}" if len(known) <= 20 else ""


def all_fields(file: schema.TemplateFile) -> Iterator[tuple[schema.FieldEntry, bool]]:
    """Every field entry, and whether it stands in repeated rows."""
    for entry in file.fields:
        if isinstance(entry, schema.FieldEntry):
            yield entry, False
        else:
            yield from ((each, True) for each in entry.fields)


def _entries(file: schema.TemplateFile, _built: Built) -> Iterator[Found]:
    for entry, repeated in all_fields(file):
        if not (entry.box or entry.cells or entry.options):
            problem, advice = _NO_OPTIONS if entry.kind == "choice" else _NO_REGION
            yield entry.line_of("kind"), entry.id, problem, advice
        given = [key for key in ("box", "cells", "options") if getattr(entry, key)]
        if len(given) > 1:
            advice = f"leave out `{given[0]}`: it follows from `{given[1]}`"
            yield entry.line_of(given[0]), entry.id, f"both `{given[0]}` and `{given[1]}`", advice
        if repeated and "{row}" not in entry.id:
            yield (
                entry.line_of("id"),
                entry.id,
                "every row would have the same id",
                "put {row} in it",
            )
        if not repeated and "{row}" in entry.id:
            yield entry.line_of("id"), entry.id, "{row} outside repeated rows", "write the id out"


def _ids(_file: schema.TemplateFile, built: Built) -> Iterator[Found]:
    first: dict[str, int] = {}
    for field, entry in zip(built.template.fields, built.field_entries, strict=True):
        line = entry.line_of("id")
        if field.id not in first:
            first[field.id] = line
        elif first[field.id] != line:
            where = f"the first is on line {first[field.id]}"
            yield entry.line_of("id"), field.id, "two fields have this id", where
        if not re.fullmatch(schema.ID, field.id) and "{" not in field.id:
            yield entry.line_of("id"), field.id, "the id is longer than 64 letters", "shorten it"


def _kinds(_file: schema.TemplateFile, built: Built) -> Iterator[Found]:
    seen: set[tuple[int, str]] = set()
    for field, entry in zip(built.template.fields, built.field_entries, strict=True):
        if field.kind in TEMPLATE_KINDS:
            found = FIELD_KINDS[field.handled_by].mistakes(field)
        else:
            found = [(f"there is no kind `{field.kind}`", nearest(field.kind, TEMPLATE_KINDS))]
        for problem, advice in found:
            # Every row of a table has the same mistake.
            if (id(entry), problem) not in seen:
                seen.add((id(entry), problem))
                yield entry.line_of("kind"), field.id, problem, advice


def _places(_file: schema.TemplateFile, built: Built) -> Iterator[Found]:
    template = built.template
    paper = Box(0, 0, *template.page_mm)
    size = f"the page has {template.page_mm[0]:g} x {template.page_mm[1]:g} mm"
    for field, entry in zip(template.fields, built.field_entries, strict=True):
        if field.page > template.pages:
            yield entry.line_of("page"), field.id, *_no_page(field.page, template)
        elif not paper.holds(field.box, slack=0.001):
            key = "cells" if field.cells else "options" if field.options else "box"
            yield (
                entry.line_of(key),
                field.id,
                f"the region {_say(field.box)} is off the page",
                size,
            )
    for printed, owner in zip(template.printed, built.print_entries, strict=True):
        if isinstance(owner, schema.FieldEntry):
            continue
        if printed.page > template.pages:
            yield owner.line_of("page"), "", *_no_page(printed.page, template)
        elif not paper.holds(_extent(printed), slack=0.001):
            yield owner.line_of(), "", f"{_name(printed)} is off the page", size


def _no_page(page: int, template: Template) -> tuple[str, str]:
    return f"there is no page {page}", f"the form has `pages: {template.pages}`"


def _overlaps(_file: schema.TemplateFile, built: Built) -> Iterator[Found]:
    template = built.template
    pairs = combinations(zip(template.fields, built.field_entries, strict=True), 2)
    for (one, first), (other, entry) in pairs:
        if one.page != other.page or one.id == other.id or one.box.overlap(other.box) <= TOUCH:
            continue
        shared = sum(a.overlap(b) for a in _parts(one) for b in _parts(other))
        if shared > TOUCH:
            problem = f"its region overlaps that of `{one.id}` by {shared:.1f} mm²"
            yield entry.line_of(), other.id, problem, f"`{one.id}` is on line {first.line_of()}"


def _parts(field: Field) -> tuple[Box, ...]:
    """What of a field is read: between the boxes of a choice another field may stand."""
    return tuple(option.box for option in field.options) or (field.box,)


def _marks(_file: schema.TemplateFile, built: Built) -> Iterator[Found]:
    template = built.template
    paper = Box(0, 0, *template.page_mm)
    for marks in template.page_marks:
        zones = quiet_zones(marks)
        if marks.code is not None and not paper.holds(marks.code):
            yield _file.register_.line_of("code"), "", "the code is off the page", "move it"
        for one, other in combinations(zones, 2):
            if one.overlap(other) > TOUCH:
                yield (
                    _file.register_.line_of("code"),
                    "",
                    "the code touches a corner mark",
                    "move it",
                )
        advice = f"keep {', '.join(_say(zone) for zone in zones)} clear, or move the code"
        for field, entry in zip(template.fields, built.field_entries, strict=True):
            if field.page == marks.page and any(z.overlap(field.box) > TOUCH for z in zones):
                yield entry.line_of(), field.id, "its region lies on a mark", advice
        for printed, owner in zip(template.printed, built.print_entries, strict=True):
            if printed.page == marks.page and any(_crosses(printed, zone) for zone in zones):
                yield owner.line_of(), "", f"{_name(printed)} lies on a mark", advice


def _texts(_file: schema.TemplateFile, built: Built) -> Iterator[Found]:
    """Wording: letters that the font lacks, and words printed where people write."""
    template = built.template
    for printed, owner in zip(template.printed, built.print_entries, strict=True):
        if not isinstance(printed, PrintedText):
            continue
        lacking = fonts.missing(printed.text, printed.bold, printed.italic)
        if lacking:
            yield owner.line_of("text"), "", f"the font has no {lacking!r}", "write it otherwise"
        extent = _extent(printed)
        for field in template.fields:
            if field.page == printed.page and extent.overlap(field.box) > TOUCH:
                parts = (*_parts(field), *field.cells)
                if any(extent.overlap(part) > TOUCH for part in parts):
                    problem = f"{_name(printed)} lies on the region of `{field.id}`"
                    advice = f"the words fill {_say(extent)}, the region {_say(field.box)}"
                    yield owner.line_of("caption"), field.id, problem, advice


def _references(file: schema.TemplateFile, built: Built, known: set[str]) -> Iterator[Found]:
    """Names of fields and rules that there are not."""
    if file.unit is not None and file.unit not in known:
        yield (
            file.line_of("unit"),
            "unit",
            f"there is no field `{file.unit}`",
            nearest(file.unit, known),
        )
    for field, entry in zip(built.template.fields, built.field_entries, strict=True):
        for other in field.within:
            if other not in known:
                problem = f"it lies within `{other}`, which is no field"
                yield entry.line_of("within"), field.id, problem, nearest(other, known)
            elif other == field.id:
                yield (
                    entry.line_of("within"),
                    field.id,
                    "it lies within itself",
                    "name another field",
                )
    for rule, line in zip(built.template.rules, built.rule_lines, strict=True):
        yield from ((line, "rules", *found) for found in _rule(rule, known))


def _rule(rule: Rule, known: set[str]) -> Iterator[tuple[str, str]]:
    if rule.name not in rules.RULES:
        yield f"there is no rule `{rule.name}`", nearest(rule.name, rules.RULES)
        return
    roles = rules.ROLES[rule.name]
    for role, other in rule.fields.items():
        if role not in roles:
            yield f"{rule.name} has no `{role}`", nearest(role, roles)
        if other not in known:
            yield f"{rule.name}: `{role}` names `{other}`, no field", nearest(other, known)


def _crosses(printed: Printed, zone: Box) -> bool:
    """Whether ink of ``printed`` falls on ``zone``; a frame may go around it."""
    if isinstance(printed, PrintedBox) and printed.box.holds(zone):
        return False
    # A line has no area of its own: give it its width.
    extent = _extent(printed)
    return (extent.grown(0.05) if isinstance(printed, PrintedLine) else extent).overlap(
        zone
    ) > TOUCH


def _extent(printed: Printed) -> Box:
    """The box that a printed thing fills; lines may have no width or height."""
    if isinstance(printed, PrintedBox):
        return printed.box
    if isinstance(printed, PrintedLine):
        x, y = min(printed.x1, printed.x2), min(printed.y1, printed.y2)
        return Box(x, y, abs(printed.x2 - printed.x1), abs(printed.y2 - printed.y1))
    bold, italic, size = printed.bold, printed.italic, printed.size
    lines = fonts.wrap(printed.text, size, printed.w, bold, italic)
    w = max(fonts.width(line, size, bold, italic) for line in lines)
    em = size * fonts.MM_PER_POINT
    x = printed.x - {"left": 0.0, "centre": w / 2, "right": w}[printed.align]
    top = printed.y - fonts.CAP_HEIGHT * em
    return Box(x, top, w, fonts.CAP_HEIGHT * em + (len(lines) - 1) * fonts.LEADING * em)


def _say(box: Box) -> str:
    return f"[{box.x:.4g}, {box.y:.4g}, {box.w:.4g}, {box.h:.4g}]"


def _name(printed: Printed) -> str:
    if isinstance(printed, PrintedText):
        words = printed.text if len(printed.text) <= 30 else printed.text[:29] + "…"
        return f"the text {words!r}"
    return "the line" if isinstance(printed, PrintedLine) else "the box"

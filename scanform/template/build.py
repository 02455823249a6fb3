"""The entries of ``template.yaml`` become a ``Template``: rows repeated, combs and captions
written out as boxes, lines and text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scanform.model.geometry import Box, bounding_box
from scanform.model.template import (
    Field,
    LineStyle,
    Option,
    Printed,
    PrintedBox,
    PrintedLine,
    PrintedText,
    Rule,
    Template,
    page_code,
)
from scanform.template import schema
from scanform.template.fonts import CAP_HEIGHT, MM_PER_POINT
from scanform.template.marks import page_marks

PAPER: dict[str, tuple[float, float]] = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210)}

CAPTION_GAP = 1.5
"""Between a caption and the region it ends at."""
LABEL_GAP = 1.2
"""Between a tick box and its label."""
LINE_RISE = 0.5
"""How far a writing line lies above the foot of its region: ink stands above it."""
CAPTION_RISE = 1.5
"""How far a caption's baseline lies above the foot of the region's first row."""

_WRITING_LINE_GREY = 0.35
_CELL_GREY = 0.3


@dataclass(frozen=True, slots=True)
class Built:
    """A template, and where in the file each of its fields, printed things and rules is from."""

    template: Template
    field_entries: tuple[schema.FieldEntry, ...]
    print_entries: tuple[schema.Entry, ...]
    rule_lines: tuple[int, ...]
    """The line that each of the template's rules is on."""


def build(file: schema.TemplateFile) -> Built:
    """The template that ``file`` describes. A field without a region is left out; what else is
    wrong with it is found by ``checks``."""
    fields: list[tuple[Field, schema.FieldEntry]] = []
    printed: list[tuple[Printed, schema.Entry]] = [
        (_printed(entry, file.size, 0, 0), entry) for entry in file.print
    ]
    for entry, row, dx, dy in _field_entries(file):
        field = _field(entry, row, dx, dy)
        if field is not None and field.options:
            field = replace(field, taken_back=file.taken_back)
        if field is not None:
            field = replace(
                field,
                keyed=entry.keyed or file.keyed,
                second_keying=_first(entry.second_keying, file.second_keying),
            )
            fields.append((field, entry))
            printed.extend((each, entry) for each in _print_of(field, entry, row, dx, dy, file))
    printed.extend(_printed_rows(file))
    rules = list(_rules(file))
    template = Template(
        id=file.id,
        title=file.title,
        revision=file.revision,
        pages=file.pages,
        page_mm=PAPER[file.paper] if isinstance(file.paper, str) else file.paper,
        fields=tuple(field for field, _ in fields),
        printed=tuple(each for each, _ in printed),
        marks=file.register_.marks,
        unit=file.unit,
        rules=tuple(rule for rule, _ in rules),
    )
    return Built(
        _with_marks(template, file.register_.code),
        tuple(entry for _, entry in fields),
        tuple(entry for _, entry in printed),
        tuple(line for _, line in rules),
    )


def _first(own: float | None, of_all: float) -> float:
    return of_all if own is None else own


def _with_marks(template: Template, code_at: tuple[float, float] | None) -> Template:
    if template.marks == "none":
        return template
    marks = tuple(
        page_marks(page_code(template, page), page, template.page_mm, code_at)
        for page in range(1, template.pages + 1)
    )
    return replace(template, page_marks=marks)


def _field_entries(
    file: schema.TemplateFile,
) -> Iterator[tuple[schema.FieldEntry, int | None, float, float]]:
    """Every field with its row in a group (else None) and how far that row is shifted."""
    for entry in file.fields:
        if isinstance(entry, schema.FieldEntry):
            yield entry, None, 0.0, 0.0
            continue
        for row in range(entry.repeat.rows):
            for each in entry.fields:
                yield each, row + 1, row * entry.repeat.dx, row * entry.repeat.dy


def _printed_rows(file: schema.TemplateFile) -> Iterator[tuple[Printed, schema.Entry]]:
    for entry in file.fields:
        if isinstance(entry, schema.FieldEntry):
            continue
        for row in range(entry.repeat.rows):
            for each in entry.print:
                dx, dy = row * entry.repeat.dx, row * entry.repeat.dy
                printed = _printed(each, file.size, dx, dy)
                if isinstance(printed, PrintedText):
                    printed = replace(printed, text=in_row(printed.text, row + 1))
                yield printed, each


def _rules(file: schema.TemplateFile) -> Iterator[tuple[Rule, int]]:
    """The rules of the form, then those of each row of its tables, with their lines."""
    given: list[tuple[schema.RuleEntry, int | None]] = [(rule, None) for rule in file.rules]
    for entry in file.fields:
        if isinstance(entry, schema.GroupEntry):
            rows = range(1, entry.repeat.rows + 1)
            given += [(rule, row) for row in rows for rule in entry.rules]
    for rule, row in given:
        for name, roles in rule.items():
            fields = {role: in_row(field, row) for role, field in roles.items()}
            yield Rule(name, fields), rule.lines.get(name, rule.line)


def in_row(text: str, row: int | None) -> str:
    """``text`` with the number of its row in place of {row}."""
    return text if row is None else text.replace("{row}", str(row))


def _printed(entry: schema.AnyPrintEntry, size: float, dx: float, dy: float) -> Printed:
    if isinstance(entry, schema.TextEntry):
        return PrintedText(
            page=entry.page,
            text=entry.text,
            x=entry.at[0] + dx,
            y=entry.at[1] + dy,
            size=entry.size or size,
            bold=entry.bold,
            italic=entry.italic,
            align=entry.align,
            w=entry.wrap,
            grey=entry.grey,
        )
    if isinstance(entry, schema.LineEntry):
        x1, y1, x2, y2 = entry.line
        ends = (x1 + dx, y1 + dy, x2 + dx, y2 + dy)
        return PrintedLine(entry.page, *ends, entry.stroke, entry.style, entry.grey)
    box = Box(*entry.box).shifted(dx, dy)
    return PrintedBox(entry.page, box, entry.stroke, entry.grey, entry.radius)


def _field(entry: schema.FieldEntry, row: int | None, dx: float, dy: float) -> Field | None:
    cells = tuple(cell.shifted(dx, dy) for cell in _cells(entry.cells)) if entry.cells else ()
    options = tuple(
        Option(option.value, Box(*option.at, *option.size).shifted(dx, dy))
        for option in entry.options or ()
    )
    if cells or options:
        box = bounding_box(cells or tuple(option.box for option in options))
    elif entry.box:
        box = Box(*entry.box).shifted(dx, dy)
    else:
        return None
    return Field(
        id=in_row(entry.id, row),
        label=in_row(entry.label, row),
        kind=entry.kind,
        page=entry.page,
        box=box,
        cells=cells,
        groups=tuple(entry.cells.groups) if entry.cells else (),
        options=options,
        lexicon=entry.lexicon,
        within=tuple(in_row(other, row) for other in entry.within),
        lengths=tuple(entry.lengths),
        required=entry.required,
        rows=entry.rows,
        max_error=entry.max_error,
    )


def _cells(comb: schema.Cells) -> Iterator[Box]:
    x, y = comb.at
    w, h = comb.size
    for length in comb.groups:
        for _ in range(length):
            yield Box(x, y, w, h)
            x += w
        x += comb.gap


def _print_of(
    field: Field,
    entry: schema.FieldEntry,
    row: int | None,
    dx: float,
    dy: float,
    file: schema.TemplateFile,
) -> Iterator[Printed]:
    """What is printed for a field: its cells or boxes, writing lines, labels and caption."""
    for cell in field.cells:
        yield PrintedBox(field.page, cell, width=0.2, grey=_CELL_GREY)
    for option, given in zip(field.options, entry.options or (), strict=True):
        yield PrintedBox(field.page, option.box, width=0.25)
        label = given.value if given.label is None else in_row(given.label, row)
        if label:
            x, y = option.box.right + LABEL_GAP, _middle_baseline(option.box, file.size)
            yield PrintedText(field.page, label, x, y, file.size)
    yield from _writing_lines(field, entry)
    if entry.caption:
        yield _caption(field, entry.caption, row, dx, dy, file.size)


def _writing_lines(field: Field, entry: schema.FieldEntry) -> Iterator[Printed]:
    drawn = field.cells or field.options or field.kind in ("presence", "code")
    wanted = entry.line or ("none" if drawn else "dotted")
    if wanted == "none":
        return
    style: LineStyle = wanted
    box = field.box
    for row in range(1, field.rows + 1):
        y = box.y + box.h * row / field.rows - LINE_RISE
        yield PrintedLine(
            field.page, box.x, y, box.right, y, width=0.25, style=style, grey=_WRITING_LINE_GREY
        )


def _middle_baseline(box: Box, size: float) -> float:
    """The baseline on which capitals of ``size`` points stand in the middle of ``box``."""
    return box.y + box.h / 2 + size * MM_PER_POINT * CAP_HEIGHT / 2


def _caption(
    field: Field, caption: schema.Caption, row: int | None, dx: float, dy: float, default: float
) -> PrintedText:
    size = caption.size or default
    box = field.box
    if caption.y is not None:
        y = caption.y + dy
    elif field.cells or field.options:
        y = _middle_baseline(box, size)
    else:
        y = box.y + box.h / field.rows - CAPTION_RISE
    return PrintedText(
        page=field.page,
        text=in_row(caption.text, row).replace("{label}", field.label),
        x=box.x - CAPTION_GAP if caption.x is None else caption.x + dx,
        y=y,
        size=size,
        bold=caption.bold,
        italic=caption.italic,
        align="right" if caption.x is None else "left",
        w=caption.wrap,
    )

"""Writes answers onto an empty form as a person would.

What is drawn follows from what a field has (options, cells, a region), not from its id, so any
template can be filled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field

import numpy as np
import segno

from scanform.model.geometry import Box
from scanform.model.scan import Pixels
from scanform.model.template import Field, Template
from scanform.rehearse.hands import Writer
from scanform.rehearse.ink import PER_MM, draw_line, draw_strokes, lay, measure
from scanform.rehearse.stamps import round_stamp
from scanform.rehearse.strokes import MARKS, signature, strike

SMALLEST = 0.6
"""Writing is made smaller down to this share before it is squeezed."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who signs: a name for each signature field, the hand of those that aren't the respondent's,
    and the words of the round stamp."""

    signers: Mapping[str, str] = dataclass_field(default_factory=dict)
    hands: Mapping[str, Writer] = dataclass_field(default_factory=dict)
    above: str = "CÔNG AN XÃ"
    below: str = "VIỆT NAM"


@dataclass(frozen=True, slots=True)
class Sitting:
    """One respondent filling one form."""

    writer: Writer
    office: Office = Office()
    corrections: float = 0.0
    """Share of the choices in which a wrong box is marked first and struck out."""


def fill(
    blank: Pixels,
    template: Template,
    page: int,
    answers: Mapping[str, str | None],
    sitting: Sitting,
    rng: np.random.Generator,
) -> Pixels:
    """The filled page: ``blank`` is page ``page`` at ``SHEET_DPI``, height x width x 3 (not
    changed); ``answers`` maps field ids to values, None for blank."""
    sheet = blank.copy()
    fields = template.on_page(page)
    # Stamps come last: an office stamps over what is signed.
    for each in sorted(fields, key=lambda one: one.kind == "presence" and is_stamp(one)):
        value = answers.get(each.id)
        if value is None or value == "absent":
            continue
        if each.kind == "presence":
            _be_present(sheet, each, sitting, rng)
        elif each.kind == "code":
            _stick(sheet, each.box, value)
        elif each.options:
            _mark(sheet, each, value, sitting, rng)
        elif each.cells:
            _write_cells(sheet, each, value, sitting.writer, rng)
        else:
            _write(sheet, each, spoken(each, value), sitting.writer, rng)
    return sheet


def is_stamp(field: Field) -> bool:
    """Whether a presence field asks for a stamp rather than a signature."""
    name = f"{field.id} {field.label}".lower()
    return "stamp" in name or ("dấu" in name and "ký" not in name)


def spoken(field: Field, value: str) -> str:
    """A value as it is written on a line: a date day first, anything else as it is."""
    if field.kind == "date" and re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
        return "/".join(reversed(value.split("-")))
    return value


def _be_present(sheet: Pixels, field: Field, sitting: Sitting, rng: np.random.Generator) -> None:
    if is_stamp(field):
        round_stamp(sheet, field.box, sitting.office.above, sitting.office.below, rng)
        return
    name = sitting.office.signers.get(field.id, "")
    writer = sitting.office.hands.get(field.id, sitting.writer)
    pen, box = writer.mark_pen, field.box
    room = min(6.0, box.h * 0.3) if name else 0.0
    draw_strokes(sheet, signature(Box(box.x, box.y, box.w, box.h - room), rng), pen, rng)
    if name:
        below = Box(box.x, box.bottom - room, box.w, room)
        _write_row(sheet, below, name, writer, rng, centred=True)


def _stick(sheet: Pixels, box: Box, text: str) -> None:
    """A label with a QR code, stuck into the middle of ``box``."""
    rows = np.array(segno.make(text, micro=False, error="m").matrix, np.uint8)
    side = int(min(box.w, box.h, 20.0) * PER_MM / (len(rows) + 4))
    label = np.kron(np.pad(255 - 255 * rows, 2, constant_values=255), np.ones((side, side)))
    top = round(box.centre[1] * PER_MM) - label.shape[0] // 2
    left = round(box.centre[0] * PER_MM) - label.shape[1] // 2
    sheet[top : top + label.shape[0], left : left + label.shape[1]] = label[..., None]


def _mark(
    sheet: Pixels, field: Field, value: str, sitting: Sitting, rng: np.random.Generator
) -> None:
    style, pen = MARKS[sitting.writer.mark], sitting.writer.mark_pen
    others = [option for option in field.options if option.value != value]
    if others and rng.random() < sitting.corrections:
        wrong = others[int(rng.integers(len(others)))]
        draw_strokes(sheet, style(wrong.box, rng) + strike(wrong.box, rng), pen, rng)
    for option in field.options:
        if option.value == value:
            draw_strokes(sheet, style(option.box, rng), pen, rng)


def cell_texts(field: Field, value: str, right_aligned: bool = False) -> tuple[str, ...]:
    """What stands in each cell of a comb: one character each, "" for an empty one.

    A date is spread over the comb's groups, day, month, year; its missing parts stay empty.
    """
    count = len(field.cells)
    if field.kind == "date":
        year, month, day = [*value.split("-"), "", ""][:3]
        groups = field.groups or (2, 2, 4)
        text = "".join(
            part.rjust(length) for part, length in zip((day, month, year), groups, strict=False)
        )
    else:
        text = re.sub(r"\s", "", value)
        text = text.rjust(count) if right_aligned else text
    return tuple(letter.strip() for letter in text.ljust(count)[:count])


def _write_cells(
    sheet: Pixels, field: Field, value: str, writer: Writer, rng: np.random.Generator
) -> None:
    for text, cell in zip(cell_texts(field, value, writer.right_aligned), field.cells, strict=True):
        if not text:
            continue
        em = min(cell.h * writer.digits, cell.w * 1.6) * writer.face.size
        line = draw_line(text, writer.face.path, em, writer.wobble, writer.pen, rng)
        loose = 0.0 if writer.wobble.steady else 0.05
        x = cell.centre[0] + float(rng.normal(0, loose)) * cell.w
        # A digit stands about 0.66 em high.
        y = cell.centre[1] + 0.33 * em + float(rng.normal(0, loose)) * cell.h
        left = round(x * PER_MM - line.width / 2) - line.left
        lay(sheet, line.mask, left, round(y * PER_MM) - line.base, writer.pen.colour)


def _write(
    sheet: Pixels, field: Field, text: str, writer: Writer, rng: np.random.Generator
) -> None:
    """Writes over the field's rows, smaller where it must."""
    rows, em = wrap(text, field.box.w - 2.0, field.rows, writer)
    height = field.box.h / field.rows
    for index, row in enumerate(rows):
        box = Box(field.box.x, field.box.y + index * height, field.box.w, height)
        _write_row(sheet, box, row, replace(writer, em=em), rng)


def wrap(text: str, width: float, rows: int, writer: Writer) -> tuple[list[str], float]:
    """``text`` broken into at most ``rows`` lines no wider than ``width`` millimetres where that
    can be done, and the em it is written with."""
    em = writer.em
    while True:
        lines = _break(text, width, em, writer)
        if len(lines) <= rows:
            return lines, em
        if em <= writer.em * SMALLEST:
            # What doesn't fit goes on the last line and is squeezed there.
            return [*lines[: rows - 1], " ".join(lines[rows - 1 :])], em
        em *= 0.95


def _break(text: str, width: float, em: float, writer: Writer) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, writer.face.path, em, writer.wobble.spacing) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _write_row(
    sheet: Pixels,
    box: Box,
    text: str,
    writer: Writer,
    rng: np.random.Generator,
    centred: bool = False,
) -> None:
    """One line of writing, standing on the foot of ``box``."""
    # Capitals with two accents reach 1.1 em above the line, tails 0.25 em below it.
    em = min(writer.em, box.h * 0.82)
    wide = measure(text, writer.face.path, em, writer.wobble.spacing)
    room = box.w - 1.0
    if wide > room:
        em = max(em * room / wide, em * SMALLEST)
        wide = measure(text, writer.face.path, em, writer.wobble.spacing)
    wobble = writer.wobble
    if wide > room:
        squeeze = (room - wide) / (em * max(1, len(text)))
        wobble = replace(wobble, spacing=wobble.spacing + squeeze, angle=wobble.angle + 1e-6)
        wide = room
    line = draw_line(text, writer.face.path, em, wobble, writer.pen, rng)
    slack = max(0.0, room - wide)
    start = slack / 2 if centred else min(slack, float(rng.uniform(0.3, 3.0)))
    left = (box.x + 0.5 + start) * PER_MM
    base = (box.bottom - max(0.24 * em, 0.19 * box.h)) * PER_MM
    if not writer.wobble.steady:
        base += float(rng.normal(0, 0.15)) * PER_MM
    lay(sheet, line.mask, round(left) - line.left, round(base) - line.base, writer.pen.colour)

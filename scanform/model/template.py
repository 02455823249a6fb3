"""What a form looks like and what is asked on it.

A template is data: these classes hold what ``template.yaml`` says, checked and with
repeated rows and combs written out. How the file is read is ``scanform.template``'s affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from pathlib import Path
from typing import Literal

from scanform.model.calibration import Calibration
from scanform.model.geometry import Box

Align = Literal["left", "centre", "right"]
LineStyle = Literal["solid", "dotted", "dashed"]
MarksKind = Literal["corners", "none"]
TakenBack = Literal["blackened", "struck"]


@dataclass(frozen=True, slots=True)
class Option:
    """One tick box of a choice: the value it stands for and the box that is ticked."""

    value: str
    box: Box


HAMLETS = "hamlets"
"""The lexicon of open text that names hamlets."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form, or one line of writing that answers it.

    ``box`` is where the answer is written (for a comb the hull of its cells, for a choice
    the hull of its tick boxes). ``groups`` cuts a comb into parts, as 2, 2 and 4 digits of a
    date. ``lengths`` are the numbers of digits that a whole answer may have (none given: any).
    """

    id: str
    label: str
    kind: str
    page: int
    box: Box
    cells: tuple[Box, ...] = ()
    groups: tuple[int, ...] = ()
    options: tuple[Option, ...] = ()
    lexicon: str | None = None
    within: tuple[str, ...] = ()
    """Fields that narrow this place: the commune is looked for within the district's answer."""
    lengths: tuple[int, ...] = ()
    required: bool = False
    rows: int = 1
    """Rows of writing inside ``box``."""
    max_error: float | None = None
    """Of what is accepted without a look, at most this share may be wrong, whatever a run allows;
    None: what the run allows."""
    taken_back: TakenBack | None = None
    """How the form teaches people to take a mark back: its box is blackened, or it is struck out
    (on forms whose boxes are filled in). None: the form doesn't say."""
    keyed: bool = False
    """Nothing reads it: a person types it from its picture."""
    second_keying: float = 0.0
    """Of its answers this share is typed blind by two people, whatever was read."""

    @property
    def handled_by(self) -> str:
        """The name in ``FIELD_KINDS`` of what answers it and what its confidence is proved for.
        Open text of which an office may have a list is a kind of its own there."""
        return "hamlet" if self.kind == "text" and self.lexicon == HAMLETS else self.kind


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule across fields: which one (a name in ``fields.rules``) and the fields it speaks of."""

    name: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PrintedText:
    """Fixed wording. ``y`` is the baseline; ``size`` is in points; ``w`` wraps when given."""

    page: int
    text: str
    x: float
    y: float
    size: float = 10.0
    bold: bool = False
    italic: bool = False
    align: Align = "left"
    w: float | None = None
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class PrintedLine:
    page: int
    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.2
    style: LineStyle = "solid"
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class PrintedBox:
    """A drawn rectangle; ``radius`` rounds its corners. All in millimetres."""

    page: int
    box: Box
    width: float = 0.25
    grey: float = 0.0
    radius: float = 0.0


Printed = PrintedText | PrintedLine | PrintedBox


@dataclass(frozen=True, slots=True)
class CornerMark:
    """A square ArUco mark (dictionary 4x4_50): its number and the square it fills."""

    number: int
    box: Box


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What a machine finds a page by: four corner marks and the code with template and page."""

    page: int
    corners: tuple[CornerMark, ...]
    code: Box | None
    """The square of the QR code, quiet zone not counted."""


@dataclass(frozen=True, slots=True)
class Template:
    """A form: pages of equal size, what is printed on them and the fields to be filled."""

    id: str
    title: str
    revision: int
    pages: int
    page_mm: tuple[float, float]
    fields: tuple[Field, ...]
    printed: tuple[Printed, ...] = ()
    marks: MarksKind = "corners"
    page_marks: tuple[PageMarks, ...] = ()
    unit: str | None = None
    """The field whose answer says which unit a record counts for."""
    rules: tuple[Rule, ...] = ()
    calibration: Calibration | None = dataclass_field(default=None, compare=False, repr=False)
    """Steps that were fitted for this form; None: what comes with scanform."""
    _by_id: dict[str, Field] = dataclass_field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        self._by_id.update((each.id, each) for each in self.fields)

    @property
    def ref(self) -> str:
        """``id@revision``: names one version of one form."""
        return f"{self.id}@{self.revision}"

    def field(self, field_id: str) -> Field:
        """The field of that id; raises ``KeyError`` when the template has none."""
        return self._by_id[field_id]

    def read_alone(self) -> Template:
        """The form without its wish that people type answers twice, whatever was read."""
        fields = tuple(replace(each, second_keying=0.0) for each in self.fields)
        return replace(self, fields=fields)

    def on_page(self, page: int) -> tuple[Field, ...]:
        """The fields of page ``page`` (counted from 1), in the template's order."""
        return tuple(each for each in self.fields if each.page == page)


def page_code(template: Template, page: int) -> str:
    """What the printed code says: enough to find the template, its revision and the page."""
    return f"scanform:{template.id}@{template.revision}/{page}"


@dataclass(frozen=True, slots=True)
class EmptyForm:
    """A template, and the file of its empty form (a PDF), by which its pages are known."""

    template: Template
    pdf: Path

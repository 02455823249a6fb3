"""What may stand in ``template.yaml``: the models behind the loader and the JSON Schema.

Lengths are millimetres from the top left corner of the page; sizes of letters are points.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    ModelWrapValidatorHandler,
    PrivateAttr,
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from scanform.fields.policy import parse_share
from scanform.template.source import Located

MAX_MM = 2000.0
MAX_ROWS = 100

Mm = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-MAX_MM, le=MAX_MM)]
Length = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=MAX_MM)]
Thin = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=10)]
Points = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=3, le=96)]
Grey = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
Count = Annotated[int, Field(strict=True, ge=1, le=MAX_ROWS)]
Switch = Annotated[bool, Field(strict=True)]
Wording = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Point = tuple[Mm, Mm]
Size = tuple[Length, Length]
Rectangle = tuple[Mm, Mm, Length, Length]
ID = r"^[a-z][a-z0-9_]{0,63}$"
FieldId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]([a-z0-9_]|\{row\}){0,63}$"),
    Field(description="Name of the field: small letters, digits and _. {row} in repeated rows."),
]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _worded(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


def _share(value: object) -> object:
    try:
        return parse_share(value if isinstance(value, str) else "")
    except ValueError:
        raise PydanticCustomError("share", "it should be a share such as 0.1%") from None


Share = Annotated[
    float,
    BeforeValidator(_share),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}([.,]\d{1,6})?\s*%$"}),
]


def _twice(value: object) -> object:
    if isinstance(value, bool):
        return float(value)
    try:
        return parse_share(value if isinstance(value, str) else "")
    except ValueError:
        raise PydanticCustomError(
            "share", "it should be true, false or a share such as 5%"
        ) from None


ShareOrAll = Annotated[
    float,
    BeforeValidator(_twice),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "boolean"},
                {"type": "string", "pattern": r"^\d{1,2}([.,]\d{1,6})?\s*%$"},
            ]
        }
    ),
]


class Entry(BaseModel):
    """A mapping of the file. It knows the line of each of its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    _lines: dict[str, int] = PrivateAttr(default_factory=dict)
    _line: int = PrivateAttr(default=1)

    @model_validator(mode="wrap")
    @classmethod
    def _keep_lines(cls, data: Any, handler: ModelWrapValidatorHandler[Entry]) -> Entry:
        entry = handler(data)
        if isinstance(data, Located):
            entry._lines.update(data.lines)
            entry._line = data.line
        return entry

    def line_of(self, key: str = "") -> int:
        """The line of ``key``, or of the mapping when it has no such key."""
        return self._lines.get(key, self._line)


class Caption(Entry):
    """Wording printed with a field, on the line of its region."""

    text: Wording = Field(default="{label}:", description="{label} stands for the field's label.")
    x: Mm | None = Field(
        default=None, description="Where it starts. Without it, it ends just before the region."
    )
    y: Mm | None = Field(default=None, description="Baseline. Without it, that of the region.")
    size: Points | None = None
    bold: Switch = False
    italic: Switch = False
    wrap: Length | None = Field(default=None, description="Width at which the words wrap.")


class Cells(Entry):
    """A comb: boxes for one character each, in groups."""

    at: Point = Field(description="Top left corner of the first cell.")
    size: Size = Field(default=(5.0, 6.0), description="Width and height of a cell.")
    groups: list[Count] = Field(
        min_length=1, max_length=20, description="Cells in each group: [2, 2, 4] for a date."
    )
    gap: Annotated[float, Field(strict=True, ge=0, le=100)] = Field(
        default=2.0, description="Space between groups."
    )


class Option(Entry):
    """A tick box of a choice, with its label to the right."""

    value: Wording = Field(description="What the answer is when this box is ticked.")
    at: Point = Field(description="Top left corner of the box.")
    size: Size = (4.0, 4.0)
    label: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, description='Printed label; the value when left out; "" for none.'
    )


class FieldEntry(Entry):
    """A question of the form. Give one of box, cells or options."""

    id: FieldId
    kind: Wording = Field(description="What sort of answer it takes.")
    label: Wording = Field(description="What the field is called, for people.")
    page: Count = 1
    box: Rectangle | None = Field(
        default=None, description="Where the answer is written: [x, y, width, height]."
    )
    cells: Cells | None = None
    options: Annotated[list[Option], Field(max_length=100)] | None = None
    rows: Count = Field(default=1, description="Lines of writing inside the box.")
    line: Literal["dotted", "solid", "dashed", "none"] | None = Field(
        default=None, description="Line to write on; dotted for writing, none for presence."
    )
    caption: (
        Annotated[Caption, BeforeValidator(_worded, json_schema_input_type=str | Caption)] | None
    ) = None
    required: Switch = False
    lexicon: Wording | None = Field(default=None, description="The list that answers come from.")
    within: Annotated[
        list[FieldId], BeforeValidator(_listed, json_schema_input_type=str | list[str])
    ] = Field(default_factory=list, description="Fields whose answers narrow this place.")
    lengths: Annotated[list[Count], Field(max_length=20)] = Field(
        default_factory=list, description="Numbers of digits that a whole answer may have."
    )
    max_error: Share | None = Field(
        default=None,
        description="Of what is accepted unseen, at most this share may be wrong: 0.1%.",
    )
    keyed: Switch = Field(
        default=False, description="Nothing reads it: people type it from its picture."
    )
    second_keying: ShareOrAll | None = Field(
        default=None,
        description="Two people type it blind, whatever was read: all of it, or a share.",
    )


class PrintEntry(Entry):
    page: Count = 1
    grey: Grey = Field(default=0.0, description="0 is black, 1 is white.")


class TextEntry(PrintEntry):
    """Fixed wording."""

    text: Wording
    at: Point = Field(description="Where it stands; y is the baseline of the first line.")
    size: Points | None = None
    bold: Switch = False
    italic: Switch = False
    align: Literal["left", "centre", "right"] = "left"
    wrap: Length | None = Field(default=None, description="Width at which the words wrap.")


class LineEntry(PrintEntry):
    line: tuple[Mm, Mm, Mm, Mm] = Field(description="[x1, y1, x2, y2]")
    stroke: Thin = 0.2
    style: Literal["solid", "dotted", "dashed"] = "solid"


class BoxEntry(PrintEntry):
    box: Rectangle
    stroke: Thin = 0.25
    radius: Annotated[float, Field(strict=True, ge=0, le=50)] = 0.0


def _sort_of_print(value: object) -> str | None:
    for key, model in {"text": TextEntry, "line": LineEntry, "box": BoxEntry}.items():
        if isinstance(value, model) or (isinstance(value, dict) and key in value):
            return f"<{key}>"  # no key of a file looks so: places of errors can be told apart
    return None


AnyPrintEntry = TextEntry | LineEntry | BoxEntry

AnyPrint = Annotated[
    Annotated[TextEntry, Tag("<text>")]
    | Annotated[LineEntry, Tag("<line>")]
    | Annotated[BoxEntry, Tag("<box>")],
    Discriminator(
        _sort_of_print,
        custom_error_type="print_sort",
        custom_error_message="printed things are a `text`, a `line` or a `box`",
    ),
]


_Rule = Annotated[
    dict[str, Annotated[dict[str, FieldId], Field(max_length=20)]],
    Field(min_length=1, max_length=1),
]


class RuleEntry(dict[str, dict[str, str]]):
    """A rule by its name, with its fields by their roles; it knows its lines."""

    line = 1
    lines: Mapping[str, int] = MappingProxyType({})

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_wrap_validator_function(cls._take, handler(_Rule))

    @classmethod
    def _take(cls, data: object, check: core_schema.ValidatorFunctionWrapHandler) -> RuleEntry:
        rule = cls(check(data))
        if isinstance(data, Located):
            rule.line, rule.lines = data.line, data.lines
        return rule


Rules = Annotated[list[RuleEntry], Field(max_length=100)]


class Repeat(Entry):
    rows: Count
    dy: Mm = Field(description="How far below the last row the next one stands.")
    dx: Mm = 0.0


class GroupEntry(Entry):
    """Rows of a table: the same fields and print again and again. {row} counts from 1."""

    repeat: Repeat
    fields: Annotated[list[FieldEntry], Field(min_length=1, max_length=100)]
    print: Annotated[list[AnyPrint], Field(max_length=200)] = Field(default_factory=list)
    rules: Rules = Field(default_factory=list, description="Rules of one row.")


def _field_or_group(value: object) -> str:
    repeated = "repeat" in value if isinstance(value, dict) else isinstance(value, GroupEntry)
    return "<group>" if repeated else "<field>"


AnyField = Annotated[
    Annotated[FieldEntry, Tag("<field>")] | Annotated[GroupEntry, Tag("<group>")],
    Discriminator(_field_or_group),
]


class Register(Entry):
    """What pages are found and aligned by."""

    marks: Literal["corners", "none"] = Field(
        default="corners", description="none: the form is printed as it is, without marks."
    )
    code: Point | None = Field(default=None, description="Top left corner of the printed code.")


Paper = Annotated[
    Annotated[Literal["A3", "A4", "A5"], Tag("<name>")] | Annotated[Size, Tag("<size>")],
    Discriminator(lambda value: "<name>" if isinstance(value, str) else "<size>"),
]


class TemplateFile(Entry):
    """A paper form: what is printed on it and what is asked."""

    id: Annotated[str, StringConstraints(pattern=ID)] = Field(description="As the folder's name.")
    title: Wording
    revision: Annotated[int, Field(strict=True, ge=1, le=9999)] = Field(
        description="Counts up with every change of the print."
    )
    paper: Paper = Field(default="A4", description="A name, or [width, height].")
    pages: Count = 1
    register_: Register = Field(default_factory=Register, alias="register")
    unit: FieldId | None = Field(
        default=None, description="The field that says which unit a form counts for."
    )
    size: Points = Field(default=10.0, description="Size of letters where none is given.")
    keyed: Switch = Field(default=False, description="Nothing of it is read: people type it all.")
    second_keying: ShareOrAll = Field(
        default=0.0,
        description="Two people type every field blind, whatever was read, or a share of them.",
    )
    taken_back: Literal["blackened", "struck"] | None = Field(
        default=None,
        description="How the form tells people to take back a mark: blacken its box, or strike "
        "it out (where boxes are filled in).",
    )
    rules: Rules = Field(
        default_factory=list, description="Rules across fields: - name: {role: field}"
    )
    print: Annotated[list[AnyPrint], Field(max_length=1000)] = Field(default_factory=list)
    fields: Annotated[list[AnyField], Field(max_length=500)]

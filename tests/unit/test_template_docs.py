"""docs/templates.md: its examples load, its transcript is real, and no key is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scanform.errors import TemplateError
from scanform.fields import TEMPLATE_KINDS, rules
from scanform.template import load, schema

PAGE = (Path(__file__).parents[2] / "docs" / "templates.md").read_text("utf-8")
HEAD = "id: x\ntitle: X\nrevision: 1\n"
FIELDS = """
fields:
  - {id: id_number, kind: digits, label: A, cells: {at: [20, 30], groups: [12]}}
  - {id: sex, kind: choice, label: B, options: [{value: Nam, at: [20, 40]}]}
  - {id: birth_date, kind: date, label: C, box: [20, 50, 50, 8]}
  - {id: declared_on, kind: date, label: D, box: [20, 60, 50, 8]}
  - {id: commune, kind: place, lexicon: commune, label: E, box: [20, 70, 50, 8]}
  - {id: district, kind: place, lexicon: district, label: F, box: [20, 80, 50, 8]}
"""


def block(kind: str) -> str:
    (found,) = re.findall(rf"```\w+ {kind}\n(.*?)```", PAGE, flags=re.DOTALL)
    return str(found)


def test_the_example_is_a_template() -> None:
    template = load.parse(block("example").encode(), "t.yaml")
    assert [field.kind for field in template.fields] == ["place", "capitals", "date", "choice"]


@pytest.mark.parametrize("part", ["print", "fields", "register", "rules"])
def test_each_part_shown_is_right(part: str) -> None:
    text = HEAD + block(part) + ("" if part == "fields" else FIELDS)
    load.parse(text.encode(), "t.yaml")


def test_the_transcript_is_what_check_tells() -> None:
    with pytest.raises(TemplateError) as caught:
        load.parse(block("wrong").encode(), "templates/survey/template.yaml")
    assert str(caught.value) == block("transcript").strip()


def test_every_key_kind_and_rule_is_described() -> None:
    models = (schema.TemplateFile, schema.FieldEntry, schema.Cells, schema.Option, schema.Caption)
    models += (schema.TextEntry, schema.LineEntry, schema.BoxEntry, schema.Register, schema.Repeat)
    keys = {
        info.alias or name for model in models for name, info in model.model_fields.items()
    } | set(TEMPLATE_KINDS)
    keys |= set(rules.RULES) | {role for roles in rules.ROLES.values() for role in roles}
    missing = {key for key in keys if not re.search(rf"(`|\b){re.escape(key)}(`|:)", PAGE)}
    assert missing == set()

"""What one answer says about another."""

from __future__ import annotations

import pytest

from scanform.fields import rules
from scanform.model.geometry import Box
from scanform.model.phrases import DOUBTS
from scanform.model.record import Answer
from scanform.model.template import Field, Rule, Template

FIELDS = ("number", "sex", "birth_date", "declared_on", "province", "district", "commune")
TEMPLATE = Template(
    "t",
    "T",
    1,
    1,
    (210.0, 297.0),
    tuple(Field(name, name, "text", 1, Box(0, 0, 10, 5)) for name in FIELDS),
    rules=(
        Rule("id_number", {"number": "number", "sex": "sex", "birth_date": "birth_date"}),
        Rule("dates_in_order", {"earlier": "birth_date", "later": "declared_on"}),
        Rule("place_within", {"inner": "district", "outer": "province"}),
        Rule("place_within", {"inner": "commune", "outer": "district"}),
    ),
)


def check(**values: str | None) -> dict[str, list[str]]:
    answers = [Answer(name, value, 0.99, "accepted") for name, value in values.items()]
    checked = rules.check(TEMPLATE, answers)
    assert [answer.field for answer in checked] == list(values)
    assert all(answer.state == "pending" for answer in checked if answer.doubts)
    return {a.field: [d.code for d in a.doubts] for a in checked if a.doubts}


def test_all_agree() -> None:
    agreeing = {
        "number": "083185001234",
        "sex": "Nữ",
        "birth_date": "1985-06-01",
        "declared_on": "2018-05-03",
        "province": "Bến Tre",
        "district": "Huyện Thạnh Phú",
        "commune": "Thạnh Hải",
    }
    assert check(**agreeing) == {}


@pytest.mark.parametrize(
    ("values", "doubted"),
    [
        ({"number": "999085001234"}, {"number": ["unknown_province_code"]}),
        (
            {"number": "083085001234", "sex": "Nữ"},
            {"number": ["sex_disagrees"], "sex": ["sex_disagrees"]},
        ),
        (
            {"number": "083286001234", "birth_date": "1986"},
            {"number": ["birth_year_disagrees"], "birth_date": ["birth_year_disagrees"]},
        ),
        (
            {"birth_date": "2018-05-04", "declared_on": "2018-05-03"},
            {"birth_date": ["dates_out_of_order"], "declared_on": ["dates_out_of_order"]},
        ),
        (
            {"district": "Huyện Thạnh Phú", "commune": "Xã Phước Vĩnh An"},
            {"district": ["place_disagrees"], "commune": ["place_disagrees"]},
        ),
    ],
)
def test_disagreements(values: dict[str, str], doubted: dict[str, list[str]]) -> None:
    assert check(**values) == doubted
    assert all(code in DOUBTS for codes in doubted.values() for code in codes)


@pytest.mark.parametrize(
    "values",
    [
        {"number": "320123456", "sex": "Nữ", "birth_date": "1985-06-01"},
        {"number": None, "sex": "Nam"},
        {"birth_date": "2018", "declared_on": "2018-05-03"},
        {"province": "Xứ Lạ", "district": "Huyện Thạnh Phú"},
    ],
)
def test_nothing_to_say(values: dict[str, str | None]) -> None:
    assert check(**values) == {}


def test_every_rule_tells_its_roles() -> None:
    assert set(rules.ROLES) == set(rules.RULES)

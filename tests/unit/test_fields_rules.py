"""What one answer says about another."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from scanform.fields import rules
from scanform.fields.confirm import confirmed
from scanform.model.geometry import Box
from scanform.model.phrases import DOUBTS
from scanform.model.record import Answer
from scanform.model.template import Field, Rule, Template
from scanform.rehearse import first_day
from scanform.rehearse.answers import Habits
from scanform.rehearse.answers import answers as written
from scanform.rehearse.people import respondents
from scanform.template.find import find
from scanform.template.load import load

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


FAMILY = ("number", "sex", "birth_date", "declared_on", "registered_in", "marital_status", "father",
    "mother", "spouse", "relation", "name", "head_name", "head_number")  # fmt: skip
FORM = Template(
    "f",
    "F",
    1,
    1,
    (210.0, 297.0),
    tuple(Field(name, name, "text", 1, Box(0, 0, 10, 5)) for name in FAMILY),
    rules=(
        Rule("id_number", {"number": "number", "registered_in": "registered_in"}),
        Rule(
            "parents",
            {"father_number": "father", "mother_number": "mother", "birth_date": "birth_date"},
        ),
        Rule("spouse", {"spouse_number": "spouse", "sex": "sex"}),
        Rule("of_age", {name: name for name in ("marital_status", "birth_date", "declared_on")}),
        Rule("relation_fits", {"relation": "relation", "sex": "sex"}),
        Rule(
            "head_is_self",
            {n: n for n in ("relation", "name", "head_name", "number", "head_number")},
        ),
    ),
)
AGREEING: dict[str, str] = {
    "number": "083185001234",
    "sex": "Nữ",
    "birth_date": "1985-06-01",
    "declared_on": "2018-05-03",
    "registered_in": "UBND xã An Qui, huyện Thạnh Phú, tỉnh Bến Tre",
    "marital_status": "Đã kết hôn",
    "father": "083055001234",
    "mother": "083158001234",
    "spouse": "083080001234",
    "relation": "Chủ hộ",
    "name": "LÊ THỊ HOÀ",
    "head_name": "LÊ THỊ HÒA",
    "head_number": "083185001234",
}


def family(**values: str) -> dict[str, list[str]]:
    answers = [Answer(n, v, 0.99, "accepted") for n, v in {**AGREEING, **values}.items()]
    return {a.field: [d.code for d in a.doubts] for a in rules.check(FORM, answers) if a.doubts}


def test_a_family_that_agrees() -> None:
    assert family() == {}
    assert family(relation="Vợ", head_name="TRẦN VĂN TÁM", head_number="083080001234") == {}
    said = confirmed(FORM, [Answer(n, v, 0.99, "accepted") for n, v in AGREEING.items()])
    assert said["head_name"]
    assert said["head_number"]


@pytest.mark.parametrize(
    ("values", "code", "doubted"),
    [
        ({"registered_in": "Ninh Bình"}, "province_disagrees", "number registered_in"),
        ({"father": "083155001234"}, "parent_sex_disagrees", "father"),
        ({"mother": "083058001234"}, "parent_sex_disagrees", "mother"),
        ({"father": "083077001234"}, "parent_age_disagrees", "father birth_date"),
        ({"mother": "083108001234"}, "parent_age_disagrees", "mother birth_date"),
        ({"spouse": "083180001234"}, "spouse_sex_disagrees", "spouse sex"),
        ({"birth_date": "2008", "father": ""}, "too_young", "birth_date marital_status"),
        ({"relation": "Con rể", "head_number": ""}, "relation_disagrees", "relation sex"),
        ({"head_name": "LÊ THỊ HOA"}, "head_differs", "name head_name relation"),
        ({"head_number": "083185001284"}, "head_differs", "number head_number relation"),
        ({"relation": "Vợ", "head_name": "TRẦN VĂN TÁM"}, "is_head", "relation head_number"),
    ],
)  # fmt: skip
def test_a_family_that_disagrees(values: dict[str, str], code: str, doubted: str) -> None:
    assert family(**values) == {name: [code] for name in doubted.split()}
    assert DOUBTS[code].vi != DOUBTS[code].en


def test_parents_with_one_number() -> None:
    found = family(mother="083055001234")
    assert found["father"] == ["same_number"]
    assert found["mother"] == ["parent_sex_disagrees", "same_number"]


@pytest.mark.parametrize("name", ["dc01", "ct01"])
def test_no_rule_speaks_against_a_life_as_people_live_it(name: str) -> None:
    template = load(find(name))
    people = respondents(np.random.default_rng(11), "837", first_day(template))
    for number, who in enumerate(itertools.islice(people, 150)):
        truth = written(template, who, np.random.default_rng([11, number]), Habits(0.0, 0.0))
        said = rules.check(template, [Answer(f, v, 1.0, "accepted") for f, v in truth.items()])
        assert not {a.field: a.doubts for a in said if a.doubts}

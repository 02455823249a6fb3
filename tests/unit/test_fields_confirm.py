"""What one answer says for another."""

from __future__ import annotations

from dataclasses import replace

from scanform.fields.confirm import confirmed, spoken
from scanform.model.record import Answer, Doubt
from scanform.template.find import find
from scanform.template.load import load

TEMPLATE = load(find("dc01"))


def answers(**values: str | None) -> list[Answer]:
    return [Answer(name, value, 0.9, "pending") for name, value in values.items()]


FITTING = {"id_number": "083185000001", "sex": "Nữ", "birth_date": "1985-06-05"}


def test_a_number_is_confirmed_by_sex_and_year_and_they_by_it() -> None:
    counts = confirmed(TEMPLATE, answers(**FITTING))
    assert (counts["id_number"], counts["sex"], counts["birth_date"]) == (2, 1, 1)


def test_a_contradiction_is_told_and_confirms_nothing() -> None:
    some = answers(**FITTING | {"sex": "Nam"})
    (said,) = spoken(TEMPLATE, some)
    assert (said.rule, said.holds) == ("id_number", False)
    assert set(said.fields) == {"id_number", "sex", "birth_date"}
    assert not any(confirmed(TEMPLATE, some).values())


def test_what_has_nothing_to_compare_says_nothing() -> None:
    assert spoken(TEMPLATE, answers(id_number="083185000001")) == ()
    assert spoken(TEMPLATE, answers(id_number="371234567", sex="Nữ")) == ()  # an older number
    assert spoken(TEMPLATE, answers(sex="Nữ", id_number=None)) == ()


def test_a_doubted_answer_confirms_no_other() -> None:
    some = answers(**FITTING)
    doubted = replace(some[0], doubts=(Doubt("wrong_length"),))
    assert not confirmed(TEMPLATE, [doubted, *some[1:]])["sex"]


def test_a_commune_within_its_district_is_confirmed() -> None:
    counts = confirmed(TEMPLATE, answers(district="Thạnh Phú", commune="Xã Thạnh Hải"))
    assert counts["commune"] == counts["district"] == 1

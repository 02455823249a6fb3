from __future__ import annotations

import itertools
import unicodedata

import numpy as np
import pytest

from scanform.model.geometry import Box
from scanform.model.template import Field, Option, PrintedText, Template
from scanform.rehearse import first_day
from scanform.rehearse.answers import Answers, Habits, answers, fitting
from scanform.rehearse.people import FIRST_DAY, respondents
from scanform.template.find import find
from scanform.template.load import load

CAREFUL = Habits(blanks=0.0, unsigned=0.0)
BOX = Box(20, 20, 100, 7)


def filled(template: Template, count: int = 60, habits: Habits = CAREFUL) -> list[Answers]:
    people = respondents(np.random.default_rng(8), "837", first_day(template))
    return [
        answers(template, who, np.random.default_rng([8, number]), habits)
        for number, who in enumerate(itertools.islice(people, count))
    ]


@pytest.mark.parametrize("name", ["dc01", "ct01"])
def test_every_field_has_an_answer_that_fits_it(name: str) -> None:
    template = load(find(name))
    for truth in filled(template):
        assert list(truth) == [field.id for field in template.fields]
        for field in template.fields:
            value = truth[field.id]
            if value is None:
                assert field.kind != "presence"
                continue
            assert value == unicodedata.normalize("NFC", " ".join(value.split()))
            assert value
            if field.kind == "choice":
                assert value in [option.value for option in field.options]
            if field.kind == "capitals":
                assert value == value.upper()
            if field.kind == "digits":
                assert value.isdigit()
                assert not field.lengths or len(value) in field.lengths
            if field.kind == "presence":
                assert value in ("present", "absent")


def test_a_childs_form_names_a_representative_and_no_spouse() -> None:
    children = [
        truth for truth in filled(load(find("dc01")), 200) if (truth["birth_date"] or "") > "2008"
    ]
    assert any(truth["representative_name"] for truth in children)
    assert all(truth["spouse_name"] is None for truth in children)
    for truth in children:
        named = truth["representative_name"]
        assert named is None or named in (truth["father_name"], truth["mother_name"])


def test_careless_people_leave_more_out_but_never_the_unit() -> None:
    template = load(find("dc01"))
    careful = filled(template)
    careless = filled(template, habits=Habits(blanks=0.5, unsigned=0.5))

    def blanks(forms: list[Answers]) -> int:
        return sum(value in (None, "absent") for truth in forms for value in truth.values())

    assert blanks(careless) > 1.3 * blanks(careful)
    assert all(truth["commune"] for truth in careless)


def test_an_unknown_form_is_filled_by_the_kinds_of_its_fields() -> None:
    options = (Option("Có", BOX), Option("Không", BOX))
    fields = (
        Field("buyer_name", "Họ và tên người mua", "text", 1, BOX, required=True),
        Field("boss", "Giám đốc", "capitals", 1, BOX, required=True),
        Field("tax", "Mã số thuế", "digits", 1, BOX, lengths=(10,), required=True),
        Field("paid_on", "Ngày nộp", "date", 1, BOX, required=True),
        Field("insured", "Bảo hiểm", "choice", 1, BOX, options=options, required=True),
        Field("folk", "Dân tộc", "closed", 1, BOX, lexicon="ethnic_groups", required=True),
        Field("where", "Nơi ở", "place", 1, BOX, required=True),
        Field("seal", "Đóng dấu", "presence", 1, BOX),
    )
    template = Template("other", "Other", 1, 1, (210.0, 297.0), fields)
    for truth in filled(template, 20):
        assert all(truth.values())
        assert (truth["boss"] or "").isupper()
        assert len(truth["tax"] or "") == 10
        assert (truth["paid_on"] or "")[:4] in ("2018", "2019")
        assert truth["insured"] in ("Có", "Không")
        assert truth["seal"] == "present"


def test_a_value_that_has_no_box_or_cell_is_left_out() -> None:
    cells = tuple(Box(20 + 5 * at, 20, 5, 6) for at in range(9))
    comb = Field("number", "Số", "digits", 1, BOX, cells=cells)
    assert fitting(comb, "083090123456") is None
    assert fitting(comb, "320123456") == "320123456"
    sex = Field("sex", "Giới tính", "choice", 1, BOX, options=(Option("Nam", BOX),))
    assert fitting(sex, "Nữ") is None
    assert fitting(sex, "Nam") == "Nam"


def test_a_form_is_not_filled_before_it_is_in_force() -> None:
    def printed(text: str) -> Template:
        return Template(
            "t", "T", 1, 1, (210.0, 297.0), (), (PrintedText(1, text, 10, 10),), marks="none"
        )

    assert first_day(printed("Thông tư ngày 15/12/2015")) == FIRST_DAY
    assert first_day(printed("Thông tư ngày 17/11/2023")).isoformat() == "2024-01-01"
    assert first_day(printed("ngày 99/99/2023")) == FIRST_DAY

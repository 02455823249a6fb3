"""Digits of combs are decoded together with what is known of them."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from scanform.fields import FIELD_KINDS
from scanform.fields.together import SURE, decoded
from scanform.model.reading import Alternative, CellReading, Reading
from scanform.model.record import Answer, Doubt
from scanform.model.template import Rule, Template
from scanform.template.find import find
from scanform.template.load import load

TEMPLATE = load(find("dc01"))
NUMBER = "083185001234"
"""A woman's of 1985, from Bến Tre."""


def comb(field: str, text: str, *doubtful: tuple[int, str, float]) -> Answer:
    """A comb read as ``text``; ``doubtful``: a cell, what else it may be, how likely that is."""
    asked = TEMPLATE.field(field)
    cells = [CellReading(letter.strip(), 0.999) for letter in text]
    for at, other, chance in doubtful:
        cells[at] = CellReading(text[at], 1 - chance, (Alternative(other, chance),))
    cells += [CellReading("", 1.0)] * (len(asked.cells) - len(cells))
    score = min(cell.score for cell in cells)
    reading = Reading("read", text, score, "digit-net 1", cells=tuple(cells))
    return FIELD_KINDS[asked.kind].answer(asked, reading, {})


def said(field: str, value: str, confidence: float = 0.999) -> Answer:
    return Answer(field, value, confidence, "accepted")


def read(*answers: Answer, form: Template = TEMPLATE) -> dict[str, tuple[str | None, list[str]]]:
    """Value and doubts by field."""
    found = decoded(form, answers)
    assert [each.field for each in found] == [each.field for each in answers]
    assert all(each.state == "pending" for each in found if each.doubts)
    return {a.field: (a.value, [d.code for d in a.doubts]) for a in found}


def test_what_is_sure_and_fits_stays_the_very_same() -> None:
    answers = (comb("id_number", NUMBER), said("sex", "Nữ"), comb("birth_date", "05061985"))
    assert decoded(TEMPLATE, answers) == answers


def test_a_number_takes_the_digit_that_fits_the_year_and_both_are_doubted() -> None:
    number = comb("id_number", "083175001234", (4, "8", 0.04))
    found = read(number, said("sex", "Nữ"), comb("birth_date", "05061985"))
    assert found["id_number"] == (NUMBER, ["mended_digits"])
    assert found["birth_date"] == ("1985-06-05", ["fitted_to"])


def test_a_date_takes_the_year_that_fits_the_number() -> None:
    found = read(comb("id_number", NUMBER), comb("birth_date", "05061975", (6, "8", 0.04)))
    assert found["birth_date"] == ("1985-06-05", ["mended_digits"])
    assert found["id_number"] == (NUMBER, ["fitted_to"])


def test_a_strange_province_is_no_excuse_for_the_year() -> None:
    number = comb("id_number", "007175001234", (2, "1", 0.1), (4, "8", 0.04))
    found = read(number, comb("birth_date", "05061985"))
    assert found["id_number"] == ("001185001234", ["mended_digits"])
    assert found["birth_date"] == ("1985-06-05", ["fitted_to"])


def test_two_that_both_change_keep_what_was_chosen() -> None:
    # The number for its province, the date for the number's year, with which it disagreed.
    number = comb("id_number", "007175001234", (2, "1", 0.1))
    found = read(number, comb("birth_date", "05061985", (6, "7", 0.04)))
    assert found["id_number"] == ("001175001234", ["mended_digits"])
    assert found["birth_date"] == ("1975-06-05", ["mended_digits"])


def test_two_that_are_sure_and_disagree_are_left_to_the_rules() -> None:
    number = comb("id_number", "083175001234", (4, "8", 0.001))
    found = read(number, comb("birth_date", "05061985"))
    assert found == {"id_number": ("083175001234", []), "birth_date": ("1985-06-05", [])}


def test_nobody_is_born_in_2285_so_that_the_date_is_not_to_blame() -> None:
    number = comb("id_number", "083785001234", (3, "1", 0.004))
    found = read(number, comb("birth_date", "05061985"))
    assert found == {"id_number": (NUMBER, ["mended_digits"]), "birth_date": ("1985-06-05", [])}


def test_a_fathers_number_is_a_mans_and_of_a_province_that_is() -> None:
    found = read(comb("father_id_number", "083160001234", (3, "0", 0.1)))
    assert found["father_id_number"] == ("083060001234", ["mended_digits"])
    found = read(comb("father_id_number", "007060001234", (2, "1", 0.1)))
    assert found["father_id_number"] == ("001060001234", ["mended_digits"])


def test_an_unsure_tick_is_no_evidence() -> None:
    number = comb("id_number", NUMBER, (3, "0", 0.1))
    fitted = read(number, said("sex", "Nam"))
    assert fitted == {
        "id_number": ("083085001234", ["mended_digits"]),
        "sex": ("Nam", ["fitted_to"]),
    }
    assert read(number, said("sex", "Nam", 0.6))["id_number"] == (NUMBER, [])


def test_the_head_has_one_number_however_often_it_is_written() -> None:
    numbers = (comb("id_number", NUMBER), comb("head_id_number", "083185007234", (8, "1", 0.02)))
    head = read(*numbers, said("relation_to_head", "Chủ hộ"))
    assert head["head_id_number"] == (NUMBER, ["mended_digits"])
    assert head["id_number"] == (NUMBER, ["fitted_to"])
    other = read(*numbers, said("relation_to_head", "Con"))
    assert other["head_id_number"] == ("083185007234", [])


def test_a_date_with_several_doubtful_cells_becomes_the_likeliest_that_was() -> None:
    born = comb("birth_date", "04771957", (2, "1", 0.28), (3, "1", 0.01))
    assert read(born)["birth_date"] == ("1957-11-04", ["mended_digits"])
    sure = comb("birth_date", "04771957", (2, "1", 1e-4), (3, "1", 1e-4))
    assert read(sure)["birth_date"] == ("1957-77-04", ["no_such_date"])


def test_a_blank_number_leaves_the_date_to_itself() -> None:
    born = comb("birth_date", "04711957", (2, "1", 0.1))
    found = read(Answer("id_number", None, 0.99, "blank"), born)
    assert found["birth_date"][0] == "1957-11-04"


def test_other_doubts_stay_and_what_was_read_is_told() -> None:
    number = comb("id_number", "08378500123", (3, "1", 0.01))
    assert read(number)["id_number"] == ("08378500123", ["wrong_length"])
    lies_badly = comb("id_number", "083785001234", (3, "1", 0.01)).doubted(
        Doubt("misaligned_field")
    )
    (found,) = decoded(TEMPLATE, [replace(lies_badly, confidence=0.4)])
    assert (found.value, found.confidence) == (NUMBER, 0.4)
    assert found.doubts == (Doubt("misaligned_field"), Doubt("mended_digits", "083785001234"))


MALE = "083085001234"
OR_A_MAN = (3, "0", 0.1)
"""The cell of the sex, which may be a man's."""


def test_what_stood_before_is_evidence_though_it_was_not_read_now() -> None:
    number = comb("id_number", "083175001234", (4, "8", 0.04))
    for born in ("1985-06-05", "1985"):
        assert read(number, said("birth_date", born))["id_number"][0] == NUMBER


def test_a_date_that_is_blank_or_could_not_be_read_says_nothing() -> None:
    number = comb("id_number", "083175001234", (4, "8", 0.04))
    blank = Answer("birth_date", None, 0.99, "blank")
    assert read(number, blank) == {"id_number": ("083175001234", []), "birth_date": (None, [])}
    cells = comb("birth_date", "05061985").reading
    assert cells is not None
    lost = Answer(
        "birth_date", None, 0, "pending", (), replace(cells, outcome="unreadable", text=None)
    )
    assert read(number, lost)["id_number"] == ("083175001234", [])
    assert decoded(TEMPLATE, [blank]) == (blank,)


def test_an_old_number_of_nine_digits_tells_nothing() -> None:
    # Its first digits are no province, and it bears no year that a date could be doubted for.
    old = comb("id_number", "007160001", (2, "1", 0.1))
    assert read(old, said("sex", "Nam"))["id_number"] == ("007160001", [])
    numbers = (comb("id_number", "283160001", (8, "7", 0.1)), comb("head_id_number", "283160007"))
    born = comb("birth_date", "05061985")
    found = read(*numbers, born, said("relation_to_head", "Chủ hộ"))
    assert found["id_number"] == ("283160007", ["mended_digits"])
    assert found["birth_date"] == ("1985-06-05", [])


def test_only_what_a_digit_was_chosen_to_fit_is_doubted() -> None:
    # The digit was chosen for the province; year and sex fitted all the while.
    number = comb("id_number", "007185001234", (2, "1", 0.1))
    found = read(number, said("sex", "Nữ"), comb("birth_date", "05061985"))
    assert found["id_number"] == ("001185001234", ["mended_digits"])
    assert (found["sex"][1], found["birth_date"][1]) == ([], [])
    assert read(number, said("birth_date", "98"))["birth_date"] == ("98", [])  # no whole year
    # A sex that disagrees with a number that stays is the rules' to tell.
    other = comb("id_number", NUMBER, (11, "1", 0.1))
    assert read(other, said("sex", "Nam"))["sex"] == ("Nam", [])


def test_a_date_that_can_not_be_is_no_reason_to_doubt_the_number() -> None:
    born = comb("birth_date", "05171975", (2, "0", 0.3), (6, "8", 0.04))
    found = read(comb("id_number", NUMBER), born)
    assert found == {"id_number": (NUMBER, []), "birth_date": ("1985-07-05", ["mended_digits"])}


def test_the_rules_order_is_none_of_the_form_s() -> None:
    turned = replace(TEMPLATE, rules=TEMPLATE.rules[::-1])
    numbers = (comb("id_number", NUMBER), comb("head_id_number", "083185007234", (8, "1", 0.02)))
    head = read(*numbers, said("relation_to_head", "Chủ hộ"), form=turned)
    assert head["head_id_number"] == (NUMBER, ["mended_digits"])


def test_nobody_but_the_head_has_the_head_s_number() -> None:
    head = comb("head_id_number", "083060007234", (8, "1", 0.02))
    found = read(comb("father_id_number", "083060001234"), head, said("relation_to_head", "Chủ hộ"))
    assert found["head_id_number"] == ("083060007234", [])
    # Without a field for the head's, and with a relation that is blank, there is nothing to fit.
    number = comb("id_number", NUMBER, (11, "1", 0.1))
    assert read(number, said("relation_to_head", "Chủ hộ"))["id_number"] == (NUMBER, [])
    blank = Answer("relation_to_head", None, 0.999, "blank")
    assert read(number, head, blank)["head_id_number"] == ("083060007234", [])


def test_a_head_s_number_that_fits_one_person_is_not_made_to_fit_another() -> None:
    head = Rule(
        "head_is_self",
        {
            "relation": "relation_to_head",
            "number": "father_id_number",
            "head_number": "head_id_number",
        },
    )
    form = replace(TEMPLATE, rules=(*TEMPLATE.rules, head))
    numbers = (comb("id_number", NUMBER), comb("head_id_number", "083185007234", (8, "1", 0.02)))
    father = comb("father_id_number", "083085007234", (11, "7", 0.01))
    found = read(*numbers, father, said("relation_to_head", "Chủ hộ"), form=form)
    assert found["head_id_number"] == (NUMBER, ["mended_digits"])
    assert found["father_id_number"] == ("083085007234", [])


@pytest.mark.parametrize(
    ("field", "sex", "number", "found"),
    [
        ("mother_id_number", "", MALE, NUMBER),
        ("spouse_id_number", "Nữ", NUMBER, MALE),
        ("spouse_id_number", "Nam", MALE, NUMBER),
        ("representative_id_number", "Nam", NUMBER, NUMBER),  # may be anybody's
    ],
)
def test_whose_number_it_is_tells_its_sex(field: str, sex: str, number: str, found: str) -> None:
    doubtful = comb(field, number, (3, "1" if number == MALE else "0", 0.1))
    told = [said("sex", sex)] if sex else []
    assert read(doubtful, *told)[field][0] == found


def test_what_is_evidence_is_as_sure_as_that_and_undoubted() -> None:
    number = comb("id_number", NUMBER, OR_A_MAN)
    assert read(number, said("sex", "Nam", SURE))["id_number"][0] == MALE
    doubted = said("sex", "Nam").doubted(Doubt("two_marks"))
    assert read(number, doubted)["id_number"] == (NUMBER, [])


def test_born_this_year_is_born() -> None:
    year = datetime.date.today().year
    number = f"0832{year % 100:02}001234"
    found = read(comb("representative_id_number", number, (3, "0", 0.01)))
    assert found["representative_id_number"] == (number, [])


def test_the_likeliest_of_many_ways_are_looked_at() -> None:
    doubtful = [(at, "3", 0.01) for at in range(3, 12) if NUMBER[at] != "3"]
    number = comb("representative_id_number", "007185001234", (2, "1", 0.1), *doubtful)
    assert read(number)["representative_id_number"][0] == "001185001234"


def test_a_day_that_its_kind_found_is_not_undone_where_no_way_of_the_cells_is_one() -> None:
    born = comb("birth_date", "04771957", (0, "1", 0.1))
    assert born.reading is not None
    reading = replace(born.reading, alternatives=(Alternative("04111957", 0.1),))
    mended = FIELD_KINDS["date"].answer(TEMPLATE.field("birth_date"), reading, {})
    assert mended.value == "1957-11-04"
    assert decoded(TEMPLATE, [mended]) == (mended,)
    # Nor is a value that one way alone stands beside.
    sure = comb("birth_date", "04111957")
    stood = replace(sure, value="1957-12-04")
    assert decoded(TEMPLATE, [stood]) == (stood,)
    assert decoded(TEMPLATE, [replace(comb("id_number", NUMBER), value=MALE)])[0].value == MALE


def test_cells_without_a_digit_are_no_date() -> None:
    empty = comb("birth_date", "        ", (0, "1", 0.1))
    assert empty.value is None
    assert decoded(TEMPLATE, [empty]) == (empty,)

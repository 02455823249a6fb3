"""Digits of combs are decoded together with what is known of them."""

from __future__ import annotations

from dataclasses import replace

from scanform.fields import FIELD_KINDS
from scanform.fields.together import decoded
from scanform.model.reading import Alternative, CellReading, Reading
from scanform.model.record import Answer, Doubt
from scanform.template.find import find
from scanform.template.load import load

TEMPLATE = load(find("dc01"))
NUMBER = "083185001234"
"""A woman's of 1985, from Bến Tre."""


def comb(field: str, text: str, *doubtful: tuple[int, str, float]) -> Answer:
    """A comb read as ``text``; ``doubtful``: a cell, what else it may be, how likely that is."""
    asked = TEMPLATE.field(field)
    cells = [CellReading(letter, 0.999) for letter in text]
    for at, other, chance in doubtful:
        cells[at] = CellReading(text[at], 1 - chance, (Alternative(other, chance),))
    cells += [CellReading("", 1.0)] * (len(asked.cells) - len(cells))
    score = min(cell.score for cell in cells)
    reading = Reading("read", text, score, "digit-net 1", cells=tuple(cells))
    return FIELD_KINDS[asked.kind].answer(asked, reading, {})


def said(field: str, value: str, confidence: float = 0.999) -> Answer:
    return Answer(field, value, confidence, "accepted")


def read(*answers: Answer) -> dict[str, tuple[str | None, list[str]]]:
    """Value and doubts by field."""
    found = decoded(TEMPLATE, answers)
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

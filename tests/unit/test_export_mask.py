from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanform.export.mask import REDACTED, Mask, is_masked, people_fields, pseudonym
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt, Record
from scanform.template.find import find
from scanform.template.load import load

KEY, OTHER = b"k" * 32, b"o" * 32
READING = Reading("read", "NGUYEN VAN AN", 0.5, "test 1")


def masked(mask: Mask, *answers: Answer) -> dict[str, Answer]:
    record = Record("r1", "dc01", 1, "a.pdf", "ab" * 32, 1, answers)
    return {answer.field: answer for answer in mask(record).answers}


def test_a_person_has_one_pseudonym_in_every_field_and_export() -> None:
    mask = Mask(pseudonyms=frozenset({"full_name", "father_name"}), key=KEY)
    mine = masked(mask, Answer("full_name", "NGUYỄN VĂN AN", 1.0, "accepted"))["full_name"]
    childs = masked(mask, Answer("father_name", "Nguyễn Văn  An", 1.0, "accepted"))["father_name"]
    assert mine.value == childs.value == pseudonym(KEY, "NGUYỄN VĂN AN")
    assert mine.value != pseudonym(OTHER, "NGUYỄN VĂN AN")
    assert mine.value != pseudonym(KEY, "NGUYỄN VĂN ÂN")


def test_what_was_read_goes_with_the_value_and_blank_stays_blank() -> None:
    mask = Mask(frozenset({"religion", "note"}), frozenset({"full_name"}), KEY)
    answers = masked(
        mask,
        Answer("full_name", "NGUYỄN VĂN AN", 0.5, "pending", (), READING),
        Answer("religion", "Phật giáo", 0.5, "pending", (), READING),
        Answer("note", None, 1.0, "blank"),
        Answer("sex", "Nam", 1.0, "accepted", (), READING),
    )
    assert answers["full_name"].reading is answers["religion"].reading is None
    assert answers["religion"].value == REDACTED
    assert answers["note"].value is None
    assert answers["sex"] == Answer("sex", "Nam", 1.0, "accepted", (), READING)
    assert [mask.of(field) for field in ("religion", "full_name", "sex")] == [
        "redacted",
        "pseudonym",
        "",
    ]


def test_neither_doubts_nor_the_scans_name_tell_what_was_masked() -> None:
    said = (Doubt("rare_name", "NGUYỄN VĂN AN"), Doubt("faint"))
    answers = (
        Answer("full_name", "NGUYEN VAN AN", 0.5, "pending", said),
        Answer("sex", "Nam", 0.5, "pending", (Doubt("near_known", "x"),)),
    )
    record = Record("r1", "dc01", 1, "box/Nguyễn Văn An.PDF", "ab" * 32, 1, answers)
    masked = Mask(frozenset({"full_name"}))(record)
    assert masked.scan_path == "ab" * 8 + ".pdf"
    assert masked.answers[0].doubts == (Doubt("rare_name"), Doubt("faint"))
    assert masked.answers[1].doubts == (Doubt("near_known", "x"),)


@given(st.text(st.characters(codec="utf-8")), st.binary(min_size=16))
def test_a_pseudonym_is_known_as_one(value: str, key: bytes) -> None:
    assert is_masked(pseudonym(key, value))
    assert not is_masked(pseudonym(key, value)[:-1])


@pytest.mark.parametrize("text", ["", "~", "~a", "Nguyễn", "~" + "A" * 26, "~" + "1" * 26])
def test_other_texts_are_none(text: str) -> None:
    assert not is_masked(text)


@pytest.mark.parametrize("template", ["dc01", "ct01"])
def test_names_and_numbers_of_people_are_found_in_a_template(template: str) -> None:
    loaded = load(find(template))
    found = people_fields(loaded)
    names = {field.id for field in loaded.fields if field.label.startswith("Họ")}
    numbers = {field.id for field in loaded.fields if "id_number" in field.id}
    assert names | numbers | {"full_name"} <= found
    assert found.isdisjoint({"sex", "birth_date", "commune", "authority", "religion"})

"""Marks are cheap, letters dear, case free, and a tone may stand where it likes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanform.lexicon.spelling import (
    MARK_COST,
    distance,
    fold,
    is_upper,
    key,
    similarity,
    spelled_as,
    tidy,
)
from scanform.lexicon.syllables import is_syllable, word_shape

VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậ ếềểễệ", max_size=20)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hòa", "Hoà"), ("Thúy", "Thuý"), ("KHÁNH HOÀ", "Khánh Hòa"), ("a\u0301p", "áp")],
)
def test_same_spelling(one: str, other: str) -> None:
    assert key(one) == key(other)
    assert distance(one, other) == 0.0


def test_a_mark_costs_less_than_a_letter() -> None:
    assert distance("Thạnh Hải", "Thanh Hải") == MARK_COST
    assert distance("Thạnh Hải", "Thạnh Hả") == 1.0
    assert distance("NGUYÊN", "Nguyễn") == MARK_COST


@given(VIETNAMESE, VIETNAMESE)
def test_distance_is_symmetric_and_similarity_in_bounds(one: str, other: str) -> None:
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert 0.0 <= similarity(one, other) <= 1.0


@given(st.text(max_size=30))
def test_tidy_and_fold_settle(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert fold(fold(text)) == fold(text)


def test_upper() -> None:
    assert is_upper("ẤP 5 THẠNH")
    assert not is_upper("Ấp")
    assert not is_upper("A")


@pytest.mark.parametrize(
    "word", ["Nguyễn", "Quý", "gì", "Thuỷ", "Hòa", "hoà", "ươn", "ĐẶNG", "Khuê"]
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["Thii", "PHIIM", "Tổ5", "AnB", "Trfng", "HẦÂN", "", "x"])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_word_shape_counts_words() -> None:
    assert word_shape("Ấp Thạnh Lợi A, số 12/3") == 1.0
    assert word_shape("Ấp Thii") == 0.5
    assert word_shape("") == 0.0


@pytest.mark.parametrize(
    ("text", "form", "spelled"),
    [
        ("Hòa Hảo", "Hoà Hảo", "Hòa Hảo"),
        ("Thành Phố Đồng Hới", "Thành phố Đồng Hới", "Thành Phố Đồng Hới"),
        ("THANH PHÚ", "Thạnh Phú", "THẠNH PHÚ"),
        ("tHạnh Phu", "Thạnh Phú", "Thạnh Phú"),
        ("xã thạnh Hai", "Xã Thạnh Hải", "xã thạnh Hải"),
        ("xã cẩm Hải", "Xã Cẩm Hải", "xã Cẩm Hải"),
        ("An Quy", "An Qui", "An Quy"),
        ("Kinh kinh", "Kinh", "Kinh"),
    ],
)
def test_a_list_says_what_is_meant_not_how_to_write_it(text: str, form: str, spelled: str) -> None:
    assert spelled_as(text, form) == spelled


def test_typed_text_takes_the_lists_case() -> None:
    assert spelled_as("hòa hảo", "Hoà Hảo", keep_case=False) == "Hòa Hảo"

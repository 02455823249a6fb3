"""Closed lists and names."""

from __future__ import annotations

import pytest

from scanform.lexicon import lists, names


@pytest.mark.parametrize("name", sorted(lists.VINTAGES))
def test_every_entry_is_found_as_itself(name: str) -> None:
    forms = lists.forms(name)
    for entry in lists.entries(name):
        found = forms.match(entry.name)
        assert found is not None
        assert found.exact
        assert found.value == entry.name
        assert entry.vintage == lists.VINTAGES[name]


def test_a_variant_stays_what_it_is() -> None:
    found = lists.forms("ethnic_groups").match("Khmer")
    assert found is not None
    assert (found.value, found.entries[0].code) == ("Khmer", "05")


def test_a_mark_is_mended_a_stranger_is_not() -> None:
    forms = lists.forms("religions")
    found = forms.match("Cao Dài")
    assert found is not None
    assert found.value == "Cao Đài"
    assert 0.0 < found.distance <= 0.5
    assert forms.match("Hàng xóm") is None


def test_sixty_three_provinces_have_number_codes() -> None:
    codes = lists.province_of_number()
    assert len(codes) == 63
    assert codes["083"] == "83"


def test_names() -> None:
    assert names.known_share("NGUYỄN VĂN MINH") == 1.0
    assert names.known_share("QWZ MINH") == 0.5
    assert names.known_share("MINH MINH") == 0.5  # no surname, however usual it is behind one
    assert names.known_share(" ") == 0.0
    assert names.log_chance("NGUYỄN", 0) > names.log_chance("NGUYÊN", 0) + 5
    assert names.places_of(4) == [0, 1, 1, 2]


def test_no_garbled_names() -> None:
    assert not any(set(token) & set("øöïñ") for token in names.tokens())


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("CAO VĂN THINH", "CAO VĂN THỊNH"),
        ("Đồng Mỹ Hanh", "Đồng Mỹ Hạnh"),
        ("CAO VĂN THỊNH", None),
        ("NGUYỄN THỊ LAN", None),  # LẠN there is as well
        ("NGUYÊN THỊ LAN", "NGUYỄN THỊ LAN"),  # of NGUYỄN and NGUYỆN the usual one
        ("LÊ VÂN VÂN", "LÊ VĂN VÂN"),  # what is rare between is usual at the end
        ("H'HEN NIÊ", None),
        ("", None),
    ],
)
def test_a_name_that_is_rare_with_its_marks(name: str, usual: str | None) -> None:
    assert names.far_commoner(name) == usual


def test_hardly_a_true_name_is_as_rare_as_that() -> None:
    for place in range(3):
        seen = {word: counts[place] for word, counts in names.tokens().items() if counts[place]}
        rare = sum(count for word, count in seen.items() if names._commoner(word, place, 50.0))
        assert rare <= 0.002 * sum(seen.values())


@pytest.mark.parametrize(
    ("word", "least", "surnames"),
    [
        ("NGUYÊN", 20, ["NGUYỄN"]),
        ("Nguyên", 20, ["Nguyễn"]),
        ("TRÂN", 20, ["TRẦN"]),
        ("TRÂN", 850, []),  # seen 849 times as one
        ("TRÂN", 849, ["TRẦN"]),
        ("NGUYỄN", 20, []),  # is one
        ("QWZ", 20, []),
    ],
)
def test_a_word_that_is_no_surname_may_be_a_usual_one(
    word: str, least: int, surnames: list[str]
) -> None:
    assert names.surnames_like(word, least) == surnames

"""A line is decoded with what is known: places, lists, words; what no list has stays possible."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from decoding import ALPHABET, steps

from scanform.recognise.decode import ALTERNATIVES, SURE, Addresses, Listed, Words, decode
from scanform.recognise.observed import Observed, observed
from scanform.recognise.open_words import (
    DIGIT,
    KNOWN,
    ODD_LETTER,
    _Loose,
    _loose_word,
    open_text,
    word_tree,
    words_until,
)
from scanform.recognise.spans import texts, through

ETHNIC = Listed({"Kinh": 30.0, "Khmer": 5.0, "Hoa": 2.0, "Mường": 1.0})


@pytest.mark.parametrize(
    ("read", "meant", "codes"),
    [
        ("Ấp 5 An Qui Thạnh Phú Bến Tre", None, ("83", "837", "29218")),
        (
            "xã Thạnh Hài, huyên Thạnh Phú, tỉnh Bên Tre",
            "xã Thạnh Hải, huyện Thạnh Phú, tỉnh Bến Tre",
            ("83", "837", "29221"),
        ),
        ("2/3 Lê Lơi P. 5 Q. 10 Tp HCM", "2/3 Lê Lợi P. 5 Q. 10 Tp HCM", ("79", "771", "27199")),
        ("Huyên Thủy Nguyên Hải Phònq", "Huyện Thủy Nguyên Hải Phòng", ("31", "311")),
        ("AN QUL THANH PHU BÊN TRE", "AN QUI THẠNH PHÚ BẾN TRE", ("83", "837", "29218")),
        ("Thu Cúc Tân Sơn", None, ()),
    ],
)
def test_an_address_is_decoded_from_its_places(
    read: str, meant: str | None, codes: tuple[str, ...]
) -> None:
    found = decode(steps(read), ALPHABET, Addresses())
    assert found is not None
    assert found.text == (meant or read)
    assert found.codes == codes
    assert found.known == bool(codes)


def test_a_place_of_another_district_is_not_forced_into_one() -> None:
    """Thạnh Phú's Hải Yến: there is none, so the commune stays as it is read, open."""
    found = decode(steps("Hải Yến Thạnh Phú Bến Tre"), ALPHABET, Addresses())
    assert found is not None
    assert found.codes == ("83", "837")
    assert found.text == "Hải Yến Thạnh Phú Bến Tre"


def test_a_listed_text_has_its_margin_against_the_runner_up() -> None:
    sure = decode(steps("Khmer"), ALPHABET, ETHNIC)
    unsure = decode(steps("Khma", 0.5), ALPHABET, ETHNIC)
    assert sure is not None
    assert unsure is not None
    assert (sure.text, sure.known) == ("Khmer", True)
    assert sure.margin > unsure.margin > 0
    assert sure.alternatives[0].text.lower() in ("kinh", "hoa")
    assert all(0 <= each.score <= 0.5 for each in sure.alternatives)


def test_what_no_list_has_stays_possible() -> None:
    found = decode(steps("Pháp"), ALPHABET, ETHNIC)
    assert found is not None
    assert (found.text, found.known) == ("Pháp", False)


def test_a_mark_is_chosen_by_the_words_that_are_known() -> None:
    names = Words({"nguyễn": 900.0, "nguyên": 1.0, "văn": 20.0, "tám": 2.0})
    found = decode(steps("NGUYÊN VAN TÁM", 0.7), ALPHABET, names)
    assert found is not None
    assert found.text == "NGUYỄN VĂN TÁM"


def test_numbers_and_odd_words_are_read_as_they_are() -> None:
    found = decode(steps("97/2 Zkxw"), ALPHABET, Words())
    assert found is not None
    assert found.text == "97/2 Zkxw"


def test_nothing_read_is_nothing_decoded() -> None:
    empty = np.full((20, len(ALPHABET)), -12.0, np.float32)
    empty[:, 0] = 0.0
    for lexicon in (ETHNIC, Words(), Addresses()):
        found = decode(empty, ALPHABET, lexicon)
        assert found is None or not found.text.strip() or found.fit < -8


def test_every_way_through_the_steps_is_counted_once() -> None:
    """Against all paths of a tiny line, written out."""
    rng = np.random.default_rng(5)
    letters, none = rng.random((4, 2)), rng.random(4)
    seen = Observed(letters, none, none, {"a": 0, "b": 1})
    begun = np.array([1.0, 0, 0, 0, 0])
    for text in ("a", "ab", "aa", "aba"):
        expected = 0.0
        for path in itertools.product("ab-", repeat=4):
            said = "".join(c for c, _ in itertools.groupby(path)).replace("-", "")
            if said == text and path[-1] != "-":
                rows = [
                    none[i] if c == "-" else letters[i, "ab".index(c)] for i, c in enumerate(path)
                ]
                expected += float(np.prod(rows))
        found = through(seen, texts([text], seen.symbols), begun)
        assert found[0, 4] == pytest.approx(expected)


def test_a_tree_has_each_word_once_and_knows_where_a_letter_is_said_twice() -> None:
    symbols = {"a": 0, "b": 1}
    tree = word_tree({"aab": 3.0, "ab": 1.0, "漢": 9.0}, symbols)
    assert sorted(word for word in tree.words if word) == ["aab", "ab"]  # no reader has the other
    assert tree.labels[tree.same == 0.0].tolist() == [0]  # the second a of aab
    assert tree.chances.sum() == pytest.approx(KNOWN * 4 / 13)
    for words in ({"a-b": 1.0, "ab": 5.0}, {"ab": 5.0, "a-b": 1.0}):
        (end,) = word_tree(words, symbols).ends
        assert word_tree(words, symbols).words[end] == "ab"  # the commoner of two alike


def read_open(seen: Observed) -> list[str]:
    tree = word_tree({"xa": 1.0}, seen.symbols)
    free = open_text(seen, tree)
    return words_until(seen, tree, free, int(free.behind[-1]))


def test_a_letter_that_lasts_is_one_and_two_with_a_step_between_are_two() -> None:
    line = steps("7zzkw", 0.999)
    assert read_open(observed(line, ALPHABET)) == ["7zzkw"]
    lasting = np.concatenate([line[:1], line])
    assert read_open(observed(lasting, ALPHABET)) == ["7zzkw"]


def test_a_gap_within_an_odd_word_is_one_space_and_none_at_its_ends() -> None:
    seen = observed(steps("  zk  xw ", 0.999), ALPHABET)
    assert _loose_word(seen, 0, seen.count, list(seen.symbols)) == "zk xw"


def test_a_slash_is_written_among_digits_and_costs_as_they_do() -> None:
    seen = observed(steps("1"), ALPHABET)
    costs = dict(zip(seen.symbols, _Loose(seen)._cost.tolist(), strict=True))
    assert costs["7"] == costs["/"] == DIGIT
    assert costs["z"] == ODD_LETTER < DIGIT


def test_where_nothing_is_written_there_are_no_words() -> None:
    empty = np.full((20, len(ALPHABET)), -12.0, np.float32)
    empty[:, 0] = 0.0
    assert read_open(observed(empty, ALPHABET)) == []


def test_the_share_of_all_that_no_list_has_is_left_to_it() -> None:
    """Beside a list of one, its own spelling with and without what people write between."""
    listed = Listed({"Cư M'gar": 2.0, "Cư-M'gar": 1.0, "Krông Pắc": 1.0})
    assert "cư m'gar" in listed.small
    assert listed.small["cư m'gar"] == 2.0
    assert listed.by_words["cư m gar"] == 2.0
    assert Listed({}).total == Words({}).total == 1.0
    assert (Listed({"Kinh": 3.0, "Mông": 1.0}).total, Words({"a": 2.0}).total) == (4.0, 2.0)
    found = decode(steps("Pháp"), ALPHABET, Listed({}))
    assert found is not None
    assert (found.text, found.known) == ("Pháp", False)


def test_no_more_rivals_are_told_than_anybody_reads() -> None:
    many = Listed({f"tổ {at}": 1.0 for at in range(30)})
    found = decode(steps("tổ 1", 0.6), ALPHABET, many)
    assert found is not None
    assert found.text == "tổ 1"
    assert len(found.alternatives) == ALTERNATIVES
    assert "tổ 1" not in [each.text for each in found.alternatives]
    chances = [each.score for each in found.alternatives]
    assert chances == sorted(chances, reverse=True)
    assert 0.0 < chances[0] < 0.5


def test_nothing_is_known_that_tells_more_than_surely() -> None:
    sure = decode(steps("Khmer", 0.9999), ALPHABET, ETHNIC)
    alone = decode(steps("Zkxw", 0.999), ALPHABET, Words())
    assert sure is not None
    assert alone is not None
    assert sure.margin <= SURE
    assert alone.margin == SURE  # there is no rival at all


def test_a_unit_s_own_words_are_read_in_its_addresses() -> None:
    own = Words({"cồn": 90.0, "bửng": 90.0, "ấp": 90.0})
    line = steps("Ấp Côn Búng", 0.5)
    usual, ours = (decode(line, ALPHABET, Addresses(each)) for each in (None, own))
    assert usual is not None
    assert ours is not None
    assert (usual.text == "Ấp Cồn Bửng", ours.text) == (False, "Ấp Cồn Bửng")
    symbols = {"a": 0, "b": 1}
    assert own.tree(symbols) is own.tree(dict(symbols))  # made once

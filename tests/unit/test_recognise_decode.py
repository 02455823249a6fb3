"""A line is decoded with what is known: places, lists, words; what no list has stays possible."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from decoding import ALPHABET, steps

from scanform.recognise.decode import Addresses, Listed, Words, decode
from scanform.recognise.observed import Observed
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

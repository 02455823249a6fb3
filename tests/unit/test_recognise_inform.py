"""Two readers' texts and the decoder's are weighed; what lists can't know stays."""

from __future__ import annotations

import itertools
import math

import pytest
from decoding import ALPHABET, steps

from scanform.fields import FIELD_KINDS
from scanform.lexicon import hamlets
from scanform.lexicon.hamlets import Hamlets
from scanform.lexicon.written import open_words
from scanform.model.geometry import Box
from scanform.model.reading import Reading
from scanform.model.template import Field
from scanform.programs.tesseract import Character, Word
from scanform.recognise.decode import Addresses, Lexicon, Words, decode
from scanform.recognise.inform import informed
from scanform.recognise.known import lexicon_for, log_prior, placed, use_words
from scanform.recognise.open_words import DIGIT, NUMBER, ODD_LETTER
from scanform.recognise.weigh import Weighed, weigh

AREA = Box(0, 0, 60, 8)


def told(text: str, score: float = 0.4) -> list[Word]:
    """What Tesseract makes of a line, as sure of every word."""
    return [Word(w, score, tuple(Character(c, 0, 1, score) for c in w)) for w in text.split()]


def both(tesseract: str, second: str, lexicon: Lexicon, score: float = 0.4) -> Weighed:
    words, seen = told(tesseract, score), steps(second)
    found = weigh(words, seen, ALPHABET)
    assert found is not None
    return informed(found, words, seen, ALPHABET, lexicon)


def test_places_decide_what_neither_reader_saw() -> None:
    found = both("ấp 5 An Qut Thanh Phd Bém Tre", "Ấp 5 An Qni Thạnh Pbú Bến Ire", Addresses())
    assert found.text == "Ấp 5 An Qui Thạnh Phú Bến Tre"
    assert found.overruled > 0
    assert found.fit < 0


def test_what_one_reader_saw_is_chosen_not_made_up() -> None:
    found = both("Ấp 5 An Qui Thạnh Phú Bến Tre", "Ấp5 An Qni ThạnhPhú Bếm Tre", Addresses())
    assert (found.text, found.overruled) == ("Ấp 5 An Qui Thạnh Phú Bến Tre", 0.0)


def test_what_both_readers_saw_stays() -> None:
    found = both("An Quế Thạnh Phú Bến Tre", "An Quế Thạnh Phú Bến Tre", Addresses())
    assert (found.text, found.overruled) == ("An Quế Thạnh Phú Bến Tre", 0.0)


def test_words_that_both_readers_glued_are_told_apart() -> None:
    found = both("Ấp AnHòa", "Ấp AnHòa", Words())
    assert found.text == "Ấp An Hòa"


def test_a_stray_mark_is_no_reason_to_keep_a_misread_word() -> None:
    assert both("Ấp An'Lơi", "Ấp An Lợi", Words()).text == "Ấp An Lợi"


def test_a_word_that_is_only_in_no_list_of_names_stays() -> None:
    read = "Đường 30 Tháng 4, thị trấn Thạnh Phú, huyện Thạnh Phú, tỉnh Bến Tre"
    assert both(read, read.replace("Đường", "Dường"), Addresses(), 0.9).text == read


def test_commas_and_capitals_stay_as_they_were_read() -> None:
    found = both(
        "xã Thạnh Hài, huyện Thạnh Phú, tỉnh Bên Tre",
        "xã Thạnh Hại, huyện Thạnh Phú, tỉnh Bén Tre",
        Addresses(),
    )
    assert found.text == "xã Thạnh Hải, huyện Thạnh Phú, tỉnh Bến Tre"


def test_an_address_of_mail_is_left_alone() -> None:
    found = both("an.hoa@thu.vn", "an.hoa@thu.vm", Words(), 0.95)
    assert found.text in ("an.hoa@thu.vn", "an.hoa@thu.vm")


@pytest.mark.parametrize(
    ("kind", "name", "listed", "strange"),
    [
        ("place", "commune", "Xã Thạnh Hải", "Xã Thạch Hoi"),
        (
            "place",
            "address",
            "Ấp 5, An Qui, Thạnh Phú, Bến Tre",
            "Ấp 5, An Qux, Thạnh Phú, Bến Tre",
        ),
        ("place", "district", "Huyện Cư M'gar", "Huyện Cư M'gur"),
        ("place", "address", "Ea Kpam, Cư M'gar, Đắk Lắk", "Ea Kpam, Cư M'gur, Đắk Lắk"),
        ("closed", "ethnic_groups", "Khmer", "Khner"),
        ("capitals", None, "NGUYỄN VĂN TÁM", "NGUYÊÑ VĂN TXM"),
        ("text", None, "Ấp Thạnh Lợi", "Ấp Thnh Lợi"),
    ],
)
def test_what_is_known_of_a_field_makes_its_words_likelier(
    kind: str, name: str | None, listed: str, strange: str
) -> None:
    lexicon = lexicon_for(Field("it", "", kind, 1, AREA, lexicon=name))
    assert log_prior(listed, lexicon) > log_prior(strange, lexicon) + 3
    found = decode(steps(listed, 0.99), ALPHABET, lexicon)
    assert found is not None
    assert found.text == listed


def test_a_text_that_was_overruled_is_doubted() -> None:
    field = Field("it", "", "place", 1, AREA, lexicon="address")
    measures = {"readers": 2.0, "agree": 0.0, "own": 0.0, "readers_margin": 12.0, "mean": 0.9}
    for overruled, doubted in ((0.25, False), (2.0, True)):
        reading = Reading(
            "read", "Bến Tre", 0.9, "two", measures={**measures, "overruled": overruled}
        )
        answer = FIELD_KINDS["place"].answer(field, reading, {})
        assert ("near_known" in [each.code for each in answer.doubts]) == doubted


def test_a_word_counts_by_the_shares_of_its_own_lexicon() -> None:
    """Each lexicon is gone before the next is made, and may lie where that one lay."""
    among = [
        log_prior("bến", Words({"bến": 1.0, **{f"từ{at}": 1.0 for at in range(count)}}))
        for count in (0, 9, 99, 999)
    ]
    steps = [one - other for one, other in itertools.pairwise(among)]
    assert steps == pytest.approx([math.log(10)] * 3)


def field_of(kind: str, name: str | None = None) -> Field:
    return Field("it", "", kind, 1, AREA, lexicon=name)


def test_each_kind_has_its_own_words_and_no_other_the_lists() -> None:
    usual = open_words()
    for field in (
        field_of("text"),
        field_of("text", "ethnic_groups"),  # a list is a closed field's
        field_of("text", "hamlets"),  # the office has no list, and nobody confirmed any yet
        field_of("closed", "an office's own"),
    ):
        lexicon = lexicon_for(field)
        assert isinstance(lexicon, Words)
        assert lexicon.shares == usual
    assert any(" " in word for word in usual)
    names = lexicon_for(field_of("capitals"))
    assert isinstance(names, Words)
    assert not any(" " in word or word.isdigit() for word in names.shares)
    assert names.shares["nguyễn"] > 100 * names.shares["ấp"] > 0


def test_an_office_s_hamlets_are_in_addresses_as_likely_as_its_commonest_word() -> None:
    hamlets.use(Hamlets([("Xã An Điền", "Ấp Quí Đức")]))
    try:
        use_words({"cồn": 40.0, "bửng": 2.0})
        address = lexicon_for(field_of("place", "address"))
        assert isinstance(address, Addresses)
        assert address.own is not None
        shares = address.own.shares
        assert shares["quí đức"] == pytest.approx(shares["cồn"], rel=0.05)
        assert shares["bửng"] < shares["cồn"] / 5
        assert lexicon_for(field_of("text")).shares == open_words()  # type: ignore[union-attr]
    finally:
        hamlets.use(None)
        use_words({})


def test_a_number_costs_by_its_digits_and_an_odd_word_by_its_letters() -> None:
    known = Words()
    assert log_prior("97/2", known) == pytest.approx(math.log(NUMBER) + 4 * math.log(DIGIT))
    odd = math.log(NUMBER) + 4 * math.log(ODD_LETTER)
    assert log_prior("zkxw", known) == pytest.approx(odd)
    assert log_prior("thuội", known) > odd + 3  # in no list, but a syllable


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("an qui thạnh phú bến tre", {0, 1, 2}),
        ("an qui tân sơn phú thọ", {0, 1}),  # An Qui is in no district of Phú Thọ
        ("thạnh phú phú thọ", {0}),
        ("an qui", set()),  # no province
    ],
)
def test_a_place_lies_in_what_is_named_behind_it(text: str, levels: set[int]) -> None:
    assert {at for at, _ in placed(text.split(), 0, "", 0.0)} == levels

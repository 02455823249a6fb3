from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanform.lexicon import lists, places
from scanform.lexicon.keyboard import Method, typed
from scanform.lexicon.spelling import fold, key

MARKS: dict[str, dict[str, str]] = {
    "telex": {"\u0302": "", "\u0306": "w", "\u031b": "w"},
    "vni": {"\u0302": "6", "\u0306": "8", "\u031b": "7"},
}
TONES: dict[str, dict[str, str]] = {
    "telex": {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"},
    "vni": {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"},
}


def keys_for(word: str, method: Method) -> str:
    """What a typist presses: each mark behind its letter, the tone at the end."""
    keys, tone = "", ""
    for letter in word:
        if letter in "đĐ":
            keys += {"đ": "d", "Đ": "D"}[letter] + ("d" if method == "telex" else "9")
            continue
        base, *marks = unicodedata.normalize("NFD", letter)
        keys += base
        for mark in marks:
            if mark in TONES[method]:
                tone = TONES[method][mark]
            else:
                keys += MARKS[method][mark] or base.lower()
    return keys + tone


def words() -> list[str]:
    names = [entry.name for entry in places.places().values()]
    names += [entry.name for name in lists.VINTAGES for entry in lists.entries(name)]
    found = {word for name in names for word in name.replace("-", " ").split()}
    alphabet = set("abcdeghiklmnopqrstuvxyđ")
    plain = {w: unicodedata.normalize("NFD", w.lower()) for w in found}
    return sorted(w for w in found if {c for c in plain[w] if c.isalpha()} <= alphabet)


# Words of other languages in the lists (Ea Nuôl, Choóng) don't spell as Vietnamese does.
SYLLABLE = re.compile(
    "(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?(?!ea)[aeiouy]{1,3}(ch|ng|nh|[cmnpt])?"
)
VIETNAMESE = [w for w in words() if SYLLABLE.fullmatch(fold(w)) and not re.search("oo|ee", fold(w))]


@pytest.mark.parametrize("method", ["telex", "vni"])
def test_every_word_of_the_gazetteer_can_be_typed(method: Method) -> None:
    wrong = {
        word: typed(keys_for(word, method), method)
        for word in VIETNAMESE
        if key(typed(keys_for(word, method), method)) != key(word)
    }
    assert len(VIETNAMESE) > 1000
    assert wrong == {}


@pytest.mark.parametrize(
    ("telex", "vni", "text"),
    [
        ("Nguyeenx Thij Huowngf", "Nguye6n4 Thi5 Hu7o7ng2", "Nguyễn Thị Hường"),
        ("quys gias gif", "quy1 gia1 gi2", "quý giá gì"),
        ("hoaf thuys khoer", "hoa2 thuy1 khoe3", "hòa thúy khỏe"),
        ("ngoaif khuyru toans", "ngoai2 khuy3u toan1", "ngoài khuỷu toán"),
        ("nguowif dduowngf", "nguoi72 duong972", "người đường"),
        ("ddi DDoongf Thaps", "d9i D9o6ng2 Tha1p", "đi Đồng Tháp"),
        ("CAANF THOW", "CA6N2 THO7", "CẦN THƠ"),
        ("thuaanj tieenj", "thua6n5 tie6n5", "thuận tiện"),
        ("quoocs quas", "quo6c1 qua1", "quốc quá"),
    ],
)
def test_words_as_they_are_typed(telex: str, vni: str, text: str) -> None:
    assert typed(telex, "telex") == text
    assert typed(vni, "vni") == text


def test_the_same_tone_again_types_the_letter() -> None:
    assert typed("thass", "telex") == "thas"
    assert typed("thasz", "telex") == "tha"
    assert typed("booong", "telex") == "boong"


@pytest.mark.parametrize("number", ["12", "0812345678", "5/6/1985", "24-8"])
def test_numbers_stay(number: str) -> None:
    assert typed(number, "vni") == number
    assert typed(number, "telex") == number


@given(st.text(), st.sampled_from(["telex", "vni"]))
def test_any_text_gives_nfc_and_never_an_error(text: str, method: Method) -> None:
    found = typed(text, method)
    assert unicodedata.normalize("NFC", found) == found


@given(st.sampled_from(VIETNAMESE), st.sampled_from(["telex", "vni"]))
def test_what_is_written_already_stays(word: str, method: Method) -> None:
    """Pasted text, or an input method of the PC's own, isn't typed over."""
    plain = unicodedata.normalize("NFC", word)
    marked = [c for c in plain if unicodedata.normalize("NFD", c) != c]
    if method == "vni" and marked:
        assert typed(plain, method) == plain

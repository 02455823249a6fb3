"""Hamlets: what the nation's communes say of a name, and an office's own list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanform.cli.learnt import hamlets_wanted, start
from scanform.cli.rereading import reading_desk
from scanform.errors import UsageError
from scanform.fields import FIELD_KINDS
from scanform.fields.calibration import calibrated, features
from scanform.fields.policy import judged
from scanform.lexicon import hamlets
from scanform.lexicon.written import open_words
from scanform.model.geometry import Box
from scanform.model.reading import Reading
from scanform.model.record import Answer
from scanform.model.template import Field
from scanform.recognise.decode import Addresses, Listed
from scanform.recognise.known import lexicon_for, log_prior, use_words
from scanform.store.open import open_store

FIELD = Field("hamlet", "Ấp", "text", 1, Box(0, 0, 60, 7), lexicon="hamlets", within=("commune",))
AGREED = {"readers": 2.0, "agree": 1.0, "readers_margin": 6.0, "worst_character": 0.9}


def read(text: str, commune: str | None = "Xã Thạnh Hải") -> Answer:
    others = {"commune": Answer("commune", commune, 0.99, "accepted", ())}
    reading = Reading("read", text, 0.98, "tesseract-vie+asterocr 1", measures=AGREED)
    return FIELD_KINDS[FIELD.handled_by].answer(FIELD, reading, others)


def figures(answer: Answer) -> tuple[float, float]:
    found = features(answer, "hamlet")
    return found["listed"], found["mark_rivals"]


@pytest.fixture
def own() -> Iterator[None]:
    names = ("Ấp Quí Đức", "Ấp Thạnh Lợi", "Ấp 1")
    hamlets.use(hamlets.Hamlets(("Xã Thạnh Hải", each) for each in names))
    yield
    hamlets.use(None)


def test_numbers_and_names_that_communes_bear_are_the_surer() -> None:
    assert figures(read("Ấp 3")) == (1.0, 0.0)
    assert figures(read("Khu phố 10")) == (1.0, 0.0)
    assert figures(read("ấp Bình Đông")) == (1.0, 0.0)
    assert figures(read("Ấp Qui Đức")) == (0.0, 0.0)  # borne by none
    assert figures(read("Ấp Phú Thanh")) == (0.0, 1.0)  # there is Phú Thạnh, too
    assert figures(read("Bình Đông")) == (0.0, 0.0)  # no unit's word: it may be anything
    assert figures(read("Ấp 123")) == (0.0, 0.0)


@pytest.fixture
def confirmed() -> Iterator[None]:
    use_words({}, {"ấp khâu băng": 5.0, "ấp quí đức": 4.0, "ấp cồn bửng": 3.0, "ấp cồn bừng": 3.0})
    yield
    use_words({})


@pytest.mark.usefixtures("confirmed")
def test_so_are_those_that_people_confirmed_until_another_reader_is_used() -> None:
    assert figures(read("Ấp Khâu Băng")) == (1.0, 0.0)
    assert figures(read("Ấp Khâu băng")) == (0.0, 0.0)  # its case may be misread
    assert figures(read("Ấp Kháu Băng")) == (0.0, 0.0)  # nobody confirmed that
    assert figures(read("Ấp Qui Đức")) == (0.0, 0.0)
    assert figures(read("Ấp Cồn Bửng")) == (0.0, 1.0)  # there is Cồn Bừng, too
    use_words({})
    assert figures(read("Ấp Khâu Băng")) == (0.0, 0.0)


def test_an_open_text_is_kept_as_it_was_read() -> None:
    assert read("Ấp Khâu Băng").value == "Ấp Khâu Băng"
    assert read("ấp Bình đông").value == "ấp Bình đông"


@pytest.mark.usefixtures("own")
def test_the_office_s_list_spells_and_doubts() -> None:
    assert read("Ấp Qui Đức").value == "Ấp Quí Đức"
    assert figures(read("Ấp Qui Đức")) == (0.0, 0.0)  # spelled by the list, not seen so
    assert figures(read("Ấp Quí Đức")) == (1.0, 0.0)
    assert figures(read("Quí Đức")) == (1.0, 0.0)
    unknown = read("Ấp Bình Đông")
    assert unknown.value == "Ấp Bình Đông"
    assert [each.code for each in unknown.doubts] == ["not_in_list"]
    assert unknown.state == "pending"


@pytest.mark.usefixtures("own")
def test_the_list_holds_for_its_communes_alone() -> None:
    assert figures(read("Ấp Bình Đông", "Xã An Điền")) == (1.0, 0.0)
    assert figures(read("Ấp Bình Đông", None)) == (1.0, 0.0)
    assert figures(read("Ấp Quí Đức", "X. Thạnh Hải")) == (1.0, 0.0)
    assert figures(read("Ấp Quí Đức", "thạnh hải")) == (1.0, 0.0)


def test_by_the_shipped_scales_a_known_name_is_accepted_and_another_waits() -> None:
    states = [
        judged(calibrated(read(text), "hamlet"), FIELD, 0.005).state
        for text in ("Ấp 3", "Ấp Bình Đông", "Ấp Qui Đức", "Ấp Phú Thanh")
    ]
    assert states == ["accepted", "accepted", "pending", "pending"]


def test_two_of_the_list_that_differ_in_marks_are_not_told_apart_by_it() -> None:
    names = ("Ấp Phú Thạnh", "Ấp Phú Thanh", "Ấp 1", "Ấp 11")
    hamlets.use(hamlets.Hamlets(("Xã Thạnh Hải", each) for each in names))
    try:
        assert figures(read("Ấp Phú Thạnh")) == (0.0, 1.0)
        assert figures(read("Ấp 1")) == (1.0, 0.0)
    finally:
        hamlets.use(None)


def test_blank_stays_blank() -> None:
    answer = FIELD_KINDS[FIELD.handled_by].answer(FIELD, Reading("blank", None, 0.99, "ink"), {})
    assert answer.state == "blank"


def test_a_list_is_a_table_of_communes_and_hamlets(tmp_path: Path) -> None:
    path = tmp_path / "hamlets.csv"
    path.write_text("Xã;Ấp\nXã Thạnh Hải;Ấp Quí Đức\n\nThạnh Hải;Ấp 1\n", encoding="utf-8-sig")
    made = hamlets.load(path)
    assert made.knows("xã Thạnh Hải")
    assert not made.knows("Xã An Điền")
    for each in ("ấp 1", "Quí Đức"):
        found = made.match(each, "Thạnh Hải", 0.9)
        assert found is not None
        assert found.exact


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "lacks the columns"),
        ("commune,name\na,b\n", "lacks the columns"),
        ("commune,hamlet\nXã An Điền,\n", "line 2"),
    ],
)
def test_what_is_no_list_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "hamlets.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        hamlets.load(path)


def test_a_list_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "hamlets.csv"
    path.write_bytes("commune,hamlet\nXã An Điền,Ấp 1\n".encode("utf-16"))
    with pytest.raises(UsageError, match="can't be read"):
        hamlets.load(path)


def test_the_list_in_the_workspace_goes_to_the_workers(tmp_path: Path) -> None:
    assert start(tmp_path).keywords["own_hamlets"] is None
    (tmp_path / hamlets.FILE_NAME).write_text("commune,hamlet\nXã An Điền,Ấp 1\n", "utf-8")
    assert start(tmp_path).keywords["own_hamlets"].knows("An Điền")


@pytest.mark.usefixtures("own")
def test_lines_are_decoded_with_the_office_s_hamlets() -> None:
    use_words({})
    try:
        hamlet, address = lexicon_for(FIELD), lexicon_for(replace(FIELD, kind="place"))
        assert isinstance(hamlet, Listed)
        assert set(hamlet.forms) == {"Ấp Quí Đức", "Quí Đức", "Ấp Thạnh Lợi", "Thạnh Lợi", "Ấp 1"}
        listed = log_prior("ấp quí đức xã an điền", address)
        assert isinstance(address, Addresses)
        assert address.own is not None
        assert address.own.shares["quí đức"] > sum(open_words().values()) / 8
        lacked = log_prior("thuội", address)  # a syllable that no list has
    finally:
        hamlets.use(None)
        use_words({})
    assert log_prior("ấp quí đức xã an điền", lexicon_for(replace(FIELD, kind="place"))) < listed
    assert not isinstance(lexicon_for(FIELD), Listed)
    usual = log_prior("thuội", lexicon_for(replace(FIELD, kind="place")))
    assert lacked == pytest.approx(usual, abs=0.1)


def test_reading_anew_knows_the_list_too(tmp_path: Path) -> None:
    (tmp_path / hamlets.FILE_NAME).write_text("commune,hamlet\nXã An Điền,Ấp 1\n", "utf-8")
    try:
        with open_store(tmp_path) as store:
            reading_desk(store, tmp_path, (), "lan", None)
        assert hamlets.own().knows("An Điền")
    finally:
        hamlets.use(None)
        use_words({})


def test_an_office_is_told_of_the_list_until_it_has_one(tmp_path: Path) -> None:
    asked = [FIELD, replace(FIELD, id="street", lexicon=None)]
    assert hamlets_wanted(tmp_path, asked) == tmp_path / "hamlets.csv"
    assert hamlets_wanted(tmp_path, asked[1:]) is None
    (tmp_path / "hamlets.csv").write_text("commune,hamlet\nAn Điền,Ấp 1\n", encoding="utf-8")
    assert hamlets_wanted(tmp_path, asked) is None

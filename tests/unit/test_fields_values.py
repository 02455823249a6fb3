"""What a person types, and what a reading says, become values; nothing raises but InvalidValue."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanform.fields import FIELD_KINDS
from scanform.fields.interface import InvalidValue
from scanform.model.geometry import Box
from scanform.model.reading import Alternative, CellReading, Reading, Said
from scanform.model.template import Field, Option
from scanform.phrase import say

BOX = Box(10, 10, 60, 7)
CELLS = tuple(Box(10 + 5 * i, 10, 5, 6) for i in range(8))
OPTIONS = tuple(Option(value, Box(10 + 9 * i, 10, 3, 3)) for i, value in enumerate(("Nam", "Nữ")))


def field(kind: str, **more: object) -> Field:
    given: dict[str, object] = {"id": "it", "label": "It", "kind": kind, "page": 1, "box": BOX}
    if kind == "choice":
        given["options"] = OPTIONS
    if kind == "closed":
        given["lexicon"] = "religions"
    if kind == "place":
        given["lexicon"] = "commune"
    return Field(**(given | more))  # type: ignore[arg-type]


def reading(text: str | None, score: float = 0.96, **more: object) -> Reading:
    outcome = "read" if text is not None else "blank"
    return Reading(outcome, text, score, "canned", **more)  # type: ignore[arg-type]


def comb(text: str, score: float = 0.999) -> Reading:
    cells = tuple(CellReading("" if c == " " else c, score) for c in text)
    return Reading("read", text.replace(" ", ""), score, "canned", (), cells)


ANY_READING = st.builds(
    Reading,
    st.sampled_from(["read", "blank", "unreadable"]),
    st.none() | st.text(max_size=30),
    st.floats(0, 1),
    st.just("canned"),
    st.lists(st.builds(Alternative, st.text(max_size=30), st.floats(0, 1)), max_size=3).map(tuple),
    st.lists(
        st.builds(CellReading, st.sampled_from(["", *"0123456789", "x"]), st.floats(0, 1)),
        max_size=9,
    ).map(tuple),
)


@settings(deadline=None)
@given(kind=st.sampled_from(sorted(FIELD_KINDS)), read=ANY_READING)
def test_no_reading_raises(kind: str, read: Reading) -> None:
    answer = FIELD_KINDS[kind].answer(field(kind), read, {})
    assert 0.0 <= answer.confidence <= 1.0
    assert answer.reading is not None
    # A kind may note figures of its own beside what was read, but changes nothing of that.
    assert replace(answer.reading, measures=read.measures) == read
    assert answer.reading.measures.items() >= read.measures.items()
    assert (answer.state == "pending") == bool(answer.doubts)
    if answer.state == "accepted":
        assert answer.value
    if answer.state == "blank":
        assert answer.value is None


@settings(deadline=None)
@given(kind=st.sampled_from(sorted(FIELD_KINDS)), text=st.text(max_size=24))
def test_typed_twice_is_typed_once(kind: str, text: str) -> None:
    try:
        value = FIELD_KINDS[kind].typed(field(kind), text)
    except InvalidValue:
        return
    assert value
    assert FIELD_KINDS[kind].typed(field(kind), value) == value


DATES = st.dates(datetime.date(1900, 1, 1), datetime.date(2020, 12, 31))


@settings(deadline=None)
@given(DATES, st.sampled_from(["{d}/{m}/{y}", "{d:02}.{m:02}.{y}", "ngày {d} tháng {m} năm {y}"]))
def test_a_written_date_gives_the_date(date: datetime.date, way: str) -> None:
    text = way.format(d=date.day, m=date.month, y=date.year)
    answer = FIELD_KINDS["date"].answer(field("date"), reading(text), {})
    assert answer.value == date.isoformat()
    assert FIELD_KINDS["date"].typed(field("date"), text) == date.isoformat()


@settings(deadline=None)
@given(DATES)
def test_a_date_in_a_comb(date: datetime.date) -> None:
    at = field("date", cells=CELLS, groups=(2, 2, 4))
    answer = FIELD_KINDS["date"].answer(at, comb(date.strftime("%d%m%Y")), {})
    assert (answer.value, answer.doubts) == (date.isoformat(), ())


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [
        ("    1985", "1985", None),
        ("  061985", "1985-06", None),
        ("31021985", "1985-02-31", "no_such_date"),
        ("01061685", "1685-06-01", "no_such_date"),
        ("0106  85", "1985-06-01", "incomplete_date"),
        ("01069999", "9999-06-01", "future_date"),
        ("1 061985", "1985-06-01", None),
    ],
)
def test_odd_combs(text: str, value: str, doubt: str | None) -> None:
    at = field("date", cells=CELLS, groups=(2, 2, 4))
    answer = FIELD_KINDS["date"].answer(at, comb(text), {})
    assert answer.value == value
    assert [each.code for each in answer.doubts] == ([doubt] if doubt else [])


def test_the_71st_is_taken_for_the_11th_and_doubted() -> None:
    at = field("date", cells=CELLS, groups=(2, 2, 4))
    others = (Alternative("19771985", 0.1), Alternative("19111985", 0.03))
    answer = FIELD_KINDS["date"].answer(at, replace(comb("19711985"), alternatives=others), {})
    assert (answer.value, [d.code for d in answer.doubts]) == ("1985-11-19", ["mended_date"])
    on_line = reading("19/71/1985", alternatives=(Alternative("19/11/1985", 0.03),))
    assert FIELD_KINDS["date"].answer(field("date"), on_line, {}).value == "1985-11-19"


@settings(deadline=None)
@given(st.integers(0, 999_999_999_999), st.booleans())
def test_numbers_may_stand_left_or_right(number: int, left: bool) -> None:
    cells = tuple(Box(10 + 5 * i, 10, 5, 6) for i in range(14))
    at = field("digits", cells=cells, lengths=(12,))
    text = f"{number:012}"
    padded = text.ljust(14) if left else text.rjust(14)
    answer = FIELD_KINDS["digits"].answer(at, comb(padded), {})
    assert (answer.value, answer.doubts) == (text, ())


def test_digits_are_doubted() -> None:
    at = field("digits", cells=CELLS, lengths=(8,))
    short = FIELD_KINDS["digits"].answer(at, comb("1234567 "), {})
    gap = FIELD_KINDS["digits"].answer(at, comb("123 4567"), {})
    assert [each.code for each in short.doubts] == ["wrong_length"]
    assert "gap_in_digits" in [each.code for each in gap.doubts]


def test_capitals_take_the_likelier_name() -> None:
    read = reading("NGUYÊN VĂN AN", alternatives=(Alternative("NGUYỄN VĂN AN", 0.2),))
    answer = FIELD_KINDS["capitals"].answer(field("capitals"), read, {})
    assert answer.value == "NGUYỄN VĂN AN"
    assert answer.reading is read


def test_capitals_doubt_a_name_that_a_lost_mark_made_rare() -> None:
    answer = FIELD_KINDS["capitals"].answer(field("capitals"), reading("CAO VĂN THINH"), {})
    assert (answer.value, answer.state) == ("CAO VĂN THINH", "pending")
    assert ("rare_name", "CAO VĂN THỊNH") in [(each.code, each.detail) for each in answer.doubts]


def test_capitals_keep_a_sure_rare_name() -> None:
    read = reading("NGUYỄN VĂN HIỄN", alternatives=(Alternative("NGUYỄN VĂN HIỂN", 0.0005),))
    answer = FIELD_KINDS["capitals"].answer(field("capitals"), read, {})
    assert answer.value == "NGUYỄN VĂN HIỄN"


def test_low_scores_are_not_accepted() -> None:
    low = {"mean": 0.2, "worst_character": 0.3}
    unsure = (Alternative("Ấp 6", 0.4), Alternative("LÊ ÂN", 0.5))
    for kind, text in (("text", "Ấp 5"), ("capitals", "LÊ AN")):
        read = reading(text, 0.2, measures=low, alternatives=unsure)
        answer = FIELD_KINDS[kind].answer(field(kind), read, {})
        assert (answer.state, answer.confidence < 0.9) == ("pending", True)


def test_closed_lists_doubt_strangers() -> None:
    answer = FIELD_KINDS["closed"].answer(field("closed"), reading("Đạo Dừa xanh"), {})
    assert answer.value == "Đạo Dừa xanh"
    assert [each.code for each in answer.doubts] == ["not_in_list"]


def test_a_commune_is_looked_for_in_its_district() -> None:
    kind = FIELD_KINDS["place"]
    district = kind.answer(field("place", lexicon="district"), reading("Huyện Thạnh Phú"), {})
    at = field("place", within=("district",))
    near = kind.answer(at, reading("Thanh Hải"), {"district": district})
    far = kind.answer(at, reading("Phước Vĩnh An"), {"district": district})
    assert near.value == "Thạnh Hải"
    assert "place_disagrees" in [each.code for each in far.doubts]


def test_choices() -> None:
    kind = FIELD_KINDS["choice"]
    two = kind.answer(field("choice"), reading("Nam", 0.99, measures={"marked": 2.0}), {})
    mended = kind.answer(field("choice"), reading("Nam", 0.99, measures={"corrected": 1.0}), {})
    assert [each.code for each in two.doubts] == ["several_marked"]
    assert (mended.value, [each.code for each in mended.doubts]) == ("Nam", ["corrected_mark"])
    assert kind.typed(field("choice"), "nu\u031b\u0303") == "Nữ"


def test_required_blank_is_doubted() -> None:
    answer = FIELD_KINDS["text"].answer(field("text", required=True), reading(None), {})
    assert (answer.value, answer.state) == (None, "pending")
    assert [each.code for each in answer.doubts] == ["required_blank"]


def test_mistakes_are_told() -> None:
    wrong = [
        field("choice", options=()),
        field("closed", lexicon="colours"),
        field("place", lexicon="planet"),
        field("date", cells=CELLS, groups=(4, 4)),
        field("digits", cells=CELLS, lengths=(9,)),
        field("text", cells=CELLS),
        field("presence", options=OPTIONS),
    ]
    for each in wrong:
        assert FIELD_KINDS[each.kind].mistakes(each)
    for kind in FIELD_KINDS:
        assert FIELD_KINDS[kind].mistakes(field(kind)) == []


@pytest.mark.parametrize("kind", ["text", "capitals", "closed", "place"])
def test_a_speck_is_most_likely_nothing(kind: str) -> None:
    answer = FIELD_KINDS[kind].answer(field(kind), reading("/ ."), {})
    assert (answer.value, [each.code for each in answer.doubts]) == (None, ["faint"])


def test_the_written_spelling_stays() -> None:
    answer = FIELD_KINDS["closed"].answer(field("closed"), reading("Hòa Hảo"), {})
    assert (answer.value, answer.doubts) == ("Hòa Hảo", ())
    assert FIELD_KINDS["closed"].typed(field("closed"), "hòa hảo") == "Hòa Hảo"


@pytest.mark.parametrize(
    ("read", "value"),
    [("Đường tỉnh 88 I", "Đường tỉnh 881"), ("2l Chợ", "21 Chợ"), ("Khu I", "Khu I")],
)
def test_letters_among_digits_are_digits(read: str, value: str) -> None:
    assert FIELD_KINDS["text"].answer(field("text"), reading(read), {}).value == value


@pytest.mark.parametrize("kind", ["text", "capitals", "closed", "place"])
def test_readers_that_differ_are_told(kind: str) -> None:
    measures = {"readers": 2.0, "agree": 0.0, "readers_margin": 0.1, "mean": 0.3}
    read = reading("Lô Qwx", 0.3, measures=measures)
    answer = FIELD_KINDS[kind].answer(field(kind), read, {})
    assert "readers_disagree" in [each.code for each in answer.doubts]
    agree = reading("Lô Qwx", 0.3, measures=measures | {"agree": 1.0})
    answer = FIELD_KINDS[kind].answer(field(kind), agree, {})
    assert "readers_disagree" not in [each.code for each in answer.doubts]


@pytest.mark.parametrize("kind", ["text", "capitals", "place"])
@pytest.mark.parametrize(("one", "other"), [("LÊ BA", ""), (" ", "LÊ BA"), ("LÊ BA", "LÊ BA")])
def test_writing_that_one_reader_does_not_see_is_doubted(kind: str, one: str, other: str) -> None:
    said = (Said("tesseract-vie 5", one, 0.96), Said("asterocr 1", other, 0.9999))
    measures = {"readers": 2.0, "agree": 1.0, "readers_margin": 12.0, "worst_character": 0.98}
    read = reading("LÊ BA", 0.98, said=said, measures=measures)
    answer = FIELD_KINDS[kind].answer(field(kind), read, {})
    doubted = "readers_disagree" in [each.code for each in answer.doubts]
    assert doubted == (one != other)


def test_an_entry_read_as_it_stands_is_not_made_another_word() -> None:
    at = field("closed", lexicon="relations")
    read = reading("Mẹ", alternatives=(Alternative("Hẹ", 0.45),))
    assert FIELD_KINDS["closed"].answer(at, read, {}).value == "Mẹ"


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("Số360, ấp3", "Số 360, ấp 3"),
        ("đường 30 Tháng 4,Thạnh Phú,Bến Tre", "đường 30 Tháng 4, Thạnh Phú, Bến Tre"),
        ("Lô B12, 1,5 m", "Lô B12, 1,5 m"),
    ],
)
def test_spaces_that_are_too_narrow_to_see_come_back(read: str, value: str) -> None:
    assert FIELD_KINDS["text"].answer(field("text"), reading(read), {}).value == value


@pytest.mark.parametrize(
    ("kind", "text", "vietnamese", "english"),
    [
        ("digits", "1x", "Chỉ nhập chữ số.", "Type digits only."),
        ("digits", "12", "phải có 9 hoặc 12.", "should have 9 or 12."),
        ("code", "12", "phải có 9 hoặc 12.", "should have 9 or 12."),
        ("choice", "x", "Hãy nhập một trong: Nam, Nữ.", "Type one of: Nam, Nữ."),
        ("date", "31/2/1985", "31/2/1985 không phải là ngày.", "31/2/1985 is no date."),
        ("text", " ", "ghi là để trống", "mark the field as blank"),
    ],
)
def test_what_can_not_be_an_answer_is_told_in_both_languages(
    kind: str, text: str, vietnamese: str, english: str
) -> None:
    with pytest.raises(InvalidValue, match=re.escape(english)) as caught:
        FIELD_KINDS[kind].typed(field(kind, lengths=(12, 9)), text)
    assert vietnamese in say(caught.value.words, "vi")

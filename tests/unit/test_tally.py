from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanform.errors import UsageError
from scanform.store.interface import UnitCount
from scanform.tally import Row, Target, count_against, read_targets, unit_key

UNITS = ["Thạnh Hải", "Xã Hòa Lợi", "Thị trấn Thạnh Phú", "An Điền"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thạnh Hải", "THẠNH HẢI"),
        ("Xã Thạnh Hải", "Thạnh  Hải"),
        ("X. Thạnh Hải", "xã thạnh hải"),
        ("x.Thạnh Hải", "Thạnh Hải"),
        ("Hòa Lợi", "Hoà Lợi"),
        ("HÒA LỢI", "Xã Hoà Lợi"),
        ("TT. Thạnh Phú", "Thị trấn Thạnh Phú"),
        ("TT Thạnh Phú", "thị trấn Thạnh Phú"),
        ("P. Thuỷ Xuân", "Phường Thủy Xuân"),
        (unicodedata.normalize("NFD", "Thạnh Hải"), "Thạnh Hải"),
    ],
)
def test_spellings_of_one_unit_are_one(one: str, other: str) -> None:
    tally = count_against([Target(one, 10)], [UnitCount(other, 1, 2)])
    assert tally.units == (Row(one, 10, 1, 2),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("An Thạnh", "An Thanh"),
        ("Xuân Lộc", "uân Lộc"),
        ("Phú", "hú"),
        ("Hòa Lợi", "Hỏa Lợi"),
        ("Đa Lộc", "Da Lộc"),
    ],
)
def test_other_units_are_other(one: str, other: str) -> None:
    tally = count_against([Target(one, 10)], [UnitCount(other, 1, 0)])
    assert tally.units == (Row(one, 10, 0, 0), Row(other, None, 1, 0))


def test_a_town_and_a_commune_of_one_name_are_two() -> None:
    targets = [Target("Thị trấn Phước An", 10), Target("Xã Phước An", 20)]
    counts = [UnitCount("TT. Phước An", 1, 0), UnitCount("x. Phước An", 2, 0)]
    tally = count_against(targets, [*counts, UnitCount("Phước An", 4, 0)])
    assert [(row.unit, row.target, row.records) for row in tally.units] == [
        ("Thị trấn Phước An", 10, 1),
        ("Xã Phước An", 20, 2),
        ("Phước An", None, 4),
    ]


def test_the_unknown_and_the_unlisted_have_rows_and_are_in_the_total() -> None:
    counts = [
        UnitCount(None, 1, 2),
        UnitCount(" ", 0, 1),
        UnitCount("xã lạ", 1, 0),
        UnitCount("Xã Lạ", 2, 0),
        UnitCount("An Điền", 10, 3),
    ]
    tally = count_against([Target("An Điền", 100)], counts)
    assert tally.units == (
        Row("An Điền", 100, 10, 3),
        Row("Xã Lạ", None, 3, 0),
        Row(None, None, 1, 3),
    )
    assert tally.total == Row(None, 100, 14, 6)
    assert tally.total.rate == 0.2


def test_a_unit_without_records_is_there() -> None:
    tally = count_against([Target("An Điền", 100)], [])
    assert tally.units == (Row("An Điền", 100, 0, 0),)
    assert tally.units[0].rate == 0.0


def test_the_rate_is_a_fraction_of_four_digits_or_nothing() -> None:
    assert Row("a", 176_500, 23_500, 0).rate == 0.1331
    assert Row("a", 0, 5, 0).rate is None
    assert Row("a", None, 5, 0).rate is None
    assert Row("a", 10, 15, 0).rate == 1.5
    assert count_against([], [UnitCount("a", 1, 0)]).total.rate is None


def test_rows_by_rate_have_the_furthest_first() -> None:
    targets = [Target("a", 10), Target("b", 10), Target("c", 0)]
    tally = count_against(targets, [UnitCount("b", 5, 0), UnitCount("a", 1, 0)])
    assert [row.unit for row in tally.by_rate()] == ["b", "a", "c"]


@given(
    st.lists(
        st.builds(
            UnitCount,
            st.sampled_from([*UNITS, "hoà lợi", "TT Thạnh Phú", "Xã Lạ", "", None]),
            st.integers(0, 10**6),
            st.integers(0, 10**6),
        )
    ),
    st.lists(st.sampled_from(UNITS), unique=True),
)
def test_the_units_sum_to_the_total(counts: list[UnitCount], units: list[str]) -> None:
    tally = count_against([Target(unit, len(unit)) for unit in units], counts)
    assert sum(row.complete for row in tally.units) == tally.total.complete
    assert sum(row.pending for row in tally.units) == tally.total.pending
    assert tally.total.complete == sum(count.complete for count in counts)
    assert tally.total.pending == sum(count.pending for count in counts)
    assert sum(row.target or 0 for row in tally.units) == (tally.total.target or 0)
    keys = [row.unit and unit_key(row.unit) for row in tally.units]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "text",
    [
        "unit,target\nThạnh Hải,7000\nAn Điền,4000\n",
        "\ufeffunit;target\r\nThạnh Hải;7.000\r\n\r\nAn Điền;4 000\r\n",
        'Unit,Target\nThạnh Hải,"7,000"\n"An Điền",4000\n',
        "target\tnote\tunit\n7000\tx\tThạnh Hải\n4000\t\tAn Điền",
        "Đơn vị;Chỉ tiêu\nThạnh Hải;7\u00a0000\nAn Điền;4000\n",
    ],
)
def test_targets_are_read_however_an_office_writes_them(text: str) -> None:
    assert read_targets(text) == [Target("Thạnh Hải", 7000), Target("An Điền", 4000)]


def test_large_numbers_keep_all_their_groups() -> None:
    assert read_targets("unit;target\na;1.176.500\n") == [Target("a", 1_176_500)]


def test_every_mistake_is_told_with_its_line() -> None:
    text = (
        "unit,target\nAn Điền,4000\n,5\nMỹ An,7.5\nHòa Lợi,-3\nXã An Điền,1\n"
        "Thạnh Hải,7,000\nAn Qui\nBình Thạnh,\n"
    )
    with pytest.raises(UsageError) as told:
        read_targets(text)
    lines = str(told.value).splitlines()[1:]
    assert [line.split(":")[0].strip() for line in lines] == [
        f"line {number}" for number in range(3, 10)
    ]
    assert "line 2" in lines[3]
    assert "quotes" in lines[4]


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "unit,target\n", "x" * 100])
def test_a_file_without_targets_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_targets(text)


def test_a_line_break_inside_quotes_does_not_shift_the_lines() -> None:
    with pytest.raises(UsageError, match="line 4"):
        read_targets('unit,target\n"An\nĐiền",1\nMỹ An,x\n')

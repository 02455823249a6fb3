"""Persons who came in twice, and boxes that differ from their slips."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanform.model.campaign import Batch, Office, Slip
from scanform.model.scan import Rejected
from scanform.report import writer
from scanform.store.campaign_interface import BatchScan, FormLine, Settlement
from scanform.tally.compose import Letter
from scanform.tally.handin import Contents, balance, by_kind, tasks_of
from scanform.tally.people import Person, Roles, pairs, people_of, roles_of, unmatched
from scanform.tally.receipt import receipt, spot_text
from scanform.template.find import find
from scanform.template.load import load

A, B = "083190000011", "083190000029"


def someone(
    record: str,
    name: str = "NGUYỄN VĂN ẤN",
    birth: str = "1980-02-03",
    number: str = "",
    place: str = "Thạnh Hải",
) -> Person:
    return Person(record, number, name, birth, place)


def found(*people: Person) -> list[tuple[str, str, str]]:
    return [(p.first.record, p.second.record, p.reason) for p in pairs(people)]


def test_the_same_number_is_the_same_person_whatever_else_is_read() -> None:
    twice = [someone("a", number=A), someone("b", "TRẦN BÉ", "1999-01-01", A, "An Điền")]
    assert found(*twice) == [("a", "b", "number")]


@pytest.mark.parametrize(
    "other",
    [
        someone("b"),
        someone("b", "NGUYỄN VĂN AN"),
        someone("b", "NGUYEN VAN ẤN"),
        someone("b", "NGUYỄN VẮN ẤN", place="Xã Thạnh Hải"),
        someone("b", place=""),
        someone("b", birth="1980-02-08"),
        someone("b", birth="1960-02-03"),
        someone("b", number=A[:-1] + "2"),
    ],
)
def test_nearly_the_same_person_is_a_pair(other: Person) -> None:
    assert found(someone("a", number=A), other) == [("a", "b", "person")]


@pytest.mark.parametrize(
    "other",
    [
        someone("b", "NGUYỄN VĂN BÌNH"),
        someone("b", birth="1992-02-03"),
        someone("b", birth="1981-03-03"),
        someone("b", "NGUYỄN VĂN ẤM", "1981-02-03"),
        someone("b", place="An Điền"),
        someone("b", "NGUYỄN VĂN ẤM", "1980-02-08"),
        someone("b", number="079280123456"),
        someone("b", "", ""),
    ],
)
def test_others_are_others(other: Person) -> None:
    assert found(someone("a", number=A), other) == []


def test_a_misread_given_name_is_found_within_the_commune() -> None:
    one, other = someone("a", "NGUYỄN THỊ LAN"), someone("b", "NGUYỄN THỊ LAM")
    assert found(one, other) == [("a", "b", "person")]
    assert found(one, replace(other, place="An Điền")) == []


@given(st.permutations([someone("a", number=A), someone("b"), someone("c", number=B),
                        someone("d", "LÊ THỊ BÉ")]))  # fmt: skip
def test_the_order_of_the_forms_makes_no_difference(people: list[Person]) -> None:
    # a and c have numbers that differ in two digits: a reader's mistake, or brothers.
    assert found(*people) == [("a", "b", "person"), ("a", "c", "person"), ("b", "c", "person")]


def test_roles_are_found_by_the_templates_rules() -> None:
    assert roles_of(load(find("dc01"))) == [
        Roles("id_number", "birth_date", "full_name", "commune")
    ]
    household = roles_of(load(find("ct01")))
    assert household[0].name == "full_name"
    assert [each.name for each in household[1:]] == [f"member{n}_name" for n in range(1, 6)]


def test_members_without_a_form_of_their_own() -> None:
    named = [someone("h", "LÊ THỊ BÉ", number=A), someone("h"), someone("h", "VÕ VĂN TÁM")]
    forms = [someone("f1", "khác", "", A), someone("f2", "NGUYỄN VĂN AN")]
    assert unmatched(named, forms) == named[2:]


# A box

ROLES = {
    "dc01": [Roles("n", "b", "name", "unit")],
    "ct01": [Roles("n", "b", "name", "unit"), Roles("n1", "b1", "name1")],
}
UNITS = {"dc01": "unit", "ct01": "unit"}


def line(record: str, sha: str, template: str = "dc01", **answers: str) -> FormLine:
    said = {"unit": "Thạnh Hải", "name": f"NGƯỜI {record}", "b": f"19{record}-01-01", **answers}
    return FormLine(record, template, f"{sha}.pdf", sha, 1, said)


def box(forms: int) -> Batch:
    at = datetime(2018, 10, 26, tzinfo=UTC)
    return Batch("B0001", Slip("Xã Thạnh Hải", date(2018, 10, 26), "Bình", forms), "lan", at)


def test_a_box_that_agrees_is_even() -> None:
    contents = Contents([BatchScan("x.pdf", "x")], [line("10", "x"), line("11", "x")], [])
    weighed = balance(box(2), contents, UNITS, ROLES)
    assert weighed.even
    assert (weighed.files, weighed.digitised) == (1, 2)


def test_every_difference_is_found_with_its_place() -> None:
    scans = [
        BatchScan("a.pdf", "a"),
        BatchScan("a2.pdf", "a"),
        BatchScan("old.pdf", "old", ("B0000",)),
        BatchScan("bad.pdf", "bad"),
    ]
    lines = [
        line("10", "a"),
        line("11", "a", unit="An Điền"),
        line("12", "a", name="NGƯỜI 10", b="1910-01-01"),
        line("13", "old"),
        line("14", "a", "ct01", name1="LÊ THỊ BÉ", b1="2001-01-01"),
    ]
    rejected = [Rejected(Path("bad.pdf"), "bad", 2, "misaligned")]
    contents = Contents(scans, lines, rejected, ["late.pdf"])
    weighed = balance(box(9), contents, UNITS, ROLES)
    assert weighed.digitised == 4
    assert by_kind(weighed) == {
        "missing": 5,
        "rejected": 1,
        "unfinished": 1,
        "duplicate": 2,
        "elsewhere": 1,
        "twice": 1,
        "members": 1,
    }
    spots = {each.kind: each.spots for each in weighed.findings}
    assert [spot.path for spot in spots["duplicate"]] == ["a2.pdf", "old.pdf"]
    assert [(spot.record, spot.detail) for spot in spots["elsewhere"]] == [("11", "An Điền")]
    assert [(spot.record, spot.detail) for spot in spots["twice"]] == [("12", "10")]
    # A clerk looks for paper, not for a record's number.
    assert spot_text(spots["twice"][0], "twice", "en") == "a.pdf, page 1 (a.pdf, page 1)"
    assert [spot.detail for spot in spots["members"]] == ["LÊ THỊ BÉ"]


def test_a_household_of_another_box_may_have_its_forms_here() -> None:
    household = line("10", "x", "ct01", name1="LÊ THỊ BÉ", b1="2001-01-01")
    contents = Contents([BatchScan("x.pdf", "x")], [household], [])
    assert balance(box(1), contents, UNITS, ROLES).even  # only households are collected
    asked = replace(contents, single=True)
    assert by_kind(balance(box(1), asked, UNITS, ROLES)) == {"members": 1}
    form = line("77", "z", name="LÊ THỊ BE", b="2001-01-01")
    assert balance(box(1), replace(asked, elsewhere=[form]), UNITS, ROLES).even


def test_a_task_keeps_its_name_while_the_difference_is_the_same() -> None:
    contents = Contents([BatchScan("x.pdf", "x")], [line("10", "x", unit="An Điền")], [])
    weighed = balance(box(3), contents, UNITS, ROLES)
    missing, other = tasks_of(weighed, [])
    assert (missing.kind, missing.count, missing.spot) == ("missing", 2, None)
    word = Settlement("B0001", missing.id, True, "ở xã", "lan", weighed.batch.opened_at)
    strange = replace(word, batch="B0002", task=other.id)
    assert [t.settled for t in tasks_of(weighed, [word, strange])] == [word, None]
    assert tasks_of(weighed, [replace(word, settled=False)])[0].settled is None
    # One form less is missing: what was said of two holds no more.
    fewer = balance(box(2), contents, UNITS, ROLES)
    assert [t.settled for t in tasks_of(fewer, [word])] == [None, None]
    assert tasks_of(fewer, [])[1].id == other.id


def test_more_forms_than_the_slip_says_are_extra() -> None:
    contents = Contents([BatchScan("x.pdf", "x")], [line("10", "x"), line("11", "x")], [])
    assert by_kind(balance(box(1), contents, UNITS, ROLES)) == {"extra": 1}


def test_a_form_without_a_unit_is_not_said_to_be_anothers() -> None:
    contents = Contents([BatchScan("x.pdf", "x")], [line("10", "x", unit="")], [])
    assert balance(box(1), contents, UNITS, ROLES).even


@given(st.integers(0, 8), st.integers(0, 8))
def test_slip_plus_extra_is_digitised_plus_missing(forms: int, there: int) -> None:
    lines = [line(str(10 + n), "x") for n in range(there)]
    weighed = balance(box(forms), Contents([], lines, []), UNITS, ROLES)
    counts = by_kind(weighed)
    assert forms + counts["extra"] == weighed.digitised + counts["missing"]


def test_the_receipt_names_both_sides_and_every_difference() -> None:
    contents = Contents([BatchScan("a/b.pdf", "x")], [line("10", "x", unit="An Điền")], [])
    weighed = balance(box(3), contents, UNITS, ROLES)
    made = receipt(weighed, Office("", "CÔNG AN HUYỆN"), Letter(date(2018, 10, 27)), "vi")
    said = writer("md")(made).decode()
    assert "GIẤY BIÊN NHẬN" in said
    assert "Ngày 26/10/2018, Bình của Xã Thạnh Hải giao hộp phiếu B0001" in said
    assert "| Thiếu so với bảng kê | 2 |" in said
    assert "x.pdf, trang 1 (An Điền)" in said
    assert "BÊN GIAO" in said
    assert "BÊN NHẬN" in said
    assert writer("pdf")(made).startswith(b"%PDF")


def test_people_are_asked_of_known_templates_only() -> None:
    assert people_of([line("10", "x", "other")], ROLES) == []

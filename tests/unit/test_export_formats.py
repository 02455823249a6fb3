from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanform.export import EXPORTERS
from scanform.export.columns import HEAD, column_of, field_of
from scanform.export.csv import defused, restored
from scanform.export.interface import Layout, Unmapped
from scanform.model.reading import Reading
from scanform.model.record import Answer, Doubt, Record, State

READING = Reading("read", "Nguyen Văn Ấn", 0.7, "tesseract 5.3.0")


def record(
    record_id: str = "r1",
    template: str = "dc01",
    answers: tuple[Answer, ...] = (),
    scan_path: str = "box/a.pdf",
) -> Record:
    at = datetime(2018, 10, 1, tzinfo=UTC)
    return Record(record_id, template, 2, scan_path, "ab" * 32, 3, answers, (), at)


def answer(field: str, value: str | None, state: State = "accepted") -> Answer:
    return Answer(field, value, 1.0, state)


def exported(name: str, *records: Record, with_confidence: bool = False) -> bytes:
    """All fields that the records answer, in the order in which they are met."""
    fields = dict.fromkeys(each.field for record in records for each in record.answers)
    to = io.BytesIO()
    layout = Layout(tuple(fields), with_confidence=with_confidence)
    told: list[Unmapped] = []
    assert EXPORTERS[name].write(iter(records), to, layout, told.append) == len(records)
    assert not to.closed
    assert told == []
    return to.getvalue()


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_json_line_has_the_contracts_shape_and_order() -> None:
    name = Answer("name", "Nguyễn Văn Ấn", 1 / 3, "pending", (Doubt("faint", "x"),), READING)
    line = exported("jsonl", record(answers=(name, answer("sex", None, "blank")))).decode()
    assert line == (
        '{"record":"r1","template":"dc01","revision":2,"scan":{"path":"box/a.pdf","sha256":"'
        + "ab" * 32
        + '","page":3},"status":"pending","answers":{"name":{"value":"Nguyễn Văn Ấn",'
        '"text":"Nguyen Văn Ấn","confidence":0.3333,"status":"pending","doubts":["faint"],'
        '"reader":"tesseract 5.3.0"},"sex":{"value":null,"text":null,"confidence":1.0,'
        '"status":"blank","doubts":[],"reader":null}}}\n'
    )


def test_no_records_make_an_empty_file_of_lines() -> None:
    assert exported("jsonl") == b""


def test_a_json_line_stays_one_line_whatever_is_in_it() -> None:
    text = 'a\nb\r\n"c"\u2028\\\x00'
    data = exported("jsonl", record(answers=(answer("note", text),), scan_path="\udcff.pdf"))
    assert data.count(b"\n") == 1
    read = json.loads(data)
    assert read["answers"]["note"]["value"] == text
    assert read["scan"]["path"] == "\udcff.pdf"


def test_csv_begins_with_a_byte_order_mark_and_the_columns() -> None:
    data = exported("csv", record(answers=(answer("name", "Ấn"), answer("sex", None, "blank"))))
    assert data.startswith(b"\xef\xbb\xbf")
    assert rows(data) == [
        [*HEAD, "name", "sex"],
        ["r1", "0", "dc01", "2", "box/a.pdf", "3", "complete", "Ấn", ""],
    ]


def test_csv_of_several_templates_has_the_columns_of_all() -> None:
    data = exported(
        "csv",
        record("r1", "dc01", (answer("name", "A"), answer("sex", "nam"))),
        record("r2", "ct01", (answer("head", "B"), answer("name", "C"))),
    )
    head, first, second = rows(data)
    assert head[7:] == ["name", "sex", "head"]
    assert first[7:] == ["A", "nam", ""]
    assert second[7:] == ["C", "", "B"]


def test_csv_without_records_has_a_header() -> None:
    assert rows(exported("csv")) == [list(HEAD)]


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    data = exported("csv", record(answers=(answer("=field", cell),), scan_path="=1.pdf"))
    for row in rows(data):
        assert not any(each.startswith(("=", "+", "-", "@", "\t", "＝")) for each in row)


def test_leading_zeros_and_quotes_stay(  # codes are text
) -> None:
    data = exported("csv", record(answers=(answer("id", "079083000123"), answer("q", 'a"b;c,d'))))
    assert rows(data)[1][7:] == ["079083000123", 'a"b;c,d']


@given(st.text())
def test_what_was_defused_can_be_restored(cell: str) -> None:
    assert restored(defused(cell)) == cell


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1))
def test_csv_gives_every_value_back(values: list[str]) -> None:
    answers = tuple(answer(f"f{number}", value) for number, value in enumerate(values))
    read = rows(exported("csv", record(answers=answers)))[1][7:]
    assert [restored(cell) for cell in read] == values


def test_confidence_and_state_stand_beside_the_value() -> None:
    one = record(answers=(Answer("page", "7", 1 / 3, "pending"), answer("sex", None, "blank")))
    head, first = rows(exported("csv", one, with_confidence=True))
    beside = ["page_", "page_ confidence", "page_ state", "sex", "sex confidence", "sex state"]
    assert head[7:] == beside
    assert first[7:] == ["7", "0.3333", "pending", "", "1.0", "blank"]


@given(st.sampled_from([*HEAD, "name", "record_", "page__", "x_"]))
def test_every_field_has_a_column_of_its_own(field: str) -> None:
    assert column_of(field) not in HEAD
    assert field_of(column_of(field)) == field


def test_columns_that_are_no_field_are_told_apart() -> None:
    assert [field_of(each) for each in (*HEAD, "name confidence", "name state")] == [None] * 9


@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_the_same_records_give_the_same_bytes_whenever_they_were_read(name: str) -> None:
    one = record(answers=(answer("full_name", "A"),))
    later = Record(
        one.id,
        one.template,
        2,
        one.scan_path,
        one.scan_sha256,
        3,
        one.answers,
        created_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    assert exported(name, one) == exported(name, later)

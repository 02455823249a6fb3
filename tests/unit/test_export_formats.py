from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanform.export import EXPORTERS
from scanform.export.csv import defused, restored
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


def exported(name: str, *records: Record) -> bytes:
    to = io.BytesIO()
    assert EXPORTERS[name](iter(records), to) == len(records)
    assert not to.closed
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
        ["record", "template", "revision", "scan", "page", "status", "name", "sex"],
        ["r1", "dc01", "2", "box/a.pdf", "3", "complete", "Ấn", ""],
    ]


def test_csv_of_several_templates_has_the_columns_of_all() -> None:
    data = exported(
        "csv",
        record("r1", "dc01", (answer("name", "A"), answer("sex", "nam"))),
        record("r2", "ct01", (answer("head", "B"), answer("name", "C"))),
    )
    head, first, second = rows(data)
    assert head[6:] == ["name", "sex", "head"]
    assert first[6:] == ["A", "nam", ""]
    assert second[6:] == ["C", "", "B"]


def test_csv_without_records_has_a_header() -> None:
    assert rows(exported("csv")) == [["record", "template", "revision", "scan", "page", "status"]]


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    data = exported("csv", record(answers=(answer("=field", cell),), scan_path="=1.pdf"))
    for row in rows(data):
        assert not any(each.startswith(("=", "+", "-", "@", "\t", "＝")) for each in row)


def test_leading_zeros_and_quotes_stay(  # codes are text
) -> None:
    data = exported("csv", record(answers=(answer("id", "079083000123"), answer("q", 'a"b;c,d'))))
    assert rows(data)[1][6:] == ["079083000123", 'a"b;c,d']


@given(st.text())
def test_what_was_defused_can_be_restored(cell: str) -> None:
    assert restored(defused(cell)) == cell


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1))
def test_csv_gives_every_value_back(values: list[str]) -> None:
    answers = tuple(answer(f"f{number}", value) for number, value in enumerate(values))
    read = rows(exported("csv", record(answers=answers)))[1][6:]
    assert [restored(cell) for cell in read] == values


@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_the_same_records_give_the_same_bytes_whenever_they_were_read(name: str) -> None:
    one = record(answers=(answer("name", "A"),))
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

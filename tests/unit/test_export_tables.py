"""Every format says the same, value for value, whatever people write."""

from __future__ import annotations

import csv
import errno
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from scanform.errors import UsageError
from scanform.export import EXPORTERS
from scanform.export import xlsx as excel
from scanform.export.columns import HEAD, column_of
from scanform.export.interface import FieldNote, Layout
from scanform.export.read_back import read_rows
from scanform.model.record import Answer, Record

Table = list[dict[str, str | None]]
FIELDS = ("full_name", "id_number", "page", "note")
NOTES = (
    FieldNote("full_name", "dc01@1", "Họ và tên", "capitals"),
    FieldNote("id_number", "dc01@1", "Số", "digits", masked="pseudonym"),
    FieldNote("page", "dc01@1", "Trang", "closed", "religions", "2008"),
)
LAYOUT = Layout(FIELDS, NOTES)
VIETNAMESE = "ĂÂĐÊÔƠƯăâđêôơưÁÀẢÃẠẮẰẲẴẶẤẦẨẪẬÉÈẺẼẸẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌỐỒỔỖỘỚỜỞỠỢÚÙỦŨỤỨỪỬỮỰÝỲỶỸỴ"
HARD = [
    *("007", "=cmd|' /C calc'!A0", "+84", "@x", "-1", "'", "a\r\nb\rc\nd", '"', '"a","b";c', "1e5"),
    *("TRUE", "_x0041_", "\t", "1985-06-05", "\x01", "http://a.b", "~", VIETNAMESE, " a ", "½😀"),
    *("<r>x&</r>", "<r>\x01_x0041_ </r>", "</t>", "_x005F_"),  # markup of a workbook
]

values = st.none() | st.sampled_from(HARD) | st.text(st.characters(codec="utf-8"), min_size=1)


def record(number: int, found: Mapping[str, str | None]) -> Record:
    answers = tuple(
        Answer(field, value, 0.5, "accepted" if value else "blank")
        for field, value in found.items()
    )
    return Record(f"r{number}", "dc01", 1, "hộp/=a.pdf", "ab" * 32, number, answers, version=number)


def written(name: str, records: list[Record], layout: Layout = LAYOUT) -> bytes:
    to = io.BytesIO()
    assert EXPORTERS[name].write(iter(records), to, layout, pytest.fail) == len(records)
    return to.getvalue()


def from_csv(data: bytes) -> Table:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [{name: cell.removeprefix("'") or None for name, cell in row.items()} for row in rows]


def from_jsonl(data: bytes) -> Table:
    table: Table = []
    for line in data.decode().split("\n")[:-1]:
        read = json.loads(line)
        answers = {column_of(field): each["value"] for field, each in read["answers"].items()}
        own = (read["record"], read["template"], str(read["revision"]), read["scan"]["path"])
        head = dict(zip(("record", "template", "revision", "scan"), own, strict=True))
        page = str(read["scan"]["page"])
        table.append({**head, "page": page, "status": read["status"], **answers})
    return table


def from_xlsx(data: bytes) -> Table:
    sheet = load_workbook(io.BytesIO(data), read_only=True)[excel.DATA]
    rows = [[None if c.value is None else excel.unescaped(c.value) for c in r] for r in sheet.rows]
    head = [str(name) for name in rows[0]]
    # openpyxl leaves out empty cells at a row's end.
    return [dict(zip(head, row + [None] * (len(head) - len(row)), strict=True)) for row in rows[1:]]


def from_parquet(data: bytes) -> Table:
    table = pq.read_table(io.BytesIO(data)).to_pylist()
    return [{k: None if v is None else str(v) for k, v in row.items()} for row in table]


def from_sqlite(data: bytes) -> Table:
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        Path(file.name).write_bytes(data)
        database = sqlite3.connect(file.name)
        database.row_factory = sqlite3.Row
        rows = database.execute("SELECT * FROM records ORDER BY rowid").fetchall()
        database.close()
    return [{k: None if row[k] is None else str(row[k]) for k in row.keys()} for row in rows]  # noqa: SIM118


READERS: dict[str, Callable[[bytes], Table]] = {
    "csv": from_csv,
    "jsonl": from_jsonl,
    "xlsx": from_xlsx,
    "parquet": from_parquet,
    "sqlite": from_sqlite,
}


@settings(max_examples=20, deadline=None)
@example([dict(zip(FIELDS, HARD[at : at + 4], strict=False)) for at in range(0, len(HARD), 4)])
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, values)), max_size=4))
def test_all_formats_agree_value_for_value(found: list[dict[str, str | None]]) -> None:
    records = [record(number, each) for number, each in enumerate(found)]
    expected = [
        {
            "record": each.id,
            "template": "dc01",
            "revision": "1",
            "scan": "hộp/=a.pdf",
            "page": str(each.scan_page),
            "status": "complete",
            **{column_of(answer.field): answer.value for answer in each.answers},
        }
        for each in records
    ]
    for name, read in READERS.items():
        table = read(written(name, records))
        versions = [row.pop("version", None) for row in table]
        assert table == expected, name
        if name != "jsonl":
            assert versions == [str(each.version) for each in records]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, values)), min_size=1, max_size=4))
@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_what_is_read_back_is_what_was_written(
    name: str, found: list[dict[str, str | None]]
) -> None:
    records = [record(number, each) for number, each in enumerate(found)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"out.{name}"
        file.write_bytes(written(name, records, Layout(FIELDS, with_confidence=True)))
        rows = list(read_rows(file))
    assert [(row.record, row.version) for row in rows] == [(r.id, r.version) for r in records]
    for row, each in zip(rows, records, strict=True):
        values = {answer.field: answer.value or "" for answer in each.answers}
        assert {cell.field: cell.text for cell in row.cells} == values
        assert {cell.sort for cell in row.cells} <= {"typed", "damaged", "masked"}


@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_the_same_state_gives_the_same_bytes(name: str) -> None:
    records = [record(1, dict.fromkeys(FIELDS, "A"))]

    def write() -> bytes:
        to = io.BytesIO()
        EXPORTERS[name].write(iter(records), to, LAYOUT, lambda _: None)
        return to.getvalue()

    assert write() == write()


def test_columns_that_count_are_numbers_and_all_others_text() -> None:
    one = record(7, dict.fromkeys(FIELDS, "007"))
    layout = Layout(FIELDS, NOTES, with_confidence=True)
    schema = pq.read_schema(io.BytesIO(written("parquet", [one], layout)))
    types = {name: str(schema.field(name).type) for name in schema.names}
    assert {name for name, kind in types.items() if kind == "int32"} == {
        "version",
        "revision",
        "page",
    }
    assert types["id_number"] == types["page_"] == types["record"] == "string"
    assert types["id_number confidence"] == "double"


def test_the_dictionary_is_in_the_file() -> None:
    data = written("xlsx", [])
    sheet = load_workbook(io.BytesIO(data))[excel.DICTIONARY]
    lines = [[cell.value for cell in row] for row in sheet.rows]
    assert lines[0][:3] == ["column", "field", "template"]
    assert lines[3] == ["page_", "page", "dc01@1", "Trang", "closed", "religions", "2008", None]
    schema = pq.read_schema(io.BytesIO(written("parquet", [])))
    assert json.loads(schema.metadata[b"scanform.dictionary"])[0]["label"] == "Họ và tên"
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        Path(file.name).write_bytes(written("sqlite", []))
        database = sqlite3.connect(file.name)
        told = database.execute("SELECT field, masked FROM dictionary").fetchall()
        database.close()
    assert told == [("full_name", None), ("id_number", "pseudonym"), ("page", None)]


def test_a_sheet_may_be_larger_than_an_old_archive_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 4000)  # 2 GiB
    data = written("xlsx", [record(n, dict.fromkeys(FIELDS, "A")) for n in range(30)])
    monkeypatch.undo()
    assert len(from_xlsx(data)) == 30


def test_a_full_disk_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with pytest.raises(OSError, match="No space left"):
        written("xlsx", [])


def test_a_workbook_is_ready_for_work() -> None:
    data = written("xlsx", [record(1, dict.fromkeys(FIELDS, "=1+1"))])
    sheet = load_workbook(io.BytesIO(data))[excel.DATA]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:K2"
    assert sheet.column_dimensions["B"].hidden
    assert {cell.number_format for cell in sheet[2]} == {"@"}
    assert {cell.data_type for cell in sheet[2]} == {"s"}
    assert [cell.value for cell in sheet[1]][: len(HEAD)] == list(HEAD)


def test_what_excel_cannot_hold_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="full_name of record r1 is too long"):
        written("xlsx", [record(1, {"full_name": "A" * 32_768})])
    with pytest.raises(UsageError, match="too long"):  # a letter beyond U+FFFF counts twice
        written("xlsx", [record(1, {"full_name": "😀" * 20_000})])
    monkeypatch.setattr(excel, "MOST_COLUMNS", 10)
    with pytest.raises(UsageError, match="10 columns and there would be 11"):
        written("xlsx", [])
    monkeypatch.undo()
    monkeypatch.setattr(excel, "MOST_ROWS", 3)
    assert written("xlsx", [record(n, {}) for n in range(2)])
    with pytest.raises(UsageError, match="A sheet holds 2 records"):
        written("xlsx", [record(n, {}) for n in range(3)])

"""Corrections that come back in a table, over a real workspace."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from scanform.cli import main
from scanform.model.reading import Reading
from scanform.model.record import Answer, Decision, Doubt, Record
from scanform.model.scan import ScanFile
from scanform.store.interface import PageRow
from scanform.store.open import open_store

SHA = "ab" * 32
T0 = datetime(2018, 10, 1, tzinfo=UTC)
READING = Reading("read", "NGUYEN VAN AN", 0.5, "test 1")


def answers(number: int) -> tuple[Answer, ...]:
    doubted = Doubt("low_confidence")
    return (
        Answer("commune", "Thạnh Hải", 1.0, "accepted"),
        Answer("hamlet", '=HYPERLINK("x")\nẤp "3"', 1.0, "accepted"),
        Answer("full_name", "NGUYỄN VĂN AN", 0.5, "pending", (doubted,), READING),
        Answer("birth_date", "1985-06-05", 1.0, "accepted"),
        Answer("sex", "Nam", 1.0, "accepted"),
        Answer("religion", None, 1.0, "blank"),
        Answer("id_number", f"00108501234{number}", 1.0, "accepted"),
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "w"
    with open_store(folder) as store:
        store.open_scan(ScanFile(Path("box/a.pdf"), SHA, 1))
        for number in range(1, 4):
            record = Record(
                f"r{number}", "dc01", 1, "box/a.pdf", SHA, number, answers(number), (), T0
            )
            store.save([PageRow(SHA, number, "form", "cd" * 32)], record)
    return folder


def call(workspace: Path, *arguments: str) -> Result:
    environment = {"SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "en"}
    return CliRunner().invoke(main, arguments, env=environment)


def exported(workspace: Path, suffix: str, *options: str) -> Path:
    file = workspace.parent / f"out.{suffix}"
    result = call(workspace, "export", "--format", suffix, "-o", str(file), *options)
    assert result.exit_code == 0, result.stderr
    return file


def read_csv(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def change_csv(file: Path, change: Callable[[list[dict[str, str]]], None]) -> None:
    rows = read_csv(file)
    change(rows)
    names = dict.fromkeys(name for row in rows for name in row)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(names), restval="")
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(text.getvalue(), "utf-8-sig")


def taken(workspace: Path, file: Path, *options: str) -> tuple[int, dict[str, Any]]:
    result = call(workspace, "import", str(file), "--by", "lan", "--json", *options)
    assert result.stdout, result.stderr
    return result.exit_code, json.loads(result.stdout)


def log(workspace: Path) -> list[tuple[str, str, str, str | None, str]]:
    with open_store(workspace) as store:
        return [
            (each.record, each.field, each.action, each.value, each.by)
            for record in store.records()
            for each in store.decisions(record.id)
            if each.by != "rules"
        ]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("options", [(), ("--with-confidence",)])
def test_a_round_trip_without_edits_changes_nothing(
    workspace: Path, suffix: str, options: tuple[str, ...]
) -> None:
    file = exported(workspace, suffix, *options)
    code, outcome = taken(workspace, file)
    assert (code, outcome["rows"], outcome["records"]) == (0, 3, 0)
    assert (outcome["problems"], outcome["written"]) == ([], False)
    assert log(workspace) == []


def test_excels_unicode_text_is_taken_back_too(workspace: Path) -> None:
    file = exported(workspace, "csv")
    text = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline=""))
    csv.writer(text, dialect="excel-tab").writerows(rows)
    file.with_suffix(".txt").write_bytes(text.getvalue().encode("utf-16"))
    code, outcome = taken(workspace, file.with_suffix(".txt"))
    assert (code, outcome["rows"], outcome["records"]) == (0, 3, 0)


def test_every_changed_cell_is_a_logged_correction(workspace: Path) -> None:
    file = exported(workspace, "csv")

    def change(rows: list[dict[str, str]]) -> None:
        rows[0]["full_name"] = "nguyễn văn  ân"
        rows[0]["religion"] = "phật giáo"
        rows[1]["hamlet"] = ""
        rows[2]["birth_date"] = "25/12/1985"

    change_csv(file, change)
    code, dry = taken(workspace, file, "--dry-run")
    assert (code, dry["written"], log(workspace)) == (0, False, [])
    code, outcome = taken(workspace, file)
    assert (code, outcome["written"]) == (0, True)
    counts = [outcome[name] for name in ("corrected", "blanked", "records")]
    assert counts == [dry[name] for name in ("corrected", "blanked", "records")] == [3, 1, 3]
    assert log(workspace) == [
        ("r1", "full_name", "correct", "NGUYỄN VĂN ÂN", "lan"),
        ("r1", "religion", "correct", "Phật giáo", "lan"),
        ("r2", "hamlet", "blank", None, "lan"),
        ("r3", "birth_date", "correct", "1985-12-25", "lan"),
    ]
    with open_store(workspace) as store:
        rows = [each for name in ("r1", "r2", "r3") for each in store.decisions(name)]
    assert {each.how for each in rows if each.by == "lan"} == {"import"}
    assert len({each.lot for each in rows}) == 1
    code, again = taken(workspace, file)  # the same file once more says what stands already
    assert (code, again["records"], again["problems"]) == (0, 0, [])


def test_a_workbook_is_taken_as_it_was_typed(workspace: Path) -> None:
    file = exported(workspace, "xlsx")
    book = load_workbook(file)
    sheet = book["records"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, columns["birth_date"]).value = datetime(1985, 6, 15)
    sheet.cell(3, columns["id_number"]).value = 123456789
    sheet.cell(4, columns["sex"]).value = None
    book.save(file)
    code, outcome = taken(workspace, file)
    assert (code, outcome["problems"]) == (0, [])
    assert log(workspace) == [
        ("r1", "birth_date", "correct", "1985-06-15", "lan"),
        ("r2", "id_number", "correct", "123456789", "lan"),
        ("r3", "sex", "blank", None, "lan"),
    ]


def test_what_cannot_be_taken_is_listed_and_nothing_is_half_done(workspace: Path) -> None:
    file = exported(workspace, "csv")

    def change(rows: list[dict[str, str]]) -> None:
        rows[0]["full_name"] = "TRẦN VĂN BA"
        rows[0]["id_number"] = "12a"
        rows[1]["birth_date"] = "07/08/1990"
        rows[1]["remark"] = "gọi lại"
        rows[2]["record"] = "zzz"
        rows.append({**rows[0]})
        rows.append({**rows[2], "record": "r3", "version": "9"})

    change_csv(file, change)
    code, outcome = taken(workspace, file)
    assert (code, outcome["written"], log(workspace)) == (2, False, [])
    listed = [(each["row"], each["column"], each["reason"]) for each in outcome["problems"]]
    assert listed == [
        (2, "id_number", "invalid"),
        (3, "birth_date", "ambiguous_date"),
        (3, "remark", "unknown_field"),
        (4, "record", "unknown_record"),
        (5, "record", "twice"),
        (6, "version", "bad_version"),
    ]
    said = call(workspace, "import", str(file)).stderr
    assert "Row 2, column id_number: It can't be a value: Type digits only." in said
    code, outcome = taken(workspace, file, "--skip-bad")
    assert (code, outcome["written"]) == (3, True)
    assert log(workspace) == [("r1", "full_name", "correct", "TRẦN VĂN BA", "lan")]


def decide(workspace: Path, field: str, action: Any, value: str | None) -> None:
    with open_store(workspace) as store:
        store.decide(Decision("r1", field, action, value, "hoa", T0))


def test_what_somebody_else_decided_meanwhile_is_a_conflict(workspace: Path) -> None:
    file = exported(workspace, "csv")
    decide(workspace, "full_name", "correct", "NGUYỄN VĂN ÂN")
    decide(workspace, "hamlet", "correct", "Ấp 4")

    def change(rows: list[dict[str, str]]) -> None:
        rows[0]["full_name"] = "NGUYỄN VĂN ẤN"  # hoa says otherwise
        rows[0]["sex"] = "Nữ"  # nobody else touched it

    change_csv(file, change)
    code, outcome = taken(workspace, file)
    assert (code, outcome["written"]) == (2, False)
    (problem,) = outcome["problems"]
    assert (problem["row"], problem["column"], problem["reason"]) == (2, "full_name", "conflict")
    assert "NGUYỄN VĂN ÂN" in problem["message"]
    code, outcome = taken(workspace, file, "--skip-bad")
    assert (code, outcome["corrected"]) == (3, 1)
    with open_store(workspace) as store:
        record = store.record("r1")
    assert record.answer("full_name").value == "NGUYỄN VĂN ÂN"
    assert record.answer("hamlet").value == "Ấp 4"  # the file's older value is no edit
    assert record.answer("sex").value == "Nữ"


def test_saying_that_the_exported_value_is_right_conflicts_with_a_change(workspace: Path) -> None:
    file = exported(workspace, "csv")
    decide(workspace, "full_name", "accept", None)
    change_csv(file, lambda rows: rows[0].update(full_name="NGUYỄN VĂN ẤN"))
    code, outcome = taken(workspace, file)
    assert (code, outcome["problems"][0]["reason"]) == (2, "conflict")


def test_the_same_decision_by_two_people_is_no_conflict(workspace: Path) -> None:
    file = exported(workspace, "csv")
    decide(workspace, "full_name", "correct", "NGUYỄN VĂN ÂN")
    change_csv(file, lambda rows: rows[0].update(full_name="Nguyễn Văn Ân"))
    code, outcome = taken(workspace, file)
    assert (code, outcome["records"], outcome["problems"]) == (0, 0, [])


def test_a_spreadsheets_own_spelling_is_no_edit(workspace: Path) -> None:
    file = exported(workspace, "csv")

    def change(rows: list[dict[str, str]]) -> None:
        rows[0]["id_number"] = rows[0]["id_number"].lstrip("0")
        rows[0]["birth_date"] = "05/06/1985"
        rows[1]["birth_date"] = "6/5/1985"
        rows[2]["full_name"] = " Nguyễn Văn An "

    change_csv(file, change)
    text = file.read_text("utf-8-sig")
    with io.StringIO(text, newline="") as stream:
        rows = list(csv.reader(stream))
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    code, outcome = taken(workspace, file)
    assert (code, outcome["records"], outcome["problems"]) == (0, 0, [])


def test_a_value_that_breaks_a_rule_is_told_and_taken(workspace: Path) -> None:
    file = exported(workspace, "csv")
    change_csv(file, lambda rows: rows[0].update(sex="Nữ"))
    code, outcome = taken(workspace, file)
    assert (code, outcome["corrected"]) == (0, 1)
    assert "sex_disagrees" in [each["doubt"] for each in outcome["warnings"]]


def test_formulas_and_damaged_pseudonyms_are_refused(workspace: Path) -> None:
    key = workspace.parent / "key"
    key.write_bytes(b"k" * 32)
    file = exported(workspace, "xlsx", "--pseudonymise", str(key), "--redact", "religion")
    code, outcome = taken(workspace, file)
    assert (code, outcome["records"], outcome["problems"]) == (0, 0, [])
    assert outcome["masked"] == 6
    book = load_workbook(file)
    sheet = book["records"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    name = sheet.cell(2, columns["full_name"])
    assert str(name.value).startswith("~")
    name.value = str(name.value)[:-2]
    sheet.cell(3, columns["hamlet"]).value = '="Ấp "&3'
    book.save(file)
    code, outcome = taken(workspace, file)
    listed = [(each["row"], each["column"], each["reason"]) for each in outcome["problems"]]
    assert (code, listed) == (2, [(2, "full_name", "damaged"), (3, "hamlet", "formula")])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "name\nx\n", "no column record, version"),
        ("a.csv", "record,version,sex,sex\n", "sex twice"),
        ("a.csv", b"record,version\n\xff,1\n", "not UTF-8"),
        ("a.xlsx", "record,version\n", "no Excel workbook"),
        ("a.ods", "record,version\n", "neither .csv nor .xlsx"),
    ],
)
def test_a_file_that_is_no_export_is_told(
    workspace: Path, name: str, content: str | bytes, said: str
) -> None:
    file = workspace.parent / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = call(workspace, "import", str(file))
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr

"""``scanform export`` over a real workspace: which records, which fields, the manifest."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from scanform.cli import main
from scanform.export.qcvn109 import schema
from scanform.model.campaign import Campaign, Slip, Unit
from scanform.model.record import Answer, Decision, Record
from scanform.model.scan import ScanFile
from scanform.store.campaign_interface import BatchScan
from scanform.store.campaigns import SqlCampaigns
from scanform.store.interface import PageRow
from scanform.store.open import open_store

SHA = "ab" * 32


def day(number: int) -> datetime:
    return datetime(2018, 10, number, 12, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Four records: two spellings of a unit, one that waits, one of another template."""
    folder = tmp_path / "w"
    people = [
        ("r1", "dc01", "commune", "Thạnh Hải", "accepted", 1),
        ("r2", "dc01", "commune", "Xã Thạnh Hải", "pending", 5),
        ("r3", "dc01", "commune", "An Điền", "accepted", 9),
        ("r4", "ct01", "authority", "Xã An Điền", "accepted", 9),
    ]
    with open_store(folder) as store:
        store.open_scan(ScanFile(Path("box/a.pdf"), SHA, 1))
        for page, (name, template, field, unit, state, made) in enumerate(people, 1):
            answers = (
                Answer(field, unit, 0.9, "accepted"),
                Answer("full_name", f"NGUYỄN VĂN {page}", 0.7, state),  # type: ignore[arg-type]
                Answer("sex", "Nam", 0.8, "accepted"),
            )
            record = Record(name, template, 1, "box/a.pdf", SHA, page, answers, (), day(made))
            store.save([PageRow(SHA, page, "form", "cd" * 32)], record)
    return folder


def call(workspace: Path, *arguments: str) -> Result:
    environment = {"SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "en"}
    return CliRunner().invoke(main, ["export", *arguments], env=environment)


def table(workspace: Path, *options: str) -> list[dict[str, str]]:
    result = call(workspace, "--format", "csv", "-o", "-", *options)
    assert result.exit_code == 0, result.stderr
    text = result.stdout_bytes.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def ids(workspace: Path, *options: str) -> list[str]:
    return [row["record"] for row in table(workspace, *options)]


def test_records_are_chosen(workspace: Path) -> None:
    assert ids(workspace) == ["r1", "r2", "r3", "r4"]
    assert ids(workspace, "-t", "ct01") == ["r4"]
    assert ids(workspace, "--complete") == ["r1", "r3", "r4"]
    assert ids(workspace, "--since", "2018-10-05") == ["r2", "r3", "r4"]
    assert ids(workspace, "--unit", "xã thạnh hải") == ["r1", "r2"]
    assert ids(workspace, "--unit", "Thạnh Hải", "--unit", "An Điền", "--complete") == [
        "r1",
        "r3",
        "r4",
    ]


def plan(*units: Unit, by: str = "commune") -> Campaign:
    fields = {"dc01": by}
    return Campaign("2018", fields, units, date(2018, 9, 26), date(2018, 12, 31))


TREE = (
    Unit("Huyện Thạnh Phú", None, "837", "83"),
    Unit("Thị trấn Thạnh Phú", 50, "29182", "837"),
    Unit("Xã Thạnh Hải", None, "29221", "837"),
    Unit("Xã An Điền", None, "29215", "837"),
    Unit("Ấp 1, Xã Thạnh Hải", 100, "", "29221"),
    Unit("Ấp 2, Xã Thạnh Hải", 100, "", "29221"),
    Unit("Ấp 1, Xã An Điền", 100, "", "29215"),
)


@pytest.fixture
def hamlets(workspace: Path) -> Path:
    """A campaign by hamlets: r1 says its hamlet, r2 its commune alone, r6 a commune elsewhere."""
    with open_store(workspace) as store:
        SqlCampaigns(store).save_campaign(plan(*TREE, by="commune/hamlet"), "lan")
        store.decide(Decision("r3", "full_name", "accept", None, "lan", day(10)))
        others = [("r5", "Thạnh Hải", "Ấp 01"), ("r6", "Xã Tân Phong", "Ấp 1")]
        for page, (name, commune, hamlet) in enumerate(others, 11):
            answers = (
                Answer("commune", commune, 0.9, "accepted"),
                Answer("hamlet", hamlet, 0.9, "accepted"),
            )
            record = Record(name, "dc01", 1, "box/a.pdf", SHA, page, answers, (), day(9))
            store.save([PageRow(SHA, page, "form", "cd" * 32)], record)
    return workspace


@pytest.mark.parametrize(
    ("unit", "found"),
    [
        ("837", ["r1", "r2", "r3", "r5"]),
        ("Huyện Thạnh Phú", ["r1", "r2", "r3", "r5"]),
        ("29221", ["r1", "r2", "r5"]),
        ("xã thạnh hải", ["r1", "r2", "r5"]),
        ("ấp 1, thạnh hải", ["r5"]),
        ("tân phong", ["r6"]),  # not of the campaign, but there
    ],
)
def test_a_unit_is_any_of_the_campaigns_tree(hamlets: Path, unit: str, found: list[str]) -> None:
    assert ids(hamlets, "-t", "dc01", "--unit", unit) == found


def test_a_unit_may_be_kept_beside_the_record_or_not(hamlets: Path) -> None:
    with open_store(hamlets) as store:
        SqlCampaigns(store).save_campaign(plan(*TREE, by="commune"), "lan")
    assert ids(hamlets, "-t", "dc01", "--unit", "29221") == ["r1", "r2", "r5"]


def test_the_box_may_say_the_unit(workspace: Path) -> None:
    with open_store(workspace) as store:
        kept = SqlCampaigns(store)
        kept.save_campaign(plan(Unit("Xã An Điền", 9), by="@batch"), "lan")
        kept.open_batch(Slip("An Điền", date(2018, 10, 9), "Bình", 4), "lan")
        kept.add_to_batch("B0001", [BatchScan("box/a.pdf", SHA)])
    assert ids(workspace, "-t", "dc01", "--unit", "Xã An Điền") == ["r1", "r2", "r3"]


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("Ấp 1", "'Ấp 1' may be Ấp 1, Xã Thạnh Hải; Ấp 1, Xã An Điền"),
        ("Thạnh Phú", "may be Huyện Thạnh Phú (837); Thị trấn Thạnh Phú (29182)"),
        ("Thanh Hai", "Xã Thạnh Hải; Ấp"),
        ("Ấp 2, Thạnh Hải", "No record is of the unit 'Ấp 2, Xã Thạnh Hải'"),
        ("999", "No record is of the unit '999'"),
    ],
)
def test_a_unit_that_is_not_clear_or_not_there_is_told(hamlets: Path, unit: str, said: str) -> None:
    result = call(hamlets, "--format", "csv", "-o", "-", "--unit", unit)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_box_is_taken_by_itself(workspace: Path) -> None:
    other = "cd" * 32
    with open_store(workspace) as store:
        store.open_scan(ScanFile(Path("box/b.pdf"), other, 1))
        record = Record("r5", "dc01", 1, "box/b.pdf", other, 1, (), (), day(9))
        store.save([PageRow(other, 1, "form", "cd" * 32)], record)
        kept = SqlCampaigns(store)
        for _ in range(2):
            kept.open_batch(Slip("An Điền", date(2018, 10, 9), "Bình", 1), "lan")
        kept.add_to_batch("B0001", [BatchScan("box/b.pdf", other)])
        kept.add_to_batch("B0002", [BatchScan("b.pdf", other), BatchScan("box/a.pdf", SHA)])
    assert ids(workspace, "--batch", "B0001") == ["r5"]
    # What was in an earlier box already belongs to that one.
    assert ids(workspace, "--batch", "2") == ["r1", "r2", "r3", "r4"]
    assert ids(workspace, "--batch", "1", "--batch", "2", "--since", "2018-10-09") == [
        "r3",
        "r4",
        "r5",
    ]
    assert call(workspace, "--format", "csv", "-o", "-", "--batch", "B0003").exit_code == 6


def test_a_decision_brings_a_record_into_since(workspace: Path) -> None:
    with open_store(workspace) as store:
        store.decide(Decision("r1", "sex", "accept", None, "lan", day(20)))
    assert ids(workspace, "--since", "19/10/2018") == ["r1"]
    (row,) = table(workspace, "--since", "19/10/2018")
    assert row["version"] == "1"


def test_fields_are_chosen_in_the_order_asked_for(workspace: Path) -> None:
    (row, *_) = table(workspace, "--fields", "sex,full_name", "--with-confidence")
    assert list(row)[7:] == [
        "sex",
        "sex confidence",
        "sex state",
        "full_name",
        "full_name confidence",
        "full_name state",
    ]
    assert list(row.values())[7:10] == ["Nam", "0.8", "accepted"]


def test_all_fields_of_the_templates_are_columns(workspace: Path) -> None:
    (row, *_) = table(workspace, "-t", "dc01")
    assert "religion" in row
    assert "phone" not in row


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--fields", "sex,nope"), "No record has the field nope"),
        (("--redact", "nope"), "No record has the field nope"),
        (("--unit", "Thạnh Phong"), "No record is of the unit"),
        (("--pseudonym", "sex"), "--pseudonym needs a key"),
        (("-t", "nope"), "nope"),
        (("--since", "31/02/2018"), "no date"),
    ],
)
def test_what_is_not_there_is_told(workspace: Path, options: tuple[str, ...], said: str) -> None:
    result = call(workspace, "--format", "csv", "-o", "-", *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def manifest(file: Path) -> dict[str, Any]:
    found = json.loads(file.with_name(file.name + ".manifest.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_manifest_says_what_the_file_is(workspace: Path) -> None:
    file = workspace.parent / "out.xlsx"
    options = ("--unit", "Thạnh Hải", "--redact", "sex", "--by", "lan", "--since", "2018-10-01")
    result = call(workspace, "--format", "xlsx", "-o", str(file), *options)
    assert result.exit_code == 0, result.stderr
    told = manifest(file)
    assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert told["bytes"] == file.stat().st_size
    assert (told["format"], told["file"], told["by"]) == ("xlsx", "out.xlsx", "lan")
    assert (told["records"], told["complete"], told["pending"]) == (2, 1, 1)
    assert told["templates"] == [{"id": "dc01", "revision": 1, "records": 2}]
    assert told["filter"] == {
        "template": None,
        "units": ["Thạnh Hải"],
        "batches": [],
        "since": "2018-10-01",
        "complete": False,
    }
    assert (told["redacted"], told["pseudonyms"]) == (["sex"], [])
    assert told["lists"]["ethnic_groups"] == "1979"
    assert datetime.fromisoformat(told["at"]).tzinfo is not None


def test_the_file_is_the_same_again_and_only_the_manifest_changes(workspace: Path) -> None:
    first, second = workspace.parent / "1.sqlite", workspace.parent / "2.sqlite"
    for file in (first, second):
        assert call(workspace, "--format", "sqlite", "-o", str(file)).exit_code == 0
    assert first.read_bytes() == second.read_bytes()


def test_what_the_message_cannot_say_is_listed(workspace: Path) -> None:
    with open_store(workspace) as store:
        store.decide(Decision("r1", "sex", "correct", "Khác", "lan", day(20)))
        store.decide(Decision("r3", "full_name", "blank", None, "lan", day(20)))
    file = workspace.parent / "out.xml"
    result = call(workspace, "--format", "qcvn109", "-o", str(file))
    assert result.exit_code == 3  # a record was left out
    root = etree.parse(str(file)).getroot()
    schema().assertValid(root)
    assert root.get("SoCongDan") == "3"
    assert "Record r1 sex: There is no code for this value." in result.stderr
    assert "Whole records: There is no name" in result.stderr
    told = manifest(file)
    assert (told["records"], told["left_out"]) == (3, 1)
    assert told["unmapped_in"] == [
        {"record": "r1", "field": "sex", "reason": "no_code"},
        {"record": "r3", "field": None, "reason": "no_name"},
    ]
    nowhere = [each["field"] for each in told["unmapped"] if each["reason"] == "no_element"]
    assert nowhere == ["authority", "commune"]
    assert told["lists"]["places"] == "2021"


def test_pseudonyms_stand_for_people(workspace: Path) -> None:
    key = workspace.parent / "key"
    key.write_bytes(b"k" * 32)
    rows = table(workspace, "--pseudonymise", str(key))
    assert all(row["full_name"].startswith("~") for row in rows)
    assert len({row["full_name"] for row in rows}) == 4
    assert {row["sex"] for row in rows} == {"Nam"}
    again = table(workspace, "--pseudonymise", str(key), "--complete")
    assert {row["full_name"] for row in again} < {row["full_name"] for row in rows}
    only = table(workspace, "--pseudonymise", str(key), "--pseudonym", "sex")
    assert only[0]["full_name"] == "NGUYỄN VĂN 1"
    assert only[0]["sex"].startswith("~")
    whole = call(workspace, "--format", "jsonl", "-o", "-", "--pseudonymise", str(key))
    assert "NGUYỄN" not in whole.stdout_bytes.decode()


def test_a_short_key_is_refused(workspace: Path) -> None:
    key = workspace.parent / "key"
    key.write_bytes(b"secret\n")
    result = call(workspace, "--format", "csv", "-o", "-", "--pseudonymise", str(key))
    assert (result.exit_code, "at least 16" in result.stderr) == (2, True)


def test_a_field_that_the_template_has_not_is_no_silent_loss(workspace: Path) -> None:
    file = workspace.parent / "out.csv"
    with open_store(workspace) as store:
        answers = (Answer("shoe_size", "42", 1.0, "accepted"),)
        record = Record("r5", "dc01", 1, "box/a.pdf", SHA, 5, answers, (), day(9))
        store.save([PageRow(SHA, 5, "form", "cd" * 32)], record)
    result = call(workspace, "--format", "csv", "-o", str(file))
    assert (result.exit_code, "shoe_size" in result.stderr) == (2, True)
    assert not file.exists()


def test_records_of_a_template_that_is_gone_keep_their_fields(workspace: Path) -> None:
    with open_store(workspace) as store:
        answers = (Answer("shoe_size", "42", 1.0, "accepted"),)
        record = Record("r5", "gone", 3, "box/a.pdf", SHA, 5, answers, (), day(9))
        store.save([PageRow(SHA, 5, "form", "cd" * 32)], record)
    (row,) = table(workspace, "-t", "gone")
    assert row["shoe_size"] == "42"


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [
        ("parquet", "pyarrow", "parquet"),
        ("xlsx", "xlsxwriter", "xlsx"),
        ("qcvn109", "lxml", "qcvn109"),
    ],
)
def test_a_missing_library_names_its_extra(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, name: str, package: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    file = workspace.parent / "out"
    result = call(workspace, "--format", name, "-o", str(file))
    assert (result.exit_code, file.exists()) == (4, False)
    assert f"pip install 'scanform[{extra}]'" in result.stderr

"""The commands over a small real workspace."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result

from scanform.cli import main
from scanform.cli.opened import open_desk
from scanform.model.reading import Alternative, Reading
from scanform.model.record import Answer, Doubt, Record, SheetRef
from scanform.model.scan import Rejected, ScanFile
from scanform.page.encode import encode_sheet
from scanform.review import Person
from scanform.store import outputs
from scanform.store.images import ImageStore
from scanform.store.interface import PageRow
from scanform.store.open import open_store
from scanform.template.find import find
from scanform.template.load import load

SHA = "ab" * 32
T0 = datetime(2018, 10, 1, tzinfo=UTC)
TEMPLATE = load(find("dc01"))
UNIT = str(TEMPLATE.unit)
NAME = next(each for each in TEMPLATE.fields if each.kind == "capitals")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Two records; in the first the name waits, on a sheet that is white but for its box."""
    folder = tmp_path / "w"
    pixels = np.full((3508, 2480, 3), 255, np.uint8)
    left, top, right, bottom = NAME.box.pixels(300)
    pixels[top:bottom, left:right] = 0
    image = ImageStore(folder).put(encode_sheet(pixels))
    reading = Reading("read", "NGUYEN VAN AN", 0.5, "test 1", (Alternative("NGUYÊN VĂN AN", 0.3),))
    doubted = Answer(NAME.id, "NGUYỄN VĂN AN", 0.5, "pending", (Doubt("low_confidence"),), reading)
    with open_store(folder) as store:
        store.open_scan(ScanFile(Path("box/a.pdf"), SHA, 1))
        for number, name in enumerate([doubted, Answer(NAME.id, "LÊ THỊ BÉ", 1.0, "accepted")], 1):
            unit = Answer(UNIT, "Thạnh Hải", 1.0, "accepted")
            store.save(
                [PageRow(SHA, number, "form", image)],
                Record(
                    f"r{number}",
                    TEMPLATE.id,
                    TEMPLATE.revision,
                    "box/a.pdf",
                    SHA,
                    number,
                    (name, unit),
                    (SheetRef(NAME.page, number, image),),
                    T0,
                ),
            )
        store.finish_scan(SHA)
        store.open_scan(ScanFile(Path("box/copy\nof a.pdf"), SHA, 1))
        store.reject_scan(Rejected(Path("box/\x1b[2Jlocked.pdf"), "cd" * 32, None, "encrypted"))
    return folder


def call(workspace: Path, *arguments: str, typed: str | None = None) -> Result:
    environment = {"SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "en"}
    return CliRunner().invoke(main, arguments, input=typed, env=environment)


def test_help_names_every_command() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    for name in ("run", "status", "review", "tally", "export", "template", "rehearse", "doctor"):
        assert f"\n  {name}" in result.output


@pytest.mark.parametrize(
    "arguments", [["nope"], ["export"], ["status", "--nope"], ["tally", "--targets", "no.csv"]]
)
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_a_missing_workspace_exits_6_and_says_what_to_do(tmp_path: Path) -> None:
    result = call(tmp_path / "nope", "status")
    assert result.exit_code == 6
    assert "-w DIR" in result.stderr
    assert result.stdout == ""


def test_status_in_json_has_the_contracts_figures(workspace: Path) -> None:
    result = call(workspace, "status", "--json")
    assert result.exit_code == 0
    status = json.loads(result.stdout)
    assert status["scans"] == {
        "seen": 3,
        "digitised": 1,
        "duplicate": 1,
        "rejected": 1,
        "unfinished": 0,
    }
    assert (status["pages"], status["records"], status["complete"]) == (2, 2, 1)
    assert status["answers"] == {"accepted": 3, "pending": 1, "blank": 0, "unreadable": 0}
    (rejected,) = status["rejected"]
    assert rejected["reason"] == "encrypted"
    assert "password" in rejected["message"]


def test_status_tells_people_without_moving_their_cursor(workspace: Path) -> None:
    result = call(workspace, "status")
    assert "Records:    2 (1 complete, 1 wait" in result.stdout
    assert "locked.pdf" in result.stdout
    assert "\x1b" not in result.stdout
    assert "mật khẩu" in call(workspace, "status", "--lang", "vi").stdout


def test_export_writes_whole_files_in_the_order_of_the_scans(workspace: Path) -> None:
    file = workspace.parent / "out.jsonl"
    file.write_text("old")
    result = call(workspace, "export", "--format", "jsonl", "-o", str(file))
    assert result.exit_code == 0
    assert [json.loads(line)["record"] for line in file.open(encoding="utf-8")] == ["r1", "r2"]
    assert sorted(each.name for each in workspace.parent.iterdir()) == [
        "out.jsonl",
        "out.jsonl.manifest.json",
        "w",
    ]


def test_export_to_standard_output_is_nothing_but_records(workspace: Path) -> None:
    result = call(workspace, "export", "--format", "csv", "-o", "-", "-t", "dc01")
    assert result.stdout_bytes.startswith(b"\xef\xbb\xbfrecord,")
    assert result.stdout_bytes.count(b"\r\n") == 3


def test_export_to_a_folder_that_is_not_there_is_told(workspace: Path) -> None:
    result = call(workspace, "export", "--format", "csv", "-o", str(workspace / "no" / "f.csv"))
    assert result.exit_code == 1
    assert "can't be written" in result.stderr


def test_tally_in_json_has_the_contracts_shape(workspace: Path) -> None:
    targets = workspace.parent / "targets.csv"
    targets.write_text("unit;target\nXã Thạnh Hải;8\nAn Điền;4.000\n", "utf-8-sig")
    result = call(workspace, "tally", "--targets", str(targets), "--json", "-t", "dc01")
    assert result.exit_code == 0, result.stderr
    tally = json.loads(result.stdout)
    hai = {"target": 8, "records": 2, "complete": 1, "pending": 1, "rate": 0.25}
    none = {"target": 4000, "records": 0, "complete": 0, "pending": 0, "rate": 0.0}
    assert tally["units"] == [{"unit": "Xã Thạnh Hải", **hai}, {"unit": "An Điền", **none}]
    assert tally["total"] == {**hai, "target": 4008, "rate": 0.0005}
    assert datetime.fromisoformat(tally["as_of"]).tzinfo is not None
    before = call(workspace, "tally", "--targets", str(targets), "--json", "--as-of", "30/09/2018")
    assert json.loads(before.stdout)["as_of"] == "2018-09-30"
    assert json.loads(before.stdout)["total"]["records"] == 0


def test_tally_draws_numbers_as_the_language_writes_them(workspace: Path) -> None:
    targets = workspace.parent / "targets.csv"
    targets.write_text("unit,target\nThạnh Hải,8\nAn Điền,176500\n")
    vietnamese = call(workspace, "tally", "--targets", str(targets), "--lang", "vi").stdout
    assert "176.500" in vietnamese
    assert "25,0 %" in vietnamese
    english = call(workspace, "tally", "--targets", str(targets), "--lang", "en").stdout
    assert "176,500" in english
    assert english.index("Thạnh Hải") < english.index("An Điền") < english.index("Total")


def test_tally_refuses_wrong_targets_and_dates(workspace: Path) -> None:
    targets = workspace.parent / "targets.csv"
    targets.write_text("unit,target\nThạnh Hải,many\n")
    result = call(workspace, "tally", "--targets", str(targets))
    assert (result.exit_code, "line 2" in result.stderr) == (2, True)
    targets.write_text("unit,target\nThạnh Hải,8\n")
    result = call(workspace, "tally", "--targets", str(targets), "--as-of", "31/02/2018")
    assert (result.exit_code, "no date" in result.stderr) == (2, True)


def test_review_list_show_set_and_accept(workspace: Path) -> None:
    (waiting,) = json.loads(call(workspace, "review", "list", "--json").stdout)
    assert (waiting["record"], waiting["field"]) == ("r1", NAME.id)
    assert waiting["doubts"] == ["low_confidence"]
    crop = workspace.parent / "crop.png"
    result = call(workspace, "review", "show", "r1", NAME.id, "--crop", str(crop), "--json")
    shown = json.loads(result.stdout)
    assert (shown["label"], shown["status"]) == (NAME.label, "pending")
    result = call(workspace, "review", "show", "r1", NAME.id, "--crop", "-")
    assert result.stdout_bytes == crop.read_bytes()
    assert NAME.label in result.stderr
    with open_store(workspace) as store, store.reading() as connection:
        (noted,) = outputs.since(connection, None)  # whoever is erased is looked for there
    assert (noted.path, noted.what) == (crop, "crop")
    pixels = cv2.imread(str(crop))
    assert pixels is not None
    middle = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2]
    assert middle.max() < 50
    assert pixels[2, 2].min() > 200
    result = call(workspace, "review", "set", "r1", NAME.id, "nguyễn văn ân", "--by", "lan")
    assert result.exit_code == 0, result.stderr
    assert call(workspace, "review", "list", "--json").stdout.strip() == "[]"
    shown = json.loads(call(workspace, "review", "show", "r1", NAME.id, "--json").stdout)
    assert (shown["value"], shown["status"]) == ("NGUYỄN VĂN ÂN", "corrected")
    assert call(workspace, "review", "accept", "r1", NAME.id).exit_code == 0
    with open_store(workspace) as store:
        assert [each.by for each in store.decisions("r1")][:1] == ["lan"]


def test_review_set_takes_one_thing(workspace: Path) -> None:
    assert call(workspace, "review", "set", "r1", NAME.id).exit_code == 2
    assert call(workspace, "review", "set", "r1", NAME.id, "A", "--blank").exit_code == 2
    assert call(workspace, "review", "set", "r1", NAME.id, "--unreadable").exit_code == 0
    shown = json.loads(call(workspace, "review", "show", "r1", NAME.id, "--json").stdout)
    assert (shown["value"], shown["status"]) == (None, "unreadable")


def test_review_of_what_is_not_there_exits_6(workspace: Path) -> None:
    assert call(workspace, "review", "show", "nope", NAME.id).exit_code == 6
    assert call(workspace, "review", "accept", "r1", "nope").exit_code == 6


@pytest.mark.parametrize(
    ("typed", "value", "state"),
    [
        ("\n", "NGUYỄN VĂN AN", "accepted"),
        ("TRẦN VĂN BÌNH\n", "TRẦN VĂN BÌNH", "corrected"),
        ("-\n", None, "blank"),
        ("?\n", None, "unreadable"),
        ("s\n", "NGUYỄN VĂN AN", "pending"),
        ("q\n", "NGUYỄN VĂN AN", "pending"),
        ("", "NGUYỄN VĂN AN", "pending"),
    ],
)
def test_review_alone_asks_for_each_answer(
    workspace: Path, typed: str, value: str | None, state: str
) -> None:
    result = call(workspace, "review", "--by", "lan", typed=typed)
    assert result.exit_code == 0, result.output
    assert NAME.label in result.stdout
    assert "NGUYÊN VĂN AN" in result.stdout
    assert "isn't sure" in result.stdout
    with open_store(workspace) as store:
        answer = store.record("r1").answer(NAME.id)
    assert (answer.value, answer.state) == (value, state)


def test_review_alone_with_nothing_to_do_says_so(workspace: Path) -> None:
    call(workspace, "review", typed="\n")
    assert "Nothing waits" in call(workspace, "review").stdout


def test_options_before_a_review_command_are_refused_not_ignored(workspace: Path) -> None:
    result = CliRunner().invoke(main, ["review", "-w", str(workspace), "list"])
    assert result.exit_code == 2


def test_what_waits_and_cant_be_given_is_told(workspace: Path) -> None:
    other = Person("other")
    with open_desk(workspace) as desk:
        held: list[str] = []
        while (claim := desk.queue.claim(other, holding=held)) is not None:
            held.append(claim.token)
    told = call(workspace, "review").stdout
    assert "Nothing waits" not in told
    assert "others have them in hand" in told

"""The commands about a campaign, over a small real workspace."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from scanform.campaign import read_goal, read_weekdays
from scanform.cli import main
from scanform.cli import tally as tally_command
from scanform.errors import UsageError
from scanform.model.record import Answer, Record
from scanform.model.scan import ScanFile
from scanform.store.campaign_interface import BatchScan
from scanform.store.campaigns import SqlCampaigns
from scanform.store.interface import PageRow
from scanform.store.open import open_store

PLAN = ["--start", "2018-10-01", "--deadline", "2018-12-31", "-t", "dc01"]


def call(workspace: Path, *arguments: str) -> Result:
    environment = {"SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "en", "COLUMNS": "110"}
    return CliRunner().invoke(main, arguments, env=environment)


def said(workspace: Path, *arguments: str) -> str:
    result = call(workspace, *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Three forms of 2 October, two of them of one person."""
    folder = tmp_path / "w"
    at = datetime(2018, 10, 2, 3, tzinfo=UTC)
    with open_store(folder) as store:
        for name, person in (("r1", "LÊ THỊ BÉ"), ("r2", "LÊ THỊ BÉ"), ("r3", "VÕ VĂN TÁM")):
            sha = name * 32
            store.open_scan(ScanFile(Path(f"{name}.jpg"), sha, 1))
            values = {
                "commune": "Thạnh Hải",
                "full_name": person,
                "birth_date": "1980-01-01",
                "sex": "Nữ" if person == "LÊ THỊ BÉ" else "Nam",
            }
            answers = tuple(Answer(f, v, 1.0, "accepted") for f, v in values.items())
            record = Record(name, "dc01", 1, f"{name}.jpg", sha, 1, answers, (), at)
            store.save([PageRow(sha, 1, "form", "cd" * 32)], record)
            store.finish_scan(sha)
    return folder


def test_init_show_edit(workspace: Path) -> None:
    targets = ["--target", "Xã Thạnh Hải=9.000", "--target", "An Điền=4000"]
    said(workspace, "campaign", "init", *PLAN, "--within", "837", *targets, "--days", "mon-sat")
    shown = json.loads(said(workspace, "campaign", "show", "--json"))
    assert shown["target"] == 13_000
    assert shown["unit_fields"] == {"dc01": "commune"}
    assert shown["weekdays"] == [0, 1, 2, 3, 4, 5]
    assert [(u["unit"], u["code"], u["parent"]) for u in shown["units"]] == [
        ("Huyện Thạnh Phú", "837", ""),
        ("Xã Thạnh Hải", "29221", "837"),
        ("An Điền", "29209", "837"),
    ]
    said(workspace, "campaign", "edit", "--goal", "80%", "--drop", "an điền",
         "--target", "An Qui=5", "--target", "Xã Thạnh Hải=10000")  # fmt: skip
    shown = json.loads(said(workspace, "campaign", "show", "--json"))
    assert shown["goal"] == 0.8
    assert [(u["unit"], u["target"]) for u in shown["units"][1:]] == [
        ("Xã Thạnh Hải", 10_000),
        ("An Qui", 5),
    ]
    assert call(workspace, "campaign", "init", *PLAN, *targets).exit_code == 2


def test_a_provinces_campaign_has_districts_between(workspace: Path) -> None:
    targets = ["--target", "Xã Thạnh Hải=9000", "--target", "Xã Bảo Thạnh=100"]
    said(workspace, "campaign", "init", *PLAN, "--within", "83", *targets)
    answer = json.loads(said(workspace, "tally", "--json"))
    assert [(g["unit"], g["target"]) for g in answer["groups"]] == [
        ("Tỉnh Bến Tre", 9100),
        ("Huyện Ba Tri", 100),
        ("Huyện Thạnh Phú", 9000),
    ]
    # An edit that says nothing of places keeps the tree.
    said(workspace, "campaign", "edit", "--target", "Xã Bảo Thạnh=200")
    answer = json.loads(said(workspace, "tally", "--json"))
    assert [g["target"] for g in answer["groups"]] == [9200, 200, 9000]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "needs --template, --targets / --target, --start, --deadline"),
        ([*PLAN, "--target", "Thạnh Haỉi=5", "--within", "837"], "no commune of Thạnh Phú"),
        ([*PLAN, "--target", "Thạnh Hải=5", "--within", "999"], "no code"),
        ([*PLAN, "--target", "Thạnh Hải"], "no target"),
        ([*PLAN, "--target", "A=5", "--goal", "170"], "at most 100"),
        ([*PLAN, "--target", "A=5", "--deadline", "2018-09-30"], "before the start"),
        ([*PLAN, "--target", "A=5", "--unit", "nothing"], "no field 'nothing'"),
        ([*PLAN, "--target", "A=5", "--start", "soon"], "no date"),
        ([*PLAN, "--target", "A=5", "--days", "never"], "no working days"),
    ],
)
def test_what_makes_no_sense_is_told(workspace: Path, arguments: list[str], told: str) -> None:
    result = call(workspace, "campaign", "init", *arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert call(workspace, "campaign", "show").exit_code == 2


def test_targets_come_from_a_workbook_too(workspace: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Đơn vị", "Chỉ tiêu", None], ["Thạnh Hải", 9000, None], [], ["An Điền", "4.000"]):
        sheet.append(row)
    file = workspace.parent / "targets.xlsx"
    book.save(file)
    said(workspace, "campaign", "init", *PLAN, "--targets", str(file))
    assert json.loads(said(workspace, "campaign", "show", "--json"))["target"] == 13_000
    counted = json.loads(said(workspace, "tally", "--targets", str(file), "--json"))
    assert counted["total"]["target"] == 13_000
    file.write_bytes(b"no workbook")
    assert call(workspace, "tally", "--targets", str(file)).exit_code == 2


def test_figures_are_noted_all_or_none(workspace: Path) -> None:
    said(workspace, "campaign", "init", *PLAN, "--target", "Thạnh Hải=9000")
    said(workspace, "campaign", "enter", "xã thạnh hải", "700", "--day", "05/10/2018")
    file = workspace.parent / "figures.csv"
    file.write_text("unit,number,day\nThạnh Hải,800,2018-10-06\nNowhere,1,2018-10-06\n")
    result = call(workspace, "campaign", "enter", "--file", str(file))
    assert result.exit_code == 2
    assert "Nowhere" in result.stderr
    shown = json.loads(said(workspace, "campaign", "show", "--json"))
    assert [(e["unit"], e["number"], e["day"]) for e in shown["entered"]] == [
        ("Thạnh Hải", 700, "2018-10-05")
    ]
    said(workspace, "campaign", "enter", "thạnh hải", "7.000", "--day", "06/10/2018")
    shown = json.loads(said(workspace, "campaign", "show", "--json"))
    assert shown["entered"][-1]["number"] == 7000
    for wrong in (
        ["Thạnh Hải"],
        ["Thạnh Hải", "7.00"],
        [],
        ["Thạnh Hải", "5", "--file", str(file)],
    ):
        assert call(workspace, "campaign", "enter", *wrong).exit_code == 2
    hai = json.loads(said(workspace, "tally", "--as-of", "2018-10-05", "--json"))["units"][0]
    assert (hai["records"], hai["entered"], hai["counted"]) == (3, 700, 700)


def test_a_unit_is_named_as_people_do_and_a_wrong_one_is_told_its_likes(workspace: Path) -> None:
    targets = ("--target", "Xã Thạnh Hải=9000", "--target", "Xã An Điền=4000")
    said(workspace, "campaign", "init", *PLAN, *targets, "--holiday", "24/12/2018")
    for command in (["enter", "An Dien", "5"], ["edit", "--drop", "An Dien"]):
        result = call(workspace, "campaign", *command)
        assert result.exit_code == 2
        assert "there is Xã An Điền" in result.stderr
    result = call(workspace, "tally", "--daily", "--unit", "Thanh Hai")
    assert "There is: Xã Thạnh Hải" in result.stderr
    shown = said(workspace, "campaign", "edit", "--drop", "an điền", "--workday", "29/12/2018")
    assert "An Điền" not in shown
    assert "Mon Tue Wed Thu Fri; not on 24 December 2018; also on 29 December 2018" in shown


def test_a_person_who_came_twice_counts_once_after_a_decision(workspace: Path) -> None:
    said(workspace, "campaign", "init", *PLAN, "--target", "Thạnh Hải=10")
    (pair,) = json.loads(said(workspace, "duplicates", "list", "--json"))
    assert (pair["first"]["record"], pair["second"]["record"]) == ("r1", "r2")
    assert pair["reason"] == "person"
    before = json.loads(said(workspace, "tally", "--json"))["units"][0]
    assert (before["counted"], before["duplicate"]) == (3, 0)
    said(workspace, "duplicates", "same", "r1", "r2")
    after = json.loads(said(workspace, "tally", "--json"))["units"][0]
    assert (after["counted"], after["duplicate"]) == (2, 1)
    assert "No pair" in said(workspace, "duplicates", "list")
    (pair,) = json.loads(said(workspace, "duplicates", "list", "--all", "--json"))
    assert pair["verdict"] == "same"
    said(workspace, "duplicates", "different", "r1", "r2")
    again = json.loads(said(workspace, "tally", "--json"))["units"][0]
    assert (again["counted"], again["duplicate"]) == (3, 0)
    assert call(workspace, "duplicates", "same", "r1", "nobody").exit_code == 6
    # The plain count against a file is of records, whoever they are.
    targets = workspace.parent / "t.csv"
    targets.write_text("unit,target\nThạnh Hải,10\n")
    counted = json.loads(said(workspace, "tally", "--targets", str(targets), "--json"))
    assert set(counted["units"][0]) == {"unit", "target", "records", "complete", "pending", "rate"}
    assert set(counted) == {"as_of", "units", "total"}


def test_counting_by_a_field(workspace: Path) -> None:
    answer = json.loads(said(workspace, "tally", "--by", "sex", "-t", "dc01", "--json"))
    assert answer == {"dc01": [{"value": "Nữ", "records": 2}, {"value": "Nam", "records": 1}]}
    assert "Nữ" in said(workspace, "tally", "--by", "sex")
    assert call(workspace, "tally", "--by", "nothing").exit_code == 2


def test_counting_by_age_and_unit_as_of_a_day(workspace: Path) -> None:
    assert (
        json.loads(said(workspace, "tally", "--by", "age", "--as-of", "2018-10-01", "--json"))[
            "dc01"
        ]
        == []
    )
    found = json.loads(said(workspace, "tally", "--by", "age", "--as-of", "2018-10-05", "--json"))
    assert found["dc01"] == [{"value": "35–59", "records": 3}]
    said(workspace, "campaign", "init", *PLAN, "--target", "An Điền=9", "--target", "Thạnh Hải=9")
    # One of two forms of a person counts here as it does in the count.
    said(workspace, "duplicates", "same", "r1", "r2")
    found = json.loads(said(workspace, "tally", "--by", "sex", "--units", "--json"))
    assert found["dc01"][1] == {
        "value": "Nữ",
        "records": 1,
        "units": [{"unit": "An Điền", "records": 0}, {"unit": "Thạnh Hải", "records": 1}],
    }
    shown = said(workspace, "tally", "--by", "age", "--ages", "18,38", "--units")
    assert re.search(r"Unit +38\+ +Total", shown)
    assert re.search(r"Thạnh Hải +2 +2", shown)


HAMLETS = (
    "Đơn vị;Thuộc;Chỉ tiêu;Mã\nẤp 1;Xã Thạnh Hải;30;\nẤp 2;Xã Thạnh Hải;20;02\nẤp 1;An Điền;10;\n"
)


def test_hamlets_are_counted_within_their_communes(workspace: Path) -> None:
    with open_store(workspace) as store:
        for number in range(2):
            # What was read at first had no hamlet: a correction gives one.
            answers = (Answer("commune", "Xã Thạnh Hải", 1.0, "accepted"),
                       Answer("hamlet", "ấp 01" if number else None, 1.0, "accepted"))  # fmt: skip
            sha = f"{number:064x}"
            store.open_scan(ScanFile(Path(f"{sha}.jpg"), sha, 1))
            record = Record(f"h{number}", "dc01", 1, f"{sha}.jpg", sha, 1, answers, ())
            store.save([PageRow(sha, 1, "form", "cd" * 32)], record)
    file = workspace.parent / "targets.csv"
    file.write_text(HAMLETS)
    options = ["--targets", str(file), "--within", "837", "--unit", "commune/hamlet"]
    said(workspace, "campaign", "init", *PLAN, *options)
    shown = json.loads(said(workspace, "campaign", "show", "--json"))
    assert [(u["unit"], u["code"], u["parent"]) for u in shown["units"]] == [
        ("Huyện Thạnh Phú", "837", ""),
        ("Xã An Điền", "29209", "837"),
        ("Xã Thạnh Hải", "29221", "837"),
        ("Ấp 1, Xã Thạnh Hải", "", "29221"),
        ("Ấp 2, Xã Thạnh Hải", "02", "29221"),
        ("Ấp 1, An Điền", "", "29209"),
    ]
    assert shown["vintage"] == "2021"
    counted = json.loads(said(workspace, "tally", "--json"))
    assert [(u["unit"], u["records"]) for u in counted["units"]] == [
        ("Ấp 1, Xã Thạnh Hải", 1),
        ("Ấp 2, Xã Thạnh Hải", 0),
        ("Ấp 1, An Điền", 0),
        ("Xã Thạnh Hải", 4),  # nobody wrote the hamlet
    ]
    communes = json.loads(said(workspace, "tally", "--level", "commune", "--json"))
    assert [(u["unit"], u["target"], u["records"]) for u in communes["units"]] == [
        ("Xã An Điền", 10, 0),
        ("Xã Thạnh Hải", 50, 5),
    ]
    assert communes["total"] == counted["total"]
    assert "Xã Thạnh Hải" in said(workspace, "tally", "--daily", "--unit", "Ấp 1, Xã Thạnh Hải")
    assert call(workspace, "tally", "--level", "province").exit_code == 2


def test_the_hamlets_of_one_commune_bear_their_names_alone(workspace: Path) -> None:
    targets = ["--target", "Ấp 1=30", "--within", "29221", "--unit", "commune/hamlet"]
    said(workspace, "campaign", "init", *PLAN, *targets)
    shown = json.loads(said(workspace, "campaign", "show", "--json"))
    assert [(u["unit"], u["target"], u["parent"]) for u in shown["units"]] == [
        ("Xã Thạnh Hải", None, ""),
        ("Ấp 1, Xã Thạnh Hải", 30, "29221"),
    ]
    # An edit keeps them where they are.
    said(workspace, "campaign", "edit", "--target", "Ấp 1, Xã Thạnh Hải=40")
    shown = json.loads(said(workspace, "campaign", "show", "--json"))
    assert [(u["unit"], u["target"]) for u in shown["units"]][1:] == [("Ấp 1, Xã Thạnh Hải", 40)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("Ấp 1,Thạnh Hảii,9,", "no commune of Thạnh Phú (there is Xã Thạnh Hải)"),
        ("Thạnh Hải,,9,29209", "29209 is Xã An Điền"),
        ("Thạnh Hải,,9,1", "1 is no code of the gazetteer"),
    ],
)
def test_units_that_cannot_be_placed_are_told(workspace: Path, rows: str, told: str) -> None:
    file = workspace.parent / "targets.csv"
    file.write_text(f"unit,in,target,code\n{rows}\n")
    result = call(workspace, "campaign", "init", *PLAN, "--targets", str(file), "--within", "837")
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_code_tells_two_communes_of_one_name_apart(workspace: Path) -> None:
    file = workspace.parent / "targets.csv"
    file.write_text("unit,target\nAn Thạnh,9\n")
    options = ["--targets", str(file), "--within", "83"]
    assert "give its code" in call(workspace, "campaign", "init", *PLAN, *options).stderr
    file.write_text("unit,target,code\nAn Thạnh,9,29200\n")
    said(workspace, "campaign", "init", *PLAN, *options)
    shown = json.loads(said(workspace, "campaign", "show", "--json"))
    assert shown["units"][-1]["code"] == "29200"
    assert shown["units"][-1]["parent"] == "837"


def test_a_saturday_may_be_worked_and_a_holiday_taken_back(workspace: Path) -> None:
    said(workspace, "campaign", "init", *PLAN, "--target", "Thạnh Hải=9", "--holiday", "24/12/2018")
    said(workspace, "campaign", "edit", "--workday", "24/12/2018", "--workday", "22/12/2018")
    shown = json.loads(said(workspace, "campaign", "show", "--json"))
    assert (shown["holidays"], shown["workdays"]) == ([], ["2018-12-22"])
    said(workspace, "campaign", "edit", "--holiday", "22/12/2018")
    shown = json.loads(said(workspace, "campaign", "show", "--json"))
    assert (shown["holidays"], shown["workdays"]) == (["2018-12-22"], [])
    both = ["--holiday", "24/12/2018", "--workday", "24/12/2018"]
    assert call(workspace, "campaign", "edit", *both).exit_code == 2


def test_the_terminal_shows_table_need_and_days(workspace: Path) -> None:
    said(workspace, "campaign", "init", *PLAN, "--target", "Thạnh Hải=100")
    shown = said(workspace, "tally", "--as-of", "2018-10-05", "--daily", "--forecast")
    assert "2 October 2018" in shown
    assert "Goal 70 % = 70 by 31 December 2018: 67 to go" in shown
    assert "Forecast for 31 December 2018" in shown
    ahead = shown[shown.index("80 % between") :]
    unit = next(line.split() for line in ahead.splitlines() if "Thạnh Hải" in line)
    everybody = next(line.split() for line in ahead.splitlines() if "Total" in line)
    # 67 people in 62 working days: two a day, for with one 5 would still be missing.
    assert unit[3] == everybody[2] == "2"
    assert "–" in unit[-1]
    assert "Behind (1):" in shown


def test_options_that_contradict_are_refused(workspace: Path) -> None:
    targets = workspace.parent / "t.csv"
    targets.write_text("unit,target\nThạnh Hải,10\n")
    assert "no campaign" in call(workspace, "tally").stderr
    said(workspace, "campaign", "init", *PLAN, "--target", "Thạnh Hải=10")
    for wrong in (
        ["--targets", str(targets), "--forecast"],
        ["--by", "sex", "--daily"],
        ["--by", "sex", "--ages", "6,14"],
        ["--by", "age", "--ages", "14,6"],
        ["--units"],
        ["--unit", "Thạnh Hải"],
        ["--level", "commune"],
        ["-t", "dc01"],
    ):
        assert call(workspace, "tally", *wrong).exit_code == 2


def test_watch_looks_again_until_it_is_interrupted(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(workspace, "campaign", "init", *PLAN, "--target", "Thạnh Hải=10")
    waited: list[int] = []

    def sleep(seconds: int) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            raise KeyboardInterrupt
        said(workspace, "campaign", "enter", "Thạnh Hải", "9")

    monkeypatch.setattr(tally_command, "sleep", sleep)
    result = call(workspace, "tally", "--watch", "--every", "5")
    assert result.exit_code == 130
    assert waited == [5, 5]
    assert "30.0 %" in result.stdout
    assert "90.0 %" in result.stdout


def test_a_report_is_written_by_its_ending(workspace: Path) -> None:
    said(workspace, "campaign", "init", *PLAN, "--target", "Thạnh Hải=10", "--place", "Thạnh Phú")
    file = workspace.parent / "r.md"
    said(workspace, "report", "-o", str(file), "--as-of", "5/10/2018", "--number", "7/BC-CAH")
    text = file.read_text("utf-8")
    assert "No. 7/BC-CAH" in text
    assert "Of 3 scanned forms 100.0\u00a0% are complete." in text
    assert call(workspace, "report", "-o", "r.exe").exit_code == 2


def test_a_batch_is_opened_shown_and_closed_with_a_receipt(workspace: Path) -> None:
    slip = ["--forms", "12", "--from", "Bình", "--day", "2018-10-02"]
    cover = workspace.parent / "cover.pdf"
    said(workspace, "batch", "open", "Thạnh Hải", *slip, "--cover", str(cover))
    assert cover.read_bytes().startswith(b"%PDF")
    (listed,) = json.loads(said(workspace, "batch", "list", "--json"))
    tasks = json.loads(said(workspace, "batch", "tasks", listed["batch"], "--json"))
    assert listed["open_tasks"] == len(tasks)
    assert (listed["batch"], listed["forms"], listed["closed_at"]) == ("B0001", 12, None)
    file = workspace.parent / "receipt.pdf"
    closed = json.loads(
        said(workspace, "batch", "close", "B0001", "--receipt", str(file), "--json")
    )
    (missing,) = closed["differences"]
    assert (missing["kind"], missing["count"], missing["where"]) == ("missing", 12, [])
    assert file.read_bytes().startswith(b"%PDF")
    assert "closed" in said(workspace, "batch", "show", "1")
    assert call(workspace, "batch", "show", "B0009").exit_code == 6


def test_a_difference_is_a_task_until_somebody_settles_it(workspace: Path) -> None:
    said(workspace, "batch", "open", "An Điền", "--forms", "3", "--from", "Bình")
    with open_store(workspace) as store:
        SqlCampaigns(store).add_to_batch("B0001", [BatchScan("r1.jpg", "r1" * 32)])
    assert json.loads(said(workspace, "batch", "tasks", "--json")) == []  # it is open still
    said(workspace, "batch", "close", "B0001")
    missing, other = json.loads(said(workspace, "batch", "tasks", "--json"))
    assert (missing["kind"], missing["count"], missing["where"]) == ("missing", 2, None)
    assert other["kind"] == "elsewhere"
    assert other["where"] == {
        "path": "r1.jpg",
        "page": 1,
        "record": "r1",
        "detail": "Thạnh Hải",
    }
    settle = ["batch", "settle", "1", missing["task"]]
    assert call(workspace, *settle).exit_code == 2  # nobody knows why
    assert "hai phiếu còn ở xã" in said(workspace, *settle, "--note", "hai phiếu còn ở xã")
    assert [t["task"] for t in json.loads(said(workspace, "batch", "tasks", "--json"))] == [
        other["task"]
    ]
    assert "✓" in said(workspace, "batch", "show", "1")
    assert other["task"] in said(workspace, "batch", "tasks", "1")
    assert len(json.loads(said(workspace, "batch", "tasks", "--all", "--json"))) == 2
    said(workspace, *settle, "--again")
    assert len(json.loads(said(workspace, "batch", "tasks", "--json"))) == 2
    assert call(workspace, "batch", "settle", "1", "nothing", "--note", "x").exit_code == 2


def test_goals_and_weekdays_as_people_write_them() -> None:
    assert [read_goal(text) for text in ("70", "70 %", "70,5%", "0.7", "1%")] == [
        0.7,
        0.7,
        0.705,
        0.7,
        0.01,
    ]
    assert read_weekdays("t2-t7") == read_weekdays("mon-sat") == frozenset(range(6))
    assert read_weekdays("mon, wed,CN") == {0, 2, 6}
    for wrong in ("", "fri-mon", "x"):
        with pytest.raises(UsageError):
            read_weekdays(wrong)


def test_a_box_is_of_the_unit_as_the_campaign_calls_it(workspace: Path) -> None:
    said(workspace, "campaign", "init", *PLAN, "--target", "Xã An Điền=4000")
    slip = ("--forms", "3", "--from", "Bình")
    assert "Xã An Điền" in said(workspace, "batch", "open", "an điền", *slip)
    result = call(workspace, "batch", "open", "An Dien", *slip)
    assert result.exit_code == 0
    assert "An Dien is not in the campaign (there is Xã An Điền)" in result.stderr


def test_what_is_no_receipt_leaves_the_box_open(workspace: Path) -> None:
    said(workspace, "batch", "open", "An Điền", "--forms", "3", "--from", "Bình")
    assert call(workspace, "batch", "close", "B0001", "--receipt", "r.txt").exit_code == 2
    assert "open" in said(workspace, "batch", "show", "B0001")


@pytest.mark.parametrize("day", ["31/12/2999", "2999-01-01T00:00"])
def test_of_a_day_to_come_nothing_is_told(workspace: Path, day: str) -> None:
    said(workspace, "campaign", "init", *PLAN, "--target", "Thạnh Hải=9000")
    asked = [("tally",), ("tally", "--forecast"), ("tally", "--by", "sex")]
    asked += [("report", "-o", "r.md")] if "T" not in day else []
    for command in asked:
        result = call(workspace, *command, "--as-of", day)
        assert (result.exit_code, "still to come" in result.stderr) == (2, True), command


def test_a_campaign_without_a_name_has_a_title_all_the_same(workspace: Path) -> None:
    said(workspace, "campaign", "init", *PLAN, "--target", "Thạnh Hải=9000")
    assert said(workspace, "tally", "--as-of", "5/10/2018").lstrip().startswith("As of 5 October")


def test_targets_may_be_excels_unicode_text(workspace: Path) -> None:
    file = workspace.parent / "targets.txt"
    file.write_bytes("đơn vị\tchỉ tiêu\r\nThạnh Hải\t9.000\r\n".encode("utf-16"))
    said(workspace, "campaign", "init", *PLAN, "--targets", str(file))
    assert json.loads(said(workspace, "campaign", "show", "--json"))["target"] == 9000
    file.write_bytes(b"unit,target\nTh\xe1\xf2nh H\xe4i,9\n")  # an old code page
    told = call(workspace, "campaign", "edit", "--targets", str(file))
    assert (told.exit_code, "not UTF-8" in told.stderr) == (2, True)


def test_no_figure_is_of_a_day_to_come_or_of_more_people_than_there_are(workspace: Path) -> None:
    said(workspace, "campaign", "init", *PLAN, "--target", "Thạnh Hải=9000")
    file = workspace.parent / "figures.csv"
    file.write_text("unit,number,day\nThạnh Hải,5,01/01/2999\n", encoding="utf-8")
    for arguments, told in (
        (("campaign", "enter", "Thạnh Hải", "5", "--day", "01/01/2999"), "still to come"),
        (("campaign", "enter", "--file", str(file)), "still to come"),
        (("campaign", "enter", "Thạnh Hải", "9" * 20), "no whole number"),
        (("campaign", "enter", "Thạnh Hải", "9" * 9999), "no whole number"),
        (("campaign", "edit", "--target", "Thạnh Hải=9999999999"), "no target"),
        (("batch", "open", "A", "--forms", "9999999999", "--from", "B"), "range"),
        (("batch", "open", "A", "--forms", "1", "--from", "B", "--day", "2999-01-01"), "to come"),
    ):
        result = call(workspace, *arguments)
        assert (result.exit_code, told in result.stderr) == (2, True), (arguments, result.stderr)
    assert json.loads(said(workspace, "campaign", "show", "--json"))["entered"] == []

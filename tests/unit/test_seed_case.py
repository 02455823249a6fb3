"""The month that scanform began with: Thạnh Phú, 26/10/2018, counted by hand below."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanform.cli import main

CASE = Path(__file__).parents[2] / "docs" / "seed-case"


def call(workspace: Path, *arguments: str) -> str:
    environment = {"SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "vi", "COLUMNS": "100"}
    result = CliRunner().invoke(main, arguments, env=environment)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seed") / "w"
    plan = ["--start", "26/09/2018", "--deadline", "31/12/2018", "--goal", "70", "--within", "837"]
    targets = ["--targets", str(CASE / "targets.csv")]
    call(folder, "campaign", "init", "--name", "Thạnh Phú", "-t", "dc01", *targets, *plan)
    call(folder, "campaign", "enter", "--file", str(CASE / "figures.csv"))
    return folder


def test_the_count_of_the_month(workspace: Path) -> None:
    shown = call(workspace, "tally", "--as-of", "26/10/2018")
    total = next(line for line in shown.splitlines() if "Tổng cộng" in line)
    assert total.split()[2:6] == ["23.500", "176.500", "13,3", "%"]
    units = [line for line in shown.splitlines() if line.lstrip().startswith(("Xã", "Thị"))]
    assert units[0].split()[:4] == ["Xã", "Thạnh", "Hải", "7.000"]
    assert [line.split()[1] + " " + line.split()[2] for line in units[1:3]] == [
        "An Điền",
        "An Thạnh",
    ]


def test_what_a_day_must_bring(workspace: Path) -> None:
    answer = json.loads(call(workspace, "tally", "--as-of", "2018-10-26", "--json"))
    total = answer["total"]
    assert (total["counted"], total["target"], total["rate"]) == (23_500, 176_500, 0.1331)
    assert (total["records"], total["entered"]) == (0, 23_500)
    # 70 % of 176,500 is 123,550; 123,550 - 23,500 = 100,050 are missing.
    assert (total["goal"], total["missing"]) == (123_550, 100_050)
    # Working days after Friday 26 October 2018: 3 in October (29, 30, 31), 22 in November (the 1st
    # is a Thursday: 2 + 4 weeks of 5), 21 in December (4 weeks from the 3rd, and the 31st).
    assert total["days_left"] == 3 + 22 + 21
    # 100,050 / 46 = 2,175 exactly.
    assert total["needed"] == 2175.0


def test_the_old_pace_misses_the_goal(workspace: Path) -> None:
    answer = json.loads(call(workspace, "tally", "--as-of", "2018-10-26", "--json", "--forecast"))
    # From 26 September: 3 days, then 4 weeks of 5: 23. Twice as many days are left, so the pace
    # of the month brings 23,500 x 3 = 70,500, 39.9 % of 176,500.
    whole_month = 23_500 / 23 * 46 + 23_500
    assert whole_month == 70_500
    forecast = answer["forecast"]["total"]
    assert forecast["low"] < whole_month < forecast["high"] < 123_550
    assert answer["forecast"]["chance"] < 0.01
    assert answer["total"]["state"] == "behind"


def test_who_lags(workspace: Path) -> None:
    answer = json.loads(call(workspace, "tally", "--as-of", "2018-10-26", "--json"))
    states = {each["unit"]: each for each in answer["units"]}
    assert answer["laggards"][:2] == ["Xã Mỹ An", "Xã An Nhơn"]
    assert states["Xã Mỹ An"]["idle"] == 23
    assert states["Xã An Nhơn"]["idle"] == 15
    on_course = [name for name, each in states.items() if each["state"] == "on_course"]
    assert on_course == ["Xã An Điền", "Xã Thạnh Hải"]
    assert states["Xã Thạnh Hải"]["code"] == "29221"


def test_the_week_before(workspace: Path) -> None:
    before = json.loads(call(workspace, "tally", "--as-of", "2018-10-19", "--json", "--daily"))
    after = json.loads(call(workspace, "tally", "--as-of", "2018-10-26", "--json", "--daily"))
    assert before["total"]["counted"] < after["total"]["counted"]
    assert before["daily"] == after["daily"][: len(before["daily"])]
    assert after["daily"][-1]["counted"] == 23_500

"""The samples are what other checks stand on, so they are checked themselves."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from scanform.lexicon.places import inside
from scanform.model.phrases import REJECTIONS
from scanform.rehearse.homes import written
from scanform.template.find import find
from scanform.template.load import load

SAMPLES = Path(__file__).resolve().parents[2] / "sample_scans"
CASES = sorted(folder for folder in SAMPLES.iterdir() if folder.is_dir())


def expected(case: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_has_one_scan_and_says_what_is_in_it(case: Path) -> None:
    assert len(list(case.glob("scan.*"))) == 1
    told = expected(case)
    if "rejected" in told:
        assert told["rejected"] in REJECTIONS
        return
    for respondent in told["respondents"]:
        template = load(find(respondent["template"]))
        assert list(respondent["answers"]) == [field.id for field in template.fields]


def test_there_are_enough_respondents_in_little_room() -> None:
    told = [expected(case) for case in CASES]
    assert sum(len(each.get("respondents", [])) for each in told) >= 14
    assert {each["rejected"] for each in told if "rejected" in each} == {
        "damaged",
        "encrypted",
        "unknown_form",
    }
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 12e6


def test_every_respondents_commune_has_a_target() -> None:
    with (SAMPLES / "targets.csv").open(encoding="utf-8", newline="") as stream:
        targets = {row["unit"]: int(row["target"]) for row in csv.DictReader(stream)}
    communes = inside("commune", ["837"])
    assert set(targets) == {written(commune, short=False) for commune in communes}
    bare = {unit.removeprefix("Xã ").removeprefix("Thị trấn ") for unit in targets}
    answers = [each["answers"] for case in CASES for each in expected(case).get("respondents", [])]
    named = {answer.get("commune") or answer.get("authority") for answer in answers}
    assert {name.lower().removeprefix("xã ").removeprefix("thị trấn ") for name in named} <= {
        name.lower() for name in bare
    }
    assert len(named) >= 8

"""The sheet of people that 0.1 % is proved on asks what DC01 asks, under the same rule."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scanform.rehearse import Plan
from scanform.template.find import find
from scanform.template.load import load

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
people_sheet = pytest.importorskip("people_sheet")


def test_its_fields_are_those_of_dc01(tmp_path: Path) -> None:
    people_sheet.form(tmp_path)
    sheet, dc01 = load(tmp_path), load(find("dc01"))
    for name in people_sheet.SHEETS["people"].asked:
        here, there = sheet.field(f"{name}_7"), dc01.field(name)
        assert (here.kind, here.lengths, len(here.cells)) == (
            there.kind,
            there.lengths,
            len(there.cells),
        )
        assert [o.value for o in here.options] == [o.value for o in there.options]
        sizes = [[(round(b.w, 3), round(b.h, 3)) for b in _boxes(each)] for each in (here, there)]
        assert sizes[0] == sizes[1]
    assert len(sheet.rules) == people_sheet.SHEETS["people"].people


def _boxes(field: object) -> list:
    return [*field.cells, *(option.box for option in field.options)]  # type: ignore[attr-defined]


def test_each_row_is_one_made_up_person(tmp_path: Path) -> None:
    people_sheet.form(tmp_path)
    (made,) = people_sheet.sheets(load(tmp_path), Plan(1, 5))
    numbers = [
        made.answers[f"id_number_{row}"]
        for row in range(1, people_sheet.SHEETS["people"].people + 1)
    ]
    told = [(row, number) for row, number in enumerate(numbers, 1) if number and len(number) == 12]
    assert told
    for row, number in told:
        sex, born = made.answers[f"sex_{row}"], made.answers[f"birth_date_{row}"]
        assert number[3] == {"Nam": "02", "Nữ": "13"}[sex]["12".index(born[0])]
        assert number[4:6] == born[2:4]

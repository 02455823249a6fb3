"""Whoever is shown a person's form is a row of the log: once a look, not once a picture."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from filled_workspace import T0, correct, fill

from scanform.cli import main
from scanform.errors import NoSuchRecord
from scanform.review import Person
from scanform.store.desk import SqlDesk
from scanform.store.erase import Erasing, erase
from scanform.store.looks import AGAIN, accesses, note_looks
from scanform.store.open import open_store


class Clock:
    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> datetime:
        return self.now


def test_a_look_is_noted_once_for_a_quarter_of_an_hour(tmp_path: Path) -> None:
    first, second, *_ = (each.id for each in fill(tmp_path))
    clock = Clock()
    with open_store(tmp_path, clock=clock) as store:
        desk = SqlDesk(store)
        assert desk.note_looks("hoa", [first, second, first], "review") == 2
        assert desk.note_looks("hoa", [first], "review") == 0
        assert desk.note_looks("hoa", [], "review") == 0
        assert desk.note_looks("hoa", [first], "pages") == 1  # elsewhere
        assert desk.note_looks("mai", [first], "review") == 1  # somebody else
        clock.now += AGAIN + timedelta(seconds=1)
        assert desk.note_looks("hoa", [first, second], "review") == 2
        said = [(each.by, each.what, each.how) for each in accesses(store, second)]
        assert said == [("lan", "correct", "form"), *[("hoa", "show", "review")] * 2]


def test_a_clock_that_was_set_back_hides_no_look(tmp_path: Path) -> None:
    record = fill(tmp_path)[0].id
    clock = Clock()
    with open_store(tmp_path, clock=clock) as store:
        clock.now += timedelta(days=365)
        assert note_looks(store, "hoa", [record], "pages") == 1
        clock.now = T0
        assert note_looks(store, "hoa", [record], "pages") == 1


def test_looks_stand_in_the_chain_and_outlive_the_record(tmp_path: Path) -> None:
    made = fill(tmp_path)
    record = made[0].id
    with open_store(tmp_path) as store:
        note_looks(store, "hoa", [record], "pages")
        correct(store, made[0], "Trần Thị Đào", by="mai")
        erase(store, tmp_path, Erasing((record,), "lan", "request"))
        said = [(each.by, each.what) for each in accesses(store, record)]
        assert said == [("lan", "correct"), ("hoa", "show"), ("mai", "correct"), ("lan", "erase")]
        with pytest.raises(NoSuchRecord):
            accesses(store, "0" * 24)
    call = CliRunner().invoke(main, ["log", "verify", "-w", str(tmp_path), "--json"])
    assert call.exit_code == 0, call.output
    assert json.loads(call.stdout)["faults"] == []


def test_who_saw_a_record_is_told(tmp_path: Path) -> None:
    record = fill(tmp_path)[0].id
    with open_store(tmp_path) as store:
        note_looks(store, Person("hoa\nlan", "clerk").name, [record], "gallery")
    command = ["person", "access", record, "-w", str(tmp_path)]
    shown = CliRunner().invoke(main, command)
    assert shown.exit_code == 0, shown.output
    assert [line.split("  ", 1)[1] for line in shown.stdout.splitlines()] == [
        "lan: correct (form)  full_name",
        "hoa lan: show (gallery)",
    ]
    rows = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)
    assert [row["what"] for row in rows] == ["correct", "show"]

"""A record is read from the store once for every change, and never seen as it was before one."""

from __future__ import annotations

import pytest

from scanform.errors import NoSuchRecord
from scanform.review.kept import Kept
from scanform.store.sql import SqlStore
from tests.unit.review.conftest import LAN, Office


def test_a_record_is_read_anew_once_something_was_decided(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []
    read = office.store.record
    monkeypatch.setattr(office.store, "record", lambda each: (reads.append(each), read(each))[1])
    kept = Kept()
    first = kept.standing(office.store, "r1")
    assert kept.standing(office.store, "r1") is first
    assert reads == ["r1"]
    office.desk.forms.correct(LAN, "r1", "name", "Trần Thị Bưởi", 0)
    record, log = kept.standing(office.store, "r1")
    assert record == read("r1")
    assert record.answer("name").value == "Trần Thị Bưởi"
    assert [each.action for each in log] == ["correct"]


def test_what_another_process_decided_is_seen(office: Office) -> None:
    kept = Kept()
    kept.standing(office.store, "r1")
    other = Office(office.folder, office.clock)
    other.desk.forms.blank(LAN, "r1", "name", 0)
    other.store.close()
    assert kept.standing(office.store, "r1")[0].answer("name").state == "blank"


def test_only_the_last_ones_are_kept(office: Office) -> None:
    kept = Kept(most=2)
    first = kept.standing(office.store, "r1")
    kept.standing(office.store, "r2")
    kept.standing(office.store, "r3")
    assert kept.standing(office.store, "r1") is not first


def test_a_record_that_is_not_there_is_told(office: Office) -> None:
    with pytest.raises(NoSuchRecord):
        Kept().standing(office.store, "r9")


def test_a_record_that_was_erased_is_kept_no_longer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept()
    kept.standing(office.store, "r1")

    def gone(_: object, record: str) -> int:
        raise NoSuchRecord(record)

    monkeypatch.setattr(SqlStore, "version", gone)
    with pytest.raises(NoSuchRecord):
        kept.standing(office.store, "r1")
    assert "r1" not in kept._found

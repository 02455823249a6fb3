from __future__ import annotations

import sqlite3

import pytest

from scanform.errors import NotAllowed
from scanform.review import Desk
from scanform.store.chain import START
from tests.unit.review.conftest import HOA, LAN, Office


@pytest.fixture
def logged(office: Office) -> Office:
    for _ in range(6):
        claim = office.desk.queue.claim(HOA)
        assert claim is not None
        office.desk.queue.accept(HOA, claim.token)
    return office


def tamper(office: Office, sql: str) -> set[str]:
    office.store.close()
    with sqlite3.connect(office.folder / "scanform.db") as connection:
        assert connection.execute(sql).rowcount > 0
    connection.close()
    office.open()
    return {fault.reason for fault in office.desk.log.verify(LAN).faults}


def test_a_log_that_nobody_touched_is_whole(logged: Office) -> None:
    found = logged.desk.log.verify(LAN)
    assert (found.rows, found.faults) == (6, ())
    assert found.head == list(logged.desk.log.rows(LAN))[-1].hash


def test_an_empty_log_is_whole(desk: Desk) -> None:
    found = desk.log.verify(LAN)
    assert (found.rows, found.head, found.faults) == (0, START, ())


@pytest.mark.parametrize(
    "column",
    [
        "field = 'name'",
        "action = 'blank'",
        "value = 'x'",
        "\"by\" = 'lan'",
        "at = '2018-10-01 09:00:00.000000'",
        "from_value = 'x'",
        "from_state = 'accepted'",
        "to_state = 'blank'",
        "undoes = 1",
        "crop = ''",
        "template = 'other@1'",
        "readers = 'another 2'",
        "how = 'group'",
        "lot = 'x'",
        "note = 'x'",
        "seconds = 1.0",
        "record = 3",
        "hash = 'x'",
    ],
)
def test_a_row_that_was_changed_is_found(logged: Office, column: str) -> None:
    sql = f"UPDATE decisions SET {column} WHERE seq = 2"
    assert "changed" in tamper(logged, sql)


def test_a_row_that_was_removed_is_found(logged: Office) -> None:
    assert "missing" in tamper(logged, "DELETE FROM decisions WHERE seq = 3")


def test_rows_removed_at_the_end_are_found(logged: Office) -> None:
    assert "cut" in tamper(logged, "DELETE FROM decisions WHERE seq > 4")


def test_an_answer_changed_past_the_log_is_found(logged: Office) -> None:
    sql = "UPDATE answers SET value = 'An Điền' WHERE record = 1 AND field = 'unit'"
    assert tamper(logged, sql) == {"differs"}


def test_a_head_written_down_shows_a_chain_that_was_made_anew(logged: Office) -> None:
    head = logged.desk.log.verify(LAN).head
    assert logged.desk.log.verify(LAN, head).faults == ()
    found = logged.desk.log.verify(LAN, "f" * 64).faults
    assert [fault.reason for fault in found] == ["head"]


def test_the_history_of_a_record(logged: Office) -> None:
    rows = logged.desk.log.history(LAN, "r1")
    assert [(row.decision.field, row.from_state, row.to_state) for row in rows] == [
        ("unit", "pending", "accepted"),
        ("birth", "pending", "accepted"),
    ]
    with pytest.raises(NotAllowed):
        logged.desk.log.history(HOA, "r1")

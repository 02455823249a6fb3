"""How many answers wait: nobody who asks for the next field waits for a long count."""

from __future__ import annotations

import threading
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from scanform.errors import StoreError
from scanform.review import memory
from scanform.review.memory import COUNT_SHARE, COUNT_STALE, Waiting


class Counts:
    """Answers 1, 2, 3... when asked how many wait; from the second on not before ``go``."""

    def __init__(self) -> None:
        self.asked = 0
        self.go = threading.Event()
        self.fails = False
        self.store = self

    def count_waiting(self) -> list[tuple[str, str, str, int]]:
        self.asked += 1
        if self.asked > 1:
            assert self.go.wait(10)
        if self.fails:
            raise StoreError("locked")
        return [("form", "name", "review", self.asked)]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every count takes a second of the processor."""
    seconds = count()
    monkeypatch.setattr(memory, "time", SimpleNamespace(thread_time=lambda: next(seconds)))


def number(waiting: Waiting, room: Any) -> int:
    return waiting.rows(room)[0][3]


def until(waiting: Waiting, room: Any, wanted: int) -> None:
    for _ in range(1000):
        if number(waiting, room) == wanted:
            return
        threading.Event().wait(0.005)
    raise AssertionError(f"never {wanted}")


def test_the_last_count_is_told_while_the_next_is_made(slow: None) -> None:
    now, room = [0.0], Counts()
    waiting = Waiting(lambda: now[0])
    assert number(waiting, room) == 1
    now[0] = COUNT_SHARE - 1.0
    assert (number(waiting, room), room.asked) == (1, 1)
    now[0] = COUNT_SHARE + 1.0
    assert [number(waiting, room) for _ in range(3)] == [1, 1, 1]
    room.go.set()
    until(waiting, room, 2)
    assert room.asked == 2, "one of those who asked had it counted"


def test_an_old_count_is_never_told(slow: None) -> None:
    now, room = [0.0], Counts()
    room.go.set()
    waiting = Waiting(lambda: now[0])
    assert number(waiting, room) == 1
    now[0] = COUNT_STALE + 1.0
    assert number(waiting, room) == 2


def test_a_count_that_fails_is_made_again(slow: None) -> None:
    now, room = [0.0], Counts()
    waiting = Waiting(lambda: now[0])
    assert number(waiting, room) == 1
    now[0], room.fails = COUNT_SHARE + 1.0, True
    room.go.set()
    assert number(waiting, room) == 1
    for _ in range(1000):
        if room.asked > 1:
            break
        threading.Event().wait(0.005)
    room.fails = False
    for _ in range(1000):
        if number(waiting, room) > 1:
            return
        threading.Event().wait(0.005)
    raise AssertionError("never counted again")


def test_a_quick_count_is_always_anew() -> None:
    room = Counts()
    room.go.set()
    waiting = Waiting()
    assert [number(waiting, room) for _ in range(3)] == [1, 2, 3]

"""Several programs on one store, and one that is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanform.model.record import Answer, Decision, Record
from scanform.model.scan import ScanFile
from scanform.store.interface import PageRow
from scanform.store.open import open_store

T0 = datetime(2018, 10, 1, tzinfo=UTC)
PAGES = 40
SHA = "ab" * 32

pytestmark = pytest.mark.slow
spawn = multiprocessing.get_context("spawn")


def record(number: int) -> Record:
    answers = (Answer("unit", "An Điền", 1.0, "accepted"), Answer("name", "A", 0.5, "pending"))
    return Record(f"r{number:03}", "dc01", 1, "a.pdf", SHA, number, answers, created_at=T0)


def whole_run(workspace: Path, database: str | None, who: str) -> None:
    """What a run does, and a reviewer beside it."""
    with open_store(workspace, database) as store:
        store.open_scan(ScanFile(Path("a.pdf"), SHA, 1))
        for number in range(1, PAGES + 1):
            store.save([PageRow(SHA, number, "form")], record(number))
            store.decide(Decision(f"r{number:03}", "name", "correct", who, who, T0))
        store.finish_scan(SHA)


def endless_run(workspace: Path) -> None:
    with open_store(workspace) as store:
        store.open_scan(ScanFile(Path("a.pdf"), SHA, 1))
        for number in range(1, 100_000):
            store.save([PageRow(SHA, number, "form")], record(number))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    if request.param == "sqlite":
        return None
    make: Callable[[], str] = request.getfixturevalue("new_postgresql")
    return make()


def test_two_runs_at_once_double_nothing_and_lose_nothing(
    tmp_path: Path, database: str | None
) -> None:
    # They also make the workspace at the same time.
    names = ["lan", "hoa", "minh"]
    runs = [spawn.Process(target=whole_run, args=(tmp_path, database, name)) for name in names]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0, 0]
    with open_store(tmp_path, database) as store:
        found = list(store.records())
        assert [each.id for each in found] == [f"r{number:03}" for number in range(1, PAGES + 1)]
        for each in found:
            log = store.decisions(each.id)
            assert sorted(decision.by for decision in log) == sorted(names)
            assert each.answer("name").value == log[-1].value
        figures = store.figures()
        assert (figures.pages, figures.complete, figures.answers_pending) == (PAGES, PAGES, 0)


def test_a_run_that_is_killed_leaves_only_whole_records(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    run = spawn.Process(target=endless_run, args=(tmp_path,))
    run.start()
    with open_store(tmp_path) as store:
        while store.figures().records < 20:
            time.sleep(0.01)
        assert run.pid is not None
        os.kill(run.pid, signal.SIGKILL)
        run.join()
    with open_store(tmp_path) as store:
        found = list(store.records())
        assert found == [record(number) for number in range(1, len(found) + 1)]
        assert store.figures().pages == len(found) >= 20
        assert store.save([PageRow(SHA, 1, "form")], record(1)) is False
        assert store.save([], record(99_999)) is True

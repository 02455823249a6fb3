"""Faults, done for real: whatever happens, the next run leaves what an undisturbed one leaves."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fault_bench as bench
import pytest
import sqlalchemy as sa

from scanform.engine import processes
from scanform.engine.local import LocalEngine
from scanform.engine.run import run_scans
from scanform.errors import StoreError
from scanform.store.images import ImageStore
from scanform.store.open import open_store

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("SCANFORM_TEST_KILLS", "200"))


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bench.make_box(tmp_path_factory.mktemp("faults") / "box")


@pytest.fixture(scope="module")
def expected(box: Path, tmp_path_factory: pytest.TempPathFactory) -> object:
    workspace = tmp_path_factory.mktemp("undisturbed")
    bench.run(box, workspace)
    found = bench.state(workspace)
    assert len(found[0]) == bench.SINGLES + 2 * bench.STACKS  # type: ignore[index]
    assert found[3] == []  # type: ignore[index]
    return found


def test_kills_at_random_moments_lose_and_double_nothing(tmp_path: Path) -> None:
    # In memory: a kill, unlike a power cut, loses nothing that was written, synced or not.
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else tmp_path) as folder:
        box = bench.make_box(Path(folder) / "box")
        told = bench.kill_at_random(box, Path(folder), KILLS, seed=20251125)
    assert told == bench.Killed(kills=KILLS)


@pytest.mark.parametrize("served", [False, True])
def test_workers_killed_at_random_moments_cost_nothing(
    box: Path, tmp_path: Path, expected: object, served: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if served:
        processes.begin()
    else:
        monkeypatch.setattr(processes, "_begun_by", None)
    before, killed = workers(), 0
    chance, over = random.Random(7), threading.Event()

    def kill_some() -> None:
        nonlocal killed
        # Workers that are forked are at work at once: the first kill can't wait for long.
        while killed < 4 and not over.wait(0.1):
            found = sorted(workers() - before)
            if found:
                os.kill(chance.choice(found), signal.SIGKILL)
                killed += 1

    killer = threading.Thread(target=kill_some)
    with (
        open_store(tmp_path / "w") as store,
        LocalEngine([], 2, work=bench.work, start=bench.get_ready) as engine,
    ):
        killer.start()
        put = ImageStore(tmp_path / "w").put
        run_scans([box], bench.TEMPLATES, engine, store, put, bench.Deaf())
        over.set()
        killer.join()
    assert killed
    bench.run(box, tmp_path / "w")  # what was rejected with its worker is tried again
    assert bench.state(tmp_path / "w") == expected


def workers() -> set[int]:
    """Worker processes of this one (Python's own helpers apart)."""
    parents, spoken = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                spoken[int(entry.name)] = (entry / "cmdline").read_bytes()
            except (OSError, ValueError):
                continue
            parents[int(entry.name)] = parent
    mine = {each for each, parent in parents.items() if parent == os.getpid()}
    servers = {each for each in mine if b"forkserver" in spoken[each]}
    spawned = {each for each in mine if b"spawn_main" in spoken[each]}
    return spawned | {each for each, parent in parents.items() if parent in servers}


def test_two_runs_at_once_on_one_workspace(box: Path, tmp_path: Path, expected: object) -> None:
    pids = [bench.in_child(lambda: bench.run(box, tmp_path / "w")) for _ in range(3)]
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0, 0, 0]
    assert bench.state(tmp_path / "w") == expected


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk; the next test does without")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_is_told_and_loses_nothing(
    box: Path, small_disk: Path, expected: object
) -> None:
    with pytest.raises(StoreError, match=r"disk|No space"):
        bench.run(box, small_disk / "w")
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    bench.run(box, small_disk / "w")
    assert bench.state(small_disk / "w") == expected


def test_files_that_may_not_grow_are_told_and_lose_nothing(
    box: Path, tmp_path: Path, expected: object
) -> None:
    workspace = tmp_path / "w"
    open_store(workspace).close()

    def cramped() -> None:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (220_000, hard))
        bench.run(box, workspace)

    _, status = os.waitpid(bench.in_child(cramped), 0)
    assert status != 0
    bench.run(box, workspace)
    assert bench.state(workspace) == expected


def test_files_that_vanish_in_the_middle_are_taken_when_they_are_back(
    box: Path, tmp_path: Path, expected: object
) -> None:
    mine, workspace = tmp_path / "box", tmp_path / "w"
    shutil.copytree(box, mine)
    away = tmp_path / "away"

    def vanish(pages: int) -> None:
        if pages == 3:
            mine.rename(away)

    bench.run(mine, workspace, listener=bench.Deaf(vanish))
    with open_store(workspace) as store:
        assert {each.reason for each in store.rejected()} == {"unreadable_file"}
    away.rename(mine)
    bench.run(mine, workspace)
    records, figures, _, found = bench.state(workspace)  # type: ignore[misc]
    assert [each.id for each in records] == [each.id for each in expected[0]]  # type: ignore[index]
    assert figures == expected[1]  # type: ignore[index]
    assert found == []


def test_a_folder_that_may_only_be_read_is_left_as_it_is(
    box: Path, tmp_path: Path, expected: object
) -> None:
    """Root may write anywhere, so what counts is that nobody tried: names, times, bytes."""

    def looks() -> list[tuple[str, int, int, bytes]]:
        found = [(each, each.stat()) for each in (box, *sorted(box.iterdir()))]
        return [
            (str(path), about.st_mtime_ns, about.st_ctime_ns,
             path.read_bytes() if path.is_file() else b"")
            for path, about in found
        ]  # fmt: skip

    box.chmod(0o555)
    try:
        before = looks()
        bench.run(box, tmp_path / "w")
        assert looks() == before
    finally:
        box.chmod(0o755)
    assert bench.state(tmp_path / "w") == expected


def test_a_database_that_is_locked_for_a_while_is_waited_for(
    box: Path, tmp_path: Path, expected: object
) -> None:
    workspace, locked = tmp_path / "w", tmp_path / "locked"
    open_store(workspace).close()

    def hold() -> None:
        other = sqlite3.connect(workspace / "scanform.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        locked.touch()
        time.sleep(1)
        other.execute("COMMIT")

    pid = bench.in_child(hold)
    while not locked.exists():
        time.sleep(0.01)
    bench.run(box, workspace)
    assert os.waitpid(pid, 0)[1] == 0
    assert bench.state(workspace) == expected


def test_a_damaged_database_ends_the_run_and_is_told(box: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    bench.run(box, workspace)
    with (workspace / "scanform.db").open("r+b") as file:
        for at in range(4096, file.seek(0, 2), 4096):
            file.seek(at)
            file.write(b"\xff" * 100)
    images = sum(path.is_file() for path in (workspace / "images").rglob("*"))
    with pytest.raises(StoreError, match="damaged") as told:
        bench.run(box, workspace)
    assert "backup" in told.value.next_step
    assert sum(path.is_file() for path in (workspace / "images").rglob("*")) == images


def test_a_clock_that_goes_backwards_confuses_nothing(
    box: Path, tmp_path: Path, expected: object
) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC)

    def clock() -> datetime:
        nonlocal now
        now -= timedelta(hours=5)
        return now

    workspace = tmp_path / "w"
    for _ in range(2):
        with open_store(workspace, clock=clock) as store:
            put = ImageStore(workspace).put
            run_scans([box], bench.TEMPLATES, bench.Inline(), store, put, bench.Deaf())
    assert bench.state(workspace) == expected


def test_postgresql_restarted_in_the_middle(
    box: Path,
    tmp_path: Path,
    expected: object,
    new_postgresql: Callable[[], str],
    restart_postgresql: Callable[[], None],
) -> None:
    url, workspace = new_postgresql(), tmp_path / "w"

    def restart(pages: int) -> None:
        if pages == 7:
            restart_postgresql()

    # A connection that broke is asked for anew, so the run may even come to its end.
    for listener in (bench.Deaf(restart), bench.Deaf()):
        try:
            bench.run(box, workspace, url, listener)
        except StoreError as error:
            assert error.next_step  # noqa: PT017 - it may or may not be raised
    assert bench.state(workspace, url) == expected


def test_nothing_is_named_before_it_is_on_the_disk(
    box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut keeps what was synced and nothing else. So: the image's bytes, then its name,
    then the folder that holds the name, and only then the transaction that speaks of it."""
    order: list[tuple[str, str]] = []
    fsync, replace = os.fsync, Path.replace

    def noted_sync(handle: int) -> None:
        order.append(("sync", str(Path(f"/proc/self/fd/{handle}").readlink())))
        fsync(handle)

    def noted_replace(self: Path, target: Path) -> Path:
        order.append(("rename", f"{self} {target}"))
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    with open_store(tmp_path / "w") as store:
        sa.event.listen(store.engine, "commit", lambda _: order.append(("commit", "")))
        put = ImageStore(tmp_path / "w").put
        run_scans([box], bench.TEMPLATES, bench.Inline(), store, put, bench.Deaf())
    renames = [at for at, (what, _) in enumerate(order) if what == "rename"]
    assert len(renames) == bench.SINGLES + 3 * bench.STACKS
    for at in renames:
        temporary, _, place = order[at][1].partition(" ")
        commit = next(n for n in range(at, len(order)) if order[n][0] == "commit")
        assert ("sync", temporary) in order[:at]
        assert ("sync", str(Path(place).parent)) in order[at:commit]


def test_the_transaction_is_synced_too(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_write_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(StoreError, match="Input/output"):
        ImageStore(tmp_path).put(b"page")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]

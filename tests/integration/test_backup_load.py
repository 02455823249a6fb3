"""Backups taken while others write are true moments of the campaign."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from filled_workspace import correct, keep, record_of

from scanform.cli import main
from scanform.store.images import ImageStore
from scanform.store.open import open_store

pytestmark = pytest.mark.slow
spawn = multiprocessing.get_context("spawn")
BACKUPS = {"sqlite": 3, "postgresql": 2}


def endless(workspace: Path, database: str | None, journal: Path) -> None:
    """A run and a reviewer: a record, then a decision about it, and so on; notes how far it is."""
    images = ImageStore(workspace)
    with open_store(workspace, database) as store, journal.open("a", buffering=1) as file:
        for position in range(100_000):
            record = keep(store, images, position)
            correct(store, record, f"Người {position}")
            file.write(f"{position}\n")


def call(*words: str | Path) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words], env={"SCANFORM_LANG": "en"})
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_under_load_is_a_true_moment(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    make: Callable[[], str] | None = None
    if kind == "postgresql":
        make = request.getfixturevalue("new_postgresql")
    database = make() if make else None
    workspace, journal = tmp_path / "w", tmp_path / "journal"
    options = ["-w", workspace, *(["--database", database] if database else [])]
    open_store(workspace, database).close()
    writer = spawn.Process(target=endless, args=(workspace, database, journal))
    writer.start()
    try:
        files = []
        for number in range(BACKUPS[kind]):
            before = journal.read_text().count("\n") if journal.exists() else 0
            while not journal.exists() or journal.read_text().count("\n") < before + 8:
                assert writer.is_alive()
                time.sleep(0.01)
            file = tmp_path / f"{number}.tar"
            call("backup", "-o", file, *options, *(["--incremental"] if number else []))
            files.append(file)
    finally:
        writer.kill()
        writer.join()
    seen = set()
    for number in range(BACKUPS[kind]):
        new = tmp_path / f"new{number}"
        said = json.loads(call("restore", *files[: number + 1], "-w", new, "--json"))["manifest"]
        if number:
            call("verify", "-w", new)
        with open_store(new) as store:
            records = {each.id: each for each in store.records()}
            decided = sum(each.version for each in records.values())
        # Nothing that came later, all that came before, and each as it stood then.
        assert decided in (len(records) - 1, len(records))
        assert (said["records"], said["log_rows"]) == (len(records), decided + number + 1)
        for position in range(len(records)):
            record = records[record_of(position, "").id]
            changed = record.answers[0].state == "corrected"
            assert changed == (position < decided)
        seen.add(len(records))
    assert len(seen) == BACKUPS[kind]

"""Folders of programs: in memory where there is room, and swept up after a kill."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from scanform.programs import scratch


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "memory"
    place.mkdir()
    monkeypatch.setattr(scratch, "MEMORY", place)
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    return place


def test_a_folder_is_in_memory_and_private_and_goes(memory: Path) -> None:
    with scratch.scratch(1000) as folder:
        assert folder.parent == memory
        assert folder.stat().st_mode & 0o077 == 0
        (folder / "crop.bmp").write_bytes(b"a name")
    assert list(memory.iterdir()) == []


def test_without_room_in_memory_the_disk_is_taken(memory: Path) -> None:
    with scratch.scratch(2**60) as folder:
        assert folder.parent == memory.parent


def test_without_such_a_place_the_disk_is_taken(memory: Path) -> None:
    memory.rmdir()
    with scratch.scratch(1000) as folder:
        assert folder.parent == memory.parent


def test_what_a_killed_process_left_is_swept_up(memory: Path) -> None:
    left, other = memory / "scanform-scratch-left", memory.parent / "scanform-other"
    long_ago = time.time() - 5
    for folder in (left, other):
        folder.mkdir()
        (folder / "crop.bmp").write_bytes(b"a name")
        os.utime(folder, (long_ago, long_ago))
    outside = memory.parent / "outside"
    outside.mkdir()
    (memory / "scanform-scratch-link").symlink_to(outside)
    os.utime(memory / "scanform-scratch-link", (long_ago, long_ago), follow_symlinks=False)
    with scratch.scratch() as at_work:
        os.utime(at_work, (long_ago, long_ago))
        scratch.sweep()
        there = [each.exists() for each in (left, at_work, other, outside)]
    assert there == [False, True, True, True]

"""The watch as a service runs it: real pages, a kill, a stop."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scanform.store.open import open_store

SAMPLES = Path(__file__).parents[2] / "sample_scans"
pytestmark = pytest.mark.slow


def watch(folder: Path, workspace: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "scanform", "--log-file", str(workspace.parent / "log.jsonl")]
    command += ["watch", str(folder), "-t", "dc01", "--every", "0.2", "--stable", "0.4"]
    environment = {**os.environ, "SCANFORM_LANG": "en", "SCANFORM_WORKSPACE": str(workspace)}
    return subprocess.Popen(
        [*command, "--jobs", "1", *words], env=environment, stderr=subprocess.PIPE, text=True
    )


def until(true: object, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 240
    while not true():  # type: ignore[operator]
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_drop_folder_is_emptied_across_a_kill(tmp_path: Path) -> None:
    folder, workspace, health = tmp_path / "drop", tmp_path / "w", tmp_path / "health.json"
    folder.mkdir()
    shutil.copy(SAMPLES / "straight_300dpi" / "scan.jpg", folder / "Nguyễn Thị Mới.jpg")
    shutil.copy(SAMPLES / "truncated_jpeg" / "scan.jpg", folder / "cut.jpg")
    first = watch(folder, workspace, "--health-file", str(health))
    until((folder / "done" / "Nguyễn Thị Mới.jpg").exists, first)
    first.send_signal(signal.SIGKILL)
    first.wait()
    shutil.copy(folder / "done" / "Nguyễn Thị Mới.jpg", folder / "again.jpg")
    second = watch(folder, workspace, "--health-file", str(health))
    until(
        lambda: (
            not [each for each in folder.iterdir() if each.is_file()]
            and json.loads(health.read_text())["state"] == "watching"
        ),
        second,
    )
    second.send_signal(signal.SIGTERM)
    assert second.wait(60) == 0
    assert json.loads(health.read_text())["state"] == "stopped"
    assert sorted(each.name for each in (folder / "done").iterdir()) == [
        "Nguyễn Thị Mới.jpg",
        "again.jpg",
    ]
    note = (folder / "rejected" / "cut.jpg.txt").read_text("utf-8-sig")
    assert "damaged or was not copied" in note
    assert "bị hỏng" in note
    with open_store(workspace) as store:
        (record,) = store.records()
    assert record.scan_path == str(folder / "done" / "Nguyễn Thị Mới.jpg")
    # The log is for machines: events and codes, no name of a file.
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert {"rejected", "run_ended", "put_away"} <= {line["event"] for line in lines}
    assert "Nguyễn" not in (tmp_path / "log.jsonl").read_text()
    assert "cut.jpg" not in (tmp_path / "log.jsonl").read_text()

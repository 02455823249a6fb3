"""The main job as a user runs it: real programs, real processes, real kills."""

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

from scanform.engine.local import PAGES_A_BATCH

pytestmark = pytest.mark.slow

RESPONDENTS = 8
MANY = 2 * PAGES_A_BATCH + 4


def scanform(*words: str, workspace: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "en"}
    return subprocess.run(
        [sys.executable, "-m", "scanform", *words],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=300,
    )


def stored_images(workspace: Path) -> int:
    return sum(len(files) for _, _, files in os.walk(workspace / "images"))


def export(workspace: Path) -> bytes:
    file = workspace / "all.jsonl"
    done = scanform("export", "--format", "jsonl", "-o", str(file), workspace=workspace)
    assert done.returncode == 0, done.stderr
    return file.read_bytes()


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box of rehearsed forms, one with a page that is no form."""
    folder = tmp_path_factory.mktemp("rehearsal") / "box"
    words = ["rehearse", "dc01", "-n", str(RESPONDENTS), "--wear", "light", "--seed", "11"]
    done = scanform(*words, "-o", str(folder), workspace=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def undisturbed(
    box: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, object]]:
    workspace = tmp_path_factory.mktemp("undisturbed")
    done = scanform("run", str(box), "-t", "dc01", "--json", workspace=workspace)
    assert done.returncode == 0, done.stderr
    return workspace, json.loads(done.stdout)


def test_every_form_becomes_a_record(undisturbed: tuple[Path, dict[str, object]]) -> None:
    workspace, summary = undisturbed
    assert summary["scans"] == {
        "seen": RESPONDENTS,
        "digitised": RESPONDENTS,
        "duplicate": 0,
        "rejected": 0,
    }
    assert summary["records"] == summary["pages"] == RESPONDENTS
    records = [json.loads(line) for line in export(workspace).splitlines()]
    assert len({record["record"] for record in records}) == RESPONDENTS
    assert all(record["template"] == "dc01" for record in records)


def test_running_again_adds_nothing(box: Path, undisturbed: tuple[Path, dict[str, object]]) -> None:
    workspace, _ = undisturbed
    before = export(workspace)
    again = json.loads(
        scanform("run", str(box), "-t", "dc01", "--json", workspace=workspace).stdout
    )
    assert again["scans"]["duplicate"] == RESPONDENTS
    assert again["scans"]["digitised"] == again["records"] == 0
    assert export(workspace) == before


@pytest.mark.parametrize("after_records", [0, 1, 4])
def test_a_killed_run_goes_on_where_it_stopped(
    box: Path,
    undisturbed: tuple[Path, dict[str, object]],
    tmp_path: Path,
    after_records: int,
) -> None:
    killed = subprocess.Popen(
        [sys.executable, "-m", "scanform", "run", str(box), "-t", "dc01", "--jobs", "1"],
        env={**os.environ, "SCANFORM_WORKSPACE": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while killed.poll() is None and stored_images(tmp_path) < after_records:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    done = scanform("run", str(box), "-t", "dc01", workspace=tmp_path)
    assert done.returncode == 0, done.stderr
    assert export(tmp_path) == export(undisturbed[0])


@pytest.fixture
def larger_box(box: Path, tmp_path: Path) -> Path:
    """More forms than a worker takes in hand at once: other files, the same pictures."""
    folder = tmp_path / "larger"
    folder.mkdir()
    for number in range(MANY):
        data = (box / f"{number % RESPONDENTS + 1}.jpg").read_bytes()
        (folder / f"{number}.jpg").write_bytes(data + bytes([number]))
    return folder


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_keeps_what_was_finished(larger_box: Path, tmp_path: Path, times: int) -> None:
    workspace = tmp_path / "w"
    run = subprocess.Popen(
        [sys.executable, "-m", "scanform", "run", str(larger_box), "-t", "dc01", "--jobs", "1"],
        env={**os.environ, "SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "en"},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while stored_images(workspace) < 1:
        assert run.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    for _ in range(times):
        run.send_signal(signal.SIGINT)
        time.sleep(0.1)
    _, told = run.communicate(timeout=240)
    assert run.returncode == 130, told
    assert "kept" in told
    assert "Finishing the pages in hand" in told
    figures = json.loads(scanform("status", "--json", workspace=workspace).stdout)
    assert figures["accounting"]["holds"] is True
    assert scanform("verify", "--mend", workspace=workspace).returncode == 0
    if times == 1:
        # Whole batches: the one in hand was finished, the one that waited was not begun.
        assert figures["records"] in (PAGES_A_BATCH, 2 * PAGES_A_BATCH)
        assert "What remains: " in told
    else:
        assert figures["records"] <= 8


def test_what_is_no_form_is_rejected_and_the_rest_goes_on(box: Path, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    shutil.copy(box / "1.jpg", scans / "good.jpg")
    shutil.copy(box / "1.jpg", scans / "the same again.jpg")
    (scans / "cut.jpg").write_bytes((box / "2.jpg").read_bytes()[:20_000])
    (scans / "empty.png").touch()
    done = scanform("run", str(scans), "-t", "dc01", "--json", workspace=tmp_path / "work")
    assert done.returncode == 3
    assert json.loads(done.stdout)["scans"] == {
        "seen": 4,
        "digitised": 1,
        "duplicate": 1,
        "rejected": 2,
    }
    assert "cut.jpg" in done.stderr
    assert "empty.png" in done.stderr
    status = json.loads(scanform("status", "--json", workspace=tmp_path / "work").stdout)
    reasons = {Path(each["path"]).name: each["reason"] for each in status["rejected"]}
    assert reasons == {"cut.jpg": "damaged", "empty.png": "empty_file"}


def test_a_form_is_taken_once_its_template_is_asked_for(box: Path, tmp_path: Path) -> None:
    scan = str(box / "3.jpg")
    first = scanform("run", scan, "-t", "ct01", "--json", workspace=tmp_path)
    assert first.returncode == 3
    second = scanform("run", scan, "-t", "dc01", "--json", workspace=tmp_path)
    assert second.returncode == 0, second.stderr
    assert json.loads(second.stdout)["records"] == 1
    assert json.loads(scanform("status", "--json", workspace=tmp_path).stdout)["rejected"] == []

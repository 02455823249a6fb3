"""A lesson that is killed while it looks, while it learns, or torn by a power cut, goes on."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("asterocr")

import learning_child
from safetensors import safe_open

from scanform.learn.training import State

pytestmark = pytest.mark.slow


def killed_once(there: Callable[[], bool], folder: Path) -> None:
    """Runs a lesson and kills it as soon as that is there."""
    child = subprocess.Popen([sys.executable, learning_child.__file__, str(folder)])
    try:
        while not there():
            assert child.poll() is None, "it was done before it was killed"
            time.sleep(0.005)
    finally:
        child.kill()
        child.wait()


def steps(folder: Path) -> int:
    with safe_open(str(folder / "state.safetensors"), "pt") as file:
        return State(**json.loads(file.metadata()["state"])).steps


def test_a_lesson_killed_twice_goes_on(tmp_path: Path) -> None:
    index, state = tmp_path / "maps.jsonl", tmp_path / "state.safetensors"
    killed_once(lambda: index.exists() and index.read_text().count("\n") >= 2, tmp_path)
    looked = index.read_text().splitlines()[:2]
    killed_once(state.exists, tmp_path)
    assert index.read_text().splitlines()[:2] == looked  # not looked at again
    before = steps(tmp_path)
    assert before >= 1
    done = learning_child.learn(tmp_path, passes=3)
    assert done.reader.stat().st_size > 10 * 2**20
    # Nine steps make three passes over six lines: those before the kill among them.
    assert steps(tmp_path) == max(9, before)


def test_a_state_torn_by_a_power_cut_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "state.safetensors").write_bytes(b"\x20\0\0\0\0\0\0\0{torn")
    (tmp_path / "maps.f16").write_bytes(b"half a line")
    (tmp_path / "maps.jsonl").write_text("[0, 0, 30]\n[0,")
    learning_child.learn(tmp_path, passes=1)
    assert steps(tmp_path) == 3

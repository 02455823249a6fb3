"""Without any optional package everything that reads works; less is accepted, and ``doctor`` says
what would help."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scanform.store.open import open_store

ROOT = Path(__file__).parents[2]
BARE = ROOT / "tests" / "helpers" / "without_extras"


def bare(*words: str | Path, allowed: int = 0) -> str:
    """What a command writes where no optional package is installed."""
    paths = os.pathsep.join((str(BARE), str(ROOT)))
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1", "SCANFORM_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "scanform", *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    assert done.returncode == allowed, done.stderr
    return done.stdout + done.stderr


def test_doctor_says_what_would_improve() -> None:
    told = json.loads(bare("doctor", "--json"))
    assert told["ok"]
    lacking = {each["name"]: each for each in told["checks"] if each["version"] is None}
    assert {"asterocr", "zxing-cpp", "starlette", "textual", "openpyxl", "torch"} <= set(lacking)
    assert lacking["asterocr"]["install"].endswith("pip install 'scanform[handwriting]'")
    assert "hands" in lacking["asterocr"]["use"]


@pytest.mark.slow
def test_a_form_is_read_with_tesseract_alone_and_its_lines_wait(tmp_path: Path) -> None:
    scans, work, rows = tmp_path / "scans", tmp_path / "w", tmp_path / "r.jsonl"
    bare("rehearse", "dc01", "-n", "2", "--hand", "none", "--seed", "7", "-o", scans)
    told = json.loads(bare("run", scans, "-t", "dc01", "-w", work, "--json"))
    assert told["records"] == 2
    bare("export", "--format", "jsonl", "-o", rows, "-w", work)
    truth = [json.loads(line) for line in (scans / "truth.jsonl").read_text("utf-8").splitlines()]
    records = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
    by_scan = {Path(record["scan"]["path"]).name: record["answers"] for record in records}
    for form in truth:
        answers = by_scan[form["scan"]]
        right = [answers[name]["value"] == value for name, value in form["answers"].items()]
        assert sum(right) >= len(right) - 2
        assert answers["full_name"]["status"] == "pending"  # no proof for a line by one reader
        assert answers["sex"]["status"] == "accepted"


def test_a_reader_that_is_not_there_is_told(tmp_path: Path) -> None:
    words = ("run", ROOT / "sample_scans", "-t", "dc01", "-w", tmp_path / "w")
    told = bare(*words, "--text-reader", "tesseract+asterocr", allowed=4)
    assert "is not installed" in told
    assert "doctor" in told or "pip install" in told


def test_what_an_extra_brings_is_named_where_it_is_asked_for(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    for words in (("serve",), ("export", "--format", "xlsx", "-o", tmp_path / "x.xlsx")):
        assert "pip install" in bare(*words, "-w", tmp_path, allowed=4)

"""``scanform check`` on shipped sample scans, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parents[2] / "sample_scans"


@pytest.fixture(scope="module")
def answer() -> tuple[int, dict[str, dict[str, object]], dict[str, int]]:
    names = ("straight_300dpi", "upside_down_png", "encrypted_pdf", "typed_letter", "ct01")
    words = [str(SAMPLES / name) for name in names]
    command = [sys.executable, "-m", "scanform", "check", *words, "-t", "dc01", "-t", "ct01"]
    done = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, check=False, timeout=300
    )
    said = json.loads(done.stdout)
    pages = {Path(str(page["scan"])).parent.name: page for page in said["pages"]}
    return done.returncode, pages, said["summary"]


def test_good_pages_name_their_form(answer) -> None:
    _, pages, _ = answer
    assert pages["straight_300dpi"]["verdict"] == "good"
    assert pages["straight_300dpi"]["reasons"] == []
    assert [pages[name]["form"] for name in ("straight_300dpi", "ct01")] == ["dc01", "ct01"]
    assert abs(float(str(pages["straight_300dpi"]["dpi"])) - 300) < 5


def test_what_to_mend_is_named(answer) -> None:
    _, pages, _ = answer
    assert pages["upside_down_png"]["verdict"] == "poor"
    assert pages["upside_down_png"]["reasons"] == ["low_dpi", "upside_down"]


def test_what_will_not_work_ends_with_three(answer) -> None:
    code, pages, summary = answer
    assert code == 3
    assert pages["encrypted_pdf"]["reasons"] == ["encrypted"]
    assert pages["encrypted_pdf"]["page"] is None
    assert pages["typed_letter"]["reasons"] == ["unknown_form"]
    assert summary == {"pages": 5, "good": 2, "poor": 1, "bad": 2, "blank": 0}

"""A box is scanned behind its cover sheet and weighed against its slip."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import pytest
from click.testing import CliRunner

from scanform.cli import main
from scanform.programs import poppler

SAMPLES = Path(__file__).parents[2] / "sample_scans"


def call(workspace: Path, *arguments: str, code: int = 0) -> str:
    environment = {"SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "en"}
    result = CliRunner().invoke(main, arguments, env=environment)
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.mark.slow
def test_a_box_behind_its_cover(tmp_path: Path) -> None:
    workspace, box = tmp_path / "w", tmp_path / "box"
    box.mkdir()
    cover = tmp_path / "cover.pdf"
    slip = ["--forms", "2", "--from", "Bình"]
    call(workspace, "batch", "open", "Xã Thạnh Phong", *slip, "--cover", str(cover))
    cv2.imwrite(str(box / "0.png"), poppler.render(cover, 1, 200))
    shutil.copy(SAMPLES / "straight_300dpi" / "scan.jpg", box / "1.jpg")
    shutil.copy(SAMPLES / "straight_300dpi" / "scan.jpg", box / "2.jpg")
    shutil.copy(SAMPLES / "truncated_jpeg" / "scan.jpg", box / "3.jpg")
    call(workspace, "run", str(box), "-t", "dc01", "--batch", "cover", code=3)
    shown = json.loads(call(workspace, "batch", "close", "B0001", "--json"))
    assert (shown["files"], shown["digitised"]) == (3, 1)
    assert {each["kind"]: each["count"] for each in shown["differences"]} == {
        "missing": 1,
        "rejected": 1,
        "duplicate": 1,
    }
    # The box is closed; and files that come before any cover belong to nobody.
    call(workspace, "run", str(box), "-t", "dc01", "--batch", "B0001", code=6)
    call(workspace, "run", str(box / "1.jpg"), "-t", "dc01", "--batch", "cover", code=2)

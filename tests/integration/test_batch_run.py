"""A box is scanned behind its cover sheet and weighed against its slip."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import pytest
from click.testing import CliRunner
from PIL import Image

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
    # The cover sheet is scanned first, and that opens the box: nothing is said about it here.
    call(workspace, "run", str(box), "-t", "dc01", code=3)
    shown = json.loads(call(workspace, "batch", "close", "B0001", "--json"))
    assert (shown["files"], shown["digitised"]) == (3, 1)
    assert {each["kind"]: each["count"] for each in shown["differences"]} == {
        "missing": 1,
        "rejected": 1,
        "duplicate": 1,
    }
    # The same folder again is no news; what is put into it later belongs to no closed box.
    before = json.loads(call(workspace, "status", "--json"))
    call(workspace, "run", str(box), "-t", "dc01", code=3)
    assert json.loads(call(workspace, "status", "--json")) == before
    shutil.copy(SAMPLES / "straight_300dpi" / "scan.jpg", box / "4.jpg")
    call(workspace, "run", str(box), "-t", "dc01", code=6)
    # The box is closed; and files that come before any cover belong to nobody.
    call(workspace, "run", str(box), "-t", "dc01", "--batch", "B0001", code=6)
    call(workspace, "run", str(box / "1.jpg"), "-t", "dc01", "--batch", "cover", code=2)


@pytest.mark.slow
def test_a_cover_sheet_before_the_forms_of_one_file(tmp_path: Path) -> None:
    workspace, box = tmp_path / "w", tmp_path / "box"
    (box / "other").mkdir(parents=True)
    cover = tmp_path / "cover.pdf"
    slip = ["--forms", "1", "--from", "Bình"]
    call(workspace, "batch", "open", "Xã Thạnh Phong", *slip, "--cover", str(cover))
    sheet = Image.fromarray(poppler.render(cover, 1, 200)[:, :, ::-1])
    form = Image.open(SAMPLES / "straight_300dpi" / "scan.jpg")
    sheet.save(box / "box.pdf", save_all=True, append_images=[form], resolution=200)
    shutil.copy(SAMPLES / "typed_letter" / "scan.jpg", box / "other" / "letter.jpg")
    call(workspace, "run", str(box), "-t", "dc01", code=3)
    shown = json.loads(call(workspace, "batch", "show", "1", "--json"))
    # The cover is neither a form nor rejected, and another folder's letter is not of the box.
    assert (shown["files"], shown["digitised"], shown["differences"]) == (1, 1, [])
    assert json.loads(call(workspace, "status", "--json"))["pages_rejected"] == 1

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image, ImageDraw

from scanform.cli.rehearse import rehearse
from scanform.errors import UsageError
from scanform.programs import poppler

pytestmark = pytest.mark.slow

TWO_PAGES = """
id: two
title: A form of two pages
revision: 1
pages: 2
fields:
  - {id: full_name, kind: capitals, label: Name, box: [50, 40, 100, 8]}
  - {id: note, kind: text, label: Note, page: 2, box: [50, 40, 100, 8]}
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(rehearse, [str(each) for each in arguments])


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        told = run("dc01", "-n", 2, "--wear", "medium", "--seed", 5, "-o", tmp_path / name)
        assert told.exit_code == 0, told.output
    assert files(tmp_path / "one") == files(tmp_path / "two")
    run("dc01", "-n", 2, "--wear", "medium", "--seed", 6, "-o", tmp_path / "three")
    assert files(tmp_path / "three") != files(tmp_path / "one")


def test_people_depend_on_the_seed_alone(tmp_path: Path) -> None:
    run("dc01", "-n", 2, "--hand", "none", "--wear", "none", "-o", tmp_path / "typed")
    run("dc01", "-n", 2, "--hand", "auto", "--wear", "strong", "-o", tmp_path / "photo")
    typed, photo = (
        [json.loads(line)["answers"] for line in text.read_text(encoding="utf-8").splitlines()]
        for text in (tmp_path / "typed" / "truth.jsonl", tmp_path / "photo" / "truth.jsonl")
    )
    assert typed == photo


def test_every_line_of_the_truth_names_a_scan_that_is_there(tmp_path: Path) -> None:
    told = run("ct01", "-n", 3, "--hand", "none", "--no-marks", "-o", tmp_path / "out")
    assert "truth.jsonl" in told.output
    lines = (tmp_path / "out" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    scans = [json.loads(line) for line in lines]
    assert [line["page"] for line in scans] == [1, 1, 1]
    assert {line["scan"] for line in scans} | {"truth.jsonl"} == set(files(tmp_path / "out"))
    for line in scans:
        with Image.open(tmp_path / "out" / line["scan"]) as image:
            image.load()


def test_a_form_of_several_pages_is_one_file_a_respondent(tmp_path: Path) -> None:
    form = tmp_path / "two"
    form.mkdir()
    (form / "template.yaml").write_text(TWO_PAGES, encoding="utf-8")
    told = run(form, "-n", 2, "--hand", "none", "-q", "-o", tmp_path / "out")
    assert told.exit_code == 0, told.output
    assert told.output == ""
    pdfs = sorted((tmp_path / "out").glob("*.pdf"))
    assert len(pdfs) == 2
    assert [poppler.page_count(path) for path in pdfs] == [2, 2]


def test_what_is_in_the_folder_already_is_not_mixed_with(tmp_path: Path) -> None:
    (tmp_path / "old.jpg").write_bytes(b"an older scan")
    told = run("dc01", "-n", 1, "-o", tmp_path)
    assert isinstance(told.exception, UsageError)
    assert "not empty" in str(told.exception)
    assert set(files(tmp_path)) == {"old.jpg"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["dc01", "--hand", "nowhere"], "No folder of fonts"),
        (["dc01", "--district", "999"], "no district 999"),
        (["nosuchform"], "no template"),
    ],
)
def test_a_wrong_word_is_told_and_writes_nothing(
    arguments: list[str], says: str, tmp_path: Path
) -> None:
    told = run(*arguments, "-o", tmp_path / "out")
    assert isinstance(told.exception, UsageError)
    assert says in str(told.exception)
    assert not (tmp_path / "out" / "truth.jsonl").exists()


def test_what_is_filled_is_the_offices_own_print(tmp_path: Path) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    one_page = TWO_PAGES.replace("pages: 2", "pages: 1").split("  - {id: note")[0]
    (folder / "template.yaml").write_text(one_page)
    sheet = Image.new("RGB", (827, 1169), "white")
    ImageDraw.Draw(sheet).rectangle((200, 900, 600, 1000), fill=(20, 140, 70))
    sheet.save(folder / "blank.pdf", resolution=100)
    told = run(folder, "-n", 1, "--wear", "none", "-o", tmp_path / "out")
    assert told.exit_code == 0, told.output
    page = np.asarray(Image.open(tmp_path / "out" / "1.png").convert("RGB"))
    red, green, _ = page[page.shape[0] * 950 // 1169, page.shape[1] * 400 // 827].tolist()
    assert green > red + 60

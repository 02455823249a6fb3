"""``scanform template``: its contract with people and scripts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image, ImageDraw

from scanform.cli import main
from scanform.programs import poppler
from scanform.template import blank
from scanform.template.blank import pages_to_fill
from scanform.template.load import empty_form

DC01 = Path(__file__).parents[2] / "templates" / "dc01"


def scanform(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["template", *map(str, words)])


def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DC01, tmp_path / "dc01"))


def test_list_names_every_template() -> None:
    told = scanform("list")
    assert told.exit_code == 0
    assert "dc01" in told.stdout
    assert "Tờ khai thay đổi thông tin cư trú" in told.stdout


def test_list_goes_on_past_a_wrong_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "template.yaml").write_text("id: wrong\n")
    monkeypatch.setenv("SCANFORM_TEMPLATES", str(tmp_path))
    told = json.loads(scanform("list", "--json").stdout)
    by_id = {row["id"]: row for row in told}
    assert by_id["wrong"]["mistakes"] > 0
    assert by_id["dc01"]["fields"] == 47


def test_show_json_keeps_its_contract() -> None:
    told = json.loads(scanform("show", "dc01", "--json").stdout)
    assert set(told) == {"id", "title", "revision", "pages", "page_mm", "fields"}
    assert (told["id"], told["revision"], told["pages"]) == ("dc01", 1, 1)
    assert told["page_mm"] == [210, 297]
    keys = {"id", "label", "kind", "page", "box_mm", "cells_mm", "options"}
    fields = {field["id"]: field for field in told["fields"]}
    for field in fields.values():
        assert set(field) == keys
        numbers = [*field["box_mm"], *(side for cell in field["cells_mm"] for side in cell)]
        assert all(round(number, 2) == number for number in numbers)
    assert len(fields["id_number"]["cells_mm"]) == 12
    assert fields["full_name"]["cells_mm"] == fields["full_name"]["options"] == []
    assert [set(option) for option in fields["sex"]["options"]] == [{"value", "box_mm"}] * 2


def test_show_for_people_has_a_line_for_each_field() -> None:
    lines = scanform("show", DC01).stdout.splitlines()
    assert len(lines) == 1 + 47


def test_blank_is_drawn_as_pdf_and_png(tmp_path: Path) -> None:
    pdf, png = tmp_path / "form.pdf", tmp_path / "form.png"
    assert scanform("blank", "dc01", "-o", pdf).exit_code == 0
    assert poppler.page_count(pdf) == 1
    assert scanform("blank", "dc01", "-o", png, "--dpi", "100", "--no-marks").exit_code == 0
    with Image.open(png) as image:
        assert image.size == (827, 1170)
        assert image.info["dpi"] == pytest.approx((100, 100), abs=0.1)
        # Where the top left mark would stand.
        assert image.convert("L").crop((24, 24, 54, 54)).getextrema() == (255, 255)


def test_pages_become_numbered_pictures(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    yaml = folder / "template.yaml"
    yaml.write_text(yaml.read_text("utf-8").replace("paper: A4", "paper: A4\npages: 2"), "utf-8")
    assert scanform("blank", folder, "-o", tmp_path / "x.png", "--dpi", "50").exit_code == 0
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["x-1.png", "x-2.png"]


@pytest.mark.parametrize(
    "words",
    [
        ("blank", "dc01", "-o", "form.gif"),
        ("blank", "dc01", "-o", "no/such/folder/form.pdf"),
        ("blank", "dc01"),
        ("show", "nothing"),
        ("check", "nothing"),
    ],
)
def test_wrong_usage_is_told(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert scanform(*words).exit_code == 2


def test_check_is_content_with_the_shipped_forms() -> None:
    for name in ("dc01", "ct01"):
        assert scanform("check", name).exit_code == 0


def test_check_tells_every_mistake(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    yaml = folder / "template.yaml"
    text = yaml.read_text("utf-8").replace("kind: capitals", "kind: capital", 1)
    yaml.write_text(text.replace("unit: commune", "unit: comune"), "utf-8")
    told = scanform("check", folder)
    assert told.exit_code == 5
    assert "did you mean `capitals`?" in told.stderr
    assert "did you mean `commune`?" in told.stderr
    told = scanform("check", folder, "--json")
    assert told.exit_code == 5
    found = json.loads(told.stdout)["mistakes"]
    assert [mistake["line"] for mistake in found] == sorted(mistake["line"] for mistake in found)
    assert set(found[0]) == {"file", "line", "field", "problem", "advice"}


def test_check_tells_a_missing_and_a_stale_blank(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    (folder / "blank.pdf").unlink()
    told = scanform("check", folder)
    assert (told.exit_code, "missing" in told.stderr) == (5, True)
    renew = told.stderr.split("`scanform template ")[1].split("`")[0].split()
    assert scanform(*renew).exit_code == 0
    assert scanform("check", folder).exit_code == 0
    yaml = folder / "template.yaml"
    yaml.write_text(yaml.read_text("utf-8").replace("Nơi thường trú", "Nơi ở"), "utf-8")
    told = scanform("check", folder)
    assert (told.exit_code, "older than its template" in told.stderr) == (5, True)


def own_print(folder: Path, size: tuple[int, int] = (827, 1169), pages: int = 1) -> None:
    """An empty form that an office scanned or drew itself; 100 dpi."""
    sheets = [Image.new("L", size, 255) for _ in range(pages)]
    ImageDraw.Draw(sheets[0]).rectangle((100, 100, 700, 300), outline=0, width=4)
    sheets[0].save(folder / "blank.pdf", resolution=100, save_all=True, append_images=sheets[1:])


def test_a_ministrys_own_blank_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    own_print(folder)
    assert scanform("check", folder).exit_code == 0
    form = empty_form(folder)
    for marks in (True, False):  # it has those it has
        (page,) = pages_to_fill(form, marks)
        assert page.shape[2] == 3
        assert (page[300, 400:2000] < 128).all()
        assert page[3000:].min() > 250


def test_an_own_print_is_drawn_once_to_be_filled_with_marks_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy(tmp_path)
    drawn: list[bool] = []
    pages = (np.zeros((1, 1, 3), np.uint8),)
    monkeypatch.setattr(blank, "pages_of", lambda _: drawn.append(True) or pages)
    monkeypatch.setattr(blank, "draw_pages", lambda _, marks: drawn.append(marks) or pages)
    own_print(folder)
    assert blank.pages_to_fill_both_ways(empty_form(folder)) == {True: pages, False: pages}
    assert drawn == [True]
    (folder / "blank.pdf").unlink()
    blank.pages_to_fill_both_ways(empty_form(folder))
    assert drawn == [True, True, False]


@pytest.mark.parametrize(
    ("size", "pages", "said"),
    [((850, 1100), 1, "216 x 279 mm"), ((827, 1169), 0, "can't be drawn")],
    ids=["other paper", "no PDF at all"],
)
def test_check_tells_when_the_own_print_is_not_of_this_form(
    tmp_path: Path, size: tuple[int, int], pages: int, said: str
) -> None:
    folder = copy(tmp_path)
    if pages:
        own_print(folder, size, pages)
    else:
        (folder / "blank.pdf").write_bytes(b"%PDF-1.4 nothing")
    told = scanform("check", folder)
    assert (told.exit_code, said in told.stderr) == (5, True)
    # Nothing that is advised writes over the print.
    assert "template blank" not in told.stderr or "move this one away and run" in told.stderr

"""``scanform gallery``: crops of one kind, the surest first, and where the line lies."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from scanform.cli import main
from scanform.model.reading import Reading
from scanform.model.record import Answer, Decision, Doubt, Record, SheetRef
from scanform.model.scan import ScanFile
from scanform.page.encode import encode_sheet
from scanform.report.gallery import Picture, Row, page
from scanform.store.images import ImageStore
from scanform.store.interface import PageRow
from scanform.store.open import open_store
from scanform.template.find import find
from scanform.template.load import load

SHA = "ab" * 32
TEMPLATE = load(find("dc01"))


def answer(field: str, value: str, confidence: float, *doubts: Doubt) -> Answer:
    reading = Reading("read", value, confidence, "test 1", measures={"raw": confidence})
    return Answer(field, value, confidence, "pending", doubts, reading)


ANSWERS = (
    answer("hometown", "Ấp <b>Thạnh</b>", 0.97),
    answer("permanent_address", "Chợ", 0.999),
    answer("current_address", "12", 0.5, Doubt("odd_characters", "@")),
    answer("sex", "Nam", 0.999),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "w"
    image = ImageStore(folder).put(encode_sheet(np.full((3508, 2480, 3), 255, np.uint8)))
    with open_store(folder) as store:
        store.open_scan(ScanFile(Path("box/a.pdf"), SHA, 1))
        sheets = (SheetRef(1, 1, image),)
        record = Record("r1", "dc01", TEMPLATE.revision, "box/a.pdf", SHA, 1, ANSWERS, sheets)
        store.save([PageRow(SHA, 1, "form", image)], record)
        store.decide(
            Decision("r1", "permanent_address", "correct", "Chùa", "lan", datetime.now(UTC))
        )
    return folder


def call(workspace: Path, *words: str) -> Result:
    environment = {"SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": "en"}
    return CliRunner().invoke(main, ["gallery", "-t", "dc01", *words], env=environment)


def shown(workspace: Path, tmp_path: Path, *words: str) -> str:
    file = tmp_path / "g.html"
    done = call(workspace, "-o", str(file), *words)
    assert done.exit_code == 0, done.output
    return file.read_text(encoding="utf-8")


def test_the_surest_come_first_and_the_line_lies_between(workspace: Path, tmp_path: Path) -> None:
    text = shown(workspace, tmp_path, "--kind", "place", "--max-error", "2%")
    places = [text.index(each) for each in ("Chợ", 'class="line"', "Ấp", ">12<")]
    assert places == sorted(places)
    assert "--max-error 2%: accepted from 98.00% up" in text
    looser = shown(workspace, tmp_path, "--kind", "place", "--max-error", "4%")
    assert looser.index("Ấp") < looser.index('class="line"')


def test_what_people_corrected_is_told_beside_the_machines_word(
    workspace: Path, tmp_path: Path
) -> None:
    text = shown(workspace, tmp_path, "--kind", "place")
    assert re.search(r'class="wrong">.*?>Chợ<.*?99\.90%.*?corrected: Chùa', text, re.DOTALL)


def test_the_page_needs_nothing_else_and_is_escaped(workspace: Path, tmp_path: Path) -> None:
    text = shown(workspace, tmp_path, "--kind", "place")
    assert "<b>" not in text
    assert "&lt;b&gt;Thạnh" in text
    assert text.count("data:image/jpeg;base64,") == 3
    assert not re.search(r"(src|href)=\"(?!data:)", text)
    assert "<script" not in text


def test_fields_that_ask_for_more_have_a_line_of_their_own(workspace: Path, tmp_path: Path) -> None:
    text = shown(workspace, tmp_path, "--kind", "choice", "--max-error", "3%")
    assert "--max-error 0.1%: accepted from 99.90% up" in text


def test_a_kind_that_is_not_there_is_told(workspace: Path, tmp_path: Path) -> None:
    done = call(workspace, "-o", str(tmp_path / "g.html"), "--kind", "date")
    assert done.exit_code == 2
    assert "No answers of kind date" in done.output


def test_a_page_that_is_gone_leaves_what_was_read(workspace: Path, tmp_path: Path) -> None:
    for each in (workspace / "images").rglob("*"):
        if each.is_file():
            each.unlink()
    text = shown(workspace, tmp_path, "--kind", "place")
    assert "Chợ" in text
    assert "data:image" not in text


def test_accepted_ones_stand_above_the_line() -> None:
    pictures = [Picture(b"", f"v{n}", "1%", "", n < 2) for n in range(4)]
    text = page("t", "a", [Row("r", "", "the line", pictures)], "en").decode()
    assert text.index("v1") < text.index(">the line<") < text.index("v2")

"""``scanform explain``: everything that is known of one answer."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from scanform.cli import main
from scanform.fields.calibration import weights_name
from scanform.fields.calibration_json import to_json
from scanform.model.calibration import Calibration, Cut, Scale, Seen, Step
from scanform.model.reading import Alternative, Reading
from scanform.model.record import Answer, Doubt, Record, SheetRef
from scanform.model.scan import ScanFile
from scanform.page.encode import encode_sheet
from scanform.store import outputs
from scanform.store.images import ImageStore
from scanform.store.interface import PageRow
from scanform.store.open import open_store
from scanform.template.find import find
from scanform.template.load import load

SHA = "ab" * 32
TEMPLATE = load(find("dc01"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "w"
    image = ImageStore(folder).put(encode_sheet(np.full((3508, 2480, 3), 255, np.uint8)))
    others = (Alternative("Nam\x1b[2J", 0.25),)
    reading = Reading("read", "Nữ", 0.71, "test 1", others, (), {"fill": 0.125})
    sex = Answer("sex", "Nữ", 0.71, "pending", (Doubt("sex_disagrees", "id_number"),), reading)
    with open_store(folder) as store:
        store.open_scan(ScanFile(Path("box/a.pdf"), SHA, 1))
        sheets = (SheetRef(1, 1, image),)
        record = Record("r1", "dc01", TEMPLATE.revision, "box/a.pdf", SHA, 1, (sex,), sheets)
        store.save([PageRow(SHA, 1, "form", image)], record)
    return folder


def call(workspace: Path, *words: str, lang: str = "en") -> Result:
    environment = {"SCANFORM_WORKSPACE": str(workspace), "SCANFORM_LANG": lang}
    return CliRunner().invoke(main, ["explain", "r1", *words], env=environment)


def test_it_says_what_was_read_measured_doubted_and_needed(workspace: Path) -> None:
    done = call(workspace, "sex")
    text = done.stdout
    assert done.exit_code == 0, done.output + repr(done.exception)
    for part in ("Nữ", "test 1", "0.7100", "0.2500", "fill = 0.125", "[sex_disagrees]", "0.9990"):
        assert part in text
    assert "at most 0.1% wrong" in text
    assert "\x1b" not in text
    assert "sai tối đa 0.1%" in call(workspace, "sex", lang="vi").stdout


def test_what_a_lesson_fitted_was_seen_on_what_people_confirmed(workspace: Path) -> None:
    model = "20250301-3f9a1c07"
    seen = Cut(-12.0, (Seen("", 731, 1),))
    scale = Scale({"bias": 1.0}, (Step(0.0, 0.5, 1, 1), Step(3.0, 0.999, 730, 1)), (seen,), 0.005)
    made = Calibration({("line", "tesseract-vie+asterocr"): scale}, "", weights_name())
    folder = workspace / "models" / model
    folder.mkdir(parents=True)
    (folder / "scales.json").write_text(json.dumps(to_json(made)), "utf-8")
    reading = Reading(
        "read", "Ấp 3", 0.4, f"tesseract-vie+asterocr 5~{model}", measures={"raw": 0.4}
    )
    answer = Answer("hamlet", "Ấp 3", 0.4, "pending", (), reading)
    with open_store(workspace) as store:
        other = "cd" * 32
        store.open_scan(ScanFile(Path("box/b.pdf"), other, 1))
        record = Record("r2", "dc01", TEMPLATE.revision, "box/b.pdf", other, 1, (answer,), ())
        store.save([PageRow(other, 1, "form", "")], record)
    words = ["explain", "r2", "hamlet", "-w", str(workspace), "--lang"]
    told = CliRunner().invoke(main, [*words, "en"]).stdout
    assert "of 731 that people confirmed and this sure or surer 1 were wrong" in told
    assert "by what people confirmed" in told
    assert "731 mục đã có người duyệt" in CliRunner().invoke(main, [*words, "vi"]).stdout


def test_in_json_the_raw_figures_are_whole(workspace: Path) -> None:
    told = json.loads(call(workspace, "sex", "--json").stdout)
    assert told["needed"] == pytest.approx(0.999)
    assert told["reading"]["measures"] == {"fill": 0.125}
    assert told["reading"]["alternatives"][0]["score"] == 0.25
    assert told["doubts"] == [{"code": "sex_disagrees", "detail": "id_number"}]


def test_the_crop_is_saved(workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "crop.png"
    assert call(workspace, "sex", "--crop", str(file)).exit_code == 0
    pixels = cv2.imread(str(file))
    assert pixels is not None
    assert pixels.shape[1] > TEMPLATE.field("sex").box.w
    assert call(workspace, "sex", "--crop", "-").stdout_bytes == file.read_bytes()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["explain", "r1", "sex", "--crop"], "crop"),
        (["log", "export", "-o"], "log"),
        (["person", "show", "r1", "-o"], "show"),
    ],
)
def test_what_is_written_out_is_noted_and_the_store_opened_once(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], what: str
) -> None:
    made, make = [], sa.create_engine
    with monkeypatch.context() as patched:
        patched.setattr(sa, "create_engine", lambda *a, **k: made.append(a) or make(*a, **k))
        command = [*words, str(tmp_path / "out"), "-w", str(workspace), "--by", "lan"]
        done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert len(made) == 1
    with open_store(workspace) as store, store.reading() as connection:
        (noted,) = outputs.since(connection, None)
    assert (noted.path, noted.what, noted.by) == (tmp_path / "out", what, "lan")


def test_a_field_that_is_not_there_exits_6(workspace: Path) -> None:
    assert call(workspace, "nope").exit_code == 6

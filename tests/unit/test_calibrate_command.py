"""``scanform calibrate``: what it keeps, writes and says; the reading is a double here."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scanform.cli import calibrate as command
from scanform.cli import main
from scanform.engine.calibrate import HELD_APART, FormJob, FormRead, faces_for, jobs
from scanform.engine.kept_forms import KeptForms
from scanform.fields.calibration import usable
from scanform.fields.fitting import Sample
from scanform.template.load import load

TEMPLATE = (
    "id: t\ntitle: T\nrevision: 1\nfields:\n"
    "  - {id: a, kind: text, label: A, box: [20, 30, 50, 8]}\n"
)


def form_read(number: int) -> FormRead:
    """Seventy answers; the figures of the wrong ones are low."""
    some = [
        Sample("line", "test 1", {"raw": n % 10 + 0.5}, n % 10 > 1, ("print",), number, "a")
        for n in range(70)
    ]
    return FormRead(number, tuple(some) if number != 3 else None)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template, and a reading that was asked for the forms in ``asked``."""
    place = tmp_path / "t"
    place.mkdir()
    (place / "template.yaml").write_text(TEMPLATE)
    monkeypatch.setattr(command, "require_programs", lambda *_, **__: None)
    monkeypatch.setattr(command, "read_forms", reading())
    return place


def reading(stop_after: int | None = None, asked: list[int] | None = None) -> Any:
    def read(_: Path, wanted: Iterator[FormJob], *__: object) -> Iterator[FormRead]:
        for at, job in enumerate(wanted):
            if at == stop_after:
                raise KeyboardInterrupt
            if asked is not None:
                asked.append(job.page)
            yield form_read(job.page)

    return read


def call(*words: str) -> Result:
    environment = {"SCANFORM_LANG": "en", "SCANFORM_TEXT_READER": ""}
    return CliRunner().invoke(main, ["calibrate", *words], env=environment)


def test_the_calibration_lies_beside_the_template_and_is_used(folder: Path) -> None:
    done = call(str(folder), "-n", "20", "--seed", "7")
    assert done.exit_code == 0, done.output
    assert "20 forms read (1 pages could not be taken)" in done.stdout
    made = load(folder).calibration
    assert made is not None
    assert usable(made)
    assert "t@1, 20 forms, seed 7" in made.source
    assert "test 1" in made.source
    assert [each.name for each in folder.iterdir() if each.name.startswith(".")] == []


def test_what_it_proves_is_told(folder: Path) -> None:
    told = json.loads(call(str(folder), "-n", "20", "--json").stdout)
    (row,) = told["sorts"]
    assert (row["sort"], row["reader"], row["answers"]) == ("line", "test", 19 * 70)
    assert row["accepted"]["0.1%"] is None  # 1,330 answers don't prove it
    assert 0.5 < row["accepted"]["0.5%"] <= 0.8
    assert "not proved" in call(str(folder), "-n", "20").stdout


def test_it_goes_on_where_it_was_interrupted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "read_forms", reading(stop_after=8))
    assert call(str(folder), "-n", "20").exit_code == 130
    assert not (folder / "confidence.json").exists()
    asked: list[int] = []
    monkeypatch.setattr(command, "read_forms", reading(asked=asked))
    done = call(str(folder), "-n", "20")
    assert "8 forms were read before" in done.stderr
    assert asked == [*range(8, 20)]
    whole = (folder / "confidence.json").read_bytes()
    monkeypatch.setattr(command, "read_forms", reading())
    call(str(folder), "-n", "20")
    assert (folder / "confidence.json").read_bytes() == whole


def test_another_seed_begins_anew_and_a_cut_off_line_is_read_again(tmp_path: Path) -> None:
    target = tmp_path / "c.json"
    kept = KeptForms(target, {"seed": 1})
    kept.add(form_read(0))
    kept.add(form_read(3))
    part = tmp_path / ".c.json.part"
    part.write_text(part.read_text() + '{"form": 4, "samp')
    again = KeptForms(target, {"seed": 1})
    assert again.forms == {0: form_read(0).samples, 3: None}
    assert KeptForms(target, {"seed": 2}).forms == {}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_told_before_reading(folder: Path) -> None:
    folder.chmod(0o555)
    done = call(str(folder), "-n", "20")
    folder.chmod(0o755)
    assert done.exit_code == 1
    assert "-o" in done.stderr


def test_a_target_in_no_folder_is_told_before_reading(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(command, "read_forms", reading(asked=asked))
    done = call(str(folder), "-o", str(folder / "none" / "c.json"))
    assert done.exit_code == 1
    assert "-o" in done.stderr
    assert asked == []


def test_what_is_written_elsewhere_says_where_it_belongs(folder: Path, tmp_path: Path) -> None:
    done = call(str(folder), "-n", "10", "-o", str(tmp_path / "c.json"))
    assert "as confidence.json" in done.stdout
    assert not (folder / "confidence.json").exists()


def test_print_and_hands_are_worn_in_every_way() -> None:
    made = list(jobs(48, 5))
    for hand in (False, True):
        for wear in ("light", "medium", "strong"):
            some = [each for each in made if each.hand is hand and each.wear == wear]
            assert len(some) == 8
            assert sum(not each.marks for each in some) == 2
    assert len({each.seed for each in made}) == 48


def test_typed_forms_are_rehearsed_in_print_alone() -> None:
    assert not any(each.hand for each in jobs(12, 5, typed=True))


def test_two_hand_fonts_are_held_apart() -> None:
    names = {face.path.stem for face in faces_for()}
    assert len(names) == 4
    assert not names & set(HELD_APART)

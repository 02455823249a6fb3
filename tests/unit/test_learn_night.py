"""A night keeps each part by itself: lines, digits, scales; what was better before goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from scanform.cli import learn_told, lessons
from scanform.cli.known import KnownTemplates
from scanform.errors import NotEnough
from scanform.fields import FIELD_KINDS
from scanform.fields.calibration import COMB, LINE, shipped
from scanform.fields.calibration_json import from_json
from scanform.fields.fitting import Sample
from scanform.fields.policy import DEFAULT_MAX_ERROR, Bounds
from scanform.learn import night as night_module
from scanform.learn.confirmed import Confirmed
from scanform.learn.digit_lesson import DigitLesson
from scanform.learn.gather import Books, Material
from scanform.learn.guards import Kept
from scanform.learn.lesson import FormLine
from scanform.learn.night import Before, Night, Office, night
from scanform.learn.samples import Sampled
from scanform.learn.scales import Judged, Scales, Taken
from scanform.learn.training import Plan
from scanform.model.calibration import Calibration
from scanform.model.geometry import Box
from scanform.model.template import Field
from scanform.recognise import digit_weights

TEXT = (LINE, "tesseract-vie+asterocr")
DIGITS = (COMB, "digit-net")
NO_LINES = Material(())
NONE = Sampled((), {}, {})


class Bench:
    """A night whose parts come out as they are told to."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.work = folder / "work"
        self.work.mkdir()
        (folder / "old.onnx").write_bytes(b"old")
        (folder / "new.onnx").write_bytes(b"new")
        self.before = Before(folder / "old.onnx")
        self.lines: Any = SimpleNamespace(
            better=True, fitted=SimpleNamespace(reader=folder / "new.onnx")
        )
        self.digits = DigitLesson("not better")
        self.scaled = False
        self.samples = self.earlier = NONE
        self.given: dict[str, Any] = {}
        monkeypatch.setattr(night_module, "taught", self._taught)
        monkeypatch.setattr(night_module, "taught_digits", self._taught_digits)
        monkeypatch.setattr(night_module, "_sampled", lambda *_: self.samples)
        monkeypatch.setattr(night_module, "_sampled_before", lambda *_: self.earlier)
        monkeypatch.setattr(night_module, "scales_of", self._scales)

    def _taught(self, *_: object) -> object:
        if self.lines is None:
            raise NotEnough("too few lines")
        return self.lines

    def _taught_digits(self, _cells: object, old: bytes, *_: object, **__: object) -> DigitLesson:
        self.old_digits = old
        return self.digits

    def _scales(self, apart: Any, earlier: Any, judges: Any, source: str, before: Any) -> Scales:
        self.given = {"apart": apart, "before": before, "earlier": earlier, "judges": judges}
        row = Judged(LINE, TEXT[1], 300, 0.9, Taken(), Taken(200), self.scaled)
        scales = dict(before.scales) if before is not None else {}
        if self.scaled:
            scales[TEXT] = shipped().scales[TEXT]
        return Scales(Calibration(scales, source, shipped().made_for), (row,))

    def __call__(self, material: Material = NO_LINES) -> Any:
        office = Office(Kept((), (), 0, 0), None, Bounds())  # type: ignore[arg-type]
        return night(material, office, self.before, self.work, Plan())


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def test_a_better_reader_alone_makes_a_model(bench: Bench) -> None:
    found = bench()
    assert sorted(found.model) == ["prior.json", "reader.onnx"]
    assert found.model["reader.onnx"] == b"new"


def test_nothing_better_is_no_model(bench: Bench) -> None:
    bench.lines.better = False
    assert bench().model == {}


def test_better_digits_are_kept_beside_the_reader_of_before(bench: Bench) -> None:
    bench.lines.better = False
    bench.digits = DigitLesson("better", network=digit_weights.shipped())
    found = bench()
    assert found.model["reader.onnx"] == b"old"
    assert found.model["digits.onnx"] == digit_weights.shipped()


def test_digits_that_learnt_before_go_on(bench: Bench) -> None:
    bench()
    assert bench.old_digits == digit_weights.shipped()
    bench.before = Before(bench.before.reader, b"digits of before")
    assert bench().model["digits.onnx"] == b"digits of before"
    assert bench.old_digits == b"digits of before"


def test_scales_alone_make_a_model(bench: Bench) -> None:
    bench.lines.better = False
    bench.scaled = True
    found = bench()
    assert found.model["reader.onnx"] == b"old"
    kept = from_json(json.loads(found.model["scales.json"]))
    assert set(kept.scales) == {TEXT}


@pytest.mark.parametrize(
    ("lines", "digits", "left"),
    [(False, False, {TEXT, DIGITS}), (True, False, {DIGITS}), (False, True, {TEXT})],
)
def test_scales_of_before_hold_for_what_reads_as_before(
    bench: Bench, lines: bool, digits: bool, left: set[tuple[str, str]]
) -> None:
    both = {key: shipped().scales[key] for key in (TEXT, DIGITS)}
    bench.before = Before(bench.before.reader, b"d", Calibration(both, "", shipped().made_for))
    bench.lines.better = lines
    if digits:
        bench.digits = DigitLesson("better", network=digit_weights.shipped())
    bench()
    assert set(bench.given["before"].scales) == left


def test_a_killed_night_leaves_nothing_in_the_next_ones_model(bench: Bench) -> None:
    stale = bench.work / "model"
    stale.mkdir()
    (stale / "digits.onnx").write_bytes(b"of another night")
    assert "digits.onnx" not in bench().model


def test_few_lines_and_many_cells_are_a_night_and_neither_is_none(bench: Bench) -> None:
    bench.lines = None
    bench.digits = DigitLesson("better", network=digit_weights.shipped())
    assert bench().lines is None
    bench.digits = DigitLesson("too few")
    with pytest.raises(NotEnough):
        bench()
    bench.lines = SimpleNamespace(better=True, fitted=SimpleNamespace(reader=bench.before.reader))
    assert bench().lines is bench.lines  # many lines and few cells are one, too


def test_scales_are_fitted_on_forms_held_apart_and_on_those_read_before(bench: Bench) -> None:
    sample = Sample(LINE, TEXT[1], {"raw": 1.0}, True, ("dc01", "place"), 0, "home")
    field = Field("home", "Home", "place", 1, Box(0, 0, 10, 10), max_error=0.001)
    own = Calibration({}, "the template's", "")
    bench.samples = Sampled((sample,), {("dc01", "home"): field}, {"dc01": own})
    other = replace(sample, field="work", strata=("ct01", "place"))
    fields = {("ct01", "work"): replace(field, id="work", max_error=None)}
    bench.earlier = Sampled((other, other), fields, {})
    bench()
    assert bench.given["apart"] == (sample,)
    assert bench.given["earlier"] == (other, other)
    judges = bench.given["judges"]
    assert [judges.bound_of(each) for each in (sample, other)] == [0.001, DEFAULT_MAX_ERROR]
    assert (judges.beyond, judges.own) == (DEFAULT_MAX_ERROR, {"dc01": own})


APART, LEARNT = [f"{0:064x}", f"{4:064x}"], [f"{at:064x}" for at in (1, 2, 3)]
"""Forms that are held apart with the plan's seed, and forms that aren't."""


def test_nothing_is_known_of_the_forms_that_are_held_apart(bench: Bench) -> None:
    image = np.full((4, 4), 255, np.uint8)
    lines = [FormLine(form, "hamlet", image, "Ấp 3") for form in LEARNT]
    lines += [FormLine(form, "hamlet", image, "Ấp 8") for form in [*LEARNT[1:], *APART]]
    found = bench(material=Material(tuple(lines)))
    assert json.loads(found.model["prior.json"])["hamlets"] == {"ấp 3": 3}


def test_figures_are_judged_on_forms_held_apart_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def samples(answers: Any, _books: object, readers: Any, _told: object) -> Sampled:
        seen.extend(each.record for each in answers)
        assert set(readers) == {"text", "digits"}
        return NONE

    monkeypatch.setattr(night_module, "samples_of", samples)
    monkeypatch.setattr(night_module, "recogniser", lambda name, learnt: (name, learnt))
    said = tuple(SimpleNamespace(record=form) for form in (*LEARNT, *APART))
    office = Office(Kept(said, (), 0, 0), None, Bounds())  # type: ignore[arg-type]
    night_module._sampled(office, tmp_path, Plan().seed, lambda _: None)
    assert seen == APART


def test_what_was_read_before_is_of_the_other_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(
        night_module,
        "samples_before",
        lambda answers, _books: seen.extend(each.record for each in answers),
    )
    said = tuple(SimpleNamespace(record=form) for form in (*LEARNT, *APART))
    office = Office(Kept(said, (), 0, 0), None, Bounds())  # type: ignore[arg-type]
    night_module._sampled_before(office, Plan().seed)
    assert seen == LEARNT


def test_a_killed_lesson_goes_on_only_with_the_very_same_lines_and_reader(tmp_path: Path) -> None:
    for name, data in (("one.onnx", b"1"), ("two.onnx", b"1")):
        (tmp_path / name).write_bytes(data)
    white, ink = np.full((4, 4), 255, np.uint8), np.eye(4, dtype=np.uint8)
    line = FormLine("form", "hamlet", white, "Ấp 3")
    lines, work = (line, replace(line, form="other")), tmp_path / "work"

    def goes_on(lines: tuple[FormLine, ...], reader: str = "one.onnx", seed: int = 1) -> bool:
        lessons._fresh(work, Material(lines), Before(tmp_path / reader), seed)
        half_done = work / "maps.f16"
        found = half_done.exists()
        half_done.write_bytes(b"maps")
        return found

    assert not goes_on(lines)
    assert goes_on(lines)
    others = [lines[::-1], lines[:1]]
    others += [
        (replace(line, **other), lines[1])
        for other in ({"form": "x"}, {"kind": "place"}, {"text": "Ấp 8"}, {"image": ink})
    ]
    for each in others:
        assert not goes_on(each)
        assert not goes_on(lines)
    assert not goes_on(lines, reader="two.onnx")
    assert not goes_on(lines, reader="two.onnx", seed=2)
    (tmp_path / "two.onnx").write_bytes(b"another")
    assert not goes_on(lines, reader="two.onnx", seed=2)


def test_answers_for_which_there_was_no_time_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    scales = Scales(Calibration({}, "", shipped().made_for), ())
    found = Night(None, DigitLesson("too few"), scales, {})
    kept = Kept((), (), 0, 0)
    learn_told.tell(found, None, kept, 0, "en")
    assert capsys.readouterr().out == ""
    learn_told.tell(found, None, kept, 412, "en")
    assert "412" in capsys.readouterr().out
    assert learn_told.as_json_of(found, None, kept, 412)["left"] == 412


def test_the_curve_counts_what_people_confirmed_not_what_a_night_had_time_for() -> None:
    at = datetime(2025, 3, 1, tzinfo=UTC)
    said = [
        Confirmed(f"r{n // 2}", ("dc01", 1), "full_name", "LÊ THỊ MẪU", "lan", at, True, None)
        for n in range(50)
    ]
    names = KnownTemplates(("dc01",))
    books = Books(None, lambda _: b"", names, lambda _: {}, FIELD_KINDS)  # type: ignore[arg-type]
    office = Office(Kept(tuple(said), (), 0, 0), books, Bounds())
    image = np.full((40, 90), 255, np.uint8)
    lines = [FormLine(form, "capitals", image, "LÊ") for form in ("r1", "ab12", "ab12")]
    found = night_module.confirmed_lines(Material(tuple(lines)), office)
    assert (len({each.form for each in found}), len(found)) == (26, 52)

"""Models by version: chosen, taken elsewhere, refused when they are no models; and the guards."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from learning_office import office

pytest.importorskip("torch")
pytest.importorskip("asterocr")

from scanform.cli import learn as learn_command
from scanform.cli import lessons, main
from scanform.errors import NotEnough, StoreError, UsageError
from scanform.fields import calibration, calibration_json
from scanform.learn import archive, on_print
from scanform.learn import lesson as lesson_module
from scanform.learn.cells import Cell
from scanform.learn.confirmed import Confirmed
from scanform.learn.curve import Point, expected
from scanform.learn.fit import Fitted
from scanform.learn.gather import Material
from scanform.learn.guards import guarded
from scanform.learn.lesson import FormLine, fewer, split, taught
from scanform.learn.made import made_lines
from scanform.learn.priors import Written, prior_json
from scanform.learn.training import Plan
from scanform.programs import asterocr
from scanform.recognise import digit_weights
from scanform.store.model_archive import packed, unpacked
from scanform.store.models import Model, ModelStore

T0 = datetime(2025, 3, 1, tzinfo=UTC)
CARD = {"made_at": T0.isoformat(), "learnt_from": {"forms": 3}}


def say(*args: str) -> object:
    return CliRunner().invoke(main, list(args), catch_exceptions=False)


@pytest.fixture
def kept(tmp_path: Path) -> ModelStore:
    store = ModelStore(tmp_path / "work")
    store.keep(asterocr.shipped().read_bytes(), '{"words": {}}', CARD, T0)
    return store


def test_the_shipped_reader_reads_until_another_is_chosen(kept: ModelStore) -> None:
    (model,) = kept.all()
    assert kept.current() is None
    kept.use(model.id, "lan", T0)
    assert kept.current() == model
    assert kept.before() is None
    kept.use(None, "lan", T0, "rolled back")
    assert kept.current() is None
    assert [each.why for each in kept.choices()] == ["chosen", "rolled back"]
    with pytest.raises(UsageError):
        kept.use("../../etc", "lan", T0)


def test_a_model_goes_to_another_machine_and_reads_the_same(
    kept: ModelStore, tmp_path: Path
) -> None:
    (model,) = kept.all()
    file = tmp_path / "model.zip"
    assert say("models", "export", model.id, "-o", str(file), "-w", str(tmp_path / "work"))
    other = tmp_path / "other"
    done = say("models", "import", str(file), "-w", str(other))
    assert model.id in done.output  # type: ignore[attr-defined]
    (taken,) = ModelStore(other).all()
    lines = [each.image for each in made_lines(2, seed=3, hand=True)]
    one, two = (asterocr.read_lines(lines, each.reader) for each in (model, taken))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    assert ModelStore(other).current() is None  # it was taken in, not chosen


def with_more(store: ModelStore) -> Model:
    """A model with a network for digits and scales of its own."""
    bias = digit_weights.numbers(digit_weights.shipped())["Gemm13_1"] + 1
    digits = digit_weights.with_numbers({"Gemm13_1": bias})
    scales = json.dumps(calibration_json.to_json(calibration.shipped())).encode()
    more = {"digits.onnx": digits, "scales.json": scales}
    return store.keep(asterocr.shipped().read_bytes(), "{}", CARD, T0, more)


def test_a_models_digits_and_scales_go_along(kept: ModelStore, tmp_path: Path) -> None:
    model = with_more(kept)
    assert len({each.id for each in kept.all()}) == 2  # the same reader with more is another model
    (tmp_path / "m.zip").write_bytes(packed(model))
    done = say("models", "import", str(tmp_path / "m.zip"), "-w", str(tmp_path / "other"))
    assert model.id in done.output  # type: ignore[attr-defined]
    (taken,) = ModelStore(tmp_path / "other").all()
    for name, path in model.files().items():
        if name != "card.json":
            assert (taken.folder / name).read_bytes() == path.read_bytes()
    assert ModelStore(tmp_path / "other").wrong() == []
    (taken.folder / "scales.json").write_bytes(b"{}")
    assert ModelStore(tmp_path / "other").wrong() == [("model_damaged", model.id)]


@pytest.mark.parametrize("part", ["digits.onnx", "scales.json"])
def test_a_strangers_network_or_scales_are_refused(
    kept: ModelStore, tmp_path: Path, part: str
) -> None:
    model = with_more(kept)
    odd = (model.folder / part).read_bytes().replace(b"Conv", b"Gemm").replace(b"steps", b"st")
    more = {name: path.read_bytes() for name, path in model.files().items()}
    other = ModelStore(tmp_path / "from").keep(more["reader.onnx"], "{}", CARD, T0, {part: odd})
    (tmp_path / "m.zip").write_bytes(packed(other))
    arguments = ["models", "import", str(tmp_path / "m.zip"), "-w", str(tmp_path / "other")]
    assert CliRunner().invoke(main, arguments).exit_code == 2
    assert ModelStore(tmp_path / "other").all() == []


@pytest.mark.parametrize("fault", ["a byte", "another file", "no zip"])
def test_what_is_no_model_is_refused(kept: ModelStore, tmp_path: Path, fault: str) -> None:
    data = packed(kept.all()[0])
    if fault == "no zip":
        data = b"PK" + data[:50]
    else:
        file = tmp_path / "bad.zip"
        with zipfile.ZipFile(file, "w") as archive:
            for name, part in {"manifest.json": b"", **unpacked(data)}.items():
                changed = part
                if name == "manifest.json":
                    changed = json.dumps({"format": "scanform-model 1", "files": {}}).encode()
                archive.writestr(name, changed)
            if fault == "another file":
                archive.writestr("reader.pkl", b"cos\nsystem\n")
        data = file.read_bytes()
    with pytest.raises(UsageError):
        unpacked(data)


def test_a_file_that_reads_nothing_is_not_taken_in(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "work")
    model = store.keep(b"no onnx", "{}", CARD, T0)
    (tmp_path / "m.zip").write_bytes(packed(model))
    done = CliRunner().invoke(
        main, ["models", "import", str(tmp_path / "m.zip"), "-w", str(tmp_path / "other")]
    )
    assert done.exit_code == 2
    assert ModelStore(tmp_path / "other").all() == []


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learn_command, "find_spec", lambda _name: None)
    done = CliRunner().invoke(main, ["learn", "-w", str(tmp_path)])
    assert done.exit_code == 4
    assert "scanform[learn]" in done.output


def test_a_handful_of_forms_is_too_little(tmp_path: Path) -> None:
    built = office(tmp_path, forms=3, waiting=0)
    done = CliRunner().invoke(
        main, ["learn", "-w", str(built.workspace), "-t", str(built.template), "--jobs", "1"]
    )
    assert done.exit_code == 1
    assert "too few" in done.output
    assert ModelStore(built.workspace).all() == []


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path, kept: ModelStore) -> None:
    (tmp_path / "m.zip").write_bytes(packed(kept.all()[0]))
    full = ModelStore(tmp_path / "full")
    full.folder.parent.mkdir()
    full.folder.write_bytes(b"where the folder should be")
    for command in (["use", "shipped"], ["import", str(tmp_path / "m.zip")]):
        done = CliRunner().invoke(main, ["models", *command, "-w", str(tmp_path / "full")])
        assert done.exit_code == 6
    nothing = Material((), ())
    with pytest.raises(StoreError, match="can't be read or written"):
        lessons.one_night(full, (nothing, None), Plan(), "lan", "en", 0.0)  # type: ignore[arg-type]


def test_what_goes_to_standard_output_is_nothing_but_the_file(
    kept: ModelStore, tmp_path: Path
) -> None:
    (model,) = kept.all()
    done = CliRunner().invoke(
        main, ["models", "export", model.id, "-o", "-", "-w", str(tmp_path / "work")]
    )
    assert done.stdout_bytes == packed(model)


def form_lines(count: int) -> list[FormLine]:
    made = made_lines(count, seed=4, hand=True)
    return [FormLine(f"form{at}", "text", each.image, each.text) for at, each in enumerate(made)]


def test_a_reader_that_is_no_better_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = asterocr.shipped()
    copy = tmp_path / "reader.onnx"
    copy.write_bytes(shipped.read_bytes())
    same = Fitted(copy, 10, 1, 1.0, 0.1)
    monkeypatch.setattr(lesson_module, "fit", lambda *_args: same)
    monkeypatch.setattr(on_print, "PRINT_LINES", 4)
    found = taught(form_lines(24), shipped, tmp_path, Plan())
    assert (found.why, found.better) == ("not better", False)
    # Better on hands and worse on print is not kept either.
    surely = replace(found.apart, old_cer=0.2, new_cer=0.1, chance=1.0)
    monkeypatch.setattr(lesson_module, "compare", lambda *_args: surely)
    rates = iter((0.01, *[0.0121] * len(on_print.SHARES)))
    monkeypatch.setattr(on_print, "print_errors", lambda _model: next(rates))
    worse = taught(form_lines(24), shipped, tmp_path, Plan())
    assert (worse.why, worse.printed.share) == ("worse on print", min(on_print.SHARES))
    rates = iter((0.01, 0.0119))
    assert taught(form_lines(24), shipped, tmp_path, Plan()).better


def test_forms_are_held_apart_whole_and_always_the_same() -> None:
    image = np.full((40, 90), 255, np.uint8)
    lines = [FormLine(f"f{at % 40}", "text", image, "a") for at in range(120)]
    mine, apart = split(lines, 1)
    assert {each.form for each in mine}.isdisjoint({each.form for each in apart})
    assert {e.form for e in split(lines[:90], 1)[1]} <= {e.form for e in apart}
    with pytest.raises(NotEnough):
        split(lines[:19], 1)


def test_a_small_unit_is_taught_gently() -> None:
    plan = Plan()
    assert fewer(plan, 2000) == plan
    assert fewer(plan, 30).passes < plan.passes
    assert fewer(plan, 30).rate < plan.rate


def answer(number: int, by: str, value: str, read: str, **more: object) -> Confirmed:
    at = T0 + timedelta(minutes=number)
    return Confirmed(f"r{number}", ("form", 1), "name", value, by, at, True, read, **more)  # type: ignore[arg-type]


def test_the_careless_and_the_poisoned_are_held_out() -> None:
    honest = [answer(n, "lan", f"Trần Văn {n}", f"Tran Van {n}") for n in range(20)]
    poison = [answer(100 + n, "bad", "Nguyễn Quý", "77/12 3") for n in range(12)]
    careless = [answer(200 + n, "tired", f"Lê Thị {n}", f"Le Thi {n}") for n in range(6)]
    # Many people of one name, which is what was read, are no poison.
    common = [answer(300 + n, "lan", "Thạnh Phú", "Thanh Phu") for n in range(15)]
    seconded = [answer(400, "tired", "Võ Tư", "Vo Tu", seconded=True)]
    found = guarded(
        [*honest, *poison, *careless, *common, *seconded],
        {"tired": (20, 9), "lan": (40, 1), "new": (3, 2)},
    )
    assert {each.by for each in found.answers} == {"lan", "tired"}
    assert [each for each in found.answers if each.by == "tired"] == seconded
    assert (found.repeated, found.by_people, found.people) == (12, 6, ("tired",))


def test_what_a_unit_writes_is_kept_if_enough_forms_have_it() -> None:
    found = [Written(f"f{at}", "place", "Ấp Bình An") for at in range(3)]
    found += [Written("h", "place", "Ấp Riêng")]
    found += [Written(f"g{at}", "capitals", "NGUYỄN BÌNH") for at in range(12)]
    found += [Written(f"g{at}", "capitals", "LÊ HIẾM") for at in range(9)]
    found += [Written(f"f{at}", "hamlet", "Ấp 3") for at in range(4)]
    found += [Written("f0", "hamlet", "Ấp 8") for _ in range(9)]  # one form, many times
    found += [Written(f"t{at}", "text", "hen suyễn") for at in range(50)]
    assert json.loads(prior_json(found)) == {
        "words": {"an": 3, "bình": 3, "ấp": 4},
        "hamlets": {"ấp 3": 4},
        "names": {"bình": 12, "nguyễn": 12},
    }


def test_more_lines_are_expected_to_bring_fewer_errors() -> None:
    def point(lines: int, cer: float) -> Point:
        return Point("2025-03-01", lines // 9, lines, 0.4, cer, 0.5, True)

    assert expected([]) is None
    later = expected([point(500, 0.2)])
    assert later is not None
    assert 0.1 < later < 0.2
    steep = expected([point(100, 0.4), point(200, 0.2), point(400, 0.1)])
    assert steep is not None
    assert steep == pytest.approx(0.1 * 400 / 900, rel=0.05)


def test_lines_go_to_another_office_and_no_more_than_was_asked(tmp_path: Path) -> None:
    image = np.arange(40 * 90, dtype=np.uint8).reshape(40, 90)
    lines = [FormLine(f"f{at // 2}", "place", image, f"Ấp {at}") for at in range(20)]
    lines += [FormLine("f0", "person_name", image, "Nguyễn Thị Mẫu")]
    ink = np.zeros((28, 28), np.float32)
    ink[5:20, 14] = 1.0
    whole = Material(tuple(lines), (Cell("f0", ink, 1), Cell("f1", ink, 10)))
    material = archive.unpacked(archive.packed(whole, ("place",), 7, seed=1))
    found = material.lines
    assert material.cells == ()
    assert len(found) == 6  # whole forms of two lines each
    assert all(np.array_equal(each.image, image) for each in found)
    assert {each.kind for each in found} == {"place"}
    assert not any(each.form in {f"f{at}" for at in range(10)} for each in found)
    cells = archive.unpacked(archive.packed(whole, ("cells",), None, seed=1)).cells
    assert sorted(each.label for each in cells) == [1, 10]
    assert all(np.array_equal(each.image, ink) for each in cells)
    assert len(archive.unpacked(archive.packed(whole, (), None, seed=1)).lines) == 21
    with pytest.raises(UsageError):
        archive.unpacked(b"PK nothing")
    odd = Material((FormLine("f", "cells", image, "1"),))  # no picture of a cell
    with pytest.raises(UsageError, match="none of a cell"):
        archive.unpacked(archive.packed(odd, (), None, seed=1))


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    done, png = cv2.imencode(".png", np.full((40, 90), 255, np.uint8))
    assert done
    assert archive.picture(png.tobytes()).shape == (40, 90)
    # A PNG's header may say anything: 60,000 pixels wide.
    lie = png.tobytes().replace((90).to_bytes(4), (60_000).to_bytes(4), 1)
    with pytest.raises(UsageError, match="none of a line"):
        archive.picture(lie)

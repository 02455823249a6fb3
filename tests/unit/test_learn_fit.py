"""A reader that goes on learning: real training, on a few made-up lines."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("asterocr")

import onnx
import torch

from scanform.errors import LearningError, NotEnough
from scanform.learn import on_print, training, weights
from scanform.learn.fit import Example, fit, limit_threads
from scanform.learn.letters import Letters
from scanform.learn.made import made_lines
from scanform.learn.maps import Cache
from scanform.learn.read import prior_of, read_plain
from scanform.learn.scoring import score
from scanform.learn.temper import TRIED, temperature, tempered
from scanform.learn.training import Line, Plan, loss_of, with_case
from scanform.programs import asterocr

PLAN = Plan(minutes=30.0, passes=8, batch=4, rate=5e-4, average=0.8, save_every=0.0)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    limit_threads(1)


@pytest.fixture(scope="module")
def shipped() -> Path:
    return asterocr.shipped()


@pytest.fixture(scope="module")
def slanted() -> list[Example]:
    """Lines in hands that the shipped reader finds hard: leaning far."""
    found = []
    for each in made_lines(8, seed=5, hand=True):
        height, width = each.image.shape
        lean = np.array([[1.0, 0.6, 0.0], [0.0, 1.0, 0.0]], np.float32)
        wide = width + int(0.6 * height)
        leaning = cv2.warpAffine(each.image, lean, (wide, height), borderValue=255)
        found.append(replace(each, image=np.asarray(leaning)))
    return found


def read_by(model: Path, lines: list[Example]) -> list[str]:
    return read_plain(asterocr.read_lines([each.image for each in lines], model), None)


def test_a_file_put_together_again_reads_the_same(tmp_path: Path, shipped: Path) -> None:
    upper = weights.load(shipped)
    weights.save(upper.state_dict(), shipped, tmp_path / "again.onnx")
    lines = [each.image for each in made_lines(2, seed=1, hand=False)]
    one, other = (asterocr.read_lines(lines, m) for m in (shipped, tmp_path / "again.onnx"))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_the_network_reads_as_the_shipped_file_does_also_in_a_batch(
    tmp_path: Path, shipped: Path
) -> None:
    lines = [each.image for each in made_lines(3, seed=2, hand=True)]
    cache = Cache(tmp_path, weights.lower_part(shipped))
    for number, line in enumerate(lines):
        cache.add(0, number, asterocr.as_input(line))
    maps, lengths = cache.maps().batch(0, range(3))
    with torch.inference_mode():
        found = weights.load(shipped)(maps, lengths).numpy()
    for row, steps in enumerate(asterocr.read_lines(lines)):
        assert np.abs(np.exp(found[: len(steps), row]) - np.exp(steps)).max() < 0.02


def test_another_file_is_refused(tmp_path: Path, shipped: Path) -> None:
    model = onnx.load(str(shipped))
    del model.graph.node[-3:]
    other = tmp_path / "other.onnx"
    other.write_bytes(model.SerializeToString())
    with pytest.raises(LearningError):
        weights.load(other)


def test_learning_lowers_the_errors_and_a_stopped_run_goes_on(
    tmp_path: Path, shipped: Path, slanted: list[Example]
) -> None:
    truths = [each.text for each in slanted]
    before = score(read_by(shipped, slanted), truths)
    seen: list[float] = []

    class Killed(Exception):
        pass

    def stop(progress: object) -> None:
        if getattr(progress, "stage", "") == "learning":
            seen.append(1.0)
        if len(seen) == 3:
            raise Killed

    with pytest.raises(Killed):
        fit(slanted, shipped, tmp_path, PLAN, stop)
    looked = (tmp_path / "maps.jsonl").read_text("utf-8")
    steps: list[float] = []
    fitted = fit(slanted, shipped, tmp_path, PLAN, lambda now: steps.append(now.share))
    assert (tmp_path / "maps.jsonl").read_text("utf-8") == looked
    assert fitted.passes == pytest.approx(PLAN.passes, abs=0.6)
    whole = len(slanted) * PLAN.passes / PLAN.batch
    assert len(steps) < whole  # what was done before the kill wasn't done again
    after = score(read_by(fitted.reader, slanted), truths)
    assert after.cer < 0.8 * before.cer


def capitals_by(model: Path, lines: list[Example]) -> float:
    """The share of capitals among the letters that are read."""
    alphabet = np.array(asterocr.alphabet())
    steps = asterocr.read_lines([each.image for each in lines], model)
    read = "".join("".join(alphabet[each.argmax(axis=1)]) for each in steps)
    letters = [each for each in read if each.isalpha()]
    return sum(each.isupper() for each in letters) / len(letters)


def test_case_is_learnt_as_people_typed_it(
    tmp_path: Path, shipped: Path, slanted: list[Example]
) -> None:
    typed = [replace(each, text=each.text.upper()) for each in slanted]
    fitted = fit(typed, shipped, tmp_path, replace(PLAN, passes=6))
    assert capitals_by(fitted.reader, slanted) > capitals_by(shipped, slanted) + 0.2


def test_nothing_to_learn_is_said(tmp_path: Path, shipped: Path) -> None:
    odd = [Example(np.full((40, 90), 255, np.uint8), "漢字")]
    with pytest.raises(NotEnough):
        fit(odd, shipped, tmp_path, PLAN)


def test_letters_have_no_case_and_unsaid_marks_are_spaces() -> None:
    alphabet = ("", "a", "A", "b", " ", ",")
    letters = Letters.of(alphabet, ["A b", "ab"])
    assert letters.encode("A  B") == letters.encode("a b")
    assert letters.encode("x") is None
    chances = torch.log(torch.tensor([[0.1, 0.2, 0.3, 0.1, 0.1, 0.2]]))
    merged = letters.merged(chances).exp()[0].tolist()
    assert merged == pytest.approx([0.1, 0.5, 0.1, 0.3], abs=1e-5)
    assert Letters.of(alphabet, ["a, b"]).encode("a, b") is not None


def test_case_is_learnt_beside_the_letters_but_not_of_values_in_capitals() -> None:
    alphabet = ("", "a", "A")
    letters, cased = Letters.of(alphabet, ["a"]), Letters.of(alphabet, ["a"], cased=True)
    assert cased.encode("A") == [2]
    assert cased.encode("a") == [1]
    small, capital = torch.log_softmax(torch.tensor([[[0.0, 9, 0]], [[0.0, 0, 9]]]), dim=2)
    lengths, line = torch.tensor([1]), Line(0, (1,))
    told, some = with_case([Line(0, (1,)), Line(1, (1,), cased=(1,))])
    assert told == [1]
    good, bad = (float(loss_of(c[None], lengths, some, cased)) for c in (small, capital))
    assert good < 0.1 * bad
    assert float(loss_of(small[None], lengths, [line], letters)) == pytest.approx(
        float(loss_of(capital[None], lengths, [line], letters))
    )


def test_a_prior_spells_as_the_unit_does() -> None:
    assert prior_of(["Hoà Bình", "Thuỵ Hoà"]).spelled("hòa thụy") == "hoà thuỵ"
    assert prior_of(["Hòa Bình"]).spelled("hoà") == "hòa"


def chances_of(*texts: str) -> torch.Tensor:
    """Steps that read these texts for certain, over the letters a, b and c."""
    found = torch.full((3, len(texts), 4), -9.0)
    for row, text in enumerate(texts):
        for step, letter in enumerate(text):
            found[step, row, " abc".index(letter)] = 9.0
    return torch.log_softmax(found, dim=2)


def test_a_text_that_fits_much_worse_than_the_others_counts_less() -> None:
    letters = Letters.of(("", "a", "b", "c"), ["abc"])
    good, wrong = Line(0, (1, 2, 3)), Line(1, (3, 3))
    chances = chances_of("abc", "abc", "abc", "abc")
    lengths = torch.full((4,), 3)
    lines = [good, good, good, wrong]
    trusting = float(loss_of(chances, lengths, lines, letters))
    doubting = float(loss_of(chances, lengths, lines, letters, doubting=True))
    assert doubting < 0.2 * trusting


def test_a_blank_is_learnt_as_nothing_read() -> None:
    letters = Letters.of(("", "a", "b", "c"), ["abc"])
    quiet, loud = torch.log_softmax(torch.tensor([[[9.0, 0, 0, 0]], [[0, 9.0, 0, 0]]]), dim=2)
    lines = [Line(0, ())]
    one = loss_of(quiet[None], torch.tensor([1]), lines, letters)
    other = loss_of(loud[None], torch.tensor([1]), lines, letters)
    assert float(one) < float(other)


def test_a_reader_that_is_too_sure_is_tempered_and_reads_the_same(
    tmp_path: Path, shipped: Path
) -> None:
    lines = made_lines(4, seed=9, hand=True)
    images, texts = [e.image for e in lines], [e.text for e in lines]
    wrong = [text[::-1] for text in texts]
    reader = tmp_path / "reader.onnx"
    reader.write_bytes(shipped.read_bytes())
    # Texts that aren't there: the surer it is of others, the worse.
    assert temperature(reader, images, wrong) == max(TRIED)
    assert temperature(reader, images, texts) < 2.0
    before = read_by(reader, lines)
    steps = asterocr.read_lines(images, reader)[0]
    tempered(reader, 2.0)
    assert read_by(reader, lines) == before
    assert asterocr.read_lines(images, reader)[0].max(axis=1).mean() < steps.max(axis=1).mean()


def test_memory_that_is_free_goes_back_as_it_learns(
    tmp_path: Path, shipped: Path, slanted: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    monkeypatch.setattr(training, "give_back", lambda: given.append(1))
    monkeypatch.setattr(training, "EVERY", 1)
    short = replace(PLAN, passes=1, batch=8)
    fit(slanted, shipped, tmp_path, short)
    assert given


def test_as_much_of_what_was_learnt_is_taken_as_print_allows(
    tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = weights.load(shipped).state_dict()
    learnt = {name: value + 0.5 for name, value in known.items()}
    reader = tmp_path / "reader.onnx"
    weights.save(learnt, shipped, reader)
    rates = {1.0: 0.02, 0.8: 0.011, 0.6: 0.0035, 0.4: 0.001}
    told = iter([0.002, *rates.values()])
    monkeypatch.setattr(on_print, "print_errors", lambda _model: next(told))
    found = on_print.held_to_print(shipped, reader)
    assert (found.share, found.before, found.after, found.worse) == (0.6, 0.002, 0.0035, False)
    mixed = weights.load(reader).state_dict()
    assert all(torch.allclose(mixed[name], known[name] + 0.3, atol=1e-5) for name in known)
    # Where print is read as before, all that was learnt is kept, to the byte.
    weights.save(learnt, shipped, reader)
    data, told = reader.read_bytes(), iter([0.002, 0.003])
    assert on_print.held_to_print(shipped, reader).share == 1.0
    assert reader.read_bytes() == data


def test_threads_that_wait_leave_their_core_to_others() -> None:
    """Said before PyTorch is loaded: it isn't heard afterwards."""
    told = (
        "import os, sys, scanform.learn;print(os.environ['GOMP_SPINCOUNT'], 'torch' in sys.modules)"
    )
    clean = {name: value for name, value in os.environ.items() if name != "GOMP_SPINCOUNT"}
    for given, wanted in (({}, "3000 False"), ({"GOMP_SPINCOUNT": "9"}, "9 False")):
        done = subprocess.run(
            [sys.executable, "-c", told],
            env={**clean, **given},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == wanted

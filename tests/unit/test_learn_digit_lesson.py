"""What decides about a network for combs that learnt: how much there was to learn from, whether
it is surely better, and what it reads of print. The learning itself is in test_learn_digits.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from scanform.learn import digit_lesson
from scanform.learn.cells import Cell
from scanform.learn.digit_lesson import LEAST_APART, LEAST_CELLS, LEAST_FORMS, LOSS, taught_digits
from scanform.recognise import digit_weights
from scanform.recognise.digit_net import NO_CHARACTER, SIDE

IMAGE = np.zeros((SIDE, SIDE), np.float32)
OLD, NEW = b"old", b"new"


def cells(mine: int, apart: int, forms: int) -> list[Cell]:
    """So many cells to learn from and held apart (forms 0 to 3), of so many forms."""
    learnt = [f"f{at}" for at in range(forms)]
    found = [Cell(learnt[4 + at % (forms - 4)], IMAGE, 1) for at in range(mine)]
    return found + [Cell(learnt[at % 4], IMAGE, 1) for at in range(apart)]


class Lesson:
    """A lesson whose networks read as they are told to: the share wrong of made digits (print,
    hands), and by cell held apart whether it is wrong and its loss, of the old and the new one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made = {OLD: (0.01, 0.02), NEW: (0.01, 0.02)}
        self.wrong = {OLD: 5, NEW: 3}
        self.loss = {OLD: 0.3, NEW: 0.2}
        monkeypatch.setattr(digit_lesson, "held_apart", lambda form, _: int(form[1:]) < 4)
        monkeypatch.setattr(digit_lesson, "_network", lambda _: None)
        monkeypatch.setattr(digit_lesson, "_train", lambda *_: None)
        monkeypatch.setattr(digit_lesson, "_heat", lambda *_: 1.0)
        monkeypatch.setattr(digit_lesson, "_written", lambda *_: NEW)
        monkeypatch.setattr(digit_lesson, "prepared", lambda _: IMAGE)
        monkeypatch.setattr(digit_lesson, "made_digits", self._digits)
        monkeypatch.setattr(digit_lesson, "_judged", self._judged)

    def _digits(self, count: int, _seed: int, *, hand: bool) -> list[tuple[Any, int]]:
        return [(IMAGE, int(hand))] * count

    def _judged(self, some: Sequence[Cell], data: bytes) -> tuple[np.ndarray, np.ndarray]:
        if not some[0].form:
            share = self.made[data][some[0].label]
            return np.full(len(some), share), np.zeros(len(some))
        wrong = np.arange(len(some)) < self.wrong[data]
        return wrong.astype(float), np.full(len(some), self.loss[data])

    def __call__(self, found: Sequence[Cell] | None = None) -> digit_lesson.DigitLesson:
        enough = cells(LEAST_CELLS, LEAST_APART, LEAST_FORMS)
        return taught_digits(enough if found is None else found, OLD, 1)


@pytest.fixture
def lesson(monkeypatch: pytest.MonkeyPatch) -> Lesson:
    return Lesson(monkeypatch)


def test_a_better_one_is_kept_with_what_it_was_judged_by(lesson: Lesson) -> None:
    found = lesson()
    assert (found.better, found.network) == (True, NEW)
    assert (found.cells, found.apart, found.forms) == (LEAST_CELLS, LEAST_APART, LEAST_FORMS)
    assert found.wrong == (5, 3)
    assert found.loss == pytest.approx((0.3, 0.2))
    assert found.chance == 1.0
    assert found.made == pytest.approx((0.01, 0.01))


@pytest.mark.parametrize("short", [(1, 0, 0), (0, 1, 0), (0, 0, 1)])
def test_one_cell_or_form_less_is_too_few(lesson: Lesson, short: tuple[int, int, int]) -> None:
    least = (LEAST_CELLS, LEAST_APART, LEAST_FORMS)
    found = lesson(cells(*(one - other for one, other in zip(least, short, strict=True))))
    assert (found.why, found.better, found.network) == ("too few", False, b"")


@pytest.mark.parametrize(
    ("wrong", "loss", "why"),
    [
        ((5, 5), (0.3, 0.2), "better"),  # surer of what both read right
        ((5, 6), (0.3, 0.2), "not better"),
        ((5, 3), (0.3, 0.3), "not better"),
        ((5, 3), (0.3, 0.4), "not better"),
    ],
)
def test_it_is_surer_and_no_more_often_wrong(
    lesson: Lesson, wrong: tuple[int, int], loss: tuple[float, float], why: str
) -> None:
    lesson.wrong = dict(zip((OLD, NEW), wrong, strict=True))
    lesson.loss = dict(zip((OLD, NEW), loss, strict=True))
    assert lesson().why == why


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ((0.0099 + LOSS, 0.02), "better"),
        ((0.011 + LOSS, 0.02), "worse on print"),
        ((0.01, 0.021 + LOSS), "worse on print"),
        ((0.0, 0.0), "better"),
    ],
)
def test_print_and_hands_are_read_as_before(
    lesson: Lesson, now: tuple[float, float], why: str
) -> None:
    lesson.made[NEW] = now
    assert lesson().why == why


def test_gains_are_told_by_form() -> None:
    some = [Cell(form, IMAGE, 1) for form in ("f0", "f1", "f0")]
    assert digit_lesson._by_form(some, np.array([1.0, 5.0, 2.0])).tolist() == [3.0, 5.0]


def test_a_cell_with_a_digit_is_read_as_one_and_another_as_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = np.full((4, NO_CHARACTER + 1), 1e-9)
    given[0, [1, NO_CHARACTER]] = 0.3, 0.7  # a 1 all the same
    given[1, [1, NO_CHARACTER]] = 0.7, 0.3
    given[2, [1, NO_CHARACTER]] = 0.3, 0.7
    given[3, 2] = 1.0
    monkeypatch.setattr(digit_lesson, "network_of", lambda data: data)
    monkeypatch.setattr(digit_lesson, "chances_by", lambda _network, _images: given)
    labels = (1, NO_CHARACTER, NO_CHARACTER, 1)
    wrong, loss = digit_lesson._judged([Cell("f", IMAGE, each) for each in labels], NEW)
    assert wrong.tolist() == [0.0, 1.0, 0.0, 1.0]
    assert loss.tolist() == pytest.approx(-np.log([0.3, 0.3, 0.7, 1e-6]))


def test_every_form_is_learnt_as_often_as_any_other_beside_as_many_made_digits() -> None:
    many = [Cell("many", IMAGE, at % 10) for at in range(90)]
    few = [Cell("few", IMAGE, 1)]
    made = [Cell("", IMAGE, 0)]
    batches = digit_lesson._batches(many + few, made, np.random.default_rng(1))
    seen = Counter(each.form for _ in range(40) for each in next(batches))
    half = 40 * digit_lesson.BATCH // 2
    assert seen[""] == half
    assert seen["few"] == pytest.approx(half / 2, rel=0.1)


@pytest.mark.parametrize(("label", "heat"), [(1, 0.5), (2, 2.0)])
def test_no_lesson_makes_it_surer_than_it_was(label: int, heat: float) -> None:
    scores = torch.zeros(1, NO_CHARACTER + 1)
    scores[0, 1] = 9.0
    some = [Cell("f", IMAGE, label)]
    found = digit_lesson._temperature(lambda _: scores, some, 0.5)  # type: ignore[arg-type]
    assert found == pytest.approx(heat)


@pytest.mark.parametrize("lead", [4.0, 16.0])
def test_it_is_as_sure_of_what_is_plain_as_before(lead: float) -> None:
    def scores(most: float) -> torch.Tensor:
        found = torch.zeros(3, NO_CHARACTER + 1)
        found[:, 1] = torch.tensor([most, most, 0.5])
        return found

    made = [Cell("", IMAGE, 1)] * 3
    found = digit_lesson._as_sure(lambda _: scores(lead), lambda _: scores(8.0), made)  # type: ignore[arg-type]
    assert found == pytest.approx(lead / 8.0)


def test_the_network_goes_into_pytorch_and_back_and_is_as_sure_as_it_was_told() -> None:
    old = digit_weights.shipped()
    model = digit_lesson._network(old).eval()
    assert digit_lesson._written(model, 1.0) == old
    rng = np.random.default_rng(1)
    images = rng.random((5, SIDE, SIDE)).astype(np.float32)
    with torch.inference_mode():
        scores = model(torch.from_numpy(images)[:, None]) / 2.0
    wanted = torch.softmax(scores, dim=1).numpy()
    network = digit_lesson.network_of(digit_lesson._written(model, 2.0))
    assert digit_lesson.chances_by(network, list(images)) == pytest.approx(wanted, abs=1e-4)

"""Numbers between the reader's file and PyTorch, another file refused, and how sure it may be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("asterocr")

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from scanform.errors import LearningError
from scanform.learn import temper, weights
from scanform.learn.temper import MOST, TRIED, temperature, tempered
from scanform.learn.weights import Place

IMAGE = np.full((4, 4), 255, np.uint8)


def model(*nodes: onnx.NodeProto, **stored: Any) -> onnx.ModelProto:
    kept = [numpy_helper.from_array(np.asarray(v, np.float32), n) for n, v in stored.items()]
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1]) for n in ("in", "out")]
    return helper.make_model(helper.make_graph([*nodes], "made up", ends[:1], ends[1:], kept))


def test_an_lstms_gates_lie_in_another_order_there_and_come_back() -> None:
    # ONNX: input, output, forget, cell; PyTorch: input, forget, cell, output.
    stored = {"w": np.repeat([[0.0, 1, 2, 3], [10, 11, 12, 13]], 2, axis=1)}
    place = Place("w", direction=1)
    taken = weights._take(stored, place)
    assert taken.tolist() == [10, 10, 12, 12, 13, 13, 11, 11]
    kept = np.zeros_like(stored["w"])
    weights._put(kept, place, taken)
    assert kept.tolist() == [[0] * 8, stored["w"][1].tolist()]


@pytest.mark.parametrize("part", [0, 1])
def test_both_biases_of_a_direction_lie_in_one_row(part: int) -> None:
    stored = {"b": np.arange(16.0).reshape(2, 8)}
    place = Place("b", direction=1, part=part)
    taken = weights._take(stored, place)
    first = 8 + 4 * part
    assert taken.tolist() == [first, first + 2, first + 3, first + 1]
    kept = np.zeros((2, 8))
    weights._put(kept, place, taken)
    assert kept[1, 4 * part : 4 * part + 4].tolist() == [first, first + 1, first + 2, first + 3]
    assert np.count_nonzero(kept) == 4


def test_a_products_weights_lie_the_other_way_round() -> None:
    stored = {"w": np.arange(6.0).reshape(2, 3)}
    taken = weights._take(stored, Place("w", turned=True))
    assert taken.shape == (3, 2)
    kept = np.zeros((2, 3))
    weights._put(kept, Place("w", turned=True), taken)
    assert np.array_equal(kept, stored["w"])
    assert np.array_equal(weights._take(stored, Place("w")), stored["w"])


def test_a_file_without_the_nodes_or_numbers_that_are_known_is_of_another_version(
    tmp_path: Path,
) -> None:
    conv = helper.make_node("Conv", ["in", "w"], ["out"], name="/conv")
    made = model(conv, w=[1.0])
    assert weights._initializer(made, "/conv", {"w"}) == "w"
    for node, skip in (("/conv", 1), ("/other", 0)):
        with pytest.raises(LearningError, match="another version"):
            weights._initializer(made, node, {"w"}, skip)
    assert set(weights._norm("norm", "a", {"a.weight", "a.bias"})) == {"norm.weight", "norm.bias"}
    with pytest.raises(LearningError, match="another version"):
        weights._norm("norm", "a", {"a.weight", "other.bias"})
    (tmp_path / "other.onnx").write_bytes(made.SerializeToString())
    with pytest.raises(LearningError, match="another version"):
        weights.lower_part(tmp_path / "other.onnx")


def test_numbers_that_are_too_many_or_too_few_are_not_put_in() -> None:
    layer = torch.nn.Linear(2, 1)
    stored = {"w": np.ones((1, 2), np.float32), "b": np.zeros(1, np.float32)}
    whole = {"weight": Place("w"), "bias": Place("b")}
    weights._fill(layer, whole, stored)
    assert layer.weight.tolist() == [[1.0, 1.0]]
    for where in ({"weight": Place("w")}, {**whole, "more": Place("b")}):
        with pytest.raises(LearningError, match="another version"):
            weights._fill(layer, where, stored)


# How sure


class Reader:
    """A reader that reads an ``a`` in every line, as surely as that."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, sure: float) -> None:
        self.lines = 0
        rest = (1.0 - sure) / 2
        self._steps = np.log(np.array([[rest, sure, rest]], np.float32))
        monkeypatch.setattr(temper.asterocr, "alphabet", lambda: ("", "a", "b"))
        monkeypatch.setattr(temper.asterocr, "read_lines", self.read)

    def read(self, images: Sequence[object], _reader: Path) -> list[np.ndarray]:
        self.lines += len(images)
        return [self._steps] * len(images)


def heat_for(texts: Sequence[str]) -> float:
    return temperature(Path("reader.onnx"), [IMAGE] * len(texts), texts)


@pytest.mark.parametrize(
    ("right", "wrong", "low", "high"),
    [
        (10, 0, 1.0, 1.0),  # it could be surer, but no lesson makes it so
        (90, 10, 2.2, 2.9),  # as sure of its 99.9 % as of nine in ten
        (0, 10, max(TRIED), max(TRIED)),
    ],
)
def test_it_is_as_sure_as_it_is_right(
    monkeypatch: pytest.MonkeyPatch, right: int, wrong: int, low: float, high: float
) -> None:
    Reader(monkeypatch, 0.999)
    assert low <= heat_for(["a"] * right + ["b"] * wrong) <= high


def test_what_the_reader_has_no_letters_for_and_blanks_say_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader = Reader(monkeypatch, 0.999)
    assert heat_for(["漢字", ""]) == 1.0
    assert reader.lines == 0
    assert heat_for(["漢字", "b"]) == max(TRIED)
    assert reader.lines == 1


def test_no_more_lines_are_read_than_one_figure_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(monkeypatch, 0.999)
    heat_for(["a"] * (MOST + 20))
    assert reader.lines == MOST


def test_a_reader_that_is_not_too_sure_is_left_as_it_is(tmp_path: Path) -> None:
    tempered(tmp_path / "not even opened.onnx", 1.0)

"""The network for combs: which cells it learns, the file with other numbers, better or not kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from scanform.learn.cells import labels
from scanform.recognise import digit_net, digit_weights
from scanform.recognise.choose import recogniser
from scanform.recognise.digit_net import NO_CHARACTER
from scanform.store.models import DIGITS

NUMBER = SimpleNamespace(kind="digits", cells=range(12), groups=())
DATE = SimpleNamespace(kind="date", cells=range(8), groups=(2, 2, 4))


def test_a_blank_comb_teaches_that_its_ink_is_no_digit() -> None:
    assert labels(NUMBER, None, [3, 4]) == {3: NO_CHARACTER, 4: NO_CHARACTER}
    assert labels(NUMBER, None, []) == {}


@pytest.mark.parametrize(
    ("value", "written", "told"),
    [
        ("079085001234", range(12), dict(enumerate([0, 7, 9, 0, 8, 5, 0, 0, 1, 2, 3, 4]))),
        # One cell's ink was too faint to be seen: the others are known all the same.
        ("079085001234", [0, 1, 3], {0: 0, 1: 7, 3: 0}),
        ("123", [9, 10, 11], {9: 1, 10: 2, 11: 3}),  # written at the comb's end
        ("123", [0, 1, 2], {0: 1, 1: 2, 2: 3}),
        ("123", [0, 2, 3], {}),  # a gap: nobody said where what stands
        ("123", [0, 1, 2, 3], {}),
        ("12a", [0, 1, 2], {}),
    ],
)
def test_digits_of_a_number_are_laid_into_its_cells(
    value: str, written: list[int], told: dict[int, int]
) -> None:
    assert labels(NUMBER, value, [*written]) == told


@pytest.mark.parametrize(
    ("value", "written", "told"),
    [
        ("1985-12-31", range(8), dict(enumerate([3, 1, 1, 2, 1, 9, 8, 5]))),
        ("1985-06-05", [0, 3, 4, 5, 6, 7], {0: 5, 3: 6, 4: 1, 5: 9, 6: 8, 7: 5}),
        ("1985", [4, 5, 6, 7], {4: 1, 5: 9, 6: 8, 7: 5}),
        ("1985", range(8), {4: 1, 5: 9, 6: 8, 7: 5}),  # what stands before the year isn't known
        ("no date", range(8), {}),
    ],
)
def test_digits_of_a_date_are_laid_into_its_cells(
    value: str, written: list[int], told: dict[int, int]
) -> None:
    assert labels(DATE, value, [*written]) == told


def test_other_numbers_in_the_same_file_and_nothing_else() -> None:
    shipped = digit_weights.shipped()
    numbers = digit_weights.numbers(shipped)
    assert digit_weights.with_numbers(numbers) == shipped
    assert sum(each.size for each in numbers.values()) == 110_043
    other = digit_weights.with_numbers({"Gemm13_1": numbers["Gemm13_1"] + 1})
    assert other != shipped
    assert digit_weights.same_graph(other)
    graph = bytearray(other)
    graph[graph.index(b"Softmax")] ^= 1
    assert not digit_weights.same_graph(bytes(graph))
    assert not digit_weights.same_graph(other + b"x")
    odd = digit_weights.with_numbers({"Gemm13_1": np.full(11, np.nan, np.float32)})
    assert not digit_weights.same_graph(odd)
    with pytest.raises(ValueError, match="not the digit network"):
        digit_net.network_of(bytes(graph))


def test_a_model_reads_combs_with_its_own_network_and_says_so(tmp_path: Path) -> None:
    assert DIGITS == digit_net.FILE_NAME
    numbers = digit_weights.numbers(digit_weights.shipped())
    bias = numbers["Gemm13_1"].copy()
    bias[7] += 100.0  # takes everything for a 7
    (tmp_path / DIGITS).write_bytes(digit_weights.with_numbers({"Gemm13_1": bias}))
    image = np.full((40, 30), 255, np.uint8)
    image[5:35, 14:17] = 0
    before = digit_net.chances([image])
    try:
        recogniser("tesseract-digits", (tmp_path / "reader.onnx", "20250301-3f9a1c07"))
        assert digit_net.name() == "digit-net 1~20250301-3f9a1c07"
        assert digit_net.chances([image]).argmax() == 7
        # A model without one reads with scanform's.
        (tmp_path / DIGITS).unlink()
        recogniser("tesseract-digits", (tmp_path / "reader.onnx", "20250301-3f9a1c07"))
        assert digit_net.name() == "digit-net 1"
    finally:
        digit_net.use(None)
    assert np.array_equal(digit_net.chances([image]), before)


# With PyTorch


def cells_of(forms: int, odd: bool) -> list[object]:
    """Confirmed cells of made digits; ``odd``: in a hand that turns every 1 on its side."""
    from scanform.learn.cells import Cell  # noqa: PLC0415
    from scanform.learn.made import made_digits  # noqa: PLC0415

    found = []
    for at, (image, digit) in enumerate(made_digits(20 * forms, 5, hand=True)):
        turned = np.ascontiguousarray(np.rot90(image)) if odd and digit == 1 else image
        found.append(Cell(f"form{at // 20}", digit_net.prepared(turned), digit))
    return found


@pytest.mark.slow
def test_an_odd_hand_is_learnt_and_print_is_not_unlearnt(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    from scanform.learn import digit_lesson  # noqa: PLC0415
    from scanform.learn.fit import limit_threads  # noqa: PLC0415

    limit_threads(1)
    sizes = {"JUDGED": 150, "LEAST_MADE": 300, "MADE": 0.2, "BATCH": 32}
    for name, value in sizes.items():
        monkeypatch.setattr(digit_lesson, name, value)
    shipped = digit_weights.shipped()
    cells = cells_of(30, odd=True)
    found = digit_lesson.taught_digits(cells, shipped, 1, steps=120)
    assert (found.why, found.better) == ("better", True)
    assert found.wrong[1] < found.wrong[0] / 2
    assert found.loss[1] < found.loss[0] / 2
    assert found.made[1] <= found.made[0] + digit_lesson.LOSS
    assert digit_weights.same_graph(found.network)
    few = digit_lesson.taught_digits(cells[:200], shipped, 1)
    assert (few.why, few.network) == ("too few", b"")
    # Wrong labels make it worse on forms held apart: it isn't kept.
    muddled = [replace(each, label=(each.label + 1) % 10) for each in cells_of(30, odd=False)]
    apart_right = [
        replace(each, label=(each.label - 1) % 10)
        if digit_lesson.held_apart(each.form, 1)
        else each
        for each in muddled
    ]
    worse = digit_lesson.taught_digits(apart_right, shipped, 1, steps=30)
    assert (worse.better, worse.why) == (False, "not better")

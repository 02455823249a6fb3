"""The figures of ``benchmarks/honesty.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
honesty = pytest.importorskip("honesty")
accuracy = pytest.importorskip("accuracy")


def judged(status: str, truth: str | None, value: str | None, confidence: float = 0.9) -> object:
    return accuracy.Judged("a.png", "f", "text", truth, value, status, confidence)


def batch(hand: str, *answers: object) -> object:
    return honesty.Batch(hand, "light", 1, 1, {"1%": [*answers]}, {"1%": 0.5})


def test_shares_count_what_nobody_looks_at() -> None:
    told = honesty.shares(
        [
            judged("accepted", "x", "x"),
            judged("accepted", "x", "y"),
            judged("blank", None, None),
            judged("blank", "x", None),
            judged("pending", "x", "y"),
        ]
    )
    assert told["accepted"] == 0.8
    assert (told["wrong_accepted"], told["error"]) == (2, 0.5)
    assert 0.5 < told["error_at_most"] < 1.0


def test_blank_answers_do_not_prop_up_the_filled_ones() -> None:
    told = honesty.by_kind([judged("blank", None, None)] * 98 + [judged("accepted", "x", "y")] * 2)
    assert told["all"]["error"] == 0.02
    assert told["filled"]["error"] == 1.0
    assert told["text"]["count"] == 2


def test_groups_are_told_apart_by_hand() -> None:
    table = honesty.figures(
        [batch("none", judged("accepted", "x", "x")), batch("held", judged("accepted", "x", "y"))]
    )
    assert table["print"][0]["error"] == 0.0
    assert table["hand fonts held apart"][0]["error"] == 1.0
    assert table["all"][0]["count"] == 2


def test_reliability_sets_what_was_said_beside_what_came() -> None:
    sure = [judged("accepted", "x", "x", 0.99)] * 50
    unsure = [judged("pending", "x", "x", 0.5), judged("pending", "x", "y", 0.5)] * 25
    rows = honesty.reliability([batch("none", *sure, *unsure)], bins=2)
    assert [(row["confidence"], row["right"]) for row in rows] == [(0.5, 0.5), (0.99, 1.0)]


def test_a_form_is_complete_when_nobody_need_look_at_it() -> None:
    whole, waits = judged("accepted", "x", "y"), judged("pending", "x", "x")
    told = honesty.by_form([[whole, judged("blank", None, None)], [whole, waits, waits], [waits]])
    assert (told["forms"], told["complete"], told["complete_wrong"]) == (3, 0.3333, 1)
    assert told["waiting"] == 1.0

"""The figures of ``benchmarks/reading.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
reading = pytest.importorskip("reading")


def test_lines_are_compared_without_case_and_punctuation() -> None:
    assert reading.plain("Xã  THẠNH-Hải, (Bến Tre)") == "xã thạnh hải bến tre"


def test_the_largest_share_within_the_bound() -> None:
    sure = [(0.9, True)] * 1500
    assert reading.accepted_at([*sure, (0.8, False), (0.7, True)], 0.001) == 1.0
    assert reading.accepted_at([*sure, (0.8, False), (0.8, False)], 0.001) == 1500 / 1502
    assert reading.accepted_at([(0.9, True), (0.9, False)], 0.001) == 0.0
    assert reading.accepted_at([], 0.001) == 0.0

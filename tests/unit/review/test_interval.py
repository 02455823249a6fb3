from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanform.model.interval import at_most, clopper_pearson


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [  # R's binom.test gives the same
        (0, 100, 0.0, 0.03621669),
        (1, 100, 0.000253146, 0.05445938),
        (5, 20, 0.08657147, 0.49104587),
        (20, 20, 0.83156651, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_known_intervals(hits: int, count: int, low: float, high: float) -> None:
    assert clopper_pearson(hits, count) == (pytest.approx(low, abs=1e-7), pytest.approx(high))


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 40), st.floats(0.01, 0.99))
def test_the_interval_holds_the_true_share_as_often_as_it_says(count: int, share: float) -> None:
    chance = 0.0
    for hits in range(count + 1):
        low, high = clopper_pearson(hits, count)
        if low <= share <= high:
            chance += at_most(hits, count, share) - (
                at_most(hits - 1, count, share) if hits else 0.0
            )
    assert chance >= 0.95 - 1e-9


def test_more_hits_than_answers_are_an_error() -> None:
    with pytest.raises(ValueError, match="hits"):
        clopper_pearson(3, 2)

"""Dots that a person wrote on a dotted line."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scanform.recognise import dots

MASSES = st.lists(st.integers(0, 2**20).map(float), min_size=1, max_size=40)


@given(MASSES)
def test_the_usual_mass_is_the_median(masses: list[float]) -> None:
    values = np.array(masses)
    assert dots._median(values) == np.median(values)
    assert values.tolist() == masses

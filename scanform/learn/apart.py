"""Which forms are held apart, the same ones every night, and how sure they make it that the new
reader is the better one."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

APART = 0.2
"""Share of forms held apart."""
SURE = 0.95
"""Share of draws of forms in which what is new must be better to be kept."""
DRAWS = 2000


def held_apart(form: str, seed: int) -> bool:
    """Whether no reader may learn from the form, so that readers can be measured on it."""
    digest = hashlib.sha256(f"apart/{seed}/{form}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64 < APART


def chance_better(gains: NDArray[np.float64], rng: np.random.Generator) -> float:
    """Share of draws of forms, with putting back, in which there is a gain; ``gains``: of each
    form how much worse the old reader is than the new one."""
    drawn = rng.integers(0, len(gains), (DRAWS, len(gains)))
    return float((gains[drawn].sum(axis=1) > 0).mean())

"""What a line reader saw, as the decoders want it: by step the chance of each letter, of nothing,
and of a gap between words. Pure.

A reader's own chances are too sure of themselves: a letter it never thought of has one in a
million. Here every letter lends a share of its chance to those it is taken for (the same letter
with other marks, letters that look alike) and a floor to all, so that a list can overrule it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scanform.lexicon.spelling import fold

Steps = NDArray[np.float32]
Chances = NDArray[np.float64]

SAME_LETTER = 0.05
"""Share of a letter's chance that the same letter with other marks gets."""
LOOKS_ALIKE = 0.02
"""Share that letters of its shape get."""
FLOOR = 1e-4
"""Chance of any letter at any step."""
NO_LETTER = 1e-3
"""Chance that a step which the reader is sure of holds no letter at all."""
GAP_INSIDE, NONE_BETWEEN = 0.25, 0.6
"""What a gap counts within a word, and no gap between two."""
SHAPES = ("nuvmh", "aoecd", "iljt1", "gyq9", "rvcs", "bhl6k", "0o", "5s", "2z", "1l7", "4y9", "xk")
WRITTEN = "/"
"""What is written within an address and is neither letter nor digit."""


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """Chances against the reader's own best guess at each step, which is 1.

    ``letters``: steps x symbols (``symbols`` maps a character in small letters to its column);
    ``inside``, ``between``: steps, chance of no letter within a word and between two words.
    """

    letters: Chances
    inside: Chances
    between: Chances
    symbols: dict[str, int]

    @property
    def count(self) -> int:
        return len(self.letters)

    def backwards(self) -> Observed:
        """The same from right to left."""
        return Observed(self.letters[::-1], self.inside[::-1], self.between[::-1], self.symbols)


@dataclass(frozen=True, slots=True, eq=False)
class _Channel:
    symbols: dict[str, int]
    matrix: NDArray[np.float32]
    """Characters of the reader x symbols."""
    gaps: NDArray[np.float32]
    """1 where a character of the reader is a gap: space and punctuation."""


@lru_cache(maxsize=4)
def _channel(alphabet: tuple[str, ...]) -> _Channel:
    small = [character.lower() for character in alphabet]
    kept = dict.fromkeys(c for c in small if c and (c.isalnum() or c in WRITTEN))
    symbols = {character: at for at, character in enumerate(kept)}
    count = len(symbols)
    plain = np.zeros((len(alphabet), count), np.float32)
    gaps = np.zeros(len(alphabet), np.float32)
    for at, character in enumerate(small):
        if character in symbols:
            plain[at, symbols[character]] = 1.0
        elif at:
            gaps[at] = 1.0
    return _Channel(symbols, plain @ _lent(list(symbols)), gaps)


def _lent(symbols: Sequence[str]) -> NDArray[np.float32]:
    """Symbols x symbols: what of the chance of the first goes to the second."""
    bases = [fold(each) for each in symbols]
    same = np.array([[a == b for b in bases] for a in bases], np.float32)
    alike = np.array(
        [[a != b and any(a in s and b in s for s in SHAPES) for b in bases] for a in bases],
        np.float32,
    )
    for each in (same, alike):
        np.divide(each, each.sum(axis=1, keepdims=True), out=each, where=each > 0)
    own = 1.0 - SAME_LETTER - LOOKS_ALIKE
    return np.asarray(
        own * np.eye(len(symbols), dtype=np.float32) + SAME_LETTER * same + LOOKS_ALIKE * alike
    )


def observed(steps: Steps, alphabet: tuple[str, ...]) -> Observed:
    """Natural logs of chances (steps x characters, the first of which is none) as ``Observed``."""
    channel = _channel(alphabet)
    chances = np.exp(steps)
    letters = (chances @ channel.matrix).astype(np.float64) + FLOOR
    none = np.maximum(chances[:, 0].astype(np.float64), NO_LETTER)
    gap = np.maximum((chances @ channel.gaps).astype(np.float64), NO_LETTER)
    inside = none + GAP_INSIDE * gap
    between = NONE_BETWEEN * none + gap
    most = np.maximum(np.maximum(inside, between), letters.max(axis=1))
    return Observed(letters / most[:, None], inside / most, between / most, channel.symbols)

"""What the steps of a line reader say: the best text, and how likely any other text is. Pure.

The reader gives chances of characters (or of none) at each step; a text's chance is the sum over
all ways to spread it over the steps (connectionist temporal classification, Graves et al. 2006,
https://www.cs.toronto.edu/~graves/icml_2006.pdf, section 4.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.float32]
NEVER = -1e4


def best_text(steps: Steps, alphabet: Sequence[str]) -> str:
    """The text of the likeliest character at each step."""
    best = steps.argmax(axis=1)
    changed = np.flatnonzero(np.diff(best, prepend=-1))
    return "".join(alphabet[best[at]] for at in changed)


@lru_cache(maxsize=4)
def _places(alphabet: tuple[str, ...]) -> Mapping[str, int]:
    return {character: at for at, character in enumerate(alphabet) if character}


def log_chance(steps: Steps, text: str, alphabet: tuple[str, ...]) -> float:
    """Natural log of the chance of ``text``; ``NEVER`` where the reader knows no such text."""
    places = _places(alphabet)
    if any(character not in places for character in text) or len(text) > len(steps):
        return NEVER
    labels = np.zeros(2 * len(text) + 1, np.intp)
    labels[1::2] = [places[character] for character in text]
    # A character may follow another without a step of none between them, unless they are the same.
    jump = np.full(len(labels), -np.inf)
    jump[3::2] = np.where(labels[3::2] != labels[1:-2:2], 0.0, -np.inf)
    given = steps[:, labels].astype(np.float64)
    state = np.full(len(labels), -np.inf)
    state[:2] = given[0, :2]
    for row in given[1:]:
        one = np.concatenate(([-np.inf], state[:-1]))
        two = np.concatenate(([-np.inf, -np.inf], state[:-2]))[: len(state)] + jump
        state = np.logaddexp(np.logaddexp(state, one), two) + row
    return max(NEVER, float(np.logaddexp(state[-1], state[-2]) if len(state) > 1 else state[-1]))

"""A decoded text, in small letters, as it stands on the line: its capitals and its commas. Pure.

The decoders leave out case and punctuation, so that a list has each entry once. Here the text is
laid along the steps, and the reader's own chances tell the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scanform.recognise.observed import Observed, Steps

MARKS = ",.;:-"
MARK_AT = 0.3
"""Chance of a mark, at the likeliest step between two words, from which it is taken."""


def spelled(steps: Steps, alphabet: tuple[str, ...], seen: Observed, text: str) -> str:
    """``text`` with case and marks; as it is where it doesn't fit on the line."""
    letters = [(at, c) for at, c in enumerate(text) if c in seen.symbols]
    places = _along(seen, [seen.symbols[c] for _, c in letters])
    if places is None:
        return text
    chances = np.exp(steps)
    columns = {character: at for at, character in enumerate(alphabet)}
    capitals = _capitals(steps, alphabet)
    steps_of = {at: step for (at, _), step in zip(letters, places, strict=True)}
    words: list[str] = []
    start = 0
    before: int | None = None
    for word in text.split(" "):
        inside = range(start, start + len(word))
        steps_here = [steps_of[at] for at in inside if at in steps_of]
        if words and before is not None and steps_here:
            words[-1] += _mark(chances, columns, before, steps_here[0])
        words.append(
            _cased(
                word, [float(capitals[steps_of[at]]) if at in steps_of else 0.0 for at in inside]
            )
        )
        before = steps_here[-1] if steps_here else before
        start += len(word) + 1
    return " ".join(words).replace(" -", " - ").replace("  ", " ")


def spelled_like(text: str, model: str) -> str:
    """``text``, in small letters, in the hand of another reading of the same line: words that both
    have as they stand there, others in the case that most of its words have."""
    there = {word.lower().strip(MARKS): word for word in model.split()}
    words = list(there.values())
    upper = sum(word.isupper() and len(word) > 1 for word in words) > len(words) / 2
    titled = sum(word[:1].isupper() for word in words) > len(words) / 2
    return " ".join(
        there.get(word) or (word.upper() if upper else word.capitalize() if titled else word)
        for word in text.split()
    )


@lru_cache(maxsize=4)
def _cases(alphabet: tuple[str, ...]) -> NDArray[np.float32]:
    """Characters x 2: which are capitals, which small letters."""
    told = [(c.isupper(), c.islower()) for c in alphabet]
    return np.array(told, np.float32)


def _capitals(steps: Steps, alphabet: tuple[str, ...]) -> NDArray[np.float32]:
    """Natural log of the odds that the letter at each step, whichever it is, is a capital."""
    both = np.exp(steps) @ _cases(alphabet) + 1e-3
    return np.asarray(np.log(both[:, 0] / both[:, 1]))


def _cased(word: str, odds: Sequence[float]) -> str:
    """Block capitals, a capital at the beginning, or small letters: whatever fits best."""
    rest = sum(odds[1:])
    if len(word) > 1 and rest > 0 and odds[0] + rest > 0:
        return word.upper()
    return word[:1].upper() + word[1:] if odds and odds[0] > 0 else word


def _mark(chances: NDArray[np.float32], columns: dict[str, int], after: int, until: int) -> str:
    between = chances[after + 1 : until]
    known = [mark for mark in MARKS if mark in columns]
    if not len(between) or not known:
        return ""
    most = [float(between[:, columns[mark]].max()) for mark in known]
    best = int(np.argmax(most))
    if most[best] < MARK_AT:
        return ""
    return " -" if known[best] == "-" else known[best]


def _along(seen: Observed, labels: Sequence[int]) -> list[int] | None:
    """The step at which each letter is the surest on the likeliest way along the line."""
    count = len(labels)
    if not count or count > seen.count:
        return None
    likely = np.log(seen.letters[:, labels])
    none = np.log(np.maximum(seen.inside, seen.between))
    columns = np.array(labels)
    jump = np.full(2 * count + 1, -np.inf)
    jump[3::2] = np.where(columns[1:] != columns[:-1], 0.0, -np.inf)
    given = np.empty((seen.count, 2 * count + 1))
    given[:, 0::2] = none[:, None]
    given[:, 1::2] = likely
    state = np.full(2 * count + 1, -np.inf)
    state[:2] = given[0, :2]
    moves = np.zeros((seen.count, 2 * count + 1), np.int8)
    options = np.full((3, 2 * count + 1), -np.inf)
    for step in range(1, seen.count):
        options[0] = state
        options[1, 1:] = state[:-1]
        options[2, 2:] = state[:-2]
        options[2] += jump
        moves[step] = options.argmax(axis=0)
        state = options.max(axis=0) + given[step]
    at = len(state) - 1 if state[-1] >= state[-2] else len(state) - 2
    if not np.isfinite(state[at]):
        return None
    best = [(-np.inf, 0)] * count
    for step in range(seen.count - 1, -1, -1):
        if at % 2:
            best[at // 2] = max(best[at // 2], (float(given[step, at]), step))
        at -= int(moves[step, at])
    return [step for _, step in best]

"""Texts from steps: alone, with what a unit's own texts make likely, and with the gazetteer.

Running this needs neither PyTorch nor the extra ``learn``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from scanform.learn.scoring import plain
from scanform.lexicon.ngrams import Letters, counted
from scanform.programs import asterocr
from scanform.recognise.beam import searched
from scanform.recognise.ctc import Steps


@dataclass(frozen=True, slots=True)
class Prior:
    """What a unit's confirmed texts make likely: ``letters`` by those before, ``words`` by how
    often."""

    letters: Letters
    words: Counter[str]


def prior_of(texts: Sequence[str]) -> Prior:
    small = [" ".join(text.lower().split()) for text in texts]
    return Prior(counted(small), Counter(word for text in small for word in plain(text).split()))


def read_plain(steps: Sequence[Steps], prior: Prior | None) -> list[str]:
    """The likeliest text of each line, in small letters."""
    found = []
    for each in steps:
        merged, names = small_letters(each)
        if prior is None:
            best = merged.argmax(axis=1)
            kept = best[np.flatnonzero(np.diff(best, prepend=-1))]
            found.append(" ".join("".join(names[at] for at in kept).split()))
        else:
            found.append(searched(merged, names, prior.letters.chance)[0][0])
    return found


def read_with_places(steps: Sequence[Steps], prior: Prior | None) -> list[str]:
    return read_plain(steps, prior)


@cache
def _columns() -> tuple[tuple[str, ...], tuple[np.ndarray, ...]]:
    """Each letter without case, and the reader's characters that are it; marks are spaces."""
    columns: dict[str, list[int]] = {}
    for at, character in enumerate(asterocr.alphabet()):
        name = character.lower()
        if name and not name.isalnum() and name not in "/-":
            name = " "
        columns.setdefault(name, []).append(at)
    return tuple(columns), tuple(np.array(each) for each in columns.values())


def small_letters(steps: Steps) -> tuple[Steps, tuple[str, ...]]:
    """The steps by letters without case."""
    names, columns = _columns()
    chances = np.exp(steps)
    merged = np.stack([chances[:, each].sum(axis=1) for each in columns], axis=1)
    return np.log(np.maximum(merged, 1e-12)).astype(np.float32), names

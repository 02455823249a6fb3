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
from scanform.lexicon.spelling import early_tones, late_tones
from scanform.lexicon.written import words_with
from scanform.programs import asterocr
from scanform.recognise.beam import searched
from scanform.recognise.ctc import Steps
from scanform.recognise.decode import Addresses, Words, decode


@dataclass(frozen=True, slots=True)
class Prior:
    """What a unit's confirmed texts make likely: ``letters`` by those before, ``words`` by how
    often. ``late``: its people write hoà, not hòa."""

    letters: Letters
    words: Counter[str]
    late: bool = False

    def spelled(self, text: str) -> str:
        """The text with its tone marks where the unit's people put them."""
        return late_tones(text) if self.late else early_tones(text)


def prior_of(texts: Sequence[str]) -> Prior:
    small = [" ".join(text.lower().split()) for text in texts]
    words = Counter(word for text in small for word in plain(text).split())
    late = sum(count for word, count in words.items() if word != early_tones(word))
    early = sum(count for word, count in words.items() if word != late_tones(word))
    return Prior(counted(small), words, late > early)


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
            best_text = searched(merged, names, prior.letters.chance)[0][0]
            found.append(prior.spelled(best_text))
    return found


def read_with_places(steps: Sequence[Steps], prior: Prior | None) -> list[str]:
    """The likeliest address of each line: open words, then places of the gazetteer."""
    lexicon = Addresses(None if prior is None else Words(words_with(prior.words)))
    found = [decode(each, asterocr.alphabet(), lexicon) for each in steps]
    texts = ["" if each is None else each.text for each in found]
    return texts if prior is None else [prior.spelled(text) for text in texts]


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

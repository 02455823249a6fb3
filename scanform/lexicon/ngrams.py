"""How likely a letter is after those before it, learnt from a unit's own confirmed texts. Pure.

Counts of up to ``ORDER`` letters, mixed as Witten and Bell (1991) do: the longer a stretch was
seen, and the fewer different letters followed it, the more it counts.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

ORDER = 6
END = "\n"
"""Stands before and behind a text."""
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Letters:
    """``counts``: after which letters (up to five) which one came how often."""

    counts: Counts
    size: int
    """Different letters there may be; each is possible anywhere."""

    def chance(self, before: str, letter: str) -> float:
        """Natural log of the chance of ``letter`` after the text ``before``."""
        return _chance(self, before[-(ORDER - 1) :], letter)

    def text(self, text: str) -> float:
        """Natural log of the chance of a whole text, its end included."""
        found, before = 0.0, END
        for letter in text + END:
            found += self.chance(before, letter)
            before += letter
        return found

    def __hash__(self) -> int:
        return id(self)


@lru_cache(maxsize=200_000)
def _chance(letters: Letters, before: str, letter: str) -> float:
    chance = 1.0 / letters.size
    for start in range(len(before), -1, -1):
        seen = letters.counts.get(before[start:])
        if not seen:
            if start < len(before):
                break
            continue
        total, kinds = sum(seen.values()), len(seen)
        chance = (seen.get(letter, 0) + kinds * chance) / (total + kinds)
    return math.log(chance)


def counted(texts: Iterable[str], size: int = 120) -> Letters:
    """Counts over texts, which should be in small letters with single spaces."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        whole = END + text + END
        for at in range(1, len(whole)):
            for length in range(min(at, ORDER - 1) + 1):
                counts[whole[at - length : at]][whole[at]] += 1
    return Letters({context: dict(each) for context, each in counts.items()}, size)

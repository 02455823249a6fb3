"""How likely a personal name is, word by word. A prior, never a closed list."""

from __future__ import annotations

import math
from functools import cache

from scanform.lexicon.lists import rows
from scanform.lexicon.spelling import fold, is_upper, key, tidy

Place = int
"""0 the surname, 1 a word between, 2 the given name."""


@cache
def tokens() -> dict[str, tuple[int, int, int]]:
    """Name words by their key: how often seen as surname, middle and given name."""
    counts: dict[str, tuple[int, int, int]] = {}
    for row in rows("names.csv"):
        word = key(row["token"])
        seen = (int(row["surname"]), int(row["middle"]), int(row["given"]))
        before = counts.get(word, (0, 0, 0))
        counts[word] = (before[0] + seen[0], before[1] + seen[1], before[2] + seen[2])
    return counts


@cache
def _totals() -> tuple[int, int, int]:
    every = tokens().values()
    return (sum(c[0] for c in every), sum(c[1] for c in every), sum(c[2] for c in every))


@cache
def _by_letters() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows("names.csv"):
        found.setdefault(fold(row["token"]), []).append(row["token"])
    return found


def surnames_like(word: str, least: int = 20) -> list[str]:
    """Usual surnames of the same letters, for a word that was never seen as one.

    There are few surnames, so NGUYÊN is NGUYỄN; a rare given name may be what it looks like.
    """
    if tokens().get(key(word), (0, 0, 0))[0]:
        return []
    usual = [each for each in _by_letters().get(fold(word), []) if tokens()[key(each)][0] >= least]
    return [each.upper() if is_upper(word) else each for each in usual]


def places_of(count: int) -> list[Place]:
    """Where each of ``count`` words stands in a name: surname first, given name last."""
    return [0 if i == 0 else 2 if i == count - 1 else 1 for i in range(count)]


def log_chance(word: str, place: Place) -> float:
    """Natural log of how often ``word`` stands at ``place``, with room for unseen words."""
    seen = tokens().get(key(word), (0, 0, 0))
    return math.log((seen[place] + 0.2) / (_totals()[place] + 100.0))


def far_commoner(name: str, times: float = 50.0) -> str | None:
    """``name`` with other marks on its letters where a word of it is that many times rarer at its
    place than with them: THINH, where THỊNH is meant. Of true names hardly one in a thousand words
    is that rare; a mark that was missed, on the form's line or in a pale copy, mostly is."""
    words = tidy(name).split()
    found = [
        _commoner(word, place, times)
        for word, place in zip(words, places_of(len(words)), strict=True)
    ]
    if not any(found):
        return None
    return " ".join(other or word for other, word in zip(found, words, strict=True))


def _commoner(word: str, place: Place, times: float) -> str | None:
    least = log_chance(word, place) + math.log(times)
    others = _by_letters().get(fold(word), [])
    best = max(others, key=lambda other: log_chance(other, place), default=None)
    if best is None or log_chance(best, place) < least:
        return None
    return best.upper() if is_upper(word) else best


def known_share(name: str) -> float:
    """Share of the words that have been seen in a name, the first one as a surname."""
    words = tidy(name).split()
    if not words:
        return 0.0
    known = 0
    for word, place in zip(words, places_of(len(words)), strict=True):
        seen = tokens().get(key(word), (0, 0, 0))
        known += bool(seen[0] if place == 0 else sum(seen))
    return known / len(words)

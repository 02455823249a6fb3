"""How Vietnamese words are compared: marks are cheap, letters are dear, case is free.

A reader mistakes a tone mark far more often than a letter, so two spellings that differ in marks
alone are near. Where a tone mark stands (Hòa, Hoà) makes no difference at all.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

TONES = "\u0300\u0301\u0303\u0309\u0323"
MARK_COST = 0.25
"""What a wrong mark costs beside a wrong letter, which costs 1."""

LOOK_COST = 0.5
"""What a letter costs that looks like the right one (i, l and 1; o and 0)."""

_ALIKE = str.maketrans("l1|!0", "iiiio")
_LIKE = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "\u00a0": " ", "⁄": "/", "∕": "/"}
)


def tidy(text: str) -> str:
    """NFC, single spaces, plain dashes and apostrophes."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_LIKE)).split())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without any marks: ``Đường Ấp`` gives ``duong ap``."""
    plain = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(c for c in plain if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Lower case, each mark a character of its own, each word's tone behind the word."""
    words = []
    for word in unicodedata.normalize("NFD", tidy(text).lower()).replace("đ", "d\u0335").split():
        tones = [c for c in word if c in TONES]
        words.append("".join(c for c in word if c not in TONES) + "".join(tones))
    return " ".join(words)


def distance(one: str, other: str) -> float:
    """Weighted edits between two spellings: letters 1 each, look-alikes ``LOOK_COST``,
    marks ``MARK_COST``, case 0."""
    letters = Levenshtein.distance(fold(one), fold(other))
    both = Levenshtein.distance(key(one), key(other))
    shapes = Levenshtein.distance(fold(one).translate(_ALIKE), fold(other).translate(_ALIKE))
    alike = max(0, letters - shapes)
    return shapes + LOOK_COST * alike + MARK_COST * max(0, both - letters)


def similarity(one: str, other: str) -> float:
    """1 for the same spelling, 0 for nothing in common: one minus distance over length."""
    length = max(len(fold(one)), len(fold(other)), 1)
    return max(0.0, 1.0 - distance(one, other) / length)


def is_upper(text: str) -> bool:
    """Whether the text is in block capitals (two letters at least)."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)

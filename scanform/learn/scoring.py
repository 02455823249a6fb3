"""How well lines are read: without case and punctuation. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True, slots=True)
class Score:
    """``cer``: edits over letters of the truth; ``exact``: share of lines without any edit."""

    cer: float
    exact: float
    lines: int


def plain(text: str) -> str:
    """Without case and punctuation, single spaces, NFC."""
    lower = unicodedata.normalize("NFC", text).lower()
    return " ".join(re.sub(r"[^\w\s]|_", " ", lower).split())


def score(read: Sequence[str], truths: Sequence[str]) -> Score:
    pairs = [(plain(one), plain(other)) for one, other in zip(read, truths, strict=True)]
    wrong = sum(Levenshtein.distance(one, other) for one, other in pairs)
    letters = sum(len(truth) for _, truth in pairs)
    exact = sum(one == other for one, other in pairs)
    return Score(wrong / max(1, letters), exact / max(1, len(pairs)), len(pairs))

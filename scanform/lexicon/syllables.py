"""How common a syllable is in names of places and people: a weak prior for open text."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache

from scanform.lexicon.lists import rows
from scanform.lexicon.spelling import key

_USUAL = {
    "ấp": 3000, "thôn": 2000, "tổ": 1500, "khu": 800, "phố": 800, "khóm": 500, "đường": 1500,
    "số": 1500, "nhà": 600, "xóm": 500, "làng": 300, "bản": 300, "buôn": 200, "ngõ": 150,
    "hẻm": 150, "dân": 50, "xã": 3000, "phường": 1500, "thị": 800, "trấn": 500, "huyện": 2500,
    "quận": 800, "tỉnh": 2500, "thành": 800, "chợ": 50, "cầu": 50, "đội": 100, "tiểu": 50,
}  # fmt: skip
"""Words of addresses by a guess at how often they are written beside the names in the lists."""


@cache
def counts() -> Counter[str]:
    """How often each syllable (by its key) stands in the lists of places and names."""
    found: Counter[str] = Counter()
    for row in rows("places.csv"):
        found.update(key(word) for word in row["name"].split())
    for row in rows("names.csv"):
        found[key(row["token"])] += sum(int(row[c]) for c in ("surname", "middle", "given"))
    found.update({key(word): count for word, count in _USUAL.items()})
    return found


@cache
def _total() -> int:
    return sum(counts().values())


def log_chance(word: str) -> float:
    """Natural log of how often a syllable is met, with room for unseen ones."""
    return math.log((counts().get(key(word.strip(",.;:()")), 0) + 2.0) / (_total() + 20000.0))

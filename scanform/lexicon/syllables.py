"""Syllables: whether a word could be one, and how common it is in names of places and people."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache

from scanform.lexicon.lists import rows
from scanform.lexicon.spelling import TONES, fold, key

_ONSETS = ("ngh", "ng", "nh", "gh", "gi", "kh", "ph", "th", "tr", "ch", "qu", *"bcdđghklmnprstvx")
_RIME_WORDS = """
    a ac ach ai am an ang anh ao ap at au ay e ec em en eng eo ep et i ia ich iec iem ien ieng iep
    iet ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet
    oi om on ong ooc oong op ot u ua uan uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom
    uon uong uop uot uou up ut uu uy uya uych uyen uyet uyn uynh uyt uyu y yem yen yet yeu yn ynh
"""
_RIMES = frozenset(_RIME_WORDS.split())
_BAD_VOWELS = re.compile(r"[âăêôơư][âăêô]|[âăô][aeo]|[ăô]u|ê[aeoi]|ă(?:i|y|nh|ch|$)|â(?:i|$|nh|ch)")

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
def spellings() -> Counter[str]:
    """The same syllables in small letters as the lists spell them."""
    found: Counter[str] = Counter()
    for row in rows("places.csv"):
        found.update(word for word in row["name"].lower().split() if word.isalpha())
    for row in rows("names.csv"):
        seen = sum(int(row[c]) for c in ("surname", "middle", "given"))
        found[row["token"].lower()] += max(1, seen // 10)
    return found


@cache
def _total() -> int:
    return sum(counts().values())


def log_chance(word: str) -> float:
    """Natural log of how often a syllable is met, with room for unseen ones."""
    seen = counts().get(key(word.strip(",.;:()")), 0)
    return math.log((seen + 2.0) / (_total() + 20000.0))


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether a word could be a Vietnamese syllable: an onset, a rime, one tone at most.

    The rimes are compared without marks, whose number and company is checked after; this tells a
    misread word from a readable one, not a word from a non-word.
    """
    decomposed = unicodedata.normalize("NFD", word.lower())
    if not decomposed or sum(c in TONES for c in decomposed) > 1:
        return False
    letters = fold(word)
    if not letters.isalpha() or not letters.isascii():
        return False
    full = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES))
    if letters in _RIMES and not _BAD_VOWELS.search(full):
        return True
    for onset in _ONSETS:
        rest = full.removeprefix(onset)
        if rest != full and fold(rest) in _RIMES and not _BAD_VOWELS.search(rest):
            return True
    return letters in ("gi", "quy")


def word_shape(text: str) -> float:
    """Share of the words that could be Vietnamese: syllables, numbers, single capital letters."""
    words = re.findall(r"[^\s,.;:/()'\-]+", text)
    if not words:
        return 0.0
    fine = sum(
        is_syllable(word) or word.isdigit() or bool(re.fullmatch(r"[A-ZĐ]\d{0,3}", word))
        for word in words
    )
    return float(fine / len(words))

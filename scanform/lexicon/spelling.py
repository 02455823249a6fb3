"""How Vietnamese words are compared: marks are cheap, letters are dear, case is free.

A reader mistakes a tone mark far more often than a letter, so two spellings that differ in marks
alone are near. Where a tone mark stands (Hòa, Hoà) makes no difference at all.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

TONES = "\u0300\u0301\u0303\u0309\u0323"
MARK_COST = 0.25
"""What a wrong mark costs beside a wrong letter, which costs 1."""

_LIKE = str.maketrans({"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "\u00a0": " ", "⁄": "/", "∕": "/"}
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
    """Weighted edits between two spellings: letters 1 each, marks ``MARK_COST``, case 0."""
    letters = Levenshtein.distance(fold(one), fold(other))
    both = Levenshtein.distance(key(one), key(other))
    return letters + MARK_COST * max(0, both - letters)


def similarity(one: str, other: str) -> float:
    """1 for the same spelling, 0 for nothing in common: one minus distance over length."""
    length = max(len(fold(one)), len(fold(other)), 1)
    return max(0.0, 1.0 - distance(one, other) / length)


def is_upper(text: str) -> bool:
    """Whether the text is in block capitals (two letters at least)."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)


_ONSETS = ["ngh", "ng", "nh", "gh", "gi", "kh", "ph", "th", "tr", "ch", "qu", "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x"]
_RIMES = frozenset(
    ["a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "e", "ec", "em", "en", "eng", "eo", "ep", "et", "i", "ia", "ich", "iec", "iem", "ien", "ieng", "iep", "iet", "ieu", "im", "in", "inh", "ip", "it", "iu", "o", "oa", "oac", "oach", "oai", "oam", "oan", "oang", "oanh", "oao", "oap", "oat", "oay", "oc", "oe", "oen", "oeo", "oet", "oi", "om", "on", "ong", "ooc", "oong", "op", "ot", "u", "ua", "uan", "uang", "uat", "uay", "uc", "ue", "uech", "uenh", "ui", "um", "un", "ung", "uo", "uoc", "uoi", "uom", "uon", "uong", "uop", "uot", "uou", "up", "ut", "uu", "uy", "uya", "uych", "uyen", "uyet", "uyn", "uynh", "uyt", "uyu", "y", "yem", "yen", "yet", "yeu", "yn", "ynh"]
)
_VOWELS = re.compile(r"^[aeiouy]")


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether a word could be a Vietnamese syllable: an onset, a rime, one tone at most.

    Only letters are judged (the table of rimes is without marks), plus the marks' number and
    place; it tells a misread word from a readable one, not a word from a non-word.
    """
    decomposed = unicodedata.normalize("NFD", word.lower())
    if not decomposed or sum(c in TONES for c in decomposed) > 1:
        return False
    letters = fold(word)
    if not letters.isalpha() or not letters.isascii():
        return False
    full = "".join(c for c in decomposed if c not in TONES)
    full = unicodedata.normalize("NFC", full)
    if letters in _RIMES:
        return _marks_fit(full)
    for onset in _ONSETS:
        if full.startswith(onset) and letters[len(onset) :] in _RIMES:
            return _marks_fit(full[len(onset) :])
    return letters in ("gi", "quy")


_BAD_VOWELS = re.compile(r"[âăêôơư][âăêô]|[âăô][aeo]|[ăô]u|ê[aeoi]|ă(?:i|y|nh|ch|$)|â(?:i|$|nh|ch)")


def _marks_fit(rime: str) -> bool:
    return not _BAD_VOWELS.search(rime)


def word_shape(text: str) -> float:
    """Share of the words that could be Vietnamese: syllables, numbers, single capital letters."""
    words = re.findall(r"[^\s,.;:/()'\-]+", text)
    if not words:
        return 0.0
    fine = sum(
        is_syllable(word) or word.isdigit() or bool(re.fullmatch(r"[A-ZĐ]\d{0,3}", word))
        for word in words
    )
    return fine / len(words)

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

LOOK_COST = 0.5
"""What a letter costs that looks like the right one (i, l and 1; o and 0)."""

LOOKS = ("il1|!", "o0")
"""Letters that look alike."""

_ALIKE = str.maketrans({other: same[0] for same in LOOKS for other in same[1:]})
_LIKE = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "\u00a0": " ", "⁄": "/", "∕": "/"}
)


_NO_MARKS = dict.fromkeys(range(0x0300, 0x0370))  # the block of combining diacritical marks
_NO_TONES = dict.fromkeys(map(ord, TONES))


def tidy(text: str) -> str:
    """NFC, single spaces, plain dashes and apostrophes."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_LIKE)).split())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without any marks: ``Đường Ấp`` gives ``duong ap``."""
    return unicodedata.normalize("NFD", text.lower()).replace("đ", "d").translate(_NO_MARKS)


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Lower case, each mark a character of its own, each word's tone behind the word."""
    return " ".join(map(_word_key, tidy(text).split(" ")))


@lru_cache(maxsize=65536)
def _word_key(word: str) -> str:
    # Apart from the text's: lists of places have some thousand words, over and over again.
    apart = unicodedata.normalize("NFD", word.lower()).replace("đ", "d\u0335")
    tones = "".join(c for c in apart if c in TONES)
    return apart.translate(_NO_TONES) + tones if tones else apart


_LATE = re.compile(rf"(?<![qQ])(o(?!.?y)|u(?=.?y))([{TONES}]?)([aey])([{TONES}]?)$", re.IGNORECASE)
"""A syllable that ends in two vowels of which either may bear the tone."""


def tone_places(text: str) -> tuple[str, ...]:
    """The text with its tones where it has them and, where two ways are usual, the other way:
    ``hòa`` and ``hoà``, ``thuỵ`` and ``thụy``. Words are changed together."""
    return tuple(dict.fromkeys((text, *_toned(text))))


def _toned(text: str) -> tuple[str, str]:
    """The text with every such tone on the first vowel, and on the second."""
    old: list[str] = []
    new: list[str] = []
    for word in text.split():
        apart = unicodedata.normalize("NFD", word)
        found = _LATE.search(apart)
        tone = (found[2] or found[4]) if found else ""
        if found is None or not tone or (found[2] and found[4]):
            old.append(word)
            new.append(word)
            continue
        stem = apart[: found.start()]
        old.append(unicodedata.normalize("NFC", f"{stem}{found[1]}{tone}{found[3]}"))
        new.append(unicodedata.normalize("NFC", f"{stem}{found[1]}{found[3]}{tone}"))
    return " ".join(old), " ".join(new)


def late_tones(text: str) -> str:
    """The text with its tones on the second vowel where either may bear it: ``hoà``."""
    return _toned(text)[1]


def early_tones(text: str) -> str:
    """The text with its tones on the first vowel where either may bear it: ``hòa``."""
    return _toned(text)[0]


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


SAME_SHAPE = "cosuvwxzkp"
"""Letters whose capitals look like them: their case is read by the height alone."""
UNIT_BEGINNINGS = frozenset(
    ["tỉnh", "thành", "thị", "huyện", "quận", "xã", "phường", "phố", "trấn"]
)
"""Words of units, which many write in small letters before a name."""
_PARTS = re.compile(r"[^\W\d_]+")


def spelled_as(text: str, form: str, keep_case: bool = True) -> str:
    """``form`` (a list's spelling) as it was written in ``text``.

    A word that is the same but for its case and for where its tone mark stands stays as written:
    a list says what was meant, not how to write it (Hòa or Hoà, Thành phố or Thành Phố). A word
    that differs takes the form's letters in the case of the word. A case that nobody writes
    (``tHạnh``) is the form's. Without ``keep_case`` every case is the form's.
    """
    words, wanted = text.split(), form.split()
    if len(words) != len(wanted):
        return form.upper() if keep_case and is_upper(text) and not is_upper(form) else form
    pairs = zip(words, wanted, strict=True)
    return " ".join(_spelled(word, other, keep_case) for word, other in pairs)


def _spelled(word: str, form: str, keep_case: bool) -> str:
    # Qui and Quy are one name; an i is hardly ever read as a y.
    if key(word) != key(form) and not ("y" in word and key(word).replace("y", "i") == key(form)):
        return _in_case_of(word, form) if keep_case else form
    return _cased(word, form) if not keep_case or _is_odd_case(word, form) else word


def _in_case_of(word: str, form: str) -> str:
    if word.isupper() and len(word) > 1:
        return form.upper()
    if word[:1].isupper():
        return form[:1].upper() + form[1:]
    return form.lower() if form.lower() in UNIT_BEGINNINGS else form


def _is_odd_case(word: str, form: str) -> bool:
    """Whether the case of a word is one that nobody writes, or one that only its height tells."""
    for part in _PARTS.findall(word):
        if not (part.islower() or part.isupper() or (part[0].isupper() and part[1:].islower())):
            return True
    small = word.islower() and form[:1].isupper() and len(word) > 1
    return small and fold(word[0]) in SAME_SHAPE and form.lower() not in UNIT_BEGINNINGS


def _cased(word: str, form: str) -> str:
    """The letters of ``word`` in the case of ``form``, the same word with its tone elsewhere."""
    if len(word) != len(form):
        return form
    return "".join(a.upper() if b.isupper() else a.lower() for a, b in zip(word, form, strict=True))

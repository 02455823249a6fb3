"""Telex and VNI: Vietnamese from the letters and digits of any keyboard.

For PCs without an input method. The rules are those that every Vietnamese typist knows (Telex:
aa aw dd ee oo ow uw and s f r x j z; VNI: 6 7 8 9 and 1 2 3 4 5 0), typed behind their letter or
at the end of the word. The tone goes where people write it by hand: on the vowel with a mark, else
on the second of three or of two that a consonant follows, else on the first (hòa, thúy); quý and
giá keep u and i out of the count.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Method = Literal["telex", "vni"]

_TONES = {"": "", "s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "s", "2": "f", "3": "r", "4": "x", "5": "j", "0": "z"}
_CIRCUMFLEX, _BREVE, _HORN = "\u0302", "\u0306", "\u031b"
_VOWELS = "aeiouy"
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def typed(text: str, method: Method) -> str:
    """The text that the keys ``text`` give, in NFC; what is no Vietnamese word stays as it was.

    >>> typed("Nguyeenx Vawn AAns", "telex")
    'Nguyễn Văn Ấn'
    >>> typed("Nguye6n4 Va8n A6n1", "vni")
    'Nguyễn Văn Ấn'
    """
    plain = unicodedata.normalize("NFC", text)
    return _WORD.sub(lambda found: _word(found[0], method), plain)


def _word(keys: str, method: Method) -> str:
    if method == "vni" and not any(key.isalpha() for key in keys):
        return keys  # a number
    letters: list[str] = []
    tone = ""
    for key in keys:
        sort = _sort_of(key, method)
        if sort is not None and sort in _TONES and _has_vowel(letters):
            # The same tone again takes it off and types the letter, as every input method does.
            if tone == sort:
                tone = ""
                letters.append(key)
            else:
                tone = sort
        elif sort == "z" and _has_vowel(letters) and tone:
            tone = ""
        elif not _marked(letters, key, method):
            letters.append(key)
    return unicodedata.normalize("NFC", _toned(letters, tone))


def _sort_of(key: str, method: Method) -> str | None:
    """The tone that a key stands for, ``z`` for none."""
    low = key.lower()
    if method == "vni":
        return _VNI_TONES.get(low)
    return low if low in "sfrxjz" else None


def _has_vowel(letters: list[str]) -> bool:
    return any(_base(letter) in _VOWELS for letter in letters)


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()


def _marks(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[1:]


def _marked(letters: list[str], key: str, method: Method) -> bool:
    """Puts the mark that the key stands for on the letters before it; whether it did."""
    low = key.lower()
    if low in ("w" if method == "telex" else "7"):
        return _horn(letters) or (method == "telex" and _put(letters, "a", _BREVE))
    if low == ("d" if method == "telex" else "9"):
        return _stroke(letters)
    if method == "telex":
        return low in "aeo" and (_put(letters, low, _CIRCUMFLEX) or _taken_off(letters, key))
    if low == "6":
        return any(_put(letters, vowel, _CIRCUMFLEX) for vowel in "aeo")
    return low == "8" and _put(letters, "a", _BREVE)


def _taken_off(letters: list[str], key: str) -> bool:
    """The third o of "ooo" takes the mark off again: two letters, as in Boong."""
    if not letters or _base(letters[-1]) != key.lower() or _marks(letters[-1]) != _CIRCUMFLEX:
        return False
    letters[-1] = _base_kept(letters[-1])
    letters.append(key)
    return True


def _put(letters: list[str], vowel: str, mark: str) -> bool:
    """The mark on the last such vowel, which must be the last vowel or bear none yet."""
    for at in range(len(letters) - 1, -1, -1):
        if _base(letters[at]) == vowel:
            if _marks(letters[at]):
                return False
            letters[at] = unicodedata.normalize("NFC", letters[at] + mark)
            return True
        if _base(letters[at]) in "aeo":
            return False  # "loai" and o is no "lôai": another vowel ends the search, i, u, y don't
    return False


def _horn(letters: list[str]) -> bool:
    """``uo`` becomes ``ươ``, in either order of typing; else the last u or o gets the horn."""
    for at in range(len(letters) - 1, 0, -1):
        pair = _base(letters[at - 1]), _base(letters[at])
        if pair == ("u", "o") and not _marks(letters[at]) and not _is_qu(letters, at - 1):
            letters[at - 1] = unicodedata.normalize("NFC", _base_kept(letters[at - 1]) + _HORN)
            letters[at] = unicodedata.normalize("NFC", letters[at] + _HORN)
            return True
    for at in range(len(letters) - 1, -1, -1):
        if _base(letters[at]) == "a":
            return False
        if _base(letters[at]) in "uo" and not _marks(letters[at]):
            letters[at] = unicodedata.normalize("NFC", letters[at] + _HORN)
            return True
    return False


def _base_kept(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


def _is_qu(letters: list[str], at: int) -> bool:
    return at > 0 and letters[at].lower() == "u" and letters[at - 1].lower() == "q"


def _stroke(letters: list[str]) -> bool:
    for at, letter in enumerate(letters):
        if letter in "dD":
            letters[at] = "đ" if letter == "d" else "Đ"
            return True
    return False


def _toned(letters: list[str], tone: str) -> str:
    if not tone:
        return "".join(letters)
    at = _tone_place(letters)
    return "".join(
        unicodedata.normalize("NFC", letter + _TONES[tone]) if number == at else letter
        for number, letter in enumerate(letters)
    )


def _tone_place(letters: list[str]) -> int:
    """Which letter bears the tone; there is a vowel."""
    vowels = [at for at, letter in enumerate(letters) if _base(letter) in _VOWELS]
    first = vowels[0]
    begins = "".join(letters[: first + 1]).lower()
    if len(vowels) > 1 and (begins.endswith("qu") or begins == "gi"):
        vowels = vowels[1:]
    # Only the first run of vowels: "nguyen" has one, a foreign word may have more.
    run = [at for number, at in enumerate(vowels) if at == vowels[0] + number]
    marked = [at for at in run if _marks(letters[at])]
    if marked:
        return marked[-1]
    if len(run) == 1:
        return run[0]
    if len(run) > 2 or run[-1] + 1 < len(letters):
        return run[1]
    return run[0]

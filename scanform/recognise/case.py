"""Capital or small, told by height, for letters whose two forms look alike (x X, o O, s S). Pure.

A reader sees a letter's shape and guesses the rest from the language; how high the letter stands
beside its neighbours is on the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scanform.model.scan import Pixels
from scanform.programs.tesseract import Character, Word

ALIKE = "cosvwxz"
_TALL = frozenset("BDEFHIKLMNPRTbdhkl0123456789")
_SMALL = frozenset("acemnorsuvxz")
LEAST_APART = 0.15
"""Capitals must stand above small letters by this share of the line's height."""


def recased(words: Sequence[Word], image: Pixels) -> list[Word]:
    """The words of a line (dark on white) with the first letters' case as their height says."""
    if not any(_is_alike(word) for word in words):
        return list(words)
    tops = {id(c): _top(c, image) for word in words for c in word.characters}
    inner = [c for word in words for c in word.characters[1:]]
    every = [c for word in words for c in word.characters if not _is_first_alike(c, word)]
    tall = [tops[id(c)] for c in every if c.text in _TALL]
    small = [tops[id(c)] for c in inner if c.text in _SMALL]
    if not tall or not small:
        return list(words)
    high, low = float(np.median(tall)), float(np.median(small))
    if low - high < LEAST_APART * _height(image):
        return list(words)
    return [
        _with_first(word, tops[id(word.characters[0])] < (high + low) / 2)
        if _is_alike(word)
        else word
        for word in words
    ]


def _is_alike(word: Word) -> bool:
    return bool(word.characters) and word.characters[0].text.lower() in ALIKE


def _is_first_alike(character: Character, word: Word) -> bool:
    return character is word.characters[0] and _is_alike(word)


def _top(character: Character, image: Pixels) -> int:
    """The row in which a character's ink begins; its outer columns may be its neighbours'."""
    inset = (character.right - character.left) // 5
    part = image[:, character.left + inset : max(character.right - inset, character.left + 1)]
    rows = np.flatnonzero((part < 128).any(axis=1))
    return int(rows[0]) if rows.size else 0


def _height(image: Pixels) -> int:
    rows = np.flatnonzero((image < 128).any(axis=1))
    return int(rows[-1] - rows[0] + 1) if rows.size else 1


def _with_first(word: Word, capital: bool) -> Word:
    first, *rest = word.characters
    if word.text[1:].isupper() and len(word.text) > 1:
        return word  # block capitals are all of one height
    text = first.text.upper() if capital else first.text.lower()
    characters = (replace(first, text=text), *rest)
    return replace(word, text=text + word.text[len(first.text) :], characters=characters)

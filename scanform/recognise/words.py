"""Where one word ends and the next begins, told by the white between the characters. Pure.

Tesseract's own spaces are a guess of its language model, and it drops them before short words. In
Vietnamese every syllable stands alone, so a word that is no syllable but falls into two at a gap
was two words.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from scanform.lexicon.syllables import is_syllable, word_shape
from scanform.model.scan import Pixels
from scanform.programs.tesseract import Character, Word


@dataclass(frozen=True, slots=True)
class Columns:
    """Pixel columns that hold ink, left to right, and ``gaps``: at which of them white begins, and
    how wide the step over it is."""

    inked: Sequence[int]
    gaps: Sequence[tuple[int, int]]


WIDE = 0.40
"""White between two characters, as a share of the letters' height, that is a space for sure."""
SOME = 0.2
"""White that is a space where the word is no syllable otherwise."""
NONE = 0.1
"""White with less than this between two words is none."""


def respaced(words: Sequence[Word], image: Pixels) -> list[Word]:
    """The words of a line (dark on white) with spaces where the white is."""
    ink = image < 128
    columns = _columns(ink)
    if not columns.inked:
        return list(words)
    height = _letter_height(ink)
    usual = _usual_gap(columns)
    split = [part for word in words for part in _split(word, columns, height, usual)]
    return _joined(split, columns, height)


def _columns(ink: NDArray[np.bool_]) -> Columns:
    inked = np.flatnonzero(ink.any(axis=0))
    steps = np.diff(inked)
    white = np.flatnonzero(steps > 1)
    return Columns(inked.tolist(), list(zip(white.tolist(), steps[white].tolist(), strict=True)))


def _letter_height(ink: NDArray[np.bool_]) -> float:
    """Height of the letters without the marks above and below: rows with more than half of the
    ink of the fullest ones."""
    rows = ink.sum(axis=1).astype(float)
    high = int(np.count_nonzero(rows > 0.35 * np.percentile(rows, 95)))
    return float(max(8, high))


def _usual_gap(columns: Columns) -> float:
    return float(median(step - 1 for _, step in columns.gaps)) if columns.gaps else 1.0


def _white(columns: Columns, one: Character, other: Character) -> float:
    """The widest run of white columns between the middles of two characters."""
    left, right = (one.left + one.right) / 2, (other.left + other.right) / 2
    inked = columns.inked
    first, end = bisect_left(inked, left), bisect_right(inked, right)
    if first >= end:
        return max(0.0, right - left) - 1.0
    last = end - 1
    since, until = bisect_left(columns.gaps, (first,)), bisect_left(columns.gaps, (last,))
    steps = [step for _, step in columns.gaps[since:until]]
    inside = max(steps, default=min(1, last - first))
    return float(max(inside, inked[first] - left, right - inked[last], 0.0)) - 1.0


def _split(
    word: Word,
    columns: Columns,
    height: float,
    usual: float,
) -> list[Word]:
    whites = [_white(columns, a, b) for a, b in pairwise(word.characters)]
    for at in sorted(range(len(whites)), key=lambda i: -whites[i]):
        if whites[at] <= SOME * height or whites[at] <= 1.5 * usual:
            break  # those that are left are no wider
        head, tail = _part(word, 0, at + 1), _part(word, at + 1, None)
        if not (head.text[-1:].isalnum() and tail.text[:1].isalnum()):
            continue
        if head.text[-1:].isdigit() and tail.text[:1].isdigit():
            continue  # a 1 has much white around it, but no number is written in two
        whole = is_syllable(word.text) and not (is_syllable(head.text) and is_syllable(tail.text))
        better = word_shape(word.text) < 1.0 and (
            (len(head.text) > 1 and word_shape(head.text) == 1.0) or word_shape(tail.text) == 1.0
        )
        wide = whites[at] > WIDE * height and whites[at] > 2.5 * usual
        if (wide and not whole) or better:
            return [
                *_split(head, columns, height, usual),
                *_split(tail, columns, height, usual),
            ]
    return [word]


def _part(word: Word, start: int, end: int | None) -> Word:
    characters = word.characters[start:end]
    return Word("".join(each.text for each in characters), word.score, characters)


def _joined(
    words: list[Word],
    columns: Columns,
    height: float,
) -> list[Word]:
    """Words that touch and make one syllable together, but not alone, are one."""
    made: list[Word] = []
    for word in words:
        if made and word.characters and made[-1].characters:
            before = made[-1]
            white = _white(columns, before.characters[-1], word.characters[0])
            whole = before.text + word.text
            apart = word_shape(f"{before.text} {word.text}")
            limit = WIDE if is_syllable(whole) else NONE
            if white < limit * height and word_shape(whole) == 1.0 and apart < 1.0:
                score = min(before.score, word.score)
                made[-1] = Word(whole, score, before.characters + word.characters)
                continue
        made.append(word)
    return made

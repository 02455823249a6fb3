"""Numbers and dates on lines, read by Tesseract and by AsterOCR and weighed figure by figure. Pure.

Only figures and what parts them can stand there, so AsterOCR's chances are drawn together first:
what it takes for an O is a 0 here, an l is a 1, and a full stop parts a date as a slash does. Then
the two texts are rivals, and so are their mixtures where they differ in few figures.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from scanform.model.reading import Alternative
from scanform.programs.tesseract import Word
from scanform.recognise.ctc import Steps, best_text, log_chance
from scanform.recognise.weigh import ALTERNATIVES, MIXED, SURE, Weighed, chance_of, logit

SLASH = "/"
PARTS = "/.-,"
"""What parts day, month and year; all of it is read as ``SLASH``."""
FIGURES = ("", *"0123456789", SLASH)
"""The characters that are left; the first stands for none."""
LIKE = {"0": "OoQ", "1": "lI|", "2": "Zz", "5": "Ss", "6": "b", "8": "B", "9": "gq"}
"""Letters that are figures where only figures stand."""
FLOOR = 1e-4
"""Chance of each figure at a step whose letter is none of them."""
SHARE = 1.5
"""Weight of AsterOCR's log chance beside Tesseract's log odds: it reads figures far better (198 and
141 of 199 right in print and hand fonts, each alone; this: 197 or 198 from 1 to 2)."""

Character = tuple[str, float]
"""A figure or ``SLASH`` and Tesseract's score."""


def weigh_number(
    words: Sequence[Word], steps: Steps, alphabet: tuple[str, ...], dated: bool
) -> Weighed | None:
    """The likeliest number (or date, where ``dated``, its parts parted by slashes) of one line;
    None when neither reader read a figure."""
    said = _characters(words, dated)
    spaced = dated and not any(c in PARTS for word in words for c in word.text)
    drawn = _drawn_together(steps, alphabet, dated, spaced)
    one = "".join(text for text, _ in said)
    other = best_text(drawn, FIGURES).strip(SLASH)
    odds = _candidates(said, other)
    if not odds:
        return None
    total = {text: cost + SHARE * log_chance(drawn, text, FIGURES) for text, cost in odds.items()}
    best, *rivals = sorted(total, key=lambda text: -total[text])
    margin = total[best] - total[rivals[0]] if rivals else SURE
    found = tuple(Alternative(text, chance_of(total[text] - total[best])) for text in rivals)
    return Weighed(best, found[:ALTERNATIVES], one == other, min(SURE, margin))


def _characters(words: Sequence[Word], dated: bool) -> list[Character]:
    """Tesseract's figures in order; words of a date are parted by slashes."""
    found: list[Character] = []
    for word in words:
        if dated and found and found[-1][0] != SLASH:
            found.append((SLASH, word.score))
        for each in word.characters:
            text = SLASH if dated and each.text in PARTS else each.text
            if text in FIGURES and not (text == SLASH and (not found or found[-1][0] == SLASH)):
                found.append((text, each.score))
    while found and found[-1][0] == SLASH:
        found.pop()
    return found


@lru_cache(maxsize=8)
def _columns(alphabet: tuple[str, ...], dated: bool, spaced: bool) -> NDArray[np.float32]:
    """Which of the reader's characters (rows) counts as which figure (columns)."""
    table = np.zeros((len(alphabet), len(FIGURES)), np.float32)
    meant = {letter: figure for figure, letters in LIKE.items() for letter in letters}
    for row, character in enumerate(alphabet):
        figure = meant.get(character, character)
        if (dated and character in PARTS and character) or (spaced and character == " "):
            figure = SLASH
        elif character == " " or (not dated and character in PARTS):
            figure = ""
        if figure in FIGURES:
            table[row, FIGURES.index(figure)] = 1.0
    return table


def _drawn_together(
    steps: Steps, alphabet: tuple[str, ...], dated: bool, spaced: bool
) -> NDArray[np.float32]:
    """The steps over ``FIGURES``, as natural logs of chances."""
    chances = np.exp(steps) @ _columns(alphabet, dated, spaced) + FLOOR
    if not dated:
        chances[:, FIGURES.index(SLASH)] = FLOOR * FLOOR
    return np.asarray(np.log(chances / chances.sum(axis=1, keepdims=True)), np.float32)


def _candidates(said: Sequence[Character], other: str) -> dict[str, float]:
    """Every text worth weighing, with Tesseract's log odds against its own."""
    one = [text for text, _ in said]
    found = {"".join(one): 0.0} if re.search(r"\d", "".join(one)) else {}
    if not re.search(r"\d", other):
        return found
    if not found:
        return {other: 0.0}
    costs = [logit(score) for _, score in said]
    if len(other) != len(one):
        found.setdefault(other, -max(0.0, min(costs)))
        return found
    differing = [at for at in range(len(one)) if one[at] != other[at]]
    choices = product((False, True), repeat=len(differing)) if len(differing) <= MIXED else ()
    for taken in (*choices, (True,) * len(differing)):
        swapped = {at for at, swap in zip(differing, taken, strict=True) if swap}
        text = "".join(other[at] if at in swapped else one[at] for at in range(len(one)))
        cost = -sum(costs[at] for at in swapped)
        found[text] = max(cost, found.get(text, -math.inf))
    return found

"""Digits in combs: a small network reads every cell; Tesseract is asked about doubtful ones only.

All written cells of a batch of pages go through the network in one call. What it isn't sure of is
shown to Tesseract, cell by cell, in one call as well, and the two opinions are taken together. Most
pages have no such cell, so that no process is started for their combs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scanform.model.reading import Alternative, CellReading, Crop, Reading
from scanform.model.scan import Pixels
from scanform.model.template import Field
from scanform.programs.tesseract import Character, Line
from scanform.recognise.combs import Comb, Glyph, alone, clean_comb
from scanform.recognise.digit_net import LABELS, chances, name
from scanform.recognise.outcomes import blank

DIGITS = LABELS
DOUBTFUL = 0.9
"""A cell with less is shown to Tesseract."""
LEAST = 0.35
"""A cell with less is not read at all."""
RIGHT_BY_SCORE: Sequence[tuple[float, float]] = ((0.9, 0.9), (0.8, 0.8), (0.6, 0.6), (0.0, 0.3))
"""Tesseract's score for a lone digit from which -> chance that it is right, where the network
doubts: such digits are hard for it too."""
BY_CHANCE = 0.1
"""How likely Tesseract is to say any one digit of what is none."""
ALTERNATIVES = 3
UNLIKELY = 5e-4
"""A digit of a cell that is less likely isn't told."""
DATED: Mapping[int, str] = {0: "0123", 2: "01", 4: "12", 5: "90"}
"""By cell of day, month and year (two, two and four) the digits that a date has there."""
ODD = 0.05
"""What another digit's chance counts there: people write the 5th into the first cell, too."""

ReadLines = Callable[[Sequence[Pixels], int, str], list[Line | None]]
"""Images, page segmentation mode and character set -> what was read in each."""
Figures = NDArray[np.float64]
"""Chances of 0 to 9 and of no character."""


class CombBatch:
    """Combs of digits, cut into characters crop by crop and named in one call, cell by cell."""

    def __init__(self, read_lines: ReadLines) -> None:
        self._read_lines = read_lines
        self._taken: list[tuple[Field, Comb]] = []

    def add(self, crop: Crop) -> None:
        self._taken.append((crop.field, clean_comb(crop)))

    def read(self) -> list[Reading]:
        combs = [comb for _, comb in self._taken]
        images = [glyph.image for comb in combs for glyph in comb.glyphs]
        given = chances(images).astype(np.float64)
        ends = np.cumsum([0, *(len(comb.glyphs) for comb in combs)])
        rows = [given[start:end] for start, end in pairwise(ends)]
        asked = _ask_again(combs, rows, self._read_lines)
        return [
            _reading(field, comb, _dated(field, comb, each), count)
            for (field, comb), each, count in zip(self._taken, rows, asked, strict=True)
        ]


def _dated(field: Field, comb: Comb, rows: Figures) -> Figures:
    """The chances, those of a date's digits by what a date can have: no month begins with a 7."""
    if field.kind != "date" or field.groups != (2, 2, 4):
        return rows
    weighed = rows.copy()
    for place, glyph in enumerate(comb.glyphs):
        likely = DATED.get(glyph.cell, DIGITS)
        weighed[place, [int(digit) for digit in DIGITS if digit not in likely]] *= ODD
    return np.asarray(weighed / weighed.sum(axis=1, keepdims=True))


def _ask_again(combs: Sequence[Comb], rows: Sequence[Figures], read_lines: ReadLines) -> list[int]:
    """Takes Tesseract's opinion into the doubtful cells' rows (changed); how many each comb had."""
    doubtful: list[tuple[int, int, Glyph]] = [
        (at, place, glyph)
        for at, comb in enumerate(combs)
        for place, glyph in enumerate(comb.glyphs)
        if rows[at][place, :10].max() < DOUBTFUL
    ]
    found = read_lines([alone(glyph) for *_, glyph in doubtful], 10, DIGITS) if doubtful else []
    for (at, place, _), line in zip(doubtful, found, strict=True):
        characters = [each for word in line.words for each in word.characters] if line else []
        if len(characters) == 1 and characters[0].text in DIGITS:
            rows[at][place] = _weighed(rows[at][place], characters[0])
    return [sum(where == at for where, *_ in doubtful) for at in range(len(combs))]


def _weighed(figures: Figures, said: Character) -> Figures:
    """The chances after Tesseract's word, by Bayes' rule."""
    right = next(chance for score, chance in RIGHT_BY_SCORE if said.score >= score)
    likely = np.full(figures.shape, (1.0 - right) / 9)
    likely[int(said.text)] = right
    likely[-1] = BY_CHANCE
    both = figures * likely
    return np.asarray(both / both.sum())


def _reading(field: Field, comb: Comb, rows: Figures, asked: int) -> Reading:
    if not comb.glyphs:
        return blank(name(), comb.faint, comb.share)
    cells = [CellReading("", 1.0)] * len(field.cells)
    for glyph, figures in zip(comb.glyphs, rows, strict=True):
        best, *rest = (int(each) for each in figures[:10].argsort()[::-1])
        others = tuple(
            Alternative(DIGITS[each], round(float(figures[each]), 6))
            for each in rest
            if figures[each] >= UNLIKELY
        )
        cells[glyph.cell] = CellReading(DIGITS[best], float(figures[best]), others)
    text = "".join(cell.text for cell in cells)
    score = min(cell.score for cell in cells if cell.text)
    measures = {
        "ink": comb.share,
        "looked_twice": float(asked),
        "no_character": float(rows[:, -1].max()),
    }
    if score < LEAST:
        guess = (Alternative(text, score),)
        return Reading("unreadable", None, 0.0, name(), guess, tuple(cells), measures)
    return Reading("read", text, score, name(), _others(text, rows), tuple(cells), measures)


def _others(text: str, rows: Figures) -> tuple[Alternative, ...]:
    """The whole number with one cell's digit taken for its runner-up, the likeliest first."""
    whole = float(np.prod(rows[:, :10].max(axis=1)))
    found: Mapping[str, float] = {}
    for place, figures in enumerate(rows):
        second, first = (int(each) for each in figures[:10].argsort()[-2:])
        other = text[:place] + DIGITS[second] + text[place + 1 :]
        found = {**found, other: whole * float(figures[second] / max(1e-9, figures[first]))}
    ranked = sorted(found.items(), key=lambda pair: -pair[1])[:ALTERNATIVES]
    return tuple(Alternative(other, score) for other, score in ranked if score >= 0.001)

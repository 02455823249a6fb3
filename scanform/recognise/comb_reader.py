"""Digits in combs: Tesseract, a small network and the digits' holes, taken together.

Tesseract reads all combs as lines in one call. It is fully confident of some mistakes (an italic 8
read as 6, a flat-topped 3 as 5), so each cell's digit is the one that all the evidence makes
likeliest, and its score is what the evidence leaves to the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from scanform.model.reading import Alternative, CellReading, Crop, Reading
from scanform.model.scan import Pixels
from scanform.programs.tesseract import Character, Line
from scanform.recognise.combs import Comb, Glyph, alone, as_line, clean_comb, holes
from scanform.recognise.digit_check import chances
from scanform.recognise.outcomes import blank, unreadable

DIGITS = "0123456789"
DOUBTFUL = 0.9
"""A cell with less is read once more, alone."""
LEAST = 0.35
"""A cell with less is not read at all."""
HOLES: Mapping[str, frozenset[int]] = MappingProxyType(
    {digit: frozenset({0}) for digit in "12357"}
    | {digit: frozenset({1}) for digit in "069"}
    | {"4": frozenset({0, 1}), "8": frozenset({2})}
)
"""How many holes each digit has."""
ODD_HOLES = 0.1
"""How much less likely a digit is when the character has other holes: strokes break and touch."""
RIGHT_BY_SCORE: Sequence[tuple[float, float]] = ((0.9, 0.985), (0.8, 0.95), (0.6, 0.8), (0.0, 0.5))
"""Tesseract's score for a digit from which -> chance that it is right."""

AGAIN = 0.4
"""Weight of Tesseract's second look: what misled it once may mislead it again."""

ReadLines = Callable[[Sequence[Pixels], int, str], list[Line | None]]
"""Images, page segmentation mode and character set -> what was read in each."""
Chances = NDArray[np.float64]
"""Chances of 0 to 9."""


def read_combs(crops: Sequence[Crop], reader: str, read_lines: ReadLines) -> list[Reading]:
    """The digits of each comb: all combs as lines in one call, doubtful cells in another."""
    combs = [clean_comb(crop) for crop in crops]
    laid = [as_line(comb.glyphs) if comb.glyphs else None for comb in combs]
    images = [each[0] for each in laid if each]
    found = iter(read_lines(images, 7, DIGITS) if images else ())
    evidence = [_by_shape(comb) for comb in combs]
    missed: list[set[int]] = []
    failed = set()
    for at, (comb, each) in enumerate(zip(tuple(combs), laid, strict=True)):
        line = next(found) if each else None
        read = _place(comb, each[1], line) if each and line else {}
        _weigh(evidence[at], read)
        missed.append({glyph.cell for glyph in comb.glyphs} - set(read))
        if each and line is None:
            failed.add(at)
            combs[at] = Comb((), False, comb.share)
    again = _read_again(combs, evidence, missed, read_lines)
    return [
        _reading(crops[at], comb, evidence[at], again[at], reader)
        if at not in failed
        else unreadable(reader, comb.share)
        for at, comb in enumerate(combs)
    ]


def _by_shape(comb: Comb) -> dict[int, Chances]:
    """Each written cell's digit by its shape: the network's chances and the holes."""
    known = {}
    given = chances([glyph.image for glyph in comb.glyphs])
    for glyph, row in zip(comb.glyphs, given, strict=True):
        count = holes(glyph.image)
        fits = np.array([1.0 if count in HOLES[digit] else ODD_HOLES for digit in DIGITS])
        known[glyph.cell] = _whole(np.clip(row.astype(np.float64), 1e-3, 1.0) * fits)
    return known


def _whole(figures: Chances) -> Chances:
    return np.asarray(figures / figures.sum())


def _weigh(known: dict[int, Chances], read: Mapping[int, Character], weight: float = 1.0) -> None:
    """Takes Tesseract's digits into what is known of each cell."""
    for cell, character in read.items():
        if character.text in DIGITS:
            right = next(chance for score, chance in RIGHT_BY_SCORE if character.score >= score)
            said = np.full(10, (1.0 - right) / 9)
            said[int(character.text)] = right
            known[cell] = _whole(known[cell] * said**weight)


def _place(comb: Comb, spans: list[tuple[int, int]], line: Line) -> dict[int, Character]:
    """The characters of a line by the cell in whose span their middle lies."""
    every = [each for word in line.words for each in word.characters]
    if len(every) == len(comb.glyphs):
        # As many as were written: their order is surer than their places.
        return {glyph.cell: one for glyph, one in zip(comb.glyphs, every, strict=True)}
    found: dict[int, list[Character]] = {}
    for each in every:
        middle = (each.left + each.right) / 2
        at = min(range(len(spans)), key=lambda i: _away(spans[i], middle))
        found.setdefault(at, []).append(each)
    return {comb.glyphs[at].cell: each[0] for at, each in found.items() if len(each) == 1}


def _away(span: tuple[int, int], middle: float) -> float:
    return max(span[0] - middle, middle - span[1], 0.0)


def _read_again(
    combs: Sequence[Comb],
    evidence: Sequence[dict[int, Chances]],
    missed: Sequence[set[int]],
    read_lines: ReadLines,
) -> list[int]:
    """Reads the doubtful and the missed cells alone, in one call; how many each comb had."""
    again: list[tuple[int, Glyph]] = [
        (at, glyph)
        for at, comb in enumerate(combs)
        for glyph in comb.glyphs
        if evidence[at][glyph.cell].max() < DOUBTFUL or glyph.cell in missed[at]
    ]
    found = read_lines([alone(glyph) for _, glyph in again], 10, DIGITS) if again else []
    for (at, glyph), line in zip(again, found, strict=True):
        characters = [each for word in line.words for each in word.characters] if line else []
        if len(characters) == 1:
            _weigh(evidence[at], {glyph.cell: characters[0]}, AGAIN)
    return [sum(where == at for where, _ in again) for at in range(len(combs))]


def _reading(
    crop: Crop, comb: Comb, known: Mapping[int, Chances], looked: int, reader: str
) -> Reading:
    if not comb.glyphs:
        return blank(reader, comb.faint, comb.share)
    cells = [CellReading("", 1.0)] * len(crop.field.cells)
    for cell, figures in known.items():
        best = int(figures.argmax())
        cells[cell] = CellReading(DIGITS[best], float(figures[best]))
    text = "".join(cell.text for cell in cells)
    score = min(cell.score for cell in cells if cell.text)
    measures = {"ink": comb.share, "looked_twice": float(looked)}
    if score < LEAST:
        guess = (Alternative(text, score),)
        return Reading("unreadable", None, 0.0, reader, guess, tuple(cells), measures)
    return Reading("read", text, score, reader, (), tuple(cells), measures)

"""From confirmed combs to characters to learn from: which digit stands in which cell, and what is
none. Running this needs neither PyTorch nor the extra ``learn``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanform.model.reading import Crop
from scanform.model.template import Field
from scanform.recognise.combs import clean_comb
from scanform.recognise.digit_net import NO_CHARACTER, prepared

DATE = (2, 2, 4)
"""Cells of day, month and year."""
_ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A written cell of a form: its ink as the network takes it, and what stands there (0 to 9, or
    ``NO_CHARACTER`` for what was struck out or is no writing)."""

    form: str
    image: NDArray[np.float32]
    label: int


def cells_in(crop: Crop, form: str, value: str | None) -> Iterator[Cell]:
    """The cells of a comb of which a person's ``value`` says for certain what stands in them. All
    ink is none of any digit's where he said that the field is blank."""
    glyphs = clean_comb(crop).glyphs
    told = labels(crop.field, value, [each.cell for each in glyphs])
    for each in glyphs:
        if each.cell in told:
            yield Cell(form, prepared(each.image), told[each.cell])


def labels(field: Field, value: str | None, written: Sequence[int]) -> dict[int, int]:
    """By written cell what stands there; cells are left out of which the value doesn't say it.

    >>> from types import SimpleNamespace as Field
    >>> comb = Field(kind="date", cells=range(8), groups=(2, 2, 4))
    >>> labels(comb, "1985-06-05", [1, 2, 3, 4, 5, 6, 7])
    {1: 5, 2: 0, 3: 6, 4: 1, 5: 9, 6: 8, 7: 5}
    """
    if value is None:
        return dict.fromkeys(written, NO_CHARACTER)
    if field.kind == "date":
        return _of_date(field, value, written)
    return _of_number(value, range(len(field.cells)), written)


def _of_date(field: Field, value: str, written: Sequence[int]) -> dict[int, int]:
    found = _ISO.fullmatch(value)
    groups = field.groups or DATE
    if found is None or len(groups) != len(DATE):
        return {}
    year, month, day = (each or "" for each in found.groups())
    told: dict[int, int] = {}
    start = 0
    for part, size in zip((day, month, year), groups, strict=True):
        cells = range(start, start + size)
        start += size
        mine = [cell for cell in written if cell in cells]
        # The 5th is written 05 or 5.
        short = part.startswith("0") and len(mine) == 1
        told |= _of_number(part.lstrip("0") if short else part, cells, mine)
    return told


def _of_number(digits: str, cells: range, written: Sequence[int]) -> dict[int, int]:
    """Digits in these cells, one a cell: all cells full, or as many written as there are digits."""
    if not digits.isdecimal() or not digits.isascii():
        return {}
    if len(digits) == len(cells):
        return {cell: int(digits[cell - cells.start]) for cell in written}
    if len(digits) == len(written) and [*written] == [*range(written[0], written[-1] + 1)]:
        return {cell: int(digit) for cell, digit in zip(written, digits, strict=True)}
    return {}

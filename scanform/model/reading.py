"""What a reader saw in a region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from scanform.model.geometry import Box
from scanform.model.scan import Pixels
from scanform.model.template import Field

Outcome = Literal["read", "blank", "unreadable"]


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A field's region cut from a sheet, with some margin, and the same cut of the empty form.

    Both images have the same size and the sheet's resolution; ``area`` is what they cover, in
    millimetres on the page, so ``field.cells`` and ``field.options`` can be found in them.
    """

    field: Field
    area: Box
    pixels: Pixels
    blank: Pixels


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another way to read it, with the reader's score (0..1)."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Said:
    """What one of several readers read by itself, with its own score (0..1)."""

    reader: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class CellReading:
    """One cell of a comb: its character (empty: nothing written), the reader's score, and what else
    it may be, the likeliest first."""

    text: str
    score: float
    others: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader's raw result for one crop, kept as it was.

    ``text`` is what was read (for a choice the option's value, for presence ``present`` or
    ``absent``); None unless ``outcome`` is ``read``. ``score`` is the reader's own figure, 0..1,
    not yet a chance of being right: that is ``Answer.confidence``. ``measures`` holds raw figures
    (fill ratios, ink shares) so a later threshold needs no second reading; ``said`` is each
    reader's own text where several read the crop.
    """

    outcome: Outcome
    text: str | None
    score: float
    reader: str
    alternatives: tuple[Alternative, ...] = ()
    cells: tuple[CellReading, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict)
    said: tuple[Said, ...] = ()

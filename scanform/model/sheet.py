"""A table that comes back: rows of cells, each with where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CellSort = Literal["typed", "masked", "damaged", "formula"]
"""What stands in a cell: a text, a pseudonym, something that was one, or a formula."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a field's column; ``column`` is its heading."""

    field: str
    column: str
    text: str
    sort: CellSort = "typed"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A record's row. ``number`` is as a spreadsheet counts them, the heading being 1;
    ``version`` is None where no number stands."""

    number: int
    record: str
    version: int | None
    cells: tuple[Cell, ...]

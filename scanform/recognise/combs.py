"""From a comb to the characters in its cells. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import Box
from scanform.model.reading import Crop
from scanform.model.scan import Pixels
from scanform.recognise.ink import (
    Ink,
    Labels,
    Piece,
    is_streak,
    is_substantial,
    mask_of,
    own_ink,
    part_of,
    pieces,
    without_residue,
)
from scanform.recognise.lines import PAD, as_image

TALL = 34
"""Height in pixels to which the tallest character is scaled."""
EDGE_MM = 0.6
"""So near to a cell's edge lies what may be left of its printed line."""
THIN_MM = 0.5
JOINED = 1.2
"""Ink this many times as wide as a cell is two characters that touch."""
PART = 0.25
"""Each of them has at least this share of the ink."""
CUT_MM = 0.5
"""They are parted where the ink is thinnest, this near to the line between their cells."""


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """A written cell: which one, and its character dark on white, tightly cut."""

    cell: int
    image: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Comb:
    """The written cells, left to right. ``faint``: cells with something too light to be sure."""

    glyphs: tuple[Glyph, ...]
    faint: bool
    share: float


def clean_comb(crop: Crop) -> Comb:
    """Each cell's own ink; a piece of ink belongs to the cell that holds its middle."""
    ink = own_ink(crop)
    found, labels = _parted(crop, ink)
    by_cell = _by_cell(crop, ink, without_residue(found, labels, ink.form))
    glyphs = []
    for cell, mine in sorted(by_cell.items()):
        own = _without_edges(mine, labels, crop, ink.scale, crop.field.cells[cell])
        if any(is_substantial(piece, ink.scale) for piece in own):
            glyphs.append(Glyph(cell, _cut(ink, labels, own)))
    return Comb(tuple(glyphs), False, float(ink.mask.mean()))


def _parted(crop: Crop, ink: Ink) -> tuple[list[Piece], Labels]:
    """The pieces of ink, cut between cells where characters of neighbouring cells touch."""
    found, labels = pieces(ink.mask)
    mask = ink.mask
    for piece in found:
        wide = [c for c in crop.field.cells if piece.width >= JOINED * c.w * ink.scale]
        for edge in ((cell.right - crop.area.x) * ink.scale - piece.left for cell in wide):
            own = labels[piece.top : piece.bottom, piece.left : piece.right] == piece.label
            columns = own.sum(axis=0)
            reach = round(CUT_MM * ink.scale)
            low, high = max(1, round(edge) - reach), min(piece.width - 1, round(edge) + reach)
            if low >= high:
                continue
            at = low + int(columns[low:high].argmin())
            if min(columns[:at].sum(), columns[at:].sum()) >= PART * piece.area:
                mask = mask.copy()
                column = mask[piece.top : piece.bottom, piece.left + at]
                column[own[:, at]] = False
    return (found, labels) if mask is ink.mask else pieces(mask)


def _by_cell(crop: Crop, ink: Ink, found: list[Piece]) -> dict[int, list[Piece]]:
    by_cell: dict[int, list[Piece]] = {}
    cells = [cell.grown(0.3) for cell in crop.field.cells]
    for piece in found:
        if piece.area < 5 or is_streak(piece, ink.mask.shape, ink.scale):
            continue
        x, y = crop.area.x + piece.x / ink.scale, crop.area.y + piece.y / ink.scale
        for at, inside in enumerate(cells):
            if inside.x <= x < inside.right and inside.y <= y < inside.bottom:
                by_cell.setdefault(at, []).append(piece)
                break
    return by_cell


def _without_edges(
    mine: list[Piece], labels: NDArray[Any], crop: Crop, scale: float, cell: Box
) -> list[Piece]:
    """The pieces without what is left of the cell's printed lines, where the blank wasn't laid
    quite on them: thin pieces along an edge, apart from the character, and corners and frames."""
    main = max((p for p in mine if not _is_frame(p, labels, crop, scale, cell)),
               key=lambda piece: piece.area, default=None)  # fmt: skip
    if main is None:
        return mine

    def is_edge(piece: Piece) -> bool:
        x, y = crop.area.x + piece.x / scale, crop.area.y + piece.y / scale
        thin = THIN_MM * scale
        if piece.width <= thin and 3 * piece.width < piece.height:
            beside = piece.right <= main.left + 1 or piece.left >= main.right - 1
            return beside and min(abs(x - cell.x), abs(cell.right - x)) < EDGE_MM
        if piece.height <= thin and 3 * piece.height < piece.width:
            beyond = piece.bottom <= main.top + 1 or piece.top >= main.bottom - 1
            return beyond and min(abs(y - cell.y), abs(cell.bottom - y)) < EDGE_MM
        return _is_frame(piece, labels, crop, scale, cell)

    return [piece for piece in mine if piece is main or not is_edge(piece)]


def _is_frame(piece: Piece, labels: NDArray[Any], crop: Crop, scale: float, cell: Box) -> bool:
    """Whether a piece runs along two or more of the cell's edges and nowhere else."""
    if piece.width < 0.6 * cell.w * scale or piece.height < 0.6 * cell.h * scale:
        return False
    inner = part_of(labels, crop.area, cell.grown(-EDGE_MM), scale)
    return int(np.count_nonzero(inner == piece.label)) < 0.15 * piece.area


def _cut(ink: Ink, labels: NDArray[Any], mine: list[Piece]) -> Pixels:
    main = max(mine, key=lambda piece: piece.area)
    # Specks far from the character are dirt; parts of a broken stroke lie near it.
    near = [
        piece
        for piece in mine
        if piece is main or piece.area > 0.06 * main.area or is_substantial(piece, ink.scale)
    ]
    left, right = min(p.left for p in near), max(p.right for p in near)
    top, bottom = min(p.top for p in near), max(p.bottom for p in near)
    part = np.s_[top:bottom, left:right]
    own = cv2.dilate(mask_of(labels[part], near).view(np.uint8), np.ones((3, 3), np.uint8))
    return as_image(np.where(own, ink.darkness[part], 0.0))


def alone(glyph: Glyph) -> Pixels:
    """One character with a white border, at the height of ``TALL``."""
    image = _scaled(glyph.image, TALL / glyph.image.shape[0])
    return np.asarray(
        cv2.copyMakeBorder(image, PAD, PAD, PAD, PAD, cv2.BORDER_CONSTANT, value=255), np.uint8
    )


def _scaled(image: Pixels, factor: float) -> Pixels:
    factor = min(3.0, max(0.3, factor))
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=how), np.uint8)

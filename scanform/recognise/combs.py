"""From a comb to the characters in its cells, and one clean line made of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.reading import Crop
from scanform.model.scan import Pixels
from scanform.recognise.ink import (
    Ink,
    Piece,
    is_streak,
    is_substantial,
    own_ink,
    pieces,
    without_residue,
)
from scanform.recognise.lines import PAD

TALL = 34
"""Height in pixels to which the tallest character is scaled."""
GAP = 0.45
"""White between two characters, as a share of ``TALL``."""


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
    found, labels = pieces(ink.mask)
    by_cell = _by_cell(crop, ink, without_residue(found, labels, ink.form))
    glyphs = []
    for cell, mine in sorted(by_cell.items()):
        if any(is_substantial(piece, ink.scale) for piece in mine):
            glyphs.append(Glyph(cell, _cut(ink, labels, mine)))
    return Comb(tuple(glyphs), False, float(ink.mask.mean()))


def _by_cell(crop: Crop, ink: Ink, found: list[Piece]) -> dict[int, list[Piece]]:
    by_cell: dict[int, list[Piece]] = {}
    cells = crop.field.cells
    for piece in found:
        if piece.area < 5 or is_streak(piece, ink.mask.shape, ink.scale):
            continue
        x, y = crop.area.x + piece.x / ink.scale, crop.area.y + piece.y / ink.scale
        for at, cell in enumerate(cells):
            inside = cell.grown(0.3)
            if inside.x <= x < inside.right and inside.y <= y < inside.bottom:
                by_cell.setdefault(at, []).append(piece)
                break
    return by_cell


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
    own = np.isin(labels[top:bottom, left:right], [piece.label for piece in near])
    own = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    dark = np.where(own, ink.darkness[top:bottom, left:right], 0.0)
    peak = max(0.3, float(np.percentile(dark[dark > 0.2], 90)) if np.any(dark > 0.2) else 1.0)
    return (255.0 * (1.0 - np.clip(dark / peak, 0.0, 1.0))).astype(np.uint8)


def as_line(glyphs: tuple[Glyph, ...]) -> tuple[Pixels, list[tuple[int, int]]]:
    """The characters on one line, evenly spaced, and where each begins and ends in pixels."""
    tallest = float(np.median(sorted(glyph.image.shape[0] for glyph in glyphs)))
    scaled = [_scaled(glyph.image, TALL / tallest) for glyph in glyphs]
    gap = round(GAP * TALL)
    height = max(image.shape[0] for image in scaled)
    width = sum(image.shape[1] for image in scaled) + gap * (len(scaled) - 1)
    line = np.full((height + 2 * PAD, width + 2 * PAD), 255, np.uint8)
    spans = []
    x = PAD
    for image in scaled:
        y = PAD + height - image.shape[0]
        line[y : y + image.shape[0], x : x + image.shape[1]] = image
        spans.append((x, x + image.shape[1]))
        x += image.shape[1] + gap
    return line, spans


def holes(image: Pixels) -> int:
    """How many holes a character has: 8 has two, 0, 4, 6 and 9 may have one, the others none.

    Holes smaller than a hundredth of the character's box are breaks of the ink.
    """
    ink = np.pad((image < 128).astype(np.uint8), 1)
    count, _, stats, _ = cv2.connectedComponentsWithStats(1 - ink, connectivity=4)
    least = max(4.0, 0.01 * image.size)
    outside = 1  # the white around the character is one piece, as the border is white
    return sum(int(stats[at][cv2.CC_STAT_AREA]) >= least for at in range(1, count)) - outside


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

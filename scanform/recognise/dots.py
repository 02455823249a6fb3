"""Dots that a person wrote on a dotted line: the mark below ạ, ợ or ệ, a full stop. Pure.

Writing sits on the dotted line, so a mark below a letter often falls right on one of its dots. A
pen's dot is larger and darker than the printed ones beside it, and that tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Darkness = NDArray[np.float32]
Mask = NDArray[np.bool_]

DOT_MM = 0.6
"""A printed dot is at most this large."""
FEWEST = 12
"""Printed dots that make a dotted line."""
LARGEST_MM = 1.1
"""A written dot is at most this large."""
REACH_MM = 0.17
"""How far a printed dot may be smeared in a scan."""
HEAVIER = 2.0
"""A dot with this many times the ink of the printed ones beside it is written."""
MAYBE = 1.35
"""From this many times it may be."""


@dataclass(frozen=True, slots=True, eq=False)
class Dots:
    """``mask``: the written dots; ``unsure``: how many more may be written."""

    mask: Mask
    unsure: int


def written_dots(darkness: Darkness, limit: float, printed: Mask, scale: float) -> Dots:
    """The dots on the form's dotted lines that are heavier than those lines' own.

    ``limit`` is the darkness from which a pixel is ink, ``printed`` where the form is printed,
    ``scale`` pixels a millimetre.
    """
    mask = np.zeros_like(printed)
    leader = _leader_dots(printed, scale)
    if leader is None:
        return Dots(mask, 0)
    reach = max(1, round(REACH_MM * scale))
    # Only the strip around the dotted line is looked at: the rest of the crop is many times larger.
    rows = np.flatnonzero(leader.any(axis=1))
    margin = reach + round(LARGEST_MM * scale) + 2
    strip = slice(max(0, int(rows[0]) - margin), int(rows[-1]) + margin + 1)
    darkness, leader = darkness[strip], leader[strip]
    usual = _usual_mass(darkness, leader, reach)
    # An own threshold: what is blurred to half of a printed dot is still compared with all of it.
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2)
    zone = cv2.dilate((leader > 0).astype(np.uint8), kernel) > 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (darkness > limit).astype(np.uint8), None, None, None, 8, cv2.CV_32S
    )
    touching = np.bincount(labels[zone], minlength=count)
    mass = np.bincount(labels.ravel(), darkness.ravel(), minlength=count)
    unsure = 0
    for at in np.flatnonzero(touching[1:]) + 1:
        wide, high = int(stats[at, cv2.CC_STAT_WIDTH]), int(stats[at, cv2.CC_STAT_HEIGHT])
        if max(wide, high) > LARGEST_MM * scale or min(wide, high) < 0.15 * scale:
            continue
        # Half of a dot beside a printed one is a dot that joins it, never two of them.
        if max(wide, high) > 2.2 * min(wide, high):
            continue
        if mass[at] >= HEAVIER * usual:
            mask[strip] |= labels == at
        elif mass[at] >= MAYBE * usual:
            unsure += 1
    return Dots(mask, unsure)


def _leader_dots(printed: Mask, scale: float) -> NDArray[np.int32] | None:
    """The labels of the printed dots; None where there is no dotted line."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        printed.astype(np.uint8), None, None, None, 8, cv2.CV_32S
    )
    longer = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    small = longer <= DOT_MM * scale
    small[0] = False
    if np.count_nonzero(small) < FEWEST:
        return None
    return np.asarray(np.where(small[labels], labels, 0), np.int32)


def _usual_mass(darkness: Darkness, leader: NDArray[np.int32], reach: int) -> float:
    """The usual sum of darkness around one printed dot in the scan."""
    size = 2 * reach + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    around = cv2.dilate(leader.astype(np.float32), kernel).astype(np.int32)
    mass = np.bincount(around.ravel(), np.where(darkness > 0.06, darkness, 0.0).ravel())
    return float(np.median(mass[np.flatnonzero(np.bincount(leader.ravel()))[1:]]))

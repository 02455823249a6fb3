"""What a person wrote, apart from what is printed on the form. Pure functions on arrays.

Darkness is 0 for paper and 1 for black; masks are boolean arrays of the crop's size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import Box
from scanform.model.reading import Crop
from scanform.model.scan import Pixels
from scanform.recognise.dots import written_dots

Darkness = NDArray[np.float32]
Mask = NDArray[np.bool_]

REACH_MM = 0.3
"""How far printed ink may lie from where the registered blank has it."""
PRINTED = 0.25
"""Darkness from which the blank counts as printed."""
RESIDUE = 0.7
"""A piece that lies on the form's own print by this share is what is left of that print."""
NO_RED = 30
"""A crop whose reddest pixel has less red over blue and green than this has no red ink."""
FAINTEST = 0.22
"""Darkness from which a scan's pixel may be ink."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """Own ink of a crop: ``darkness`` with the form taken out, ``mask`` of what is ink, and
    ``scale`` in pixels a millimetre. ``form`` is where the form itself is printed, ``red`` the
    darkness of coloured (stamp) ink alone. ``unsure_dots`` counts dots on a dotted line that may be
    written."""

    darkness: Darkness
    mask: Mask
    form: Mask
    red: Darkness
    scale: float
    unsure_dots: int = 0


def grey_of(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))


def split_red(pixels: Pixels) -> tuple[Pixels, Darkness]:
    """The grey image without red ink, and the darkness of the red ink (height x width).

    In the red channel a red stamp is as bright as paper while blue and black writing stay dark;
    it is used only where the ink is red, so that all other ink keeps its grey.
    """
    if pixels.ndim == 2:
        return pixels, np.zeros(pixels.shape, np.float32)
    grey = grey_of(pixels)
    channels = cv2.split(cv2.GaussianBlur(pixels, (5, 5), 1.0))
    reddest = cv2.subtract(channels[2], cv2.max(channels[0], channels[1])).max()
    if reddest < NO_RED:
        return grey, np.zeros(grey.shape, np.float32)
    blue, green, red = (channel.astype(np.float32) for channel in channels)
    redness = np.clip((red - np.maximum(blue, green) - 25.0) / 40.0, 0.0, 1.0)
    lighter = np.maximum(grey, pixels[..., 2].astype(np.float32))
    mixed = grey * (1.0 - redness) + lighter * redness
    # Measured by the darker channels: pure red is bright in grey.
    dark = 1.0 - np.minimum(blue, green) / 255.0
    return mixed.astype(np.uint8), (redness * dark).astype(np.float32)


def darkness_of(grey: Pixels, reach: int) -> Darkness:
    """Darkness beside the paper around; paper is the brightest within ``reach`` pixels, so a
    shadow, a fold or grey paper leave it as it is."""
    size = max(3, reach | 1)
    around = cv2.copyMakeBorder(grey, size, size, size, size, cv2.BORDER_REFLECT)
    small = cv2.resize(around, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    kernel = np.ones((max(3, (size // 4) | 1),) * 2, np.uint8)
    paper = cv2.blur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), kernel.shape)
    paper = cv2.resize(paper, around.shape[::-1], interpolation=cv2.INTER_LINEAR)
    paper = paper[size:-size, size:-size].astype(np.float32)
    paper = np.maximum(paper, 40.0)
    return np.asarray(np.clip((paper - grey) / paper, 0.0, 1.0), np.float32)


def threshold_of(darkness: Darkness) -> float:
    """The darkness from which a pixel is ink: above the paper's noise, half of the ink's own.

    Noise is told by the median absolute deviation of the lighter pixels.
    """
    darkness = darkness[::2, ::2]  # a quarter of the pixels tells as much
    light = darkness[darkness < 0.15]
    noise = float(np.median(np.abs(light - np.median(light)))) * 1.48 if light.size else 0.0
    dark = darkness[darkness > FAINTEST]
    ink = float(np.percentile(dark, 90)) if dark.size > 20 else 0.0
    return max(FAINTEST, 4.0 * noise, 0.42 * ink)


def own_ink(crop: Crop, keep_red: bool = False) -> Ink:
    """The crop's ink without the form's lines, borders, dotted leaders and captions.

    ``keep_red`` keeps coloured ink: for a stamp or a red mark it is what is looked for.
    """
    scale = crop.pixels.shape[1] / crop.area.w
    grey, red = split_red(crop.pixels)
    if keep_red:
        grey = grey_of(crop.pixels)
    darkness = darkness_of(grey, round(4.0 * scale))
    if not keep_red and _only_red(darkness, red):
        darkness = darkness_of(grey_of(crop.pixels), round(4.0 * scale))
    printed = 1.0 - grey_of(crop.blank).astype(np.float32) / 255.0
    printed = _shifted(printed, darkness, round(REACH_MM * scale))
    limit = threshold_of(darkness)
    ink = darkness > limit
    form = grown(printed > PRINTED, max(1, round(0.17 * scale)))
    dots = written_dots(darkness, limit, printed > PRINTED, scale)
    form &= ~dots.mask
    kept = (ink & ~form) | _crossing(ink, printed > PRINTED, form, scale)
    near = grown(kept, 1) & ~form | grown(kept & form, 1)
    clean = np.where(near | ((darkness <= limit) & ~form), darkness, 0.0).astype(np.float32)
    mask = np.asarray(kept & (clean > limit))
    return Ink(clean, mask, form, red, scale, dots.unsure)


def _only_red(darkness: Darkness, red: Darkness) -> bool:
    """Whether the writing itself is red: next to no other ink, and red ink in lines."""
    other = int(np.count_nonzero(darkness > 0.35))
    inked = int(np.count_nonzero(red > 0.35))
    return inked > 150 and other < inked * 0.05


def _shifted(printed: Darkness, darkness: Darkness, reach: int) -> Darkness:
    """The blank moved by up to ``reach`` pixels to where its lines lie in the scan."""
    height, width = printed.shape
    if reach < 1 or height <= 4 * reach or width <= 4 * reach or printed.max() < PRINTED:
        return printed
    inner = printed[reach:-reach, reach:-reach]
    if np.count_nonzero(inner > PRINTED) < 40:
        return printed
    fit = cv2.matchTemplate(darkness, inner, cv2.TM_CCORR)
    ys, xs = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    # Writing that happens to lie beside a line must not pull the line away for nothing.
    fit = fit * (1.0 - 0.02 * np.hypot(xs, ys))
    _, _, _, (x, y) = cv2.minMaxLoc(fit)
    moved = np.array([[1, 0, x - reach], [0, 1, y - reach]], np.float32)
    return np.asarray(cv2.warpAffine(printed, moved, (width, height)), np.float32)


def grown(mask: Mask, pixels: int) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1,) * 2)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)


def _open(mask: Mask, width: int, height: int) -> Mask:
    kernel = np.ones((height, width), np.uint8)
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel) > 0)


def _crossing(ink: Mask, printed: Mask, form: Mask, scale: float) -> Mask:
    """Ink on the form's lines that belongs to strokes across them.

    A line is thin across its direction: what is much longer across it than the line is thick is
    a stroke that crosses it or stands on it, and is kept.
    """
    long = round(2.5 * scale)
    gap = round(1.0 * scale)
    thickest = round(0.7 * scale)
    kept = np.zeros_like(ink)
    for lying in (True, False):
        bridge = np.ones((1, gap) if lying else (gap, 1), np.uint8)
        joined = cv2.morphologyEx(printed.astype(np.uint8), cv2.MORPH_CLOSE, bridge) > 0
        joined &= ~_open(joined, thickest, thickest)  # words and blots are no lines
        lines = _open(joined, long, 1) if lying else _open(joined, 1, long)
        if not lines.any():
            continue
        zone = grown(lines, max(1, round(0.17 * scale)))
        thick = max(_thickness(lines, lying), _scanned_thickness(ink & zone, lines, lying))
        thick += round(0.28 * scale)
        strokes = _open(ink, 1, thick) if lying else _open(ink, thick, 1)
        other = _open(joined, 1, long) if lying else _open(joined, long, 1)
        # Where lines of both directions meet there is no telling; nothing is kept there.
        kept |= zone & form & strokes & ~grown(other, max(1, round(0.25 * scale)))
    return kept


def _thickness(lines: Mask, lying: bool) -> int:
    """Usual thickness in pixels of lines of one direction."""
    runs = lines.sum(axis=0 if lying else 1)
    edges = np.abs(np.diff(lines.astype(np.int8), axis=0 if lying else 1)).sum(
        axis=0 if lying else 1
    )
    count = np.maximum(1, (edges + 1) // 2)
    some = runs > 0
    return max(1, round(float(np.median(runs[some] / count[some])))) if some.any() else 1


def _scanned_thickness(ink: Mask, lines: Mask, lying: bool) -> int:
    """How thick the lines came out in the scan: blur and a dark threshold make them thicker.

    Writing crosses a line in fewer places than it leaves free, so the median is the line's own.
    """
    axis = 0 if lying else 1
    edges = np.abs(np.diff(lines.astype(np.int8), axis=axis)).sum(axis=axis)
    count = np.maximum(1, (edges + 1) // 2)
    runs = (ink.sum(axis=axis) / count)[lines.any(axis=axis)]
    return round(float(np.percentile(runs, 60))) if runs.size else 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A connected piece of ink: its label, bounding box in pixels, area and centre."""

    label: int
    left: int
    top: int
    width: int
    height: int
    area: int
    x: float
    y: float

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height


def pieces(mask: Mask) -> tuple[list[Piece], NDArray[np.int32]]:
    """The connected pieces of a mask and the image of their labels."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), None, None, None, 8, cv2.CV_32S
    )
    found = [
        Piece(label, *(int(figure) for figure in stats[label]), *map(float, centres[label]))
        for label in range(1, count)
    ]
    return found, np.asarray(labels)


def without_residue(found: list[Piece], labels: NDArray[np.int32], form: Mask) -> list[Piece]:
    """The pieces without those that are what is left of the form's own print."""
    on_form = np.bincount(labels[form], minlength=len(found) + 1)
    return [piece for piece in found if on_form[piece.label] < RESIDUE * piece.area]


def is_substantial(piece: Piece, scale: float) -> bool:
    """Whether a piece of ink is a stroke: no speck, no residue of a line."""
    longer, shorter = max(piece.width, piece.height), min(piece.width, piece.height)
    if longer < 1.0 * scale or piece.area < 0.1 * scale * scale:
        return False
    flat = piece.height < 0.35 * scale and piece.width > 6 * piece.height
    return not flat and shorter >= 0.1 * scale


def is_streak(piece: Piece, shape: tuple[int, ...], scale: float) -> bool:
    """Whether a piece is a thin line right across the crop: a fold or a scanner's streak."""
    tall = piece.height >= 0.97 * shape[0] and piece.width < 0.7 * scale
    wide = piece.width >= 0.97 * shape[1] and piece.height < 0.7 * scale
    return (tall and shape[0] > 3 * scale) or wide


def part_of(array: NDArray[Any], area: Box, box: Box, scale: float) -> NDArray[Any]:
    """The part of a crop's array that covers ``box`` (millimetres on the page)."""
    left, top = round((box.x - area.x) * scale), round((box.y - area.y) * scale)
    right, bottom = round((box.right - area.x) * scale), round((box.bottom - area.y) * scale)
    return array[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]

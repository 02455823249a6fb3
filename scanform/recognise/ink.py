"""What a person wrote, apart from what is printed on the form. Pure functions on arrays.

Inside, darkness is a byte, 0 for paper and 255 for black, and masks hold 0 and 1 in bytes: OpenCV
works on sixteen and more of them at once. What is handed on (``Ink``) is darkness from 0 to 1 and
boolean masks, of the crop's size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import Box
from scanform.model.reading import Crop
from scanform.model.scan import Pixels
from scanform.recognise.dots import written_dots
from scanform.recognise.form_print import Bits, FormPrint, Rules, dilated, form_print

PAPER_MM = 4.0
"""Next to writing there is paper within this distance."""

Darkness = NDArray[np.float32]
Mask = NDArray[np.bool_]
Labels = NDArray[np.uint16]
T = TypeVar("T", bound=np.generic)

RESIDUE = 0.7
"""A piece that lies on the form's own print by this share is what is left of that print."""
NO_RED = 30
"""A crop whose reddest spot has less red over blue and green than this has no red ink."""
DARKEST_PAPER = 40
"""Paper is taken to be no darker (0..255): all that is darker is ink."""
FAINTEST = 0.22
"""Darkness from which a scan's pixel may be ink."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """Own ink of a crop, which was moved onto its blank: ``darkness`` with the form taken out,
    ``mask`` of what is ink, and ``scale`` in pixels a millimetre. ``form`` is where the form
    itself is printed, ``shift`` by how many pixels (down, across) the crop lay off its blank.
    ``unsure_dots`` counts dots on a dotted line that may be written."""

    darkness: Darkness
    mask: Mask
    form: Mask
    scale: float
    shift: tuple[int, int]
    unsure_dots: int = 0


def grey_of(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))


def split_red(pixels: Pixels) -> tuple[Pixels, Darkness | None]:
    """The grey image without red ink, and the darkness of the red ink (height x width); None where
    there is none.

    In the red channel a red stamp is as bright as paper while blue and black writing stay dark;
    it is used only where the ink is red, so that all other ink keeps its grey.
    """
    grey = grey_of(pixels)
    if pixels.ndim == 2 or not _may_have_red(pixels):
        return grey, None
    channels = cv2.split(cv2.GaussianBlur(pixels, (5, 5), 1.0))
    reddest = cv2.subtract(channels[2], cv2.max(channels[0], channels[1])).max()
    if reddest < NO_RED:
        return grey, None
    blue, green, red = (channel.astype(np.float32) for channel in channels)
    redness = np.clip((red - np.maximum(blue, green) - 25.0) / 40.0, 0.0, 1.0)
    lighter = np.maximum(grey, pixels[..., 2].astype(np.float32))
    mixed = grey * (1.0 - redness) + lighter * redness
    # Measured by the darker channels: pure red is bright in grey.
    dark = 1.0 - np.minimum(blue, green) / 255.0
    return mixed.astype(np.uint8), (redness * dark).astype(np.float32)


def _may_have_red(pixels: Pixels) -> bool:
    """A quick look at every other pixel each way: no stroke is thinner, and without the blur that
    follows red is redder."""
    some = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_NEAREST)
    blue, green, red = cv2.split(some)
    return int(cv2.subtract(red, cv2.max(blue, green)).max()) >= NO_RED


def _quarter(pixels: Pixels) -> Pixels:
    """Means of four by four pixels; a whole number of them, which OpenCV does far faster."""
    height, width = (max(1, side // 4) for side in pixels.shape[:2])
    whole = pixels[: height * 4, : width * 4]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def darkness_of(grey: Pixels, reach: int) -> Pixels:
    """Darkness (0..255) beside the paper around; paper is the brightest within ``reach`` pixels,
    so a shadow, a fold or grey paper leave it as it is."""
    height, width = grey.shape
    size = max(3, (max(3, reach | 1) // 4) | 1)
    small = cv2.copyMakeBorder(_quarter(grey), size, size, size, size, cv2.BORDER_REFLECT)
    kernel = np.ones((size, size), np.uint8)
    paper = cv2.blur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), kernel.shape)
    paper = np.ascontiguousarray(paper[size:-size, size:-size])
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    paper = cv2.max(paper, DARKEST_PAPER)  # type: ignore[call-overload]
    return np.asarray(cv2.bitwise_not(cv2.divide(grey, paper, scale=255.0)), np.uint8)


def threshold_of(darkness: Pixels, where: Bits | None = None) -> int:
    """The darkness above which a pixel is ink: above the paper's noise, half of the ink's own;
    told by the pixels of ``where`` alone, or by all.

    Noise is told by the median absolute deviation of the lighter pixels.
    """
    counts = cv2.calcHist([darkness], [0], where, [256], [0, 256]).ravel()
    light = counts[:39]
    away = np.abs(np.arange(len(light)) - _share_below(light, 0.5))
    noise = 1.48 * _share_below(np.bincount(away, light), 0.5)
    faintest = FAINTEST * 255.0
    dark = counts[math.floor(faintest) + 1 :]
    ink = 0.0
    if dark.sum() > 80:
        ink = math.floor(faintest) + 1 + _share_below(dark, 0.9)
    return math.floor(max(faintest, 4.0 * noise, 0.42 * ink))


def _share_below(counts: NDArray[Any], share: float) -> int:
    """The first value that ``share`` of what was counted doesn't exceed."""
    sums = np.cumsum(counts)
    return int(np.searchsorted(sums, share * sums[-1])) if len(sums) else 0


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A crop moved onto its blank by ``shift`` (down, across): the ``darkness`` of all that is on
    it, 0..255, what the form has ``printed`` there, and ``scale`` in pixels a millimetre."""

    darkness: Pixels
    shift: tuple[int, int]
    printed: FormPrint
    scale: float


def own_ink(crop: Crop, keep_red: bool = False, reach_mm: float = PAPER_MM) -> Ink:
    """The crop's ink without the form's lines, borders, dotted leaders and captions.

    ``keep_red`` keeps coloured ink: for a stamp or a red mark it is what is looked for.
    ``reach_mm``: within it there is paper; a larger blot is taken for dark paper.
    """
    return ink_on(laid(crop, keep_red, reach_mm))


def laid(crop: Crop, keep_red: bool = False, reach_mm: float = PAPER_MM) -> Laid:
    """The crop on its blank, for ``ink_on``; see ``own_ink``."""
    scale = crop.pixels.shape[1] / crop.area.w
    printed = form_print(crop.blank, scale)
    grey, red = (grey_of(crop.pixels), None) if keep_red else split_red(crop.pixels)
    darkness = darkness_of(grey, round(reach_mm * scale))
    if red is not None and _only_red(darkness, red):
        darkness = darkness_of(grey_of(crop.pixels), round(reach_mm * scale))
    shift = _shift(darkness, printed)
    return Laid(moved(darkness, shift), shift, printed, scale)


def ink_on(crop: Laid, beside_print: bool = False) -> Ink:
    """The ink that isn't the form's own. ``beside_print``: how dark ink is is told beside the
    form's print alone, so that black labels don't make a pale pen look like nothing."""
    darkness, printed, scale = crop.darkness, crop.printed, crop.scale
    beside = _without(np.ones_like(printed.form), printed.form) if beside_print else None
    limit = threshold_of(darkness, beside)
    ink = _over(darkness, limit)
    form, unsure = printed.form, 0
    if printed.leaders:
        dots = written_dots(darkness, ink, printed.leaders, scale)
        unsure = dots.unsure
        if dots.mask.any():
            form = form.copy()
            form[printed.leaders.rows] &= 1 - dots.mask
    kept = _without(ink, form)
    for rules, lying in ((printed.lying, True), (printed.standing, False)):
        if rules:
            kept[rules.rows] |= _crossing(ink, rules, lying, scale)
    # With the soft edge of what is kept, and with what is too light to be ink but not the form.
    near = _without(dilated(kept, 1), form) | dilated(kept & form, 1)
    clean = darkness * (near | (1 - (ink | form)))
    return Ink(
        clean.astype(np.float32) * np.float32(1.0 / 255.0),
        kept.view(np.bool_),
        form.view(np.bool_),
        scale,
        crop.shift,
        unsure,
    )


def _over(darkness: Pixels, limit: int) -> Bits:
    return np.asarray(cv2.threshold(darkness, limit, 1, cv2.THRESH_BINARY)[1], np.uint8)


def _without(mask: Bits, other: Bits) -> Bits:
    return np.asarray(cv2.subtract(mask, other), np.uint8)


def _only_red(darkness: Pixels, red: Darkness) -> bool:
    """Whether the writing itself is red: next to no other ink, and red ink in lines."""
    inked = int(np.count_nonzero(red > 0.35))
    return inked > 150 and int(np.count_nonzero(darkness > 89)) < inked * 0.05


def _shift(darkness: Pixels, printed: FormPrint) -> tuple[int, int]:
    """How many pixels (down, across) the print lies off the blank's, as far as is looked."""
    if not printed.weights.size:
        return 0, 0
    fit = darkness.ravel().take(printed.sample) @ printed.weights
    # Writing that happens to lie beside a line must not pull the line away for nothing.
    best = int(np.argmax(fit * (1.0 - 0.02 * np.hypot(*printed.steps.T))))
    down, across = printed.steps[best]
    return int(down), int(across)


def moved(image: NDArray[T], shift: tuple[int, int]) -> NDArray[T]:
    """``image`` moved back by ``shift`` (down, across), with nothing where it had nothing."""
    if shift == (0, 0):
        return image
    height, width = image.shape
    down, across = shift
    moved = np.zeros_like(image)
    moved[max(0, -down) : height - max(0, down), max(0, -across) : width - max(0, across)] = image[
        max(0, down) : height - max(0, -down), max(0, across) : width - max(0, -across)
    ]
    return moved


def _crossing(ink: Bits, rules: Rules, lying: bool, scale: float) -> Bits:
    """Ink on the form's lines, within their rows, that belongs to strokes across them.

    A line is thin across its direction: what is much longer across it than the line is thick is
    a stroke that crosses it or stands on it, and is kept.
    """
    met = ink[rules.rows] & rules.zone
    # Blur and a dark threshold make lines thicker in the scan. Writing crosses a line in fewer
    # places than it leaves free, so the usual thickness is the line's own.
    across = cv2.reduce(met, 0 if lying else 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel()
    scanned = round(quantile((across / rules.runs)[rules.some], 0.6))
    thick = max(rules.thick, scanned) + round(0.28 * scale)
    # With as many rows around, so that strokes are seen whole.
    first = max(0, rules.rows.start - thick)
    part = ink[first : rules.rows.stop + thick]
    kernel = np.ones((thick, 1) if lying else (1, thick), np.uint8)
    strokes = np.asarray(cv2.morphologyEx(part, cv2.MORPH_OPEN, kernel), np.uint8)
    above = rules.rows.start - first
    return strokes[above : above + len(rules.open)] & rules.open


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


def pieces(mask: Mask) -> tuple[list[Piece], Labels]:
    """The connected pieces of a mask and the image of their labels."""
    labels = np.zeros(mask.shape, np.uint16)
    bits = mask.view(np.uint8)
    left, top, width, height = cv2.boundingRect(bits)
    if not width:
        return [], labels
    # Most of a crop is paper: only what has ink is looked at.
    part = np.s_[top : top + height, left : left + width]
    _, labels[part], stats, centres = cv2.connectedComponentsWithStats(
        np.ascontiguousarray(bits[part]), None, None, None, 8, cv2.CV_16U
    )
    stats[:, cv2.CC_STAT_LEFT] += left
    stats[:, cv2.CC_STAT_TOP] += top
    centres += (left, top)
    known = zip(stats.tolist(), centres.tolist(), strict=True)
    every = [Piece(label, *figures, *centre) for label, (figures, centre) in enumerate(known)]
    return every[1:], labels


def mask_of(labels: Labels, wanted: Sequence[Piece]) -> Mask:
    """Where the wanted pieces are."""
    table = np.zeros(int(labels.max()) + 1, np.bool_)
    table[[piece.label for piece in wanted]] = True
    return table.take(labels)


def quantile(values: NDArray[Any], share: float) -> float:
    """The value that ``share`` of the others don't exceed; 0 of none. ``numpy.percentile`` takes
    ten times as long over a few hundred."""
    if not values.size:
        return 0.0
    at = round(share * (values.size - 1))
    return float(np.partition(values.ravel(), at)[at])


def without_residue(found: list[Piece], labels: Labels, form: Mask) -> list[Piece]:
    """The pieces without those that are what is left of the form's own print."""
    if not found:
        return []
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

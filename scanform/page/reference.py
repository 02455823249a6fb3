"""The empty form as pages are compared with it: prepared once, used for every page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.geometry import MM_PER_INCH, Box
from scanform.model.kept import KeptByBlank
from scanform.model.scan import SHEET_DPI, Pixels
from scanform.model.template import Field, PageMarks, Template
from scanform.page.arrays import Matrix, Points, grey_of, resized, sheet_size
from scanform.page.evidence import Stencils, beside_print, make_stencils
from scanform.page.features import Features, find_features
from scanform.page.ink import ink_of
from scanform.page.labels import pieces_of
from scanform.page.printed_code import pattern_of
from scanform.page.warp import ShiftSolver, shift_solver


@dataclass(frozen=True, slots=True)
class LevelPlan:
    """How finely, with how large pieces and how far around one step of alignment looks."""

    dpi: int
    patch_mm: float
    every_mm: float
    reach_mm: float


COARSE = LevelPlan(dpi=50, patch_mm=22.0, every_mm=20.0, reach_mm=7.0)
FINE = LevelPlan(dpi=100, patch_mm=12.0, every_mm=16.0, reach_mm=2.4)

FEATURES_DPI = 75
_STIFFNESS = 0.02
"""Of the local shift: the weight of its bends beside what is seen."""
_HEIGHTS = (18, 26, 40)
"""Pixels: heights of pieces up to which their windows are of one size."""
_ENOUGH_INK = 6.0
"""Standard deviation of ink (0..255) in a piece that has something printed."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The empty form at one resolution, and the printed pieces to look for.

    ``centres`` (n x 2, millimetres) are where the ``patches`` (n x side x side, ink) lie;
    ``distinct`` (n x 2, 0..1) tells how surely each fixes its place across and down: a printed
    line says nothing along itself, nor does a row of dots or of comb cells. ``mask`` is
    ``evidence.beside_print`` of the ink. ``voice`` (n, 0..1) is how loud each speaks for the page
    being this form: none for marks and code, which every form has, or none in the ministry's own
    print; hardly any for a stretch of dotted line, which dense writing hides. ``stencils`` are the
    pieces ready to be compared where they are; ``solver`` fits shifts to what is seen at
    their centres, and ``nearest`` (n x 9) is who their neighbours are.
    """

    plan: LevelPlan
    ink: Pixels
    mask: Pixels
    centres: Points
    corners: NDArray[np.int64]
    patches: NDArray[np.uint8]
    distinct: Matrix
    voice: NDArray[np.float64]
    stencils: Stencils
    solver: ShiftSolver
    nearest: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class PieceOf:
    """A printed piece of the form that belongs to ``fields`` (words to none or several): its ink
    (``patch``) at the fine level, its left top ``corner`` in pixels there, ``mask`` as of
    ``Level``, how surely it fixes its place (``distinct``, as for ``Level``), and whether it is
    the field's ``own`` comb or box rather than its label, or even an ``end`` of its comb."""

    fields: tuple[str, ...]
    corner: tuple[int, int]
    patch: Pixels
    mask: Pixels
    distinct: tuple[float, float]
    own: bool
    end: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """One page of a template: ``blank`` is it, empty, grey, at ``SHEET_DPI``; ``pieces`` are what
    its fields are judged by one by one, and ``stencils`` the same ready to be compared where they
    are, those of like height together: which pieces, and theirs; ``pattern`` is its printed code,
    None where it has none."""

    template: Template
    page: int
    blank: Pixels
    coarse: Level
    fine: Level
    pieces: tuple[PieceOf, ...] = ()
    stencils: tuple[tuple[NDArray[np.intp], Stencils], ...] = ()
    pattern: Pixels | None = None

    @property
    def marks(self) -> PageMarks | None:
        """What a machine finds the page by; None when it has none."""
        found = (each for each in self.template.page_marks if each.page == self.page)
        return next(found, None) if self.template.marks != "none" else None

    @property
    def ref(self) -> tuple[str, int]:
        return self.template.ref, self.page


def make_reference(template: Template, page: int, blank: Pixels) -> Reference:
    """Prepares page ``page``; ``blank`` is the empty page rendered at ``SHEET_DPI``.

    A blank a pixel or two off the page's size is cut or filled up with white.
    """
    grey = _fitted(grey_of(blank), *sheet_size(template.page_mm, SHEET_DPI))
    marks = [each for each in template.page_marks if each.page == page]
    silent = [box for each in marks for box in _mark_boxes(each)]
    coarse = _level(grey, COARSE, silent, template.page_mm)
    fine = _level(grey, FINE, silent, template.page_mm)
    pieces = _pieces(fine, template.on_page(page), [each.grown(1.0) for each in silent])
    stencils = tuple(_stencils_of(pieces, fine.ink))
    code = next((each.code for each in marks if each.code), None)
    pattern = pattern_of(grey, code, SHEET_DPI) if code and template.marks != "none" else None
    return Reference(template, page, grey, coarse, fine, pieces, stencils, pattern)


_features: KeptByBlank[Features] = KeptByBlank()


def features_of(reference: Reference) -> Features:
    """The features of the empty form. Few pages ask for them, so they are found when one does."""
    blank = reference.blank
    return _features.of(
        blank, lambda: find_features(_at(blank, FEATURES_DPI), FEATURES_DPI / MM_PER_INCH)
    )


def _stencils_of(
    pieces: Sequence[PieceOf], ink: Pixels
) -> Iterator[tuple[NDArray[np.intp], Stencils]]:
    """Of words all of their rectangle counts, of a field's own lines the print and the paper right
    beside it. Windows are as large as the largest piece, so tall ones are kept apart."""
    of_height = np.searchsorted(_HEIGHTS, [each.patch.shape[0] for each in pieces])
    for height in np.unique(of_height):
        which = np.flatnonzero(of_height == height)
        some = [pieces[k] for k in which.tolist()]
        shape = np.max([each.patch.shape for each in some], axis=0)
        mask = np.zeros((len(some), *shape), np.bool_)
        for kept, piece in zip(mask, some, strict=True):
            here = kept[: piece.patch.shape[0], : piece.patch.shape[1]]
            here[:] = piece.mask > 0 if piece.own else True
        yield which, make_stencils(ink, mask, np.array([each.corner for each in some], np.int64))


def _pieces(level: Level, fields: Sequence[Field], silent: Sequence[Box]) -> tuple[PieceOf, ...]:
    """The print around each field, where there is enough of it to be told apart."""
    dpi = level.plan.dpi
    height, width = level.ink.shape
    found = []
    for piece in pieces_of(level.ink, dpi, fields, silent):
        left, top, right, bottom = piece.box.grown(0.3).pixels(dpi)
        left, top, right, bottom = max(0, left), max(0, top), min(width, right), min(height, bottom)
        patch = np.ascontiguousarray(level.ink[top:bottom, left:right])
        if min(patch.shape) < 3 or patch.std() < _ENOUGH_INK:
            continue
        distinct = _distinct(level.ink, patch, left, top, round(1.5 * dpi / MM_PER_INCH))
        mask = np.ascontiguousarray(level.mask[top:bottom, left:right])
        found.append(
            PieceOf(piece.fields, (left, top), patch, mask, distinct, piece.own, piece.end)
        )
    return tuple(found)


def _fitted(grey: Pixels, width: int, height: int) -> Pixels:
    fitted = np.full((height, width), 255, np.uint8)
    h, w = min(height, grey.shape[0]), min(width, grey.shape[1])
    fitted[:h, :w] = grey[:h, :w]
    return fitted


def _at(grey: Pixels, dpi: int) -> Pixels:
    """``grey`` at ``dpi``, a whole fraction of ``SHEET_DPI``: filled up so no pixel is cut."""
    times = SHEET_DPI // dpi
    height, width = grey.shape
    filled = cv2.copyMakeBorder(
        grey, 0, -height % times, 0, -width % times, cv2.BORDER_CONSTANT, value=(255.0,)
    )
    return resized(np.asarray(filled, np.uint8), filled.shape[1] // times, filled.shape[0] // times)


def _level(
    grey: Pixels, plan: LevelPlan, silent: Sequence[Box], page_mm: tuple[float, float]
) -> Level:
    ink = ink_of(_at(grey, plan.dpi), plan.dpi)
    per_mm = plan.dpi / MM_PER_INCH
    side = round(plan.patch_mm * per_mm)
    corners = _likely_corners(ink, side, round(plan.every_mm * per_mm))
    reach = round(plan.reach_mm * per_mm)
    patches = np.stack([ink[y : y + side, x : x + side] for x, y in corners])
    distinct = np.array(
        [_distinct(ink, patch, x, y, reach) for patch, (x, y) in zip(patches, corners, strict=True)]
    )
    useful = distinct.max(axis=1) > 0.15
    corners, patches, distinct = corners[useful], patches[useful], distinct[useful]
    centres = (corners + side / 2) / per_mm
    voice = np.sqrt(distinct[:, 0] * distinct[:, 1])
    for x, y, w, h in ((each.x, each.y, each.w, each.h) for each in silent):
        middle, half = np.array([x + w / 2, y + h / 2]), np.array([w, h]) / 2 + plan.patch_mm / 2
        voice[(np.abs(centres - middle) < half).all(axis=1)] = 0.0
    mask = beside_print(ink)
    masks = np.stack([mask[y : y + side, x : x + side] > 0 for x, y in corners])
    apart = ((centres[:, None] - centres[None]) ** 2).sum(axis=2)
    return Level(
        plan,
        ink,
        mask,
        centres,
        corners,
        patches,
        distinct,
        voice,
        make_stencils(ink, masks, corners),
        shift_solver(centres, page_mm, _STIFFNESS),
        apart.argsort(axis=1)[:, :9],
    )


def _mark_boxes(marks: PageMarks) -> list[Box]:
    code = [] if marks.code is None else [marks.code]
    return [each.box for each in marks.corners] + code


def _likely_corners(ink: Pixels, side: int, every: int) -> NDArray[np.int64]:
    """Left top corners of pieces, one for each square of ``every`` pixels that has anything
    printed: where edges run both ways, as in words and corners of boxes."""
    values = ink.astype(np.float32)
    across = cv2.Sobel(values, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(values, cv2.CV_32F, 0, 1)
    # Sums over a piece, indexed by its left top corner.
    sums = [_window_sums(each * each, side) for each in (across, down)]
    mean = _window_sums(values, side) / side**2
    spread = np.sqrt(np.maximum(_window_sums(values * values, side) / side**2 - mean**2, 0.0))
    score = np.minimum(*sums) + 0.02 * np.maximum(*sums)
    found = []
    for y in range(0, score.shape[0], every):
        for x in range(0, score.shape[1], every):
            part = score[y : y + every, x : x + every]
            dy, dx = np.unravel_index(int(part.argmax()), part.shape)
            if spread[y + dy, x + dx] > _ENOUGH_INK:
                found.append((x + int(dx), y + int(dy)))
    return np.array(found, np.int64).reshape(-1, 2)


def _window_sums(values: NDArray[np.float32], side: int) -> NDArray[np.float64]:
    table = cv2.integral(values, sdepth=cv2.CV_64F)
    sums = table[side:, side:] - table[:-side, side:] - table[side:, :-side] + table[:-side, :-side]
    return np.asarray(sums, np.float64)


def _distinct(ink: Pixels, patch: Pixels, x: int, y: int, reach: int) -> tuple[float, float]:
    """How much worse the piece fits the empty form itself a little to the side, and above or
    below: 1 nothing like it, 0 just as well."""
    height, width = patch.shape
    around = cv2.copyMakeBorder(ink, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=(0.0,))
    window = around[y : y + height + 2 * reach, x : x + width + 2 * reach]
    fits = cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED)
    away = np.abs(np.arange(2 * reach + 1) - reach) >= 3
    across, down = float(fits[:, away].max()), float(fits[away].max())
    return 1.0 - max(0.0, across), 1.0 - max(0.0, down)

"""The way with marks: ArUco squares in the corners, and the printed code.

S. Garrido-Jurado et al., "Automatic generation and detection of highly reliable fiducial
markers", Pattern Recognition 47, 2014.
"""

from __future__ import annotations

import cv2
import numpy as np

from scanform.model.geometry import MM_PER_INCH, Box
from scanform.model.scan import Pixels
from scanform.model.template import PageMarks
from scanform.page.arrays import Matrix, Points, apply, as_pixels
from scanform.page.features import Guess

FEWEST = 3
_CODE_DPI = 200.0


def find_marks(grey: Pixels, scale: tuple[float, float]) -> dict[int, Points]:
    """The marks numbered 0 to 3 in a reduced image: their corners (4 x 2), clockwise from the
    mark's own left top, in pixels of the image before it was made ``scale`` times as large.

    A number that is seen twice is left out: one of the two is something else.
    """
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    settings.cornerRefinementWinSize = 3
    settings.minMarkerPerimeterRate = 0.02
    settings.adaptiveThreshWinSizeMin = 5
    settings.adaptiveThreshWinSizeStep = 12
    detector = cv2.aruco.ArucoDetector(
        cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50), settings
    )
    squares, numbers, _ = detector.detectMarkers(grey)
    listed = [] if numbers is None else [int(each) for each in np.ravel(numbers)]
    found = {}
    for square, number in zip(squares, listed, strict=True):
        if number <= 3 and listed.count(number) == 1:
            found[number] = (np.asarray(square, np.float64).reshape(4, 2) + 0.5) / np.array(scale)
    return found


def guess_from_marks(found: dict[int, Points], marks: PageMarks, pixel: float) -> Guess | None:
    """The homography from the form's marks (millimetres) to those found; None for fewer than 3.

    Three marks on a flat scan fix an affine map much better than a homography, whose fourth
    corner would hang on a tenth of a pixel; on a photo the affine map doesn't fit, and the
    homography is taken. ``pixel`` as for ``guess_from_features``.
    """
    known = {each.number: _corners(each.box) for each in marks.corners}
    shared = sorted(known.keys() & found.keys())
    if len(shared) < FEWEST:
        return None
    form = np.concatenate([known[number] for number in shared])
    page = np.concatenate([found[number] for number in shared])
    if len(shared) == FEWEST:
        affine = _affine(form, page)
        if np.abs(apply(affine, form) - page).max() < 1.5 * pixel:
            return Guess(affine, len(shared), "marks")
    homography, _ = cv2.findHomography(form, page, 0)
    exact = len(shared) > FEWEST
    return Guess(np.asarray(homography, np.float64), len(shared), "marks", exact)


def _corners(box: Box) -> Points:
    return np.array(
        [(box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)]
    )


def _affine(form: Points, page: Points) -> Points:
    flat = np.column_stack([form, np.ones(len(form))])
    solved, *_ = np.linalg.lstsq(flat, page, rcond=None)
    return np.vstack([solved.T, (0.0, 0.0, 1.0)])


def read_code(sheet: Pixels, code: Box, dpi: float) -> str:
    """What the printed code says on a page in template space (grey, at ``dpi``); "" unreadable."""
    left, top, right, bottom = code.grown(3.0).pixels(dpi)
    cut = as_pixels(sheet[max(0, top) : bottom, max(0, left) : right])
    return _decoded(cut)


def _decoded(cut: Pixels) -> str:
    try:
        text, *_ = cv2.QRCodeDetector().detectAndDecode(cut)
    except cv2.error:
        return ""
    return str(text)


def code_under(grey: Pixels, to_image: Matrix, code: Box) -> str:
    """What the printed code says on a page as it lies; "" unreadable. ``to_image`` maps
    millimetres of the form to pixels of ``grey``."""
    area = code.grown(3.0)
    per_mm = _CODE_DPI / MM_PER_INCH
    to_form = np.array([[1 / per_mm, 0, area.x], [0, 1 / per_mm, area.y], [0, 0, 1]])
    size = round(area.w * per_mm), round(area.h * per_mm)
    cut = cv2.warpPerspective(
        grey, to_image @ to_form, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    return _decoded(as_pixels(cut))

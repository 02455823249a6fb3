"""The way with marks: ArUco squares in the corners.

S. Garrido-Jurado et al., "Automatic generation and detection of highly reliable fiducial
markers", Pattern Recognition 47, 2014.
"""

from __future__ import annotations

import cv2
import numpy as np

from scanform.model.geometry import Box
from scanform.model.scan import Pixels
from scanform.model.template import PageMarks
from scanform.page.arrays import Points, Scale, apply
from scanform.page.features import Guess

FEWEST = 3
_CORNER = 0.25
"""Share of the image, each way, in which a corner's mark is looked for first."""
_GAP = 8


def find_marks(grey: Pixels, scale: Scale) -> dict[int, Points]:
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


def find_marks_in_corners(grey: Pixels, scale: Scale) -> dict[int, Points]:
    """As ``find_marks``, but only in the image's corners, where they lie on most scans: a third of
    the work."""
    height, width = grey.shape
    down, across = round(_CORNER * height), round(_CORNER * width)
    corners = np.full((2 * down + _GAP, 2 * across + _GAP), 255, np.uint8)
    corners[:down, :across] = grey[:down, :across]
    corners[:down, -across:] = grey[:down, -across:]
    corners[-down:, :across] = grey[-down:, :across]
    corners[-down:, -across:] = grey[-down:, -across:]
    found = find_marks(corners, (1.0, 1.0))
    moved = np.array([width - corners.shape[1], height - corners.shape[0]])
    middle = np.array(corners.shape[::-1]) / 2
    return {
        number: (places + moved * (places.mean(axis=0) > middle)) / np.array(scale)
        for number, places in found.items()
    }


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

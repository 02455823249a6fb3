"""The way without marks, first step: printed features of a page found again on the blank."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels
from scanform.page.arrays import Matrix, Points

_MOST = 2500
_FEWEST_MATCHES = 12
_FEWEST_INLIERS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Places (n x 2), sizes and directions (degrees) of features, and their descriptors
    (n x 128, length 1)."""

    places: Points
    sizes: NDArray[np.float64]
    angles: NDArray[np.float64]
    descriptors: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """A homography from millimetres of the form to pixels of the page, and what speaks for it.
    An ``exact`` one is right to a millimetre or two all over a flat page; of a ``named`` one the
    page's own code says that it is this form."""

    homography: Matrix
    votes: float
    method: str
    exact: bool = False
    named: bool = False


def find_features(grey: Pixels, per_unit: float) -> Features:
    """SIFT features of a grey image (D. G. Lowe, "Distinctive image features from
    scale-invariant keypoints", IJCV 60, 2004), descriptors square-rooted after R. Arandjelović
    and A. Zisserman (CVPR 2012). Places are pixels divided by ``per_unit``."""
    found, descriptors = cv2.SIFT_create(nfeatures=_MOST).detectAndCompute(grey, None)  # type: ignore[attr-defined, call-overload, unused-ignore]
    if descriptors is None:
        descriptors = np.zeros((0, 128), np.float32)
    rooted = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6))
    return Features(
        (np.array([each.pt for each in found]).reshape(-1, 2) + 0.5) / per_unit,
        np.array([each.size for each in found]) / per_unit,
        np.array([each.angle for each in found]),
        rooted.astype(np.float32),
    )


def guess_from_features(page: Features, form: Features, pixel: float) -> Guess | None:
    """The homography under which most features of the form are found on the page.

    ``pixel`` is the size of one pixel of the reduced image, in the page's pixels. Outliers are
    left to USAC with MAGSAC++ (D. Baráth et al., CVPR 2020).
    """
    if min(len(page.places), len(form.places)) < _FEWEST_MATCHES:
        return None
    ours, theirs = _matches(page, form)
    agree = _agreeing(page, form, ours, theirs)
    ours, theirs = ours[agree], theirs[agree]
    if len(ours) < _FEWEST_MATCHES:
        return None
    homography, inliers = cv2.findHomography(
        form.places[theirs],
        page.places[ours],
        cv2.USAC_MAGSAC,
        ransacReprojThreshold=3.0 * pixel,
        maxIters=3000,
        confidence=0.999,
    )
    if homography is None or int(inliers.sum()) < _FEWEST_INLIERS:
        return None
    return Guess(np.asarray(homography, np.float64), float(inliers.sum()), "features")


def _matches(page: Features, form: Features) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs that are each other's nearest."""
    likeness = page.descriptors @ form.descriptors.T
    theirs = likeness.argmax(axis=1)
    ours = likeness.argmax(axis=0)
    mutual = np.flatnonzero(ours[theirs] == np.arange(len(theirs)))
    return mutual, theirs[mutual]


def _agreeing(
    page: Features, form: Features, ours: NDArray[np.int64], theirs: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Pairs that are turned and scaled alike: on a form with hundreds of equal cells most wrong
    pairs are turned anyhow, and the right ones all alike."""
    turned = np.radians(page.angles[ours] - form.angles[theirs])
    votes, edges = np.histogram(turned % (2 * np.pi), bins=36, range=(0, 2 * np.pi))
    smooth = votes + np.roll(votes, 1) + np.roll(votes, -1)
    main = edges[int(smooth.argmax())] + np.pi / 36
    off = np.abs((turned - main + np.pi) % (2 * np.pi) - np.pi)
    scale = np.log(page.sizes[ours] / form.sizes[theirs])
    alike = off < np.radians(20)
    if not alike.any():
        return np.zeros(len(ours), np.bool_)
    return np.asarray(alike & (np.abs(scale - np.median(scale[alike])) < np.log(1.6)))

"""Figures of a crop: foreign ink at its edges, and how dark the writing is."""

from __future__ import annotations

import cv2
import numpy as np

from scanform.model.geometry import Box
from scanform.model.reading import Crop
from scanform.model.template import Field
from scanform.page.cropquality import crop_figures

FIELD = Field("a", "A", "text", 1, Box(1.2, 1.2, 40, 7))
AREA = Box(0, 0, 42.4, 9.4)
SHAPE = round(9.4 / 25.4 * 300), round(42.4 / 25.4 * 300)


def crop(ink: int | None = 40, across: bool = False, line: bool = True) -> Crop:
    pixels = np.full((*SHAPE, 3), 245, np.uint8)
    blank = np.full(SHAPE, 255, np.uint8)
    if line:
        for image in (pixels, blank):
            cv2.line(image, (0, 90), (SHAPE[1], 90), (30, 30, 30)[: image.ndim], 3)
    if ink is not None:
        cv2.putText(pixels, "An", (120, 70), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (ink,) * 3, 4)
    if across:
        cv2.line(pixels, (300, 0), (340, SHAPE[0]), (90, 90, 200), 6)
    return Crop(FIELD, AREA, pixels, blank)


def test_a_stroke_through_the_field_is_foreign_and_writing_in_it_is_not() -> None:
    assert crop_figures(crop())["foreign"] == 0.0
    assert crop_figures(crop(across=True))["foreign"] > 0.002


def test_the_forms_own_print_is_not_foreign() -> None:
    assert crop_figures(crop(ink=None))["foreign"] == 0.0


def test_pale_writing_has_less_contrast() -> None:
    dark, pale = (crop_figures(crop(ink))["contrast"] for ink in (30, 150))
    assert 0.2 < pale < dark < 0.95
    assert crop_figures(crop(ink=None, line=False))["contrast"] == 0.0

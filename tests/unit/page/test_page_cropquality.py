"""Figures of a crop: foreign ink at its edges, and how dark the writing is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanform.digitise.pages import PAGE_FIGURES, _measured
from scanform.model.geometry import Box
from scanform.model.reading import Crop, Reading
from scanform.model.scan import FieldFit
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


@pytest.mark.parametrize("paper", [255, 200, 60, 20, 0])
def test_paper_without_ink_has_no_figures_however_dark_it_is(paper) -> None:
    empty = crop(ink=None, line=False)
    empty.pixels[:] = paper
    assert crop_figures(empty) == {"foreign": 0.0, "contrast": 0.0, "framed": 0.0}


def test_pale_writing_has_less_contrast() -> None:
    dark, pale = (crop_figures(crop(ink))["contrast"] for ink in (30, 150))
    assert 0.2 < pale < dark < 0.95
    assert crop_figures(crop(ink=None, line=False))["contrast"] == 0.0


def tall(draw: str) -> Crop:
    """A place for a signature, 50 x 25 mm."""
    area = Box(0, 0, 50, 25)
    shape = round(25 / 25.4 * 300), round(50 / 25.4 * 300)
    pixels = np.full((*shape, 3), 240, np.uint8)
    if draw == "stamp":
        corners = np.array([[100, 80], [480, 60], [487, 190], [107, 210]], np.int32)
        cv2.polylines(pixels, [corners], True, (70, 60, 90), 4)
        cv2.putText(pixels, "DEN 18/07", (150, 160), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (60,) * 3, 3)
    elif draw == "signature":
        at = np.linspace(0, 6 * np.pi, 200)
        curve = np.stack([120 + 16 * at, 140 + 50 * np.sin(at) * np.cos(at / 5)], axis=1)
        cv2.polylines(pixels, [curve.astype(np.int32)], False, (60, 50, 40), 4)
        cv2.line(pixels, (110, 200), (420, 190), (60, 50, 40), 4)
    field = Field("signed", "S", "presence", 1, Box(1.2, 1.2, 47, 22))
    return Crop(field, area, pixels, np.full(shape, 255, np.uint8))


def test_a_stamps_frame_is_told_from_a_signature() -> None:
    assert crop_figures(tall("stamp"))["framed"] > 0.9
    assert crop_figures(tall("signature"))["framed"] == 0.0
    assert crop_figures(tall("nothing"))["framed"] == 0.0


def test_what_a_page_says_of_an_answer_is_known_by_name() -> None:
    fit = FieldFit(0.1, 0.9)
    told = _measured(Reading("read", "a", 0.9, "x"), fit, crop_figures(crop()))
    assert set(told.measures) == PAGE_FIGURES

"""A line cut from an unknown form keeps its writing and loses borders and neighbours."""

from __future__ import annotations

import cv2
import numpy as np

from scanform.model.scan import Pixels
from scanform.recognise.bare import bare_line


def boxed(border: bool) -> Pixels:
    image = np.full((80, 600), 210, np.uint8)
    cv2.putText(image, "Thanh Phu", (60, 52), 0, 1.1, 60, 3)
    if border:
        cv2.line(image, (0, 70), (599, 72), 90, 2)
        cv2.line(image, (8, 0), (9, 79), 90, 2)
        cv2.line(image, (480, 0), (484, 6), 60, 4)
    return image


def test_borders_and_neighbours_go() -> None:
    free, framed = bare_line(boxed(False)), bare_line(boxed(True))
    assert free.shape == framed.shape
    assert np.count_nonzero((free < 128) != (framed < 128)) < 0.05 * np.count_nonzero(free < 128)
    assert framed.max() == 255


def test_an_empty_line_stays() -> None:
    assert bare_line(np.full((40, 200), 230, np.uint8)).min() > 200

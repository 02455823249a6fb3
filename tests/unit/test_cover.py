"""A batch's cover sheet, printed and scanned."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanform.page.cover import batch_on, cover_text
from scanform.programs import poppler
from scanform.report.cover import cover_sheet


@pytest.mark.slow
@pytest.mark.parametrize(("dpi", "angle"), [(300, 0.0), (200, 3.0), (150, 180.0), (200, 90.0)])
def test_a_scanned_cover_names_its_batch(dpi: int, angle: float) -> None:
    sheet = poppler.render_bytes(cover_sheet(cover_text("B0012"), "HỘP", ("Xã", "x")), 1, dpi)
    height, width = sheet.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    worn = cv2.warpAffine(sheet, turn, (width, height), borderValue=(255, 255, 255))
    noise = np.random.default_rng(1).normal(0, 12, worn.shape)
    worn = np.clip(worn.astype(float) * 0.85 + 20 + noise, 0, 255).astype(np.uint8)
    assert batch_on(worn, dpi) == "B0012"


def test_another_page_names_none() -> None:
    assert batch_on(np.full((1754, 1240, 3), 255, np.uint8), 150) is None
    other = poppler.render_bytes(cover_sheet("scanform:dc01@1/1", "x", ()), 1, 100)
    assert batch_on(other, 100) is None

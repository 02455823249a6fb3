"""Print and writing apart from paper, shadow and colour of the paper."""

from __future__ import annotations

import cv2
import numpy as np

from scanform.model.scan import Pixels
from scanform.page.arrays import as_pixels, halved

_DARKEST_PAPER = 40


def ink_of(grey: Pixels, dpi: float) -> Pixels:
    """How much darker than the paper around it each pixel is: 0 paper, 255 black on white.

    ``grey`` is height x width; the result has the same size. The paper's brightness is the
    brightest of some 4 mm around (a closing, wider than print and narrower than shadows), so a
    shadow, a fold or coloured paper leave the measure as it was.
    """
    height, width = grey.shape
    # The paper's brightness changes slowly: a quarter of the pixels each way is plenty.
    small = halved(halved(grey)) if min(height, width) > 8 else grey
    reach = max(3, round(4.0 / 25.4 * dpi / 4) | 1)
    kernel = np.ones((reach, reach), np.uint8)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    paper = cv2.blur(paper, (reach, reach))
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    darker = cv2.subtract(paper, grey)
    return as_pixels(cv2.divide(darker, cv2.max(paper, _DARKEST_PAPER), scale=255.0))  # type: ignore[call-overload]

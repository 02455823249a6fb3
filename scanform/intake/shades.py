"""What Pillow opened as bytes: of one bit to 32, palettes, inks, what shines through."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scanform.model.scan import Pixels

_PHOTOMETRIC, _SAMPLE_FORMAT = 262, 339
"""Tags of a TIFF: of the first 0 says that 0 is white, of the second 2 that dots have a sign."""


def pixels_of(image: Image.Image) -> Pixels:
    """The image as height x width (grey) or height x width x 3 (blue, green, red); what shines
    through is white."""
    if image.mode in ("I", "F", "I;16", "I;16B", "I;16L"):
        tags = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
        shades = _eight_bits(np.asarray(image), signed=2 in tags.get(_SAMPLE_FORMAT, ()))
        # Pillow turns it round where a dot has 8 bits or fewer.
        return 255 - shades if tags.get(_PHOTOMETRIC) == 0 else shades
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        # Pillow knows no way from grey whose shine was worked in already.
        over = (image.convert("LA") if image.mode == "La" else image).convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), over)
    if image.mode in ("1", "L"):
        return np.array(image.convert("L"))
    return np.asarray(cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR), np.uint8)


def _eight_bits(values: NDArray[Any], signed: bool) -> Pixels:
    if values.dtype == np.int32 and not signed:
        values = values.view(np.uint32)  # Pillow knows no dots of 32 bits without a sign
    top = float(values.max(initial=0))
    full = 1.0 if top <= 1.0 and values.dtype.kind == "f" else 255.0 if top <= 255 else 65535.0
    if top > full:
        full = 2.0**32 - 1
    return np.asarray(np.clip(values * np.float32(255.0 / full), 0, 255), np.uint8)

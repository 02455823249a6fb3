"""The same line as other hands might have written it: slanted, wider, thicker, fainter. Pure."""

from __future__ import annotations

import cv2
import numpy as np

from scanform.model.scan import Pixels

SLANT = 0.35
"""Most that the top of a line is shifted, as a share of its height."""
WIDER = (0.82, 1.18)
TALLER = (0.85, 1.08)
TILT = 1.2
"""Degrees."""
WAVE = 0.03
"""Most that a line's foot rises and falls, as a share of its height."""


def view_of(line: Pixels, rng: np.random.Generator) -> Pixels:
    """Another view of a line (grey, dark on white); about the size of the line."""
    height, width = line.shape
    wide = max(8, round(width * rng.uniform(*WIDER)))
    tall = max(8, round(height * rng.uniform(*TALLER)))
    resized = cv2.resize(line, (wide, tall), interpolation=cv2.INTER_AREA)
    slant = rng.uniform(-SLANT, SLANT) * 0.8
    pad = round(abs(slant) * tall) + 2
    above = round(rng.uniform(0.0, 0.08) * tall)
    padded = cv2.copyMakeBorder(
        resized, above, round(0.04 * tall), pad, pad, cv2.BORDER_CONSTANT, value=255
    )
    return _other_pen(_moved(np.asarray(padded, np.uint8), slant, rng), rng)


def _moved(line: Pixels, slant: float, rng: np.random.Generator) -> Pixels:
    """Sheared, a little turned, its foot in a slight wave."""
    height, width = line.shape
    tilt = np.tan(np.deg2rad(rng.uniform(-TILT, TILT))) * min(1.0, 400.0 / width)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    wave = (
        rng.uniform(0.0, WAVE)
        * height
        * np.sin(x / height * rng.uniform(0.3, 1.2) + rng.uniform(0.0, 6.3))
    )
    from_x = x + slant * (y - height / 2)
    from_y = y + tilt * (x - width / 2) + wave
    return np.asarray(
        cv2.remap(
            line,
            from_x.astype(np.float32),
            from_y.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=255,
        )
    )


def _other_pen(line: Pixels, rng: np.random.Generator) -> Pixels:
    """Thicker, thinner, softer, fainter; a little grain."""
    kind = rng.integers(0, 5)
    kernel = np.ones((2, 2), np.uint8)
    if kind == 0:
        line = np.asarray(cv2.erode(line, kernel))
    elif kind == 1:
        line = np.asarray(cv2.addWeighted(cv2.dilate(line, kernel), 0.6, line, 0.4, 0.0))
    elif kind == 2:
        line = np.asarray(cv2.GaussianBlur(line, (0, 0), rng.uniform(0.4, 1.1)))
    dark = (255.0 - line.astype(np.float32)) / 255.0
    dark = rng.uniform(0.6, 1.0) * dark ** rng.uniform(0.7, 1.4)
    dark += rng.normal(0.0, rng.uniform(0.0, 0.03), dark.shape).astype(np.float32)
    return np.asarray(255.0 * (1.0 - np.clip(dark, 0.0, 1.0)), np.uint8)

"""A small network that names the digit in a cell: a second opinion beside Tesseract's.

One hidden layer on 20 x 16 pixels, trained by ``benchmarks/train_digit_check.py`` on digits drawn
with openly licensed fonts, broken, slanted and blurred. It knows no paper, no language and no
neighbouring digits, so its mistakes are others than Tesseract's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels

HEIGHT, WIDTH = 20, 16
MARGIN = 1


@cache
def _weights() -> tuple[NDArray[np.float32], ...]:
    with as_file(files("scanform.recognise") / "digit_check.npz") as path, np.load(path) as data:
        return tuple(data[name].astype(np.float32) for name in ("w1", "b1", "w2", "b2"))


def normal(image: Pixels) -> NDArray[np.float32]:
    """A character (dark on white, tightly cut) as ``HEIGHT x WIDTH`` values, 1 for ink."""
    high, wide = HEIGHT - 2 * MARGIN, WIDTH - 2 * MARGIN
    factor = min(high / image.shape[0], wide / image.shape[1])
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    small = cv2.resize(image, size, interpolation=how)
    canvas = np.zeros((HEIGHT, WIDTH), np.float32)
    top, left = (HEIGHT - size[1]) // 2, (WIDTH - size[0]) // 2
    canvas[top : top + size[1], left : left + size[0]] = 1.0 - small.astype(np.float32) / 255.0
    return canvas


def forward(
    inputs: NDArray[np.float32], weights: Sequence[NDArray[np.float32]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Hidden activations (n x h) and chances of the ten digits (n x 10) of n flat inputs."""
    w1, b1, w2, b2 = weights
    hidden = np.maximum(inputs @ w1 + b1, 0.0)
    scores = hidden @ w2 + b2
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return hidden, raised / raised.sum(axis=1, keepdims=True)


def chances(images: Sequence[Pixels]) -> NDArray[np.float32]:
    """For each character the chances of 0 to 9; n x 10."""
    if not images:
        return np.zeros((0, 10), np.float32)
    inputs = np.stack([normal(image).ravel() for image in images])
    return forward(inputs, _weights())[1]

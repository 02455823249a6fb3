"""The digit in a cell, named by a small convolutional network.

``training/train_digits.py`` made ``digit_net.onnx`` from digits by real hands (the training part of
MNIST) and digits drawn with openly licensed fonts and as strokes, broken, blurred, with rests of
cell borders and of neighbours. OpenCV runs it: nothing needs to be installed, and all cells of a
batch of pages go through in one call. It knows one class more than the ten digits: no character.

A network for letters would be a second file with its own ``LABELS``; no shipped form has a comb of
letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scanform.model.scan import Pixels
from scanform.recognise import digit_weights

LABELS = "0123456789"
"""The classes in the network's order; after them comes ``NO_CHARACTER``."""
NO_CHARACTER = len(LABELS)
SIDE = 28
"""Pixels of the network's square input."""
INNER = 20
"""Pixels of the longer side of a character in it (as MNIST's own preparation has it)."""
FAINT = 0.3
"""Share of a character's own darkness from which a pixel is ink when its box is measured."""

Chances = NDArray[np.float32]


NAME = "digit-net 1"
FILE_NAME = "digits.onnx"
"""Of a network that learnt, in a model's folder."""

_learnt: tuple[Path, str] | None = None


def use(learnt: tuple[Path, str] | None) -> None:
    """From now on the network in this file reads, in the whole process, and is named after that
    model; None: the one that comes with scanform."""
    global _learnt  # noqa: PLW0603 - as the words of ``known.py``: a worker reads with one model
    _learnt = learnt


def name() -> str:
    """The network that reads, as a reading names its reader."""
    return NAME if _learnt is None else f"{NAME}~{_learnt[1]}"


def _network() -> cv2.dnn.Net:
    file = None if _learnt is None else _learnt[0]
    return _opened(file, 0 if file is None else file.stat().st_mtime_ns)


@lru_cache(maxsize=3)
def _opened(file: Path | None, written: int) -> cv2.dnn.Net:  # noqa: ARG001 - written anew: another
    data = digit_weights.shipped() if file is None else file.read_bytes()
    return network_of(data)


def network_of(data: bytes) -> cv2.dnn.Net:
    """The network in a file. Raises ``ValueError`` where it isn't the shipped one with other
    numbers."""
    if not digit_weights.same_graph(data):
        raise ValueError("not the digit network")
    return cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8))


def prepared(image: Pixels) -> NDArray[np.float32]:
    """A character, dark on white with any margin, as ``SIDE x SIDE`` values, 1 for full ink.

    Its ink is scaled with its aspect kept, so that the longer side has ``INNER`` pixels, and laid
    with its centre of mass in the middle. A thin pen on a large picture comes out as strong as a
    thick one. All white where there is no ink.
    """
    canvas = np.zeros((SIDE, SIDE), np.float32)
    dark = (255 - image).astype(np.float32)
    top = float(dark.max(initial=0.0))
    if top < 25.0:
        return canvas
    ink = dark > FAINT * top
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    dark = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    factor = INNER / max(dark.shape)
    if factor < 0.5:  # thin strokes would be averaged away
        dark = np.asarray(cv2.GaussianBlur(dark, (0, 0), 0.35 / factor), np.float32)
    size = (max(1, round(dark.shape[1] * factor)), max(1, round(dark.shape[0] * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(dark, size, interpolation=how), np.float32)
    full = float(small.max())
    full = max(1.0, float(small[small > 0.5 * full].mean()) * 1.1)
    small = np.minimum(small / full, 1.0)
    weight = float(small.sum())
    y = round(SIDE / 2 - float(small.sum(axis=1) @ np.arange(size[1])) / weight - 0.5)
    x = round(SIDE / 2 - float(small.sum(axis=0) @ np.arange(size[0])) / weight - 0.5)
    y, x = min(max(y, 0), SIDE - size[1]), min(max(x, 0), SIDE - size[0])
    canvas[y : y + size[1], x : x + size[0]] = small
    return canvas


def chances(images: Sequence[Pixels]) -> Chances:
    """For each character the chances of 0 to 9 and of no character; n x 11, calibrated on digits
    by hands that the network was not trained on."""
    return chances_by(_network(), [prepared(image) for image in images])


def chances_by(network: cv2.dnn.Net, cells: Sequence[NDArray[np.float32]]) -> Chances:
    """As ``chances``, by that network, of characters that are prepared already."""
    if not cells:
        return np.zeros((0, NO_CHARACTER + 1), np.float32)
    network.setInput(np.stack(cells)[:, None])
    return np.asarray(network.forward(), np.float32)

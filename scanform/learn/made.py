"""Made-up lines of writing with their texts: in print, which a reader must not unlearn, and in hand
fonts with pens, slants and habits. Everybody named in them is made up."""

from __future__ import annotations

import cv2
import numpy as np

from scanform.learn.fit import Example
from scanform.lexicon.places import of_level
from scanform.model.scan import Pixels
from scanform.rehearse.hands import Writer, shipped, typist, writer
from scanform.rehearse.homes import address, home
from scanform.rehearse.ink import draw_line
from scanform.rehearse.names import full_name

PAD = 14
"""White pixels around a line, as around a line cut from a form."""
NAMES = 0.3
"""Share of lines that are a name, half of them in capitals; the others are addresses."""


def made_lines(count: int, seed: int, *, hand: bool) -> list[Example]:
    """The same lines for the same seed; each in a hand of its own, or as typed."""
    rng = np.random.default_rng(seed)
    faces = shipped()
    found = []
    for _ in range(count):
        who = writer(faces, rng) if hand else typist(rng)
        text = _text(rng)
        found.append(Example(_drawn(text, who, rng), text))
    return found


def _text(rng: np.random.Generator) -> str:
    if rng.random() < NAMES:
        name = full_name(rng, "Nam" if rng.random() < 0.5 else "Nữ", int(rng.integers(1940, 2020)))
        return name.upper() if rng.random() < 0.5 else name
    communes = of_level("commune")
    return address(home(rng, communes[int(rng.integers(len(communes)))]), rng.random() < 0.6)


def _drawn(text: str, who: Writer, rng: np.random.Generator) -> Pixels:
    """The line in grey on white, cut to its ink."""
    mask = draw_line(text, who.face.path, who.em, who.wobble, who.pen, rng).mask
    rows = np.flatnonzero((mask > 0.15).any(axis=1))
    columns = np.flatnonzero((mask > 0.15).any(axis=0))
    part = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    line = np.asarray(255.0 * (1.0 - np.clip(part, 0.0, 1.0)), np.uint8)
    return np.pad(line, PAD, constant_values=255)


def made_digits(count: int, seed: int, *, hand: bool) -> list[tuple[Pixels, int]]:
    """Digits as cells hold them and what they are: typed, or each in a hand of its own; from sharp
    to soft, from dark to faint, now and then with a rest of the cell's line."""
    rng = np.random.default_rng(seed)
    faces = shipped()
    found = []
    for at in range(count):
        who = writer(faces, rng) if hand else typist(rng)
        digit = at % 10
        dark = 255.0 - _drawn(str(digit), who, rng).astype(np.float32)
        if rng.random() < 0.5:
            dark = np.asarray(cv2.GaussianBlur(dark, (0, 0), rng.uniform(0.4, 1.6)), np.float32)
        dark *= rng.uniform(0.4, 1.0)
        dark += rng.normal(0.0, rng.uniform(0.0, 8.0), dark.shape).astype(np.float32)
        inner = np.asarray(255.0 - np.clip(dark, 0.0, 255.0), np.uint8)
        inner = inner[PAD - 1 : 1 - PAD, PAD - 1 : 1 - PAD]
        if rng.random() < 0.1:
            inner[:, [0, -1][int(rng.integers(2))]] = 90
        found.append((inner, digit))
    return found

"""The steps of a made-up reader of lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LETTERS = (
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"
)
ALPHABET = ("", *LETTERS, *LETTERS.upper(), *"0123456789 ,.-/@'")


def steps(text: str, sure: float = 0.9, wide: int = 1) -> NDArray[np.float32]:
    """The steps of a reader that is this sure of each letter of ``text``, ``wide`` steps apart."""
    rows = []
    for character in text:
        row = np.full(len(ALPHABET), (1 - sure) / len(ALPHABET))
        row[ALPHABET.index(character)] += sure
        none = np.full(len(ALPHABET), 0.02 / len(ALPHABET))
        none[0] += 0.98
        rows += [row, *[none] * wide]
    chances = np.array(rows)
    return np.asarray(np.log(chances / chances.sum(axis=1, keepdims=True)), np.float32)

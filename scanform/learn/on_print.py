"""A reader that learnt hands mustn't unlearn print: as much is taken of it as print allows.

Between the weights of before and those that learnt lie readers that keep nearly all of the new and
lose nearly nothing of the old (Wortsman et al. 2022, https://arxiv.org/abs/2109.01903).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from scanform.learn import weights
from scanform.learn.made import made_lines
from scanform.learn.read import read_plain
from scanform.learn.scoring import plain
from scanform.programs import asterocr

PRINT_LINES = 48
PRINT_SEED = 90_001
PRINT_LOSS = 0.002
"""Errors a letter of print that the new reader may have more than the old one."""
SHARES = (1.0, 0.8, 0.6, 0.4)
"""Of what was learnt, the most first."""


@dataclass(frozen=True, slots=True)
class OnPrint:
    """Errors a letter of print ``before`` and ``after``, with the ``share`` of what was learnt."""

    share: float
    before: float
    after: float

    @property
    def worse(self) -> bool:
        return self.after > self.before + PRINT_LOSS


def held_to_print(old: Path, new: Path) -> OnPrint:
    """Takes back so much of what the reader in the file ``new`` (changed) learnt since ``old`` that
    print is read as before; where no share does, the least is left."""
    before = print_errors(old)
    learnt, known = weights.load(new).state_dict(), weights.load(old).state_dict()
    found = OnPrint(1.0, before, print_errors(new))
    for share in SHARES[1:]:
        if not found.worse:
            break
        mixed = {name: known[name].lerp(value, share) for name, value in learnt.items()}
        weights.save(mixed, old, new)
        found = OnPrint(share, before, print_errors(new))
    return found


def print_errors(model: Path) -> float:
    """Errors a letter on rehearsed print that no reader learns."""
    lines = made_lines(PRINT_LINES, PRINT_SEED, hand=False)
    read = read_plain(asterocr.read_lines([each.image for each in lines], model), None)
    truths = [plain(each.text) for each in lines]
    wrong = sum(Levenshtein.distance(plain(a), t) for a, t in zip(read, truths, strict=True))
    return wrong / max(1, sum(len(truth) for truth in truths))

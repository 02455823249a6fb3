"""The likeliest text among a reading and its alternatives, given how common each word is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scanform.model.reading import Reading

Prior = Callable[[str, int, int], float]
"""A word, where it stands and how many words there are -> natural log of its chance."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """``odds`` is the natural log of how much likelier the least certain word is than its best
    rival (large when there is none); ``changed`` how many words differ from the reading."""

    text: str
    odds: float
    changed: int


Rivals = Callable[[str, int, int], Sequence[str]]
"""A word, where it stands and how many words there are -> words that it may be instead."""
NO_RIVAL = 12.0
UNOFFERED = -4.6
"""Natural log of the chance that a word is one which the reader didn't even offer."""


def already_known(reading: Reading) -> bool:
    """Whether the reading's chances are after a lexicon's (``recognise/inform.py``)."""
    return reading.measures.get("fit", 0.0) != 0.0


def decode(
    reading: Reading, prior: Prior, weight: float = 1.0, more: Rivals | None = None
) -> Decoded:
    """Chooses each word by the reader's chance for it times its prior to the power ``weight``.

    ``more`` names words that the reader didn't offer; they are taken as ``UNOFFERED`` likely. Where
    the reader has decoded with what is known of the field, the prior is in its chances already.
    """
    weight = 0.0 if already_known(reading) else weight
    words = (reading.text or "").split()
    rivals: list[dict[str, float]] = [{word: 0.0} for word in words]
    for alternative in reading.alternatives:
        others = alternative.text.split()
        if len(others) != len(words) or not 0.0 < alternative.score < 1.0:
            continue
        odds = math.log(alternative.score / (1.0 - alternative.score))
        for at, (word, other) in enumerate(zip(words, others, strict=True)):
            if word != other:
                rivals[at][other] = max(odds, rivals[at].get(other, -math.inf))
    for at, word in enumerate(words):
        for other in more(word, at, len(words)) if more else ():
            rivals[at].setdefault(other, UNOFFERED)
    worst = NO_RIVAL
    chosen = []
    for at, choices in enumerate(rivals):
        ranked = sorted(
            ((odds + weight * prior(word, at, len(words)), word) for word, odds in choices.items()),
            reverse=True,
        )
        chosen.append(ranked[0][1])
        if len(ranked) > 1:
            worst = min(worst, ranked[0][0] - ranked[1][0])
    changed = sum(a != b for a, b in zip(words, chosen, strict=True))
    return Decoded(" ".join(chosen), worst, changed)

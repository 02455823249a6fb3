"""The likeliest text of a line, given what the steps say and what is usually written. Pure.

Prefix beam search (Hannun et al. 2014, https://arxiv.org/abs/1408.2873): texts grow letter by
letter over the steps, the best few at a time, each weighed by the language.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from scanform.recognise.ctc import Steps

Language = Callable[[str, str], float]
"""A text and a letter that may follow it -> natural log of the letter's chance. The end of a text
is the letter ``"\\n"``."""
Beams = dict[str, tuple[float, float]]
WIDTH = 12
LEAST = -7.0
"""Natural log of a chance below which a letter isn't tried at a step."""
NEVER = -1e9


def searched(
    steps: Steps,
    names: Sequence[str],
    language: Language,
    weight: float = 0.6,
    bonus: float = 1.0,
) -> list[tuple[str, float]]:
    """The best texts, the likeliest first, with the natural log of how likely.

    ``names``: the letter of each column of ``steps``, the first none. ``weight``: how much the
    language counts; ``bonus`` a letter, since each letter costs what the language says of it.
    """
    beams: Beams = {"": (0.0, NEVER)}
    said: dict[str, float] = {"": 0.0}
    for row in steps:
        tried = [int(at) for at in np.flatnonzero(row > LEAST) if at]
        grown: Beams = {}
        for text, (ended, open_) in beams.items():
            whole = _sum(ended, open_)
            _add(grown, text, whole + float(row[0]), NEVER)
            for at in tried:
                letter, chance = names[at], float(row[at])
                if text and text[-1] == letter:
                    _add(grown, text, NEVER, open_ + chance)
                    before = ended
                else:
                    before = whole
                if before <= NEVER / 2 or (letter == " " and (not text or text[-1] == " ")):
                    continue
                longer = text + letter
                if longer not in said:
                    said[longer] = said[text] + weight * language("\n" + text, letter) + bonus
                _add(grown, longer, NEVER, before + chance)
        ranked = sorted(grown, key=lambda each: -(_sum(*grown[each]) + said[each]))
        beams = {text: grown[text] for text in ranked[:WIDTH]}
    found = [
        (text.strip(), _sum(*each) + said[text] + weight * language("\n" + text, "\n"))
        for text, each in beams.items()
    ]
    return sorted(found, key=lambda pair: -pair[1])


def _add(into: Beams, text: str, ended: float, going: float) -> None:
    """Adds chances to a text's: those of steps that end in none, and in its last letter."""
    old = into.get(text)
    into[text] = (ended, going) if old is None else (_sum(old[0], ended), _sum(old[1], going))


def _sum(one: float, other: float) -> float:
    """Natural log of the sum of two chances given as logs."""
    if one < other:
        one, other = other, one
    return one if other <= NEVER / 2 else one + math.log1p(math.exp(other - one))

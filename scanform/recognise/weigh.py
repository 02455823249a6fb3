"""Two readers of one line, weighed against each other word by word. Pure.

Tesseract reads with a language in mind, AsterOCR shape by shape, and they hardly ever make the same
mistake: on 266 made-up lines in hand and print fonts they agreed on a wrong text twice. Where they
differ, each candidate counts by Tesseract's odds for its words and by AsterOCR's chance of the
whole text, which any text has (``ctc.py``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from scanform.lexicon.spelling import tidy
from scanform.model.reading import Alternative
from scanform.programs.tesseract import Word
from scanform.recognise.ctc import Steps, best_text, log_chance
from scanform.recognise.variants import alternatives

SHARE = 0.5
"""Weight of AsterOCR's log chance beside Tesseract's log odds; from 0.25 to 1 little changes."""
MIXED = 3
"""Up to so many differing words, every mixture of the two texts is weighed."""
SURE = 12.0
"""Margins above this tell nothing more."""
ALTERNATIVES = 6
EDGES = " .,;:_|~-'\"`"
"""Characters that no value begins or ends with."""
LEAST_OFFERED = 0.01
"""Tesseract's own alternatives below this are left out."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The likeliest text; ``alternatives`` with their chance against it; whether the readers
    ``agree``; ``margin``: the natural log of the odds against the best rival. Where a lexicon was
    heeded (``inform.py``): ``fit``, the natural log of the chance a letter of all that is known,
    and ``overruled``, how many letters the text is away from the readers' own."""

    text: str
    alternatives: tuple[Alternative, ...]
    agree: bool
    margin: float
    fit: float = 0.0
    overruled: float = 0.0


def weigh(words: Sequence[Word], steps: Steps, alphabet: tuple[str, ...]) -> Weighed | None:
    """Tesseract's words (there may be none) and AsterOCR's steps of one line; None when neither
    read anything."""
    one = " ".join(word.text for word in words)
    other = tidy(best_text(steps, alphabet))
    odds = _candidates(words, other.split())
    if not odds:
        return None
    total = {text: said + SHARE * log_chance(steps, text, alphabet) for text, said in odds.items()}
    ranked = sorted(total, key=lambda text: -total[text])
    best = ranked[0]
    rivals = [text for text in ranked[1:] if bare(text) != bare(best)]
    margin = total[best] - total[rivals[0]] if rivals else SURE
    found = tuple(Alternative(text, chance_of(total[text] - total[best])) for text in ranked[1:])
    agree = bare(one) == bare(other)
    return Weighed(best, found[:ALTERNATIVES], agree, min(SURE, margin))


def bare(text: str) -> str:
    """What of a text its value is made of: a crumb of ink before or behind it, which one reader
    takes for a colon, is none of it, nor is a space behind a comma."""
    return re.sub(r"(?<=[,.;]) ", "", text.lower().strip(EDGES))


def _candidates(words: Sequence[Word], other: list[str]) -> dict[str, float]:
    """Every text worth weighing with Tesseract's log odds against its own."""
    one = [word.text for word in words]
    if not one:
        return {" ".join(other): 0.0} if other else {}
    found = {" ".join(one): 0.0}
    for each in alternatives(words)[:ALTERNATIVES]:
        if LEAST_OFFERED <= each.score < 1.0:
            found[each.text] = math.log(each.score / (1.0 - each.score))
    costs = [logit(word.score) for word in words]
    if len(other) != len(one):
        if other:
            found.setdefault(" ".join(other), -min(costs))
        return found
    differing = [at for at in range(len(one)) if one[at] != other[at]]
    few = len(differing) <= MIXED
    choices = (
        [*product((False, True), repeat=len(differing))] if few else [(True,) * len(differing)]
    )
    for taken in choices:
        swapped = [at for at, swap in zip(differing, taken, strict=True) if swap]
        text = " ".join(other[at] if at in swapped else word for at, word in enumerate(one))
        cost = -sum(costs[at] for at in swapped)
        found[text] = max(cost, found.get(text, -math.inf))
    return found


def logit(score: float) -> float:
    """A score as log odds, cut off at 2 %."""
    score = min(0.98, max(0.02, score))
    return math.log(score / (1.0 - score))


def chance_of(odds: float) -> float:
    """Log odds as a chance."""
    return 1.0 / (1.0 + math.exp(min(30.0, -odds)))

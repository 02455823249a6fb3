"""What isn't learnt: words of people who are often wrong, one value typed over and over. Pure.

A reviewer who is careless, or who wants a reader that reads as he likes, is told from the others by
what people said blindly about the same ink, never by what the machine thinks alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from scanform.learn.confirmed import Confirmed
from scanform.learn.scoring import plain
from scanform.model.interval import clopper_pearson

LEAST_JUDGED = 8
"""Blind second opinions about a person's answers before his error is believed."""
MOST_WRONG = 0.10
"""A person whose error surely lies above this is held out."""
LEAST_ALIKE = 8
"""Times that one person gave one field the same value before it is looked at."""
SHARE_ALIKE = 0.3
"""Share of his answers to that field from which that is odd."""
UNLIKE = 35.0
"""Likeness of the value to what was read (0..100), on average, below which it isn't on the paper:
the worst readers of the worst hands get a third of the letters."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What may be learnt; who and what was held out, and why."""

    answers: tuple[Confirmed, ...]
    people: tuple[str, ...]
    repeated: int
    """Answers held out as one value given over and over."""
    by_people: int
    """Answers held out with their people."""


def guarded(found: Sequence[Confirmed], judged: Mapping[str, tuple[int, int]]) -> Kept:
    """``judged``: see ``confirmed.disagreements``. What two people said is kept whoever they
    are."""
    careless = {person for person, (seen, wrong) in judged.items() if _is_careless(seen, wrong)}
    odd = _repeated(found)
    kept: list[Confirmed] = []
    repeated = by_people = 0
    for each in found:
        if each.seconded:
            kept.append(each)
        elif each.by in careless:
            by_people += 1
        elif (each.by, each.field, each.value) in odd:
            repeated += 1
        else:
            kept.append(each)
    return Kept(tuple(kept), tuple(sorted(careless)), repeated, by_people)


def _is_careless(seen: int, wrong: int) -> bool:
    return seen >= LEAST_JUDGED and clopper_pearson(wrong, seen)[0] > MOST_WRONG


def _repeated(found: Sequence[Confirmed]) -> set[tuple[str, str, str | None]]:
    """Values that one person typed again and again over ink that was read as something else."""
    totals = Counter((each.by, each.field) for each in found)
    likeness: defaultdict[tuple[str, str, str | None], list[float]] = defaultdict(list)
    for each in found:
        if each.corrected and each.value:
            alike = fuzz.ratio(plain(each.read or ""), plain(each.value))
            likeness[each.by, each.field, each.value].append(alike)
    return {
        key
        for key, alike in likeness.items()
        if len(alike) >= LEAST_ALIKE
        and len(alike) >= SHARE_ALIKE * totals[key[0], key[1]]
        and sum(alike) / len(alike) < UNLIKE
    }

"""Of many forms some, each whole: what is learnt, or sent, is split by form."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping


def drawn(forms: Collection[str], seed: int) -> list[str]:
    """The forms in an order that the seed decides."""
    found = sorted(forms)
    random.Random(seed).shuffle(found)  # noqa: S311 - a draw, no secret
    return found


def fitting(order: Iterable[str], sizes: Mapping[str, int], most: int | None) -> list[str]:
    """Of the forms, in that order, those for which there is room; ``most`` None for all."""
    found: list[str] = []
    room = sum(sizes.values()) if most is None else most
    for form in order:
        if sizes[form] <= room:
            found.append(form)
            room -= sizes[form]
    return found

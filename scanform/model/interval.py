"""The exact interval of a share."""

from __future__ import annotations

import math
from collections.abc import Callable

LEVEL = 0.95


def clopper_pearson(hits: int, count: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval of a share of which ``hits`` of ``count`` were seen, that holds the true one in
    at least ``level`` of all samples (Clopper and Pearson, Biometrika 26, 1934, 404-413). It is
    (0, 1) where nothing was counted. Raises ``ValueError`` unless 0 <= hits <= count.

    >>> [round(end, 4) for end in clopper_pearson(0, 100)]
    [0.0, 0.0362]
    """
    if not 0 <= hits <= count:
        raise ValueError("hits must lie between 0 and count")
    if count == 0:
        return 0.0, 1.0
    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else _solve(lambda p: 1 - at_most(hits - 1, count, p), tail, True)
    high = 1.0 if hits == count else _solve(lambda p: at_most(hits, count, p), tail, False)
    return low, high


def at_most(hits: int, count: int, share: float) -> float:
    """The chance of at most ``hits`` of ``count`` where each has the chance ``share``."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return 1.0 if hits >= count else 0.0
    log_yes, log_no = math.log(share), math.log1p(-share)
    whole = math.lgamma(count + 1)
    return min(
        1.0,
        math.fsum(
            math.exp(
                whole
                - math.lgamma(k + 1)
                - math.lgamma(count - k + 1)
                + k * log_yes
                + (count - k) * log_no
            )
            for k in range(hits + 1)
        ),
    )


def _solve(chance: Callable[[float], float], tail: float, rising: bool) -> float:
    """The share at which ``chance`` is ``tail``, by halving: to a few parts in 10^15."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if (chance(middle) < tail) == rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2

"""What a count of wrong answers proves about their share: exact one-sided bounds.

C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case
of the binomial", Biometrika 26 (1934), 404-413.
"""

from __future__ import annotations

from scanform.model.interval import at_most

CERTAINTY = 0.95
NEVER = 10**12
"""More answers than there will ever be: nothing proves that none is wrong."""


def upper_bound(wrong: int, count: int, certainty: float = CERTAINTY) -> float:
    """The share that is exceeded with at most 1 - ``certainty``: the one-sided bound.

    >>> round(upper_bound(0, 598), 4)
    0.005
    """
    if wrong >= count:
        return 1.0
    low, high = wrong / count, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        if at_most(wrong, count, middle) > 1.0 - certainty:
            low = middle
        else:
            high = middle
    return high


def proves(wrong: int, count: int, share: float, certainty: float = CERTAINTY) -> bool:
    """Whether that count shows, with ``certainty``, that at most ``share`` are wrong."""
    return count > 0 and at_most(wrong, count, share) <= 1.0 - certainty


def fewest(share: float, wrong: int = 0, certainty: float = CERTAINTY) -> int:
    """How many must be seen, ``wrong`` of them wrong, to prove ``share``.

    >>> fewest(0.005), fewest(0.001)
    (598, 2995)
    """
    if share <= 0.0:
        return NEVER
    low, high = wrong, max(2, wrong + 1)
    while not proves(wrong, high, share, certainty):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if proves(wrong, middle, share, certainty):
            high = middle
        else:
            low = middle
    return high

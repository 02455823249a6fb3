"""Many people at once, each a thread, and how long each waited: for `benchmarks/review.py`."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Worked:
    """What the people did: milliseconds of each next field and each decision, and what each was
    given."""

    nexts: list[float]
    decisions: list[float]
    given: list[tuple[str, str]]


def together(people: int, seconds: float, one: Callable[[int, float, Worked], None]) -> Worked:
    """What all of them did at once: ``one`` of them, by number, works until a moment."""
    each = [Worked([], [], []) for _ in range(people)]
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=one, args=(n, until, each[n])) for n in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Worked(
        [t for did in each for t in did.nexts],
        [t for did in each for t in did.decisions],
        [g for did in each for g in did.given],
    )


def spread(times: list[float]) -> dict[str, float]:
    if len(times) < 2:
        return {}
    cuts = statistics.quantiles(times, n=100)
    return {
        "count": len(times),
        "median": round(statistics.median(times), 1),
        "p99": round(cuts[98], 1),
        "most": round(max(times), 1),
    }

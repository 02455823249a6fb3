"""Which waiting answers teach most, if people look at them next. Pure.

A line teaches by what the reader doubts in it (uncertainty sampling: Lewis and Gale 1994,
https://arxiv.org/abs/cmp-lg/9407020), and by being of a hand that hardly anybody confirmed yet. Who
wrote a form is not known; one form is one hand, and forms that came in together are of one place.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scanform.model.reading import Reading

MOST_DOUBT = 0.5
"""Of half a line's letters and more: a stain or a strike-out is likelier than a hand."""
AGAIN = 0.4
"""What a further line of the same form is worth against the one before."""
SOURCE_LINES = 40
"""Confirmed lines of a box after which one more of it is worth half as much."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line that waits: ``doubt``, the share of its letters that the reader isn't sure of
    (0..1); ``source``: what came in with it (a folder of scans)."""

    record: str
    template: str
    field: str
    doubt: float
    source: str


def doubt_of(reading: Reading) -> float:
    """The share of a line's letters in doubt, by the reader that goes shape by shape; else what
    is left of the reader's own score."""
    text = reading.said[-1].text if reading.said else reading.text or ""
    sure = reading.said[-1].score if reading.said else reading.score
    return 1.0 - float(max(1e-9, sure) ** (1.0 / max(1, len(text))))


def most_telling(
    waiting: Iterable[Waiting], confirmed: Mapping[str, int], count: int
) -> list[Waiting]:
    """Up to ``count`` of them, the one that teaches most first. ``confirmed``: lines that people
    confirmed already, by source. Each that is chosen makes others of its form and of its source
    worth less; of two alike the lower id comes first."""
    lines = sorted(waiting, key=lambda each: (each.record, each.field))
    of_form: Counter[str] = Counter()
    of_source = Counter(dict(confirmed))

    def worth(line: Waiting) -> float:
        new = 1.0 / (1.0 + of_source[line.source] / SOURCE_LINES)
        return float(min(line.doubt, MOST_DOUBT) * new * AGAIN ** of_form[line.record])

    heap = [(-worth(line), at) for at, line in enumerate(lines)]
    heapq.heapify(heap)
    chosen: list[Waiting] = []
    while heap and len(chosen) < count:
        _, at = heapq.heappop(heap)
        now = -worth(lines[at])
        if heap and (now, at) > heap[0]:  # it is worth less than when it was laid down
            heapq.heappush(heap, (now, at))
            continue
        if now >= 0.0:
            break
        chosen.append(lines[at])
        of_form[lines[at].record] += 1
        of_source[lines[at].source] += 1
    return chosen

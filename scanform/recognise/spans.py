"""How likely each of many texts fills each stretch of a line. Pure, vectorised over the texts.

The forward pass of connectionist temporal classification (Graves et al. 2006, section 4.1) with
chances instead of logs: they are taken against the reader's best guess at each step, so that they
stay within what a float holds, and what falls under is impossible anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scanform.recognise.observed import Chances, Observed


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts in small letters as columns of symbols; ``backwards`` when the last letter is first.

    A space is no letter of its own: it only allows a gap before the letter behind it.
    """

    labels: NDArray[np.intp]
    """Texts x letters, padded with 0."""
    begins: NDArray[np.bool_]
    """Whether a gap may stand before the letter."""
    lengths: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.labels)

    def chosen(self, rows: NDArray[np.intp]) -> Texts:
        """The texts of those rows, cut to the longest of them."""
        longest = int(self.lengths[rows].max(initial=1))
        return Texts(self.labels[rows, :longest], self.begins[rows, :longest], self.lengths[rows])

    @cached_property
    def repeated(self) -> Chances:
        """0 where a letter is the same as the one before it, which needs a step between; else 1."""
        same = self.labels[:, 1:] == self.labels[:, :-1]
        return np.where(same, 0.0, 1.0)


def texts(written: Sequence[str], symbols: dict[str, int], backwards: bool = False) -> Texts:
    """``written`` as ``Texts``; characters that the reader doesn't know are left out."""
    rows: list[list[tuple[int, bool]]] = []
    for text in written:
        row = []
        begins = False
        for character in text[::-1] if backwards else text:
            if character in symbols:
                row.append((symbols[character], begins))
            begins = character not in symbols
        rows.append(row or [(0, False)])
    longest = max((len(row) for row in rows), default=1)
    labels = np.zeros((len(rows), longest), np.intp)
    begins_at = np.zeros((len(rows), longest), np.bool_)
    for at, row in enumerate(rows):
        labels[at, : len(row)] = [label for label, _ in row]
        begins_at[at, : len(row)] = [begins for _, begins in row]
    begins_at[:, 0] = True
    return Texts(labels, begins_at, np.array([len(row) for row in rows], np.intp))


def through(seen: Observed, given: Texts, arrived: Chances) -> Chances:
    """Texts x (steps + 1): the chance that a text ends before each step.

    ``arrived`` (texts x (steps + 1), or one row for all) is the chance that what stands before it
    ends there. Gaps before a text are the text's own; those behind it are not.
    """
    count, longest = given.labels.shape
    steps = seen.count
    ended = np.zeros((count, steps + 1))
    if not count:
        return ended
    entries = np.broadcast_to(arrived, (count, steps + 1))
    likely = seen.letters[:, given.labels]
    none = np.where(given.begins, seen.between[:, None, None], seen.inside[:, None, None])
    letter = np.zeros((count, longest))
    blank = np.zeros((count, longest))
    before = np.empty((count, longest))
    last = (np.arange(count), given.lengths - 1)
    repeated = given.repeated
    for step in range(steps):
        before[:, 0] = entries[:, step]
        before[:, 1:] = letter[:, :-1]
        fresh = letter + blank
        fresh[:, 0] += before[:, 0]
        fresh[:, 1:] += before[:, 1:] * repeated
        fresh *= likely[step]
        blank += before
        blank *= none[step]
        letter = fresh
        ended[:, step + 1] = letter[last]
    return ended


def with_gap(ended: Chances, between: Chances) -> Chances:
    """Chances that something ends before each step -> that it does and a gap behind it."""
    spread = ended.copy()
    for step in range(len(between)):
        spread[step + 1] += spread[step] * between[step]
    return spread

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

GONE = 1e-60
"""What is so much less likely than the likeliest is not followed."""


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
    ended = np.zeros((steps + 1, count))
    first, last = _window(arrived)
    if not count or first > last:
        return ended.T
    entries = np.ascontiguousarray(np.broadcast_to(arrived, (count, steps + 1)).T)
    # Letters x texts, so that all letters but the first lie in one piece. Nothing is made anew from
    # step to step.
    labels, repeated = given.labels.T.ravel(), np.ascontiguousarray(given.repeated.T)
    within = (~given.begins.T).astype(np.intp).ravel()
    letter, after, blank, factors = (np.zeros((longest, count)) for _ in range(4))
    again, flat = np.zeros((longest - 1, count)), factors.ravel()
    ends = (given.lengths - 1) * count + np.arange(count)
    for step in range(first, steps):
        np.add(letter, blank, out=after)
        after[0] += entries[step]
        after[1:] += np.multiply(letter[:-1], repeated, out=again)
        seen.letters[step].take(labels, out=flat, mode="clip")
        after *= factors
        blank[0] += entries[step]
        blank[1:] += letter[:-1]
        gap = seen.between[step]
        np.array((gap, gap + (seen.inside[step] - gap))).take(within, out=flat, mode="clip")
        blank *= factors
        letter, after = after, letter
        letter.take(ends, out=ended[step + 1], mode="clip")
        if step > last and step % 4 == 0 and letter.max() + blank.max() < GONE * ended.max():
            break
    return ended.T


def _window(arrived: Chances) -> tuple[int, int]:
    """The first and the last step at which anything to speak of arrives."""
    most = arrived if arrived.ndim == 1 else arrived.max(axis=0)
    there = np.flatnonzero(most > GONE * most.max(initial=0.0))
    return (int(there[0]), int(there[-1])) if there.size else (1, 0)


def with_gap(ended: Chances, between: Chances) -> Chances:
    """Chances that something ends before each step -> that it does and a gap behind it."""
    spread = ended.copy()
    for step in range(len(between)):
        spread[step + 1] += spread[step] * between[step]
    return spread

"""Open text: the likeliest words up to each step of a line. Pure, vectorised over a tree of words.

Known words (syllables of places and names, words of addresses) are cheap by how common they are;
numbers cost a little a digit, anything else much a letter, so nothing is impossible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanform.recognise.observed import Chances, Observed
from scanform.recognise.spans import texts, through

KNOWN = 0.80
"""Share of the words of open text that the lists know."""
NUMBER, DIGIT = 0.2, 0.07
"""Share of numbers (with or without a letter), and the chance of each further digit."""
ODD_LETTER = 0.004
"""Chance of each letter of a word that is in no list; half the usual, as such words are rare."""
GAP_AT = 2.0
"""Where a gap is so much likelier than none, a word of no list ends."""


@dataclass(frozen=True, slots=True, eq=False)
class WordTree:
    """Words as a tree of letters, root left out: ``parents`` (-1: the root), ``labels``,
    ``same`` (0 where a letter is its parent's); ``ends``: nodes at which a word ends, with its
    ``chances``; ``words`` by node."""

    parents: NDArray[np.intp]
    labels: NDArray[np.intp]
    same: Chances
    ends: NDArray[np.intp]
    chances: Chances
    words: tuple[str, ...]


def word_tree(words: Mapping[str, float], symbols: Mapping[str, int]) -> WordTree:
    """The tree of ``words`` (small letters -> share, any sum)."""
    nodes: dict[tuple[int, str], int] = {}
    parents: list[int] = []
    ends: dict[int, tuple[float, str]] = {}
    total = sum(words.values())
    for word, share in words.items():
        letters = [c for c in word if c in symbols]
        at = -1
        for character in letters:
            if (at, character) not in nodes:
                nodes[at, character] = len(parents)
                parents.append(at)
            at = nodes[at, character]
        if letters and share > ends.get(at, (0.0, ""))[0]:
            ends[at] = (share, word)
    labels = np.array([symbols[character] for _, character in nodes], np.intp)
    above = np.array(parents, np.intp)
    same = np.where((above >= 0) & (labels[above] == labels), 0.0, 1.0)
    named = [""] * len(parents)
    for at, (_, word) in ends.items():
        named[at] = word
    chances = np.array([KNOWN * share / total for share, _ in ends.values()])
    last = np.array(list(ends), np.intp)
    return WordTree(above, labels, same, last, chances, tuple(named))


@dataclass(frozen=True, slots=True, eq=False)
class OpenText:
    """``arrived`` (steps + 1): the chance of the likeliest words that end before each step; how
    to find them again is kept beside it (``words_until``)."""

    arrived: Chances
    entries: Chances
    """The same with the gap behind them (steps + 1): the chance that a word may begin there."""
    behind: NDArray[np.intp]
    """Where the words end that a word which begins at a step stands behind."""
    last: NDArray[np.intp]
    """The last word: a node of the tree, -1 when no list has it."""
    start: NDArray[np.intp]
    """Where the last word begins, if no list has it."""


def open_text(seen: Observed, tree: WordTree) -> OpenText:
    """The likeliest words up to each step."""
    steps = seen.count
    letter, blank = np.zeros(len(tree.parents) + 1), np.zeros(len(tree.parents) + 1)  # root last
    fresh, spare = np.zeros(len(tree.parents)), np.zeros(len(tree.parents))
    loose = _Loose(seen)
    arrived, entries = np.zeros(steps + 1), np.zeros(steps + 1)
    behind, last, start = (np.zeros(steps + 1, np.intp) for _ in range(3))
    arrived[0] = 1.0
    waiting, since = 0.0, 0
    for step in range(steps + 1):
        entry = max(arrived[step], waiting)
        since = since if waiting > arrived[step] else step
        entries[step], behind[step] = entry, since
        if step == steps:
            break
        letter[-1] = entry
        np.take(letter, tree.parents, out=fresh, mode="wrap")
        fresh *= tree.same
        np.take(blank, tree.parents, out=spare, mode="wrap")
        np.maximum(fresh, spare, out=fresh)
        np.maximum(fresh, letter[:-1], out=fresh)
        np.take(seen.letters[step], tree.labels, out=spare, mode="clip")
        fresh *= spare
        np.maximum(blank, letter, out=blank)
        blank *= seen.inside[step]
        blank[-1] = 0.0
        letter[:-1] = fresh
        ended = fresh[tree.ends] * tree.chances
        best = int(ended.argmax())
        odd, odd_start = loose.after(step, entry)
        if ended[best] >= odd:
            arrived[step + 1], last[step + 1] = ended[best], tree.ends[best]
        else:
            arrived[step + 1], last[step + 1], start[step + 1] = odd, -1, odd_start
        waiting = entry * seen.between[step]
    return OpenText(arrived, entries, behind, last, start)


class _Loose:
    """A word of any letters and digits, step by step."""

    def __init__(self, seen: Observed) -> None:
        self._seen = seen
        self._cost = np.array(
            [DIGIT if c.isdigit() or c == "/" else ODD_LETTER for c in seen.symbols]
        )
        self._letter = np.zeros(len(self._cost))
        self._from = np.zeros(len(self._cost), np.intp)
        self._blank, self._blank_from = 0.0, 0

    def after(self, step: int, entry: float) -> tuple[float, int]:
        """The chance of the likeliest word that ends with this step, and where it begins."""
        top = int(self._letter.argmax())
        inner, inner_from = float(self._letter[top]), int(self._from[top])
        if self._blank > inner:
            inner, inner_from = self._blank, self._blank_from
        source, origin = (entry * NUMBER, step) if entry * NUMBER > inner else (inner, inner_from)
        fresh = source * self._cost
        stays = self._letter >= fresh
        self._letter = np.where(stays, self._letter, fresh) * self._seen.letters[step]
        self._from = np.where(stays, self._from, origin)
        self._blank, self._blank_from = inner * float(self._seen.inside[step]), inner_from
        end = int(self._letter.argmax())
        return float(self._letter[end]), int(self._from[end])


def words_until(seen: Observed, tree: WordTree, found: OpenText, end: int) -> list[str]:
    """The words, in small letters, that ``found.arrived[end]`` is the chance of."""
    words: list[str] = []
    symbols = list(seen.symbols)
    while end > 0:
        node = int(found.last[end])
        if node < 0:
            begin = int(found.start[end])
            words.append(_loose_word(seen, begin, end, symbols))
        else:
            words.append(tree.words[node])
            begin = _begin(seen, words[-1], found.entries, end)
        end = int(found.behind[begin])
    return [word for word in words[::-1] if word]


def _begin(seen: Observed, word: str, entries: Chances, end: int) -> int:
    """Where ``word``, which ends before the step ``end``, begins."""
    low = max(0, end - 12 - 6 * len(word))
    part = Observed(
        seen.letters[low:end][::-1],
        seen.inside[low:end][::-1],
        seen.inside[low:end][::-1],
        seen.symbols,
    )
    arrived = np.zeros(end - low + 1)
    arrived[0] = 1.0
    begun = through(part, texts([word], seen.symbols, backwards=True), arrived)[0][::-1]
    # ``begun[i]``: the word fills the steps from low + i.
    return low + int((begun[:-1] * entries[low:end]).argmax())


def _loose_word(seen: Observed, begin: int, end: int, symbols: list[str]) -> str:
    best = seen.letters[begin:end].argmax(axis=1)
    none = seen.inside[begin:end] >= seen.letters[begin:end].max(axis=1)
    gap = seen.between[begin:end] > GAP_AT * seen.inside[begin:end]
    letters: list[str] = []
    before = -1
    for step, (at, empty) in enumerate(zip(best, none, strict=True)):
        if not empty and at != before:
            letters.append(symbols[at])
        elif gap[step] and letters and letters[-1] != " ":
            letters.append(" ")
        before = -1 if empty else int(at)
    return "".join(letters).strip()

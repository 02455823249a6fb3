"""Decoding with what is known: a reader's chances and a lexicon give a text. Pure.

    decode(steps, alphabet, Addresses())            an address, or one unit's name
    decode(steps, alphabet, Listed(forms))          an entry of a list
    decode(steps, alphabet, Words(shares))          open words, as in names and remarks

``steps``: natural logs of chances, steps from left to right x characters; ``alphabet`` names the
characters, the first of which ("") stands for none. No reader is asked, so anything that gives such
steps can be decoded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from scanform.lexicon.spelling import fold, tone_places
from scanform.lexicon.written import open_words
from scanform.model.reading import Alternative
from scanform.recognise.address import decode_address, gazetteer
from scanform.recognise.ctc import best_text
from scanform.recognise.observed import Observed, Steps, observed
from scanform.recognise.open_words import WordTree, open_text, word_tree, words_until
from scanform.recognise.spans import texts, through
from scanform.recognise.spelled import spelled, spelled_like

SHORTLIST = 120
"""Forms of a list that are weighed after a quick search by the reader's own text."""
UNLISTED = 0.03
"""Share of texts in a field with a list that no list has."""
SURE = 30.0
"""Margins above this tell nothing more."""
ALTERNATIVES = 4


@dataclass(frozen=True, eq=False)
class Listed:
    """Texts in any case with a share each; what is in no list stays possible."""

    forms: Mapping[str, float]

    @cached_property
    def small(self) -> Mapping[str, float]:
        """In small letters, with tone marks in either place."""
        found: dict[str, float] = {}
        for form, share in self.forms.items():
            for way in tone_places(" ".join(form.lower().replace("-", " ").split())):
                found[way] = max(share, found.get(way, 0.0))
        return found

    @cached_property
    def by_words(self) -> Mapping[str, float]:
        """The same without punctuation."""
        return {" ".join(re.findall(r"[\w/]+", form)): share for form, share in self.small.items()}

    @cached_property
    def by_letters(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for form in self.small:
            found.setdefault(fold(form), []).append(form)
        return found

    @cached_property
    def spellings(self) -> list[str]:
        return list(self.by_letters)

    @cached_property
    def total(self) -> float:
        return sum(self.small.values()) or 1.0


@dataclass(frozen=True, eq=False)
class Words:
    """Any words; those with a share are likelier by it."""

    shares: Mapping[str, float] = field(default_factory=open_words)
    _trees: dict[tuple[str, ...], WordTree] = field(default_factory=dict, repr=False)

    @cached_property
    def total(self) -> float:
        """All shares together; 1 where there are none."""
        return sum(self.shares.values()) or 1.0

    def tree(self, symbols: Mapping[str, int]) -> WordTree:
        """The words as a tree for a reader's symbols; made once."""
        name = tuple(symbols)
        if name not in self._trees:
            self._trees[name] = word_tree(self.shares, symbols)
        return self._trees[name]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Open words, then commune, district and province of the gazetteer. ``own``: open words that
    the unit's confirmed addresses make likely; else those of the whole country."""

    own: Words | None = None


Lexicon = Addresses | Listed | Words


@dataclass(frozen=True, slots=True)
class Decoded:
    """``text`` with the case and the commas of the line; ``margin``: natural log of the odds
    against the best rival; ``fit``: natural log of its chance against the reader's own best guess
    at every step, prior included (near 0: nothing had to be overruled); ``codes`` of the places
    from the province down; ``known``: whether a list has it."""

    text: str
    margin: float
    fit: float
    alternatives: tuple[Alternative, ...]
    known: bool
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    text: str
    chance: float
    known: bool
    codes: tuple[str, ...] = ()


def decode(steps: Steps, alphabet: tuple[str, ...], lexicon: Lexicon) -> Decoded | None:
    """The likeliest text of a line; None when nothing can be read in it."""
    seen = observed(steps, alphabet)
    if isinstance(lexicon, Addresses):
        found = [
            _Found(each.text, each.chance, bool(each.codes), each.codes)
            for each in decode_address(seen, ALTERNATIVES, _own_tree(lexicon, seen))
        ]
    elif isinstance(lexicon, Listed):
        found = _listed(seen, fold(best_text(steps, alphabet)), lexicon)
    else:
        found = [_open(seen, lexicon.tree(seen.symbols))]
    found = [each for each in found if each.text and math.isfinite(each.chance)]
    if not found:
        return None
    best, *others = sorted(found, key=lambda each: -each.chance)
    rivals = [each for each in others if each.text != best.text]
    margin = best.chance - rivals[0].chance if rivals else SURE
    text = spelled(steps, alphabet, seen, best.text)
    return Decoded(
        text,
        min(SURE, margin),
        best.chance,
        tuple(
            Alternative(spelled_like(each.text, text), _chance(each.chance - best.chance))
            for each in rivals[:ALTERNATIVES]
        ),
        best.known,
        best.codes,
    )


def _own_tree(lexicon: Addresses, seen: Observed) -> WordTree | None:
    return None if lexicon.own is None else lexicon.own.tree(seen.symbols)


def _listed(seen: Observed, read: str, lexicon: Listed) -> list[_Found]:
    near = process.extract(
        read, lexicon.spellings, scorer=Levenshtein.normalized_similarity, limit=SHORTLIST
    )
    forms = [form for spelling, _, _ in near for form in lexicon.by_letters[spelling]]
    found = [_open(seen, _open_tree(tuple(seen.symbols)), math.log(UNLISTED))]
    if forms:
        begun = np.zeros(seen.count + 1)
        begun[0] = 1.0
        ended = through(seen, texts(forms, seen.symbols), begun)
        behind = np.cumprod(np.concatenate(([1.0], seen.between[::-1])))[::-1]
        chances = (ended * behind).sum(axis=1)
        for form, chance in zip(forms, chances, strict=True):
            share = (1.0 - UNLISTED) * lexicon.small[form] / lexicon.total
            found.append(_Found(form, math.log(max(1e-300, float(chance) * share)), True))
    return found


def _open(seen: Observed, tree: WordTree, prior: float = 0.0) -> _Found:
    free = open_text(seen, tree)
    words = words_until(seen, tree, free, int(free.behind[-1]))
    return _Found(" ".join(words), prior + math.log(max(1e-300, float(free.entries[-1]))), False)


def _open_tree(symbols: tuple[str, ...]) -> WordTree:
    return gazetteer(symbols).tree


def _chance(odds: float) -> float:
    return 1.0 / (1.0 + math.exp(min(30.0, -odds)))

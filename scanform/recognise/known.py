"""What is known of a field before it is read: its lexicon, and how likely a text is in it. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from scanform.lexicon import hamlets, lists, places, written
from scanform.lexicon.places import LEVELS
from scanform.lexicon.spelling import tidy, tone_places
from scanform.lexicon.syllables import is_syllable
from scanform.lexicon.written import mixed, words_with
from scanform.model.template import Field
from scanform.recognise import address as shares
from scanform.recognise.decode import UNLISTED, Addresses, Lexicon, Listed, Words
from scanform.recognise.open_words import DIGIT, KNOWN, NUMBER, ODD_LETTER

LONGEST = 6
"""Words that a place's name has at most, unit and all."""
TEMPERED = 0.7
"""Power of a word's count: the lists are short, so what is rare in them is less so in the world."""
RARE = 0.3
"""Share of a name's word that has been seen as an ordinary syllable only, beside one seen once."""
UNSEEN = 0.5
"""Count of a syllable that no list has: the lists are of names, and people write other words."""


def lexicon_for(field: Field) -> Lexicon:
    """What a field of text may say."""
    return _lexicon(field.handled_by, field.lexicon or "")


_own: Words | None = None
"""Open words of the unit whose forms this process reads."""
_names: Mapping[str, float] = {}
"""Words of its people's names, by how often they were confirmed."""


def use_words(
    own: Mapping[str, float],
    own_hamlets: Mapping[str, float] | None = None,
    own_names: Mapping[str, float] | None = None,
) -> None:
    """Reads from now on as a unit's whose people write these words in addresses, these hamlets and
    names, by how often; none: as anybody's. An office's list of hamlets is such words, too. For
    the process, as its readers are."""
    global _own, _names  # noqa: PLW0603
    usual = max(own.values(), default=1.0)
    words = {**dict.fromkeys(hamlets.own().names, usual), **own}
    _own = Words(words_with(words)) if words else None
    _names = own_names or {}
    hamlets.use_confirmed(own_hamlets or {})
    _lexicon.cache_clear()


@lru_cache(maxsize=32)
def _lexicon(kind: str, name: str) -> Lexicon:
    if kind == "place":
        return _units(name) if name in LEVELS else Addresses(_own)
    if kind == "closed" and name in lists.VINTAGES:
        return Listed(dict.fromkeys(lists.forms(name).written(), 1.0))
    if kind == "hamlet" and (listed := hamlets.own().written):
        # How often each is written tells them apart; one that nobody confirmed yet may come.
        seen = hamlets.confirmed()
        return Listed({each: 1.0 + seen.get(plain(each), 0.0) for each in listed})
    if kind == "hamlet" and (seen := hamlets.confirmed()):
        return Words(words_with(seen))
    if kind == "capitals":
        return Words(mixed(_name_words(), _names) if _names else _name_words())
    return Words()


def _units(level: str) -> Listed:
    """Every unit of a level with and without its unit's word."""
    found: dict[str, float] = {}
    for entry in places.of_level(level):
        for form, share in _forms(entry.code):
            found[form] = found.get(form, 0.0) + share
    return Listed(found)


def _name_words() -> Mapping[str, float]:
    """Words of people's names by how often each was seen, wherever it stands."""
    found = {word: RARE for word in written.open_words() if word.isalpha()}
    for row in lists.rows("names.csv"):
        seen = sum(int(row[place]) for place in ("surname", "middle", "given"))
        for form in tone_places(row["token"].lower()):
            found[form] = found.get(form, 0.0) + seen**TEMPERED
    return found


def plain(text: str) -> str:
    """In small letters without punctuation, as the decoders see it."""
    return " ".join(re.sub(r"[^\w\s/]|_", " ", tidy(text).lower()).split())


def log_prior(text: str, lexicon: Lexicon) -> float:
    """Natural log of the chance of ``text`` before anything was read, as the decoders take it."""
    said = plain(text)
    words = said.split()
    if isinstance(lexicon, Addresses):
        return max(_addresses(words, lexicon.own or _usual()))
    if isinstance(lexicon, Words):
        return _open(words, lexicon)
    unlisted = math.log(UNLISTED) + _open(words, _usual())
    share = lexicon.by_words.get(said)
    if share is None:
        return unlisted
    return max(unlisted, math.log((1.0 - UNLISTED) * share / lexicon.total))


@cache
def _usual() -> Words:
    """The country's open words."""
    return Words()


def _open(words: Sequence[str], known: Words) -> float:
    """Open words, in the likeliest phrases."""
    total = known.total
    best = [0.0]
    for end in range(1, len(words) + 1):
        last = words[end - 1]
        found = best[end - 1] + _loose(last)
        if is_syllable(last):
            found = max(found, best[end - 1] + math.log(KNOWN * UNSEEN / total))
        for begin in range(max(0, end - 4), end):
            share = known.shares.get(" ".join(words[begin:end]))
            if share:
                found = max(found, best[begin] + math.log(KNOWN * share / total))
        best.append(found)
    return best[-1]


def _loose(word: str) -> float:
    digits = sum(c.isdigit() or c == "/" for c in word)
    return math.log(NUMBER) + digits * math.log(DIGIT) + (len(word) - digits) * math.log(ODD_LETTER)


def _addresses(words: Sequence[str], known: Words) -> Iterator[float]:
    levels = (shares.PROVINCE_ALONE, shares.NO_COMMUNE, shares.WHOLE)
    yield math.log(shares.OPEN) + _open(words, known)
    for at, (rest, chance) in placed(words, 0, "", 0.0):
        yield math.log(levels[at]) + chance + _open(rest, known)


def placed(
    words: Sequence[str], at: int, parent: str, before: float
) -> Iterator[tuple[int, tuple[Sequence[str], float]]]:
    """Ways to take the last words for places: level reached, words left, chance so far."""
    for count in range(1, min(LONGEST, len(words)) + 1):
        for code, above, share in _by_form()[at].get(" ".join(words[-count:]), ()):
            if above == parent:
                found = before + math.log(share)
                yield at, (words[:-count], found)
                if at + 1 < len(LEVELS):
                    yield from placed(words[:-count], at + 1, code, found)


@cache
def _by_form() -> tuple[Mapping[str, list[tuple[str, str, float]]], ...]:
    """By level: a written form -> the places of it with the unit above and their share there."""
    levels = []
    for level in LEVELS:
        found: dict[str, list[tuple[str, str, float]]] = {}
        for entry in places.of_level(level):
            beside = len(places.children().get(entry.parent, ()))
            for form, share in _forms(entry.code):
                found.setdefault(plain(form), []).append((entry.code, entry.parent, share / beside))
        levels.append(found)
    return tuple(levels)


def _forms(code: str) -> Iterator[tuple[str, float]]:
    return ((form, shares.share_of(form, code)) for form in shares.forms_of(code))

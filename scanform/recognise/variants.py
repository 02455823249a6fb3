"""Other ways to read a line: the same letters with other marks. Pure.

Tesseract's best guess for a capital with two marks is often a simpler one (Ê for Ễ), and its score
for that character tells when. The chances below were measured on made-up names in 18 print fonts
with light and medium wear (benchmarks/calibration_pages.py): a character that scores under 0.8 was
wrong nine times in ten, and then nearly always the first choice with the same letter was right.
"""

from __future__ import annotations

from collections.abc import Sequence

from scanform.lexicon.spelling import fold
from scanform.lexicon.syllables import is_syllable
from scanform.model.reading import Alternative
from scanform.programs.tesseract import Character, Word

RIGHT_BY_SCORE: Sequence[tuple[float, float]] = (
    (0.94, 0.997),
    (0.92, 0.986),
    (0.90, 0.977),
    (0.88, 0.96),
    (0.86, 0.78),
    (0.80, 0.45),
    (0.00, 0.12),
)
"""Score from which -> chance that the letter's marks are right."""
BY_RANK = (0.90, 0.05, 0.02, 0.01)
"""Chance of each choice with the same letter when the first guess is wrong."""
UNDOUBLED = 0.9
"""Chance that two like vowels in a word that is no syllable are one."""
LEAST = 0.002
MOST = 12
"""Alternatives kept a line."""


def alternatives(words: Sequence[Word]) -> tuple[Alternative, ...]:
    """Whole lines with one word read otherwise, the likeliest first.

    An alternative's score is its chance against the line as it was read: 0.5 is as likely.
    """
    texts = [word.text for word in words]
    found: dict[str, float] = {}
    for at, word in enumerate(words):
        for text, score in _of_word(word):
            line = " ".join((*texts[:at], text, *texts[at + 1 :]))
            found[line] = max(score, found.get(line, 0.0))
    ranked = sorted(found.items(), key=lambda pair: -pair[1])
    return tuple(Alternative(text, score) for text, score in ranked[:MOST])


def _of_word(word: Word) -> list[tuple[str, float]]:
    """Other spellings of a word with their chance against the one that was read."""
    letters = [each.text for each in word.characters]
    every = list(letters)
    found = []
    changed = 0
    for at, character in enumerate(word.characters):
        for rank, (text, score) in enumerate(_of_character(character)):
            if score >= LEAST:
                found.append(("".join((*letters[:at], text, *letters[at + 1 :])), score))
            if rank == 0 and score > 0.5:
                every[at] = text
                changed += 1
    if changed > 1:
        found.append(("".join(every), 0.8))
    return found + _undoubled(letters)


def _undoubled(letters: list[str]) -> list[tuple[str, float]]:
    """A word that is no syllable with one of two like vowels left out: PHẠAM for PHẠM."""
    if is_syllable("".join(letters)):
        return []
    found = []
    for at in range(len(letters) - 1):
        one, other = letters[at], letters[at + 1]
        if fold(one) == fold(other) and fold(one) in "aeiouy" and one != other:
            found.append(("".join((*letters[:at], *letters[at + 1 :])), UNDOUBLED))
            found.append(("".join((*letters[: at + 1], *letters[at + 2 :])), UNDOUBLED))
    return [(text, score) for text, score in found if is_syllable(text)]


def _of_character(character: Character) -> list[tuple[str, float]]:
    letter = fold(character.text)
    if len(letter) != 1 or letter not in "aeiouyd":
        return []
    upper = character.text.isupper()
    same = dict.fromkeys(
        other.upper() if upper else other.lower()
        for other in character.others
        if fold(other) == letter
    )
    same.pop(character.text, None)
    right = next(chance for least, chance in RIGHT_BY_SCORE if character.score >= least)
    found = []
    for text, share in zip(same, BY_RANK, strict=False):
        chance = (1.0 - right) * share
        found.append((text, chance / (chance + right)))
    return found

"""Wordings in Vietnamese and English. Below all rooms, so that errors can speak both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["vi", "en"]

_IN_BRACKETS = re.compile(r" \(\{(\w+)\}\)")


@dataclass(frozen=True, slots=True)
class Phrase:
    vi: str
    en: str

    def say(self, language: Language, details: Mapping[str, str] | None = None) -> str:
        """The wording with ``{name}`` filled in; a name without a detail is left out, with the
        brackets that it stands in."""
        text, said = self.vi if language == "vi" else self.en, details or {}
        text = _IN_BRACKETS.sub(lambda found: found[0] if said.get(found[1]) else "", text)
        return text.format_map(_Blanks(said))

    def of(self, **details: Words) -> Saying:
        """The phrase with its details, to be said later, in whatever language is asked for."""
        return Saying(self, details)


@dataclass(frozen=True, slots=True)
class Saying:
    """A phrase and what it speaks of; a detail may be a wording itself."""

    phrase: Phrase
    details: Mapping[str, Words]

    def say(self, language: Language) -> str:
        return self.phrase.say(
            language, {name: say(words, language) for name, words in self.details.items()}
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """Several wordings, a line each."""

    lines: Sequence[Words]

    def say(self, language: Language) -> str:
        return "\n".join(f"  {say(line, language)}" for line in self.lines)


Words = str | Phrase | Saying | Listed
"""What can be said: a text that is the same in every language, or a wording."""


def say(words: Words, language: Language) -> str:
    return words if isinstance(words, str) else words.say(language)


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"

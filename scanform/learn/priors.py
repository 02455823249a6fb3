"""What a unit writes, for its lexicon: words of addresses, hamlets, words of names, how often each.

A word that few forms have may be a person's, so it takes several forms; of names more, since they
are nothing but people's. What is left says which surnames and given names are usual there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from scanform.learn.scoring import plain

LEAST_FORMS = 3
LEAST_NAMED = 10
"""Forms that a word of names must stand on."""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody said stands in a field of that kind, and on which form."""

    form: str
    kind: str
    text: str


def prior_json(found: Collection[Written]) -> str:
    """``{"words": {word: forms}, "hamlets": {whole value: forms}, "names": {word: forms}}``."""

    def words(text: str) -> list[str]:
        return plain(text).split()

    parts = {
        "words": _counted(found, "place", words, LEAST_FORMS),
        "hamlets": _counted(found, "hamlet", lambda text: [plain(text)], LEAST_FORMS),
        "names": _counted(found, "capitals", words, LEAST_NAMED),
    }
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)


def _counted(
    found: Collection[Written], kind: str, parts: Callable[[str], Iterable[str]], least: int
) -> dict[str, int]:
    """What stands on at least so many forms in fields of that kind, and on how many."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for each in found:
        if each.kind == kind:
            for part in parts(each.text):
                seen[part].add(each.form)
    return {
        part: len(forms) for part, forms in sorted(seen.items()) if part and len(forms) >= least
    }

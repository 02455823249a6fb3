"""Written forms of entries, and the search for the form that a text is nearest to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from scanform.lexicon.entry import Entry, Match
from scanform.lexicon.spelling import distance, fold, key, spelled_as, tidy

SHORTLIST = 24
"""Forms whose marks are compared after a quick search by bare letters."""


class Forms:
    """A searchable set of written forms. The same form may stand for several entries."""

    def __init__(self, forms: Iterable[tuple[str, Entry]]) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for form, entry in forms:
            self._entries.setdefault(form, []).append(entry)

    def __len__(self) -> int:
        return len(self._entries)

    def ready(self) -> None:
        """Prepares the search, which otherwise the first one does."""
        self._by_key, self._spellings  # noqa: B018 - they are worked out when they are asked for

    def written(self) -> tuple[str, ...]:
        """Every form."""
        return tuple(self._entries)

    @cached_property
    def _by_key(self) -> dict[str, list[str]]:
        keys: dict[str, list[str]] = {}
        for form in self._entries:
            keys.setdefault(key(form), []).append(form)
        return keys

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        folded: dict[str, list[str]] = {}
        for form in self._entries:
            folded.setdefault(fold(form), []).append(form)
        return folded

    @cached_property
    def _spellings(self) -> list[str]:
        return list(self._folded)

    def exact(self, text: str) -> tuple[Entry, ...]:
        """The entries that are written just so, but for case and for where the tones stand."""
        forms = self._by_key.get(key(tidy(text)), ())
        return tuple(entry for form in forms for entry in self._entries[form])

    def match(self, text: str, least: float = 0.6) -> Match | None:
        """The nearest form, or None when none has at least the similarity ``least``."""
        text = tidy(text)
        if not text or not self._entries:
            return None
        bare = fold(text)
        limit = max(1, int((1.0 - least) * max(len(bare), 4)) + 1)
        found = process.extract(
            bare,
            self._spellings,
            scorer=Levenshtein.distance,
            score_cutoff=limit + 1,
            limit=SHORTLIST,
        )
        ranked = sorted(
            (distance(text, form), form)
            for bare_form, _, _ in found
            for form in self._folded[bare_form]
        )
        if not ranked:
            return None
        best, form = ranked[0]
        same = key(form)
        others = [(far, other) for far, other in ranked[1:] if key(other) != same]
        runner_up = others[0] if others else None
        score = max(0.0, 1.0 - best / max(len(bare), len(fold(form)), 1))
        if score < least:
            return None
        return Match(
            value=spelled_as(text, form),
            form=form,
            entries=tuple(e for twin in self._by_key[same] for e in self._entries[twin]),
            score=score,
            distance=best,
            runner_up=runner_up[1] if runner_up else None,
            margin=runner_up[0] - best if runner_up else float(limit),
        )

"""What a unit writes, for its lexicon: words of places, never of names."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from scanform.learn.lesson import FormLine
from scanform.learn.scoring import plain

LEAST_FORMS = 3
"""A word that fewer forms have may be a person's."""
PUBLIC_KINDS = ("place",)


def prior_json(lines: Sequence[FormLine]) -> str:
    """``{"words": {word: forms}}`` of the fields that name places."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for each in lines:
        if each.kind in PUBLIC_KINDS:
            for word in plain(each.text).split():
                seen[word].add(each.form)
    words = {word: len(forms) for word, forms in sorted(seen.items()) if len(forms) >= LEAST_FORMS}
    return json.dumps({"words": words}, ensure_ascii=False, sort_keys=True)

"""Two readers' text of a line, weighed against what the field's lexicon makes of the line. Pure.

The decoder's texts and the readers' own are rivals: each counts by its chance before anything was
read, by AsterOCR's chances lent to letters that look alike (``observed.py``), and by Tesseract's
odds for the words of its own that it leaves out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np

from scanform.lexicon.spelling import distance
from scanform.lexicon.syllables import word_shape
from scanform.model.reading import Alternative
from scanform.programs.tesseract import Word
from scanform.recognise.ctc import best_text
from scanform.recognise.decode import Lexicon, Words, decode
from scanform.recognise.known import log_prior, plain
from scanform.recognise.observed import Steps, observed
from scanform.recognise.spans import texts, through
from scanform.recognise.weigh import ALTERNATIVES, SURE, Weighed, chance_of, logit

OWN_MARKS = "@%&+()"
"""Characters that no decoder knows: open text with one (an e-mail address) stays as it is."""
READ_AGAINST = 1.0
"""Weight of Tesseract's odds."""


def informed(
    weighed: Weighed,
    words: Sequence[Word],
    steps: Steps,
    alphabet: tuple[str, ...],
    lexicon: Lexicon,
) -> Weighed:
    """The likeliest of the readers' texts and the decoder's. Where the readers agree on words that
    could be some, the text stays, and so does open text with what no decoder knows."""
    if weighed.agree and word_shape(weighed.text) == 1.0:
        return weighed
    if isinstance(lexicon, Words) and any(c in weighed.text for c in OWN_MARKS):
        return weighed
    found = decode(steps, alphabet, lexicon)
    if found is None:
        return weighed
    own = (weighed.text, *(each.text for each in weighed.alternatives))
    made = (found.text, *(each.text for each in found.alternatives))
    offered = dict.fromkeys((*own, *(_in_hand(text, weighed.text) for text in made)))
    chances = _chances(list(offered), words, steps, alphabet, lexicon)
    ranked = sorted(chances, key=lambda text: -chances[text])
    best = ranked[0]
    if plain(best) == plain(weighed.text):
        best = weighed.text
    rivals = [text for text in ranked if plain(text) != plain(best)]
    margin = chances[best] - chances[rivals[0]] if rivals else SURE
    others = [text for text in ranked if text != best][:ALTERNATIVES]
    # What one of the readers saw as it is was chosen between them, not made up.
    seen = (weighed.text, " ".join(word.text for word in words), best_text(steps, alphabet))
    return replace(
        weighed,
        text=best,
        alternatives=tuple(
            Alternative(text, chance_of(chances[text] - chances[best])) for text in others
        ),
        margin=max(0.0, min(SURE, margin)),
        fit=chances[best] / max(1, len(plain(best))),
        overruled=min(_away(best, each) for each in seen),
    )


def _away(text: str, read: str) -> float:
    """Letters that ``text`` is away from what was read; spaces, which readers lose, are none."""
    return distance(plain(text).replace(" ", ""), plain(read).replace(" ", ""))


def _chances(
    offered: Sequence[str],
    words: Sequence[Word],
    steps: Steps,
    alphabet: tuple[str, ...],
    lexicon: Lexicon,
) -> dict[str, float]:
    """Natural log of each text's chance by all that is known."""
    seen = observed(steps, alphabet)
    begun = np.zeros(seen.count + 1)
    begun[0] = 1.0
    said = [plain(text) for text in offered]
    ended = through(seen, texts(said, seen.symbols), begun)
    behind = np.cumprod(np.concatenate(([1.0], seen.between[::-1])))[::-1]
    shown = np.log(np.maximum(1e-300, (ended * behind).sum(axis=1)))
    return {
        text: float(chance) + log_prior(text, lexicon) - READ_AGAINST * _left_out(words, text)
        for text, chance in zip(offered, shown, strict=True)
    }


def _left_out(words: Sequence[Word], text: str) -> float:
    """Tesseract's log odds for those of its words that ``text`` doesn't have where it has them."""
    here = [plain(each) for each in text.split()]
    mine = [plain(word.text) for word in words]
    kept = {
        block.a + at
        for block in SequenceMatcher(None, mine, here, autojunk=False).get_matching_blocks()
        for at in range(block.size)
    }
    return sum(
        max(0.0, logit(word.score)) for at, word in enumerate(words) if at not in kept and mine[at]
    )


def _in_hand(made: str, read: str) -> str:
    """A decoder's text with the case and the marks that the readers gave to words they share."""
    one, other = made.split(), read.split()
    blocks = SequenceMatcher(
        None, [plain(each) for each in one], [plain(each) for each in other], autojunk=False
    ).get_opcodes()
    words = []
    for kind, a, b, c, d in blocks:
        if kind == "equal":
            words += other[c:d]
        elif kind == "replace" and b - a == d - c:
            words += [_with_edges(new, old) for new, old in zip(one[a:b], other[c:d], strict=True)]
        elif kind in ("replace", "delete"):
            words += one[a:b]
    return " ".join(words)


def _with_edges(new: str, old: str) -> str:
    """A word with the punctuation behind the one that it stands for, and its case."""
    bare = new.rstrip(",.;:")
    old_bare = old.rstrip(",.;:")
    if len(old_bare) > 1 and old_bare.isupper():
        bare = bare.upper()
    elif old_bare[:1].isupper() and not bare.isupper():
        bare = bare[:1].upper() + bare[1:]
    return bare + old[len(old_bare) :]

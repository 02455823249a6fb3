"""Using a calibration: from what was read to the chance of being right, and what may be accepted.

The regression of ``confidence.py`` puts the answers of a kind in order. A scale (``fitting.py``
makes it) takes that figure together with the reader's own, the second reader's, the rules' and the
page's, and says how often such answers were right on pages whose truth is known.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from scanform.fields import confidence, learnt
from scanform.fields.binomial import CERTAINTY, fewest, proves
from scanform.fields.calibration_json import from_json
from scanform.model.calibration import Calibration, Cut, Scale, Seen, reader_name
from scanform.model.reading import Reading
from scanform.model.record import Answer

BLANK = "blank"
COMB = "comb"
DOUBTED = "doubted"
LINE = "line"
AGREED_DATE = "agreed-date"
"""Dates on lines on which two readers agree: they have a scale of their own beside that of all
lines. A date that is none shows itself, so that they are surer than other figures."""
ANY = "any"
"""The reader of what was taken for blank."""
_ON_LINES = frozenset({"text", "capitals", "closed", "place", "hamlet", "date", "digits"})
_CASED = frozenset({"text", "place", "hamlet"})
LEAST_SECOND = 1e-9
"""A second reader's chance of a whole line below this is all the same."""
RAW = "raw"
"""The measure that keeps the figure of ``confidence.py``: another scale needs no reading then."""
FAIR_SUPPORT, FAIR_RESIDUAL_MM = 0.8, 0.1
"""Fields whose print lies better than this differ by their labels, not by how they are read."""
WORD = math.log1p(2)
"""The feature ``length`` of two letters."""
LIKELY = 0.5
"""How sure it must be of each stratum alone that it keeps the bound: more likely than not."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of a line. ``proof``: so many times the bound, and how sure it must be that no
    more are wrong. Each stratum must more likely keep the bound than break it, unless none of it is
    wrong; or (``lenient``) not more likely break it than keep it, and more likely than not keep
    twice of it, which few answers don't show though none is wrong. The search begins where up to
    ``forgiven`` wrong answers would be borne, at the latest at that ``share`` of all."""

    proof: tuple[tuple[float, float], ...]
    share: float
    forgiven: int
    lenient: bool

    def bears(self, seen: Seen, bound: float) -> bool:
        """Whether a stratum may be as it was seen to be."""
        # Of X wrong ones as the bound has it, P(X >= seen) >= 1/2 is P(X <= seen - 1) <= 1/2.
        wrong = seen.wrong - 1 if self.lenient else seen.wrong
        kept = seen.wrong == 0 or proves(wrong, seen.count, bound, LIKELY)
        return kept and (not self.lenient or proves(seen.wrong, seen.count, 2.0 * bound, LIKELY))


USUAL = Rule(((1.0, CERTAINTY),), 1 / 3, 3, lenient=False)
BEYOND = Rule(((1.0, LIKELY), (2.0, CERTAINTY)), 2 / 3, 100, lenient=True)


def sort_of(answer: Answer, kind: str) -> str:
    """What stands and falls together: ``comb`` for what was read cell by cell, ``line`` for what
    was read from a line, whatever kind it is of; else the kind. ``blank`` for whatever was taken
    for blank and ``doubted`` for what is doubted: those are other questions."""
    if any(each.code != "low_confidence" for each in answer.doubts):
        return DOUBTED
    if answer.value is None:
        return BLANK
    if answer.reading is not None and answer.reading.cells:
        return COMB
    return LINE if kind in _ON_LINES else kind


def sorts_within(sort: str, figures: Mapping[str, float]) -> tuple[str, ...]:
    """The sorts whose scales know answers of that sort with such features, the narrowest first."""
    dated = sort == LINE and figures.get("kind:date", 0.0) > 0
    return (AGREED_DATE, sort) if dated and figures.get("agree", 0.0) >= 1.0 else (sort,)


def reader_of(sort: str, reader: str) -> str:
    """The reader that a scale is for: whether anything is written is judged by the ink, alike for
    all of them."""
    return ANY if sort == BLANK else reader_name(reader)


def features(answer: Answer, kind: str) -> dict[str, float]:
    """What a scale may weigh: log odds where a figure is a share, 0 where it isn't known."""
    reading = answer.reading
    if reading is None:
        return {}
    found = reading.measures
    two = found.get("readers", 1.0) > 1
    agree = found.get("agree", 0.0)
    cells = [cell.score for cell in reading.cells if cell.text]
    rival = max((each.score for each in reading.alternatives), default=0.0)
    return {
        f"kind:{kind}": 1.0,
        "raw": odds(found.get(RAW, answer.confidence)),
        "score": odds(reading.score),
        "worst": odds(min(cells, default=reading.score)),
        "all": odds(math.prod(cells)) if cells else odds(reading.score),
        "agree": agree if two else 0.0,
        "margin": found.get("readers_margin", 0.0) if two else 0.0,
        "rival": min(1.0, rival),
        "unsupported": max(0.0, FAIR_SUPPORT - found.get("field_support", 1.0)),
        "residual": max(0.0, min(2.0, found.get("field_residual_mm", 0.0)) - FAIR_RESIDUAL_MM),
        "ink": math.log(max(1e-4, found.get("ink", 0.0))),
        "no_character": odds(found.get("no_character", 0.0)),
        "looked_twice": min(3.0, found.get("looked_twice", 0.0)),
        "confirmed": min(2.0, found.get("confirmed", 0.0)),
        "foreign": min(1.0, found.get("foreign", 0.0)),
        "listed": found.get("listed", 0.0),
        "mark_rivals": found.get("mark_rivals", 0.0),
        "framed": found.get("framed", 0.0),
        "contrast": found.get("contrast", 0.0),
        "length": math.log1p(len(answer.value or "")),
        **_second(reading, kind),
    }


def _second(reading: Reading, kind: str) -> dict[str, float]:
    """What the second of two readers says by itself: how sure it is of the whole line (natural log
    of the chance), and whether it reads anything else than what was made of both."""
    if len(reading.said) < 2:
        return {"second": 0.0, "second_differs": 0.0}
    said = reading.said[1]
    one, other = (_letters(text, kind) for text in (reading.text or "", said.text))
    chance = math.log(min(1.0, max(LEAST_SECOND, said.score)))
    return {"second": chance, "second_differs": float(one != other)}


def _letters(text: str, kind: str) -> str:
    """The letters of a text alone, in one case where the kind has but one."""
    letters = "".join(each for each in text if each.isalnum())
    return letters if kind in _CASED else letters.casefold()


def odds(share: float) -> float:
    """The log odds of a share, cut off at one in a million."""
    share = min(1.0 - 1e-6, max(1e-6, share))
    return math.log(share / (1.0 - share))


def measured(answer: Answer, figures: Mapping[str, float]) -> Answer:
    """The answer with more raw figures kept beside those of its reading."""
    if answer.reading is None:
        return answer
    measures = {**answer.reading.measures, **figures}
    return replace(answer, reading=replace(answer.reading, measures=measures))


def calibrated(
    answer: Answer, kind: str, own: Calibration | None = None, agreed: int | None = None
) -> Answer:
    """The answer that a kind gave, with the chance that its figures have meant by ``own`` scales
    (a template's) or those that come with scanform. Without a scale for it the figure stays.
    ``agreed``: how many other answers speak for it, None where that was told before."""
    said = {} if agreed is None else {"confirmed": float(agreed)}
    return again(measured(answer, {**said, RAW: answer.confidence}), kind, own)


def again(answer: Answer, kind: str, own: Calibration | None = None) -> Answer:
    """``calibrated`` for an answer whose figure was kept, as after another calibration."""
    scale = scale_for(answer, kind, own)
    if scale is None or answer.reading is None or RAW not in answer.reading.measures:
        return answer
    return replace(answer, confidence=scale.chance(scale.figure(features(answer, kind))))


def scale_for(answer: Answer, kind: str, own: Calibration | None = None) -> Scale | None:
    """The scale that the answer's figures go through: the template's, else scanform's; where a
    lesson has fitted one for the model which read it, that one for what the others leave waiting.
    """
    if answer.reading is None:
        return None
    sort, reader = sort_of(answer, kind), answer.reading.reader
    made = learnt.scales_of(reader)
    # No other kind has narrower sorts, so that nothing more need be known of it.
    figures = features(answer, kind) if kind == "date" or made is not None else {}
    usual = usual_scale(sort, reader, figures, own)
    fitted = made.scale_of(sort, reader) if made is not None and usable(made) else None
    if fitted is None or (
        fitted.beyond is not None and not left_over(usual, figures, fitted.beyond, kind)
    ):
        return usual
    return fitted


def left_over(usual: Scale | None, figures: Mapping[str, float], bound: float, kind: str) -> bool:
    """Whether a scale that a lesson fitted may judge an answer of ``kind`` with such features: the
    usual one leaves it waiting, and it is more than one letter, which on a line may as well be a
    speck where nothing was written."""
    return figures["length"] >= WORD and not accepts(usual, figures, bound, kind)


def usual_scale(
    sort: str, reader: str, figures: Mapping[str, float], own: Calibration | None = None
) -> Scale | None:
    """The scale of answers with such features, whatever was learnt: a template's ``own`` or
    scanform's."""
    known = [scales for scales in (own, shipped()) if scales is not None and usable(scales)]
    name = reader_of(sort, reader)
    sorts = sorts_within(sort, figures)
    return next((s for each in known for one in sorts if (s := each.scale_of(one, name))), None)


def accepts(scale: Scale | None, figures: Mapping[str, float], bound: float, kind: str) -> bool:
    """Whether an answer of ``kind`` with such features is accepted at the bound."""
    least = None if scale is None else least_chance(scale, bound, kind)
    return scale is not None and least is not None and scale.chance(scale.figure(figures)) >= least


@lru_cache(maxsize=1024)
def least_chance(scale: Scale, bound: float, kind: str = "") -> float | None:
    """The confidence from which answers of ``kind`` are accepted so that at most the share
    ``bound`` of what is accepted is wrong; None where the scale proves it of none.

    Cuts are tried from the surest answers down, and the first whose answers don't prove the bound
    (Clopper and Pearson) ends it, so one test's certainty (95 %) is that of the whole search: fixed
    sequence testing, as in A. N. Angelopoulos et al., "Learn then Test" (arXiv:2110.01052). Of the
    cuts before, the lowest is taken where each stratum by itself more likely keeps the bound than
    not. A kind is a stratum for its own answers: where free text keeps no bound, free text waits,
    and what is accepted of the other kinds is better without it.

    What lies beyond others' lines is itself a stratum of all that is accepted: it must more likely
    than not keep the bound, and with 95 % twice of it. No stratum of it may more likely break the
    bound than keep it, and each must more likely than not keep twice of it.
    """
    passed: Cut | None = None
    rule = USUAL if scale.beyond is None else BEYOND
    first = _first(scale.cuts[-1].seen[0].count if scale.cuts else 0, bound, rule)
    for cut in scale.cuts:
        if cut.seen[0].count < first:
            continue
        every, *rest = cut.seen
        strata = [each for each in rest if each.stratum == kind or not (kind and is_kind(each))]
        if not all(proves(every.wrong, every.count, n * bound, sure) for n, sure in rule.proof):
            break
        if all(rule.bears(each, bound) for each in strata):
            passed = cut
    return None if passed is None else scale.chance(passed.least)


def is_kind(seen: Seen) -> bool:
    """Whether a stratum is a kind of what is read from lines or cells."""
    return seen.stratum in _ON_LINES


def _first(count: int, bound: float, rule: Rule) -> int:
    """How many answers the first line that is tried takes in: as many as forgive some wrong ones
    where there are many in all, so that one wrong answer at the top doesn't end the search."""

    def needed(wrong: int) -> int:
        return max(fewest(n * bound, wrong, sure) for n, sure in rule.proof)

    wrong = 0
    while wrong < rule.forgiven and needed(wrong + 1) <= rule.share * count:
        wrong += 1
    return needed(wrong)


def usable(own: Calibration) -> bool:
    """Whether scales were fitted on top of the weights in use."""
    return own.made_for == weights_name()


@cache
def weights_name() -> str:
    """Names the weights of ``confidence.py``: scales fitted on others mean nothing."""
    text = json.dumps({name: dict(group) for name, group in confidence.table().items()})
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def shipped() -> Calibration:
    """The scales that come with scanform; none when they are for other weights."""
    text = (files("scanform.fields") / "scales.json").read_text(encoding="utf-8")
    found = from_json(json.loads(text))
    return found if usable(found) else Calibration({}, found.source, found.made_for)

"""One night's learning: examples split by form, the reader taught, old and new compared, a card.

The new reader is kept only if it is better on forms that it never saw, as sure as a draw of forms
can say, and not worse on print.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from scanform.errors import NotEnough
from scanform.learn.apart import SURE, chance_better, held_apart
from scanform.learn.fit import Example, Fitted, Told, fit
from scanform.learn.made import made_lines
from scanform.learn.on_print import OnPrint, held_to_print
from scanform.learn.read import read_plain
from scanform.learn.scoring import plain
from scanform.learn.temper import temperature, tempered
from scanform.learn.training import Plan
from scanform.model.scan import Pixels
from scanform.phrase import Phrase
from scanform.programs import asterocr

LEAST_FORMS = 20
LEAST_APART = 4
REHEARSED = 0.12
"""Lines of print learnt beside the confirmed ones, as a share of them."""

_TOO_FEW = Phrase(
    "{forms} phiếu có dòng đã xác nhận là quá ít để học (cần ít nhất {least}, trong đó {apart} để "
    "riêng).",
    "{forms} forms with confirmed lines are too few to learn from ({least} at least, {apart} of "
    "them held apart).",
)


@dataclass(frozen=True, slots=True, eq=False)
class FormLine:
    """A confirmed line of a form: ``form`` its record, ``kind`` of its field."""

    form: str
    kind: str
    image: Pixels
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Old against new on held-apart forms: errors a letter, lines without error; ``chance`` that
    the new one is better, over draws of forms."""

    lines: int
    forms: int
    old_cer: float
    new_cer: float
    old_exact: float
    new_exact: float
    chance: float
    by_kind: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Field kind -> errors a letter of the old and the new reader."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of it. ``better`` decides whether the reader is kept; ``why`` says so in a word:
    ``better``, ``not better``, ``worse on print``."""

    fitted: Fitted
    apart: Compared
    printed: OnPrint
    learnt_from: int
    forms: int
    why: str
    temperature: float = 1.0

    @property
    def better(self) -> bool:
        return self.why == "better"


def split(lines: Sequence[FormLine], seed: int) -> tuple[list[FormLine], list[FormLine]]:
    """Lines to learn from, and those of the forms held apart: the same forms every night, so that
    a reader is never measured on what an earlier one learnt."""
    apart = {each.form for each in lines if held_apart(each.form, seed)}
    forms = {each.form for each in lines}
    if len(forms) < LEAST_FORMS or len(apart) < LEAST_APART:
        least = {"least": str(LEAST_FORMS), "apart": str(LEAST_APART)}
        raise NotEnough(_TOO_FEW.of(forms=str(len(forms)), **least))
    return (
        [each for each in lines if each.form not in apart],
        [each for each in lines if each.form in apart],
    )


def fingerprint(lines: Sequence[FormLine], old: Path, seed: int) -> str:
    """Tells whether a killed run was about the same lines and reader."""
    digest = hashlib.sha256(f"{old}/{old.stat().st_size}/{seed}".encode())
    for each in lines:
        digest.update(f"{each.form}/{each.kind}/{each.text}\n".encode())
        digest.update(hashlib.sha256(np.ascontiguousarray(each.image).tobytes()).digest())
    return digest.hexdigest()


def taught(
    lines: Sequence[FormLine],
    old: Path,
    folder: Path,
    plan: Plan,
    told: Told = lambda _progress: None,
) -> Lesson:
    """Teaches the reader in the file ``old``. Raises ``NotEnough``."""
    mine, apart = split(lines, plan.seed)
    # What a field wants in capitals is so in its value, whatever the case on the paper.
    examples = [Example(each.image, each.text, cased=each.kind != "capitals") for each in mine]
    examples += made_lines(max(8, round(REHEARSED * len(mine))), plan.seed, hand=False)
    fitted = fit(examples, old, folder, fewer(plan, len(mine)), told)
    printed = held_to_print(old, fitted.reader)
    heat = temperature(fitted.reader, [each.image for each in apart], [each.text for each in apart])
    tempered(fitted.reader, heat)
    compared = compare(apart, old, fitted.reader, plan.seed)
    why = "better"
    if compared.new_cer >= compared.old_cer or compared.chance < SURE:
        why = "not better"
    elif printed.worse:
        why = "worse on print"
    forms = len({each.form for each in lines})
    return Lesson(fitted, compared, printed, len(mine), forms, why, heat)


def fewer(plan: Plan, lines: int) -> Plan:
    """The plan for so many lines: a small unit's are gone over less often and more gently."""
    if lines >= 400:
        return plan
    gentle = max(0.35, lines / 400.0)
    return replace(plan, passes=max(4, round(plan.passes * gentle)), rate=plan.rate * gentle)


def compare(apart: Sequence[FormLine], old: Path, new: Path, seed: int) -> Compared:
    """Both readers on the same lines."""
    images = [each.image for each in apart]
    truths = [plain(each.text) for each in apart]
    one, other = (
        [plain(text) for text in read_plain(asterocr.read_lines(images, model), None)]
        for model in (old, new)
    )
    edits = np.array(
        [
            (Levenshtein.distance(a, t), Levenshtein.distance(b, t), len(t))
            for a, b, t in zip(one, other, truths, strict=True)
        ],
        float,
    )
    by_form: defaultdict[str, list[int]] = defaultdict(list)
    by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(apart):
        by_form[each.form].append(at)
        by_kind[each.kind].append(at)
    sums = np.array([edits[at].sum(axis=0) for at in by_form.values()])
    whole = edits.sum(axis=0)
    return Compared(
        len(apart),
        len(by_form),
        float(whole[0] / max(1.0, whole[2])),
        float(whole[1] / max(1.0, whole[2])),
        sum(a == t for a, t in zip(one, truths, strict=True)) / len(truths),
        sum(b == t for b, t in zip(other, truths, strict=True)) / len(truths),
        chance_better(sums[:, 0] - sums[:, 1], np.random.default_rng([seed, 7])),
        {kind: _rates(edits[at]) for kind, at in sorted(by_kind.items())},
    )


def _rates(edits: np.ndarray) -> tuple[float, float]:
    old, new, letters = (float(each) for each in edits.sum(axis=0))
    return old / max(1.0, letters), new / max(1.0, letters)

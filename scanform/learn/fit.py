"""From lines and their texts to a reader that has learnt them: cache, passes, file. Resumable."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from scanform.errors import NotEnough
from scanform.learn import weights
from scanform.learn.letters import Letters
from scanform.learn.maps import Cache
from scanform.learn.training import Line, Plan, State, Training
from scanform.learn.views import view_of
from scanform.model.scan import Pixels
from scanform.phrase import Phrase
from scanform.programs import asterocr

MOST_VIEWS = 4
PASSES_A_VIEW = 3
"""A line is seen so often in each view before another view of it is worth its making."""
TRAINING_COST = 2.2
"""A pass over a line costs so many times what its maps cost (measured: 0.12 s and 0.055 s)."""
MEASURED = 24
"""Lines after which the speed of this machine is taken as known."""
LINE_LIMIT = asterocr.WIDEST
_NO_LINE = Phrase("Không có dòng nào để học.", "There is no line to learn from.")


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A line of writing (grey, dark on white) and what stands there; ``cased``: in the case in
    which it was written, as far as anybody knows."""

    image: Pixels
    text: str
    weight: float = 1.0
    cased: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """``stage``: ``looking`` or ``learning``; ``share`` 0..1 of the whole; ``left`` seconds."""

    stage: str
    share: float
    left: float
    loss: float = 0.0


Told = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The new reader's file, and what it took."""

    reader: Path
    lines: int
    views: int
    passes: float
    minutes: float


def fit(
    examples: Sequence[Example],
    base: Path,
    folder: Path,
    plan: Plan,
    told: Told = lambda _progress: None,
) -> Fitted:
    """Teaches the reader in ``base`` the examples; ``folder`` keeps the work and the result.

    Called again with the same examples, plan and folder it goes on where it was stopped. Raises
    ``NotEnough`` without a line that can be learnt.
    """
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    texts = [each.text for each in examples]
    letters = Letters.of(asterocr.alphabet(), texts)
    cased = Letters.of(asterocr.alphabet(), texts, cased=True)
    lines = list(_lines(examples, letters, cased))
    if not lines:
        raise NotEnough(_NO_LINE)
    views, cache = _looked(examples, lines, weights.lower_part(base), folder, plan, told)
    looked = time.monotonic() - started
    left = max(0.2 * plan.minutes, plan.minutes - looked / 60.0)
    training = Training(weights.load(base), (letters, cased), folder, replace(plan, minutes=left))

    def tell(state: State, share: float) -> None:
        whole = looked + 60.0 * left
        done = (looked + share * 60.0 * left) / whole
        spent = state.seconds / max(share, 1e-6)
        told(Progress("learning", done, (1.0 - share) * spent, state.loss))

    training.run(lines, cache.maps(), views, tell)
    reader = folder / "reader.onnx"
    weights.save(training.kept, base, reader)
    passes = training.state.lines / len(lines)
    return Fitted(reader, len(lines), views, passes, (time.monotonic() - started) / 60.0)


def _lines(examples: Sequence[Example], letters: Letters, cased: Letters) -> Iterable[Line]:
    for number, each in enumerate(examples):
        found = letters.encode(each.text)
        steps = asterocr.steps_of(each.image)
        if found is not None and len(found) + _repeats(found) <= steps:
            exact = cased.encode(each.text) if each.cased else None
            yield Line(number, tuple(found), each.weight, tuple(exact or ()))


def _repeats(letters: Sequence[int]) -> int:
    """Letters that are the one before: each needs a step of nothing between."""
    return sum(one == other for one, other in pairwise(letters))


def _looked(
    examples: Sequence[Example],
    lines: Sequence[Line],
    lower: bytes,
    folder: Path,
    plan: Plan,
    told: Told,
) -> tuple[int, Cache]:
    """The maps of every line in as many views as the time allows."""
    cache = Cache(folder, lower)
    started, made, views = time.monotonic(), 0, 1
    view = 0
    while view < views:
        for line in lines:
            if cache.has(view, line.number):
                continue
            image = examples[line.number].image
            if view:
                image = view_of(image, np.random.default_rng([plan.seed, view, line.number]))
            cache.add(view, line.number, asterocr.as_input(image))
            made += 1
            if made % MEASURED == 0:
                each = (time.monotonic() - started) / made
                views = max(view + 1, _worthwhile(len(lines), each, plan))
                left = each * (len(lines) * views - made)
                whole = max(60.0 * plan.minutes, left + 1.0)
                told(Progress("looking", made * each / whole, 60.0 * plan.minutes - made * each))
        view += 1
        views = max(views, _views_of(cache, lines))
    return views, cache


def _views_of(cache: Cache, lines: Sequence[Line]) -> int:
    """Views of which every line's maps are there, from an earlier run."""
    found = 0
    while all(cache.has(found, line.number) for line in lines):
        found += 1
    return found


def _worthwhile(lines: int, seconds: float, plan: Plan) -> int:
    """How many views are worth making in the plan's time."""
    passes = 60.0 * plan.minutes / (lines * seconds * TRAINING_COST)
    return max(1, min(MOST_VIEWS, round(min(passes, plan.passes) / PASSES_A_VIEW)))


def limit_threads(count: int) -> None:
    """Cores that learning may use."""
    torch.set_num_threads(count)

"""The network for the cells of combs goes on learning: on cells that people confirmed, beside
digits made with fonts, so that it doesn't unlearn them. PyTorch, on the processor; a minute or two.

Kept as the reader of lines is: only if it is surely better on forms held apart, and not worse on
print. Nearly every digit is read right already, so ``better`` is told by how likely the network
finds what people said (the mean log loss), and no more of them may be wrong than before.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from scanform.learn.apart import SURE, chance_better, held_apart
from scanform.learn.cells import Cell
from scanform.learn.made import made_digits
from scanform.recognise import digit_weights
from scanform.recognise.digit_net import NO_CHARACTER, SIDE, chances_by, network_of, prepared

LEAST_CELLS = 300
LEAST_APART = 60
LEAST_FORMS = 20
MADE = 2.0
"""Made digits learnt beside each confirmed cell, and no fewer than ``LEAST_MADE``."""
LEAST_MADE = 1500
JUDGED = 1000
"""Made digits of print, and as many of hands, that the new network may not read worse."""
JUDGED_SEED = 90_002
LOSS = 0.002
"""Share of made digits that the new network may have wrong more than the old one."""
STEPS = 600
BATCH = 64
RATE = 8e-4
HOLD = 30.0
"""Pull of the weights towards those of before: few cells change little."""
SMOOTH = 0.01
SURE_OF = 600
"""Made digits on which it is told how sure the networks are."""

Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DigitLesson:
    """What came of it. ``wrong`` and ``loss``: on ``apart`` cells held apart, of the old network
    and of the new one; ``made``: share wrong of made digits. ``why``: ``better``, ``not better``,
    ``worse on print`` or ``too few``; ``network``: the new file."""

    why: str
    cells: int = 0
    forms: int = 0
    apart: int = 0
    wrong: tuple[int, int] = (0, 0)
    loss: tuple[float, float] = (0.0, 0.0)
    chance: float = 0.0
    made: tuple[float, float] = (0.0, 0.0)
    network: bytes = b""

    @property
    def better(self) -> bool:
        return self.why == "better"


def taught_digits(
    cells: Sequence[Cell],
    old: bytes,
    seed: int,
    steps: int = STEPS,
    told: Callable[[float], None] = lambda _share: None,
) -> DigitLesson:
    """Teaches the network in the file ``old``; ``told``: the share done."""
    apart = [each for each in cells if held_apart(each.form, seed)]
    mine = [each for each in cells if not held_apart(each.form, seed)]
    forms = len({each.form for each in cells})
    if len(mine) < LEAST_CELLS or len(apart) < LEAST_APART or forms < LEAST_FORMS:
        return DigitLesson("too few", len(mine), forms, len(apart))
    model = _network(old)
    _train(model, mine, seed, steps, told)
    new = _written(model, _heat(model, old, apart))
    return _compared(mine, apart, forms, old, new, seed)


# The network in PyTorch: the layers of training/train_digits.py, batch norms folded in


def _network(data: bytes) -> nn.Sequential:
    def block(before: int, after: int, size: int = 3, step: int = 1) -> list[nn.Module]:
        return [nn.Conv2d(before, after, size, step, size // 2), nn.ReLU()]

    layers = [*block(1, 24, 5, 2), *block(24, 32), nn.MaxPool2d(2), *block(32, 64), *block(64, 64)]
    layers += [nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.2), nn.Linear(64 * 9, 80), nn.ReLU()]
    model = nn.Sequential(*layers, nn.Linear(80, NO_CHARACTER + 1))
    with torch.no_grad():
        stored = digit_weights.numbers(data).values()
        for weight, values in zip(model.parameters(), stored, strict=True):
            weight.copy_(torch.from_numpy(values).reshape(weight.shape))
    return model


def _written(model: nn.Sequential, divisor: float) -> bytes:
    """The network as a file, its scores divided by the temperature."""
    names = list(digit_weights.numbers(digit_weights.shipped()))
    values = [each.detach().numpy().ravel() for each in model.parameters()]
    values[-2:] = [each / divisor for each in values[-2:]]
    return digit_weights.with_numbers(dict(zip(names, values, strict=True)))


def _train(
    model: nn.Sequential,
    cells: Sequence[Cell],
    seed: int,
    steps: int,
    told: Callable[[float], None],
) -> None:
    """AdamW at a rate that rises shortly and falls as a cosine; half of each batch is confirmed
    cells, every form as often as any other, each a little turned, sheared and moved."""
    torch.manual_seed(seed)
    rng = np.random.default_rng([seed, 3])
    made = _made(max(LEAST_MADE, round(MADE * len(cells))), seed)
    start = [each.detach().clone() for each in model.parameters()]
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.0)
    loss_of = nn.CrossEntropyLoss(label_smoothing=SMOOTH)
    model.train()
    for step, batch in zip(range(steps), _batches(cells, made, rng), strict=False):
        done = step / steps
        rate = RATE * min(1.0, 20.0 * done + 0.05) * 0.5 * (1.0 + math.cos(math.pi * done))
        for group in optimiser.param_groups:
            group["lr"] = rate
        images = torch.from_numpy(np.stack([_moved(each.image, rng) for each in batch]))[:, None]
        wanted = torch.tensor([each.label for each in batch])
        pull = sum(
            ((now - before) ** 2).mean()
            for now, before in zip(model.parameters(), start, strict=True)
        )
        loss: Tensor = loss_of(model(images), wanted) + HOLD * pull
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimiser.step()
        told(done)
    model.eval()


def _made(count: int, seed: int) -> list[Cell]:
    both = made_digits(count // 2, seed, hand=True) + made_digits(count // 2, seed + 1, hand=False)
    return [Cell("", prepared(image), label) for image, label in both]


def _batches(
    cells: Sequence[Cell], made: Sequence[Cell], rng: np.random.Generator
) -> Iterator[list[Cell]]:
    by_form: defaultdict[str, list[Cell]] = defaultdict(list)
    for each in cells:
        by_form[each.form].append(each)
    forms = list(by_form.values())
    while True:
        some = [forms[at] for at in rng.integers(0, len(forms), BATCH // 2)]
        mine = [form[int(rng.integers(len(form)))] for form in some]
        yield mine + [made[at] for at in rng.integers(0, len(made), BATCH // 2)]


def _moved(image: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    angle, slant = np.radians(rng.normal(0, 5)), rng.normal(0, 0.1)
    wide, tall = np.exp(rng.normal(0, 0.08, 2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shape = turn @ np.array([[wide, slant], [0.0, tall]])
    middle = np.array([SIDE / 2 - 0.5, SIDE / 2 - 0.5])
    away = middle - shape @ middle + rng.uniform(-1.0, 1.0, 2)
    matrix = np.hstack([shape, away[:, None]]).astype(np.float32)
    return np.asarray(cv2.warpAffine(image, matrix, (SIDE, SIDE)), np.float32)


def _heat(model: nn.Sequential, old: bytes, apart: Sequence[Cell]) -> float:
    """What the network's scores are divided by."""
    least = _as_sure(model, _network(old).eval(), _made(SURE_OF, JUDGED_SEED))
    return _temperature(model, apart, least)


def _as_sure(model: nn.Sequential, before: nn.Sequential, made: Sequence[Cell]) -> float:
    """The temperature at which the network is as sure of digits made with fonts as the one before
    it was. The smoothed labels that it learns from leave it less sure even of what is plain, and
    the scales of combs are of figures as sure as the shipped network's."""
    now, then = (_lead(_scores(each, made)) for each in (model, before))
    return now / then


def _lead(scores: Tensor) -> float:
    """By how much the likeliest leads, of the middle cell."""
    best = scores.topk(2, dim=1).values
    return float((best[:, 0] - best[:, 1]).median())


def _scores(model: nn.Sequential, cells: Sequence[Cell]) -> Tensor:
    with torch.inference_mode():
        found: Tensor = model(torch.from_numpy(np.stack([each.image for each in cells]))[:, None])
    return found


def _temperature(model: nn.Sequential, apart: Sequence[Cell], least: float) -> float:
    """At which what people said of the cells held apart is likeliest; never below ``least``: no
    lesson makes it surer than the network was."""
    scores = _scores(model, apart)
    wanted = torch.tensor([each.label for each in apart])
    tried = least * np.geomspace(1.0, 4.0, 29)
    losses = [float(nn.functional.cross_entropy(scores / float(t), wanted)) for t in tried]
    return float(tried[int(np.argmin(losses))])


# Old against new


def _compared(
    mine: Sequence[Cell], apart: Sequence[Cell], forms: int, old: bytes, new: bytes, seed: int
) -> DigitLesson:
    one, other = (_judged(apart, data) for data in (old, new))
    wrong = (int(one[0].sum()), int(other[0].sum()))
    loss = (float(one[1].mean()), float(other[1].mean()))
    chance = chance_better(_by_form(apart, one[1] - other[1]), np.random.default_rng([seed, 9]))
    print_, hands = (
        [
            Cell("", prepared(image), label)
            for image, label in made_digits(JUDGED, JUDGED_SEED, hand=h)
        ]
        for h in (False, True)
    )
    shares = [
        [float(_judged(some, data)[0].mean()) for data in (old, new)] for some in (print_, hands)
    ]
    why = "better"
    if wrong[1] > wrong[0] or chance < SURE:
        why = "not better"
    elif any(after > before + LOSS for before, after in shares):
        why = "worse on print"
    return DigitLesson(
        why, len(mine), forms, len(apart), wrong, loss, chance,
        (shares[0][0], shares[0][1]), new,
    )  # fmt: skip


def _judged(cells: Sequence[Cell], data: bytes) -> tuple[Shares, Shares]:
    """Of each cell whether it is read wrong, and the log loss; as reading has it: where there is a
    digit, the likeliest digit is taken."""
    given = chances_by(network_of(data), [each.image for each in cells]).astype(np.float64)
    labels = np.array([each.label for each in cells])
    digit = labels != NO_CHARACTER
    best = np.where(digit, given[:, :NO_CHARACTER].argmax(axis=1), given.argmax(axis=1))
    loss = -np.log(np.maximum(given[np.arange(len(labels)), labels], 1e-6))
    return (best != labels).astype(np.float64), loss


def _by_form(apart: Sequence[Cell], gain: Shares) -> Shares:
    sums: defaultdict[str, float] = defaultdict(float)
    for each, more in zip(apart, gain, strict=True):
        sums[each.form] += more
    return np.array([*sums.values()])

"""Passes over confirmed lines that teach the upper part of the network. PyTorch, on the processor.

What is fixed: AdamW (Loshchilov and Hutter 2019), a rate that rises shortly and falls as a cosine
over the time that there is, a moving average of the weights, which is what is kept, and masks over
some steps and features of each line (SpecAugment, Park et al. 2019), so that a small unit's few
lines aren't learnt by heart. The state is saved as it goes; a killed run goes on from there.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from scanform.learn.letters import Letters
from scanform.learn.maps import Maps
from scanform.learn.memory import EVERY, give_back
from scanform.learn.network import Upper


@dataclass(frozen=True, slots=True)
class Plan:
    """``minutes`` and ``passes``: whichever ends first. ``rate`` at its highest; ``lowest`` is the
    share of it at the end. ``average``: how slowly the kept weights follow. ``save_every``:
    seconds between two saved states."""

    minutes: float = 30.0
    passes: int = 12
    batch: int = 12
    rate: float = 8e-4
    lowest: float = 0.02
    decay: float = 0.01
    average: float = 0.99
    seed: int = 1
    save_every: float = 60.0


@dataclass(frozen=True, slots=True)
class State:
    """How far it has come: steps taken, lines seen, seconds spent, mean loss of late."""

    steps: int = 0
    lines: int = 0
    seconds: float = 0.0
    loss: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line to learn from: its number in ``Maps``, its text as numbers, its share of the loss, its
    text as numbers with case (none where the case is not to be learnt)."""

    number: int
    letters: tuple[int, ...]
    weight: float = 1.0
    cased: tuple[int, ...] = ()


class Training:
    """One run of learning, which a folder keeps."""

    def __init__(
        self, upper: Upper, letters: tuple[Letters, Letters], folder: Path, plan: Plan
    ) -> None:
        """``letters`` without case and with it."""
        torch.manual_seed(plan.seed)
        self.upper, self.letters, self.plan = upper.train(), letters, plan
        self._folder = folder
        self._kept = {name: value.detach().clone() for name, value in upper.state_dict().items()}
        self._optimiser = torch.optim.AdamW(_groups(upper, plan), weight_decay=plan.decay)
        self.state = State()
        self._resume()

    @property
    def kept(self) -> dict[str, Tensor]:
        """The averaged weights."""
        return self._kept

    def run(
        self,
        lines: Sequence[Line],
        maps: Maps,
        views: int,
        told: Callable[[State, float], None] = lambda _state, _share: None,
    ) -> None:
        """Goes over the lines until the plan's end; ``told`` the state and the share done."""
        started, before, saved = time.monotonic(), self.state.seconds, time.monotonic()
        for batch in _batches(lines, maps, views, self.plan, self.state.steps):
            done = self._done(len(lines))
            if done >= 1.0:
                break
            loss = self._step(batch, maps, done)
            late = loss if not self.state.steps else 0.97 * self.state.loss + 0.03 * loss
            self.state = State(
                self.state.steps + 1,
                self.state.lines + len(batch[1]),
                before + time.monotonic() - started,
                late,
            )
            if self.state.steps % EVERY == 0:
                give_back()
            told(self.state, self._done(len(lines)))
            if time.monotonic() - saved > self.plan.save_every:
                self.save()
                saved = time.monotonic()
        self.save()

    def _done(self, count: int) -> float:
        by_time = self.state.seconds / (60.0 * self.plan.minutes)
        by_passes = self.state.lines / max(1, count * self.plan.passes)
        return min(1.0, max(by_time, by_passes))

    def _step(self, batch: tuple[int, list[Line]], maps: Maps, done: float) -> float:
        view, lines = batch
        values, lengths = maps.batch(view, [line.number for line in lines])
        values = masked(values, lengths, np.random.default_rng([self.plan.seed, self.state.steps]))
        rate = self._rate(done)
        for group in self._optimiser.param_groups:
            group["lr"] = rate * group["share"]
        letters, cased = self.letters
        chances = self.upper(values, lengths)
        doubting = done > DOUBT_FROM
        loss = loss_of(chances, lengths, lines, letters, doubting=doubting)
        told, some = with_case(lines)
        if told:
            exact = loss_of(chances[:, told], lengths[told], some, cased, doubting=doubting)
            loss = loss + CASE * exact
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.upper.parameters(), 2.0)
        self._optimiser.step()
        follow = min(self.plan.average, (self.state.steps + 1) / (self.state.steps + 10))
        with torch.no_grad():
            for name, value in self.upper.state_dict().items():
                self._kept[name].lerp_(value, 1.0 - follow)
        return float(loss.detach())

    def _rate(self, done: float) -> float:
        warm = min(1.0, max((self.state.steps + 1) / 40, 20.0 * done))
        cosine = 0.5 * (1.0 + math.cos(math.pi * min(1.0, done)))
        return self.plan.rate * warm * (self.plan.lowest + (1.0 - self.plan.lowest) * cosine)

    # Kept on disk, in formats that hold numbers only

    def save(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"now.{name}": value for name, value in self.upper.state_dict().items()}
        tensors |= {f"kept.{name}": value for name, value in self._kept.items()}
        for at, state in self._optimiser.state_dict()["state"].items():
            tensors |= {f"adam.{at}.{name}": value for name, value in state.items()}
        tensors = {name: value.contiguous() for name, value in tensors.items()}
        place = self._folder / "state.safetensors"
        beside = place.with_suffix(".new")
        save_file(tensors, str(beside), {"state": json.dumps(asdict(self.state))})
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(place)

    def _resume(self) -> None:
        place = self._folder / "state.safetensors"
        if not place.exists():
            return
        from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - only asked for here

        try:
            with safe_open(str(place), "pt") as file:
                self.state = State(**json.loads(file.metadata()["state"]))
            tensors = load_file(str(place))
        except (SafetensorError, OSError, ValueError, TypeError, KeyError):
            # Torn by a power cut: the passes begin anew, and nothing else is lost.
            self.state = State()
            place.unlink()
            return
        self.upper.load_state_dict(_part(tensors, "now."))
        self._kept = _part(tensors, "kept.")
        told = self._optimiser.state_dict()
        told["state"] = {}
        for name, value in _part(tensors, "adam.").items():
            at, _, what = name.partition(".")
            told["state"].setdefault(int(at), {})[what] = value
        self._optimiser.load_state_dict(told)


def _part(tensors: dict[str, Tensor], start: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(start): value for name, value in tensors.items() if name.startswith(start)
    }


def _groups(upper: Upper, plan: Plan) -> list[dict[str, object]]:
    """The convolutions, which see strokes, learn at half the rate of what reads them."""
    seeing: list[nn.Parameter] = []
    reading: list[nn.Parameter] = []
    for name, value in upper.named_parameters():
        (seeing if name.startswith(("block.", "flatten.")) else reading).append(value)
    return [
        {"params": seeing, "share": 0.5, "lr": plan.rate},
        {"params": reading, "share": 1.0, "lr": plan.rate},
    ]


DOUBT_FROM = 0.3
"""Share of the lesson after which a text that fits much worse than the others is doubted."""
DOUBTED = 3.0
"""A line whose loss is so many times the middle one's counts no more than a line of that loss."""


CASE = 0.3
"""Weight of the loss with case beside that without. Left out, small letters and capitals come out
alike after a lesson (``xXã``), since nothing tells them apart."""


def loss_of(
    chances: Tensor,
    lengths: Tensor,
    lines: Sequence[Line],
    letters: Letters,
    *,
    doubting: bool = False,
) -> Tensor:
    """Mean loss of a letter (connectionist temporal classification), lines by their weight.
    ``doubting``: a line that fits much worse than the others may bear a wrong text."""
    targets = torch.tensor([each for line in lines for each in line.letters], dtype=torch.long)
    sizes = torch.tensor([len(line.letters) for line in lines])
    losses = functional.ctc_loss(
        letters.merged(chances), targets, lengths, sizes, reduction="none", zero_infinity=True
    )
    weights = torch.tensor([line.weight for line in lines])
    if doubting:
        each = losses.detach() / sizes.clamp(min=1)
        weights = weights * (DOUBTED * each.median() / each.clamp(min=1e-6)).clamp(max=1.0)
    return (losses * weights).sum() / (sizes * weights).sum().clamp(min=1.0)


def with_case(lines: Sequence[Line]) -> tuple[list[int], list[Line]]:
    """Which of the lines have a case that is to be learnt, and these with it."""
    told = [at for at, line in enumerate(lines) if line.cased]
    return told, [replace(lines[at], letters=lines[at].cased) for at in told]


def masked(values: Tensor, lengths: Tensor, rng: np.random.Generator) -> Tensor:
    """The maps with a few short stretches and some features taken out."""
    for row, length in enumerate(lengths.tolist()):
        for _ in range(int(length) // 25):
            wide = int(rng.integers(1, 5))
            at = int(rng.integers(0, max(1, length - wide)))
            values[row, :, :, at : at + wide] = 0.0
        dropped = rng.choice(values.shape[1], values.shape[1] // 20, replace=False)
        values[row, dropped] = 0.0
    return values


def _batches(
    lines: Sequence[Line], maps: Maps, views: int, plan: Plan, skip: int
) -> Iterator[tuple[int, list[Line]]]:
    """Lines of about the same length together, in an order that the seed and the pass decide.
    ``skip`` batches were had before. The first view is the line as it was written."""
    passed = 0
    number = 0
    while True:
        rng = np.random.default_rng([plan.seed, number])
        view = number % views
        size = max(1, plan.batch)
        jitter = {line.number: float(rng.uniform(0, 12)) for line in lines}
        ranked = sorted(lines, key=lambda each: maps.steps[view, each.number] + jitter[each.number])
        groups = [ranked[at : at + size] for at in range(0, len(ranked), size)]
        for at in rng.permutation(len(groups)):
            if passed >= skip:
                yield view, groups[at]
            passed += 1
        number += 1

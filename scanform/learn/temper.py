"""How sure the new reader may be: one figure, chosen on forms that it never saw.

A network that learnt few lines is too sure of itself on others. Its scores are divided by a
temperature (Guo et al. 2017, https://arxiv.org/abs/1706.04599) at which the confirmed texts of the
forms held apart are likeliest; what it reads stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from scanform.learn import weights
from scanform.learn.letters import Letters
from scanform.model.scan import Pixels
from scanform.programs import asterocr

TRIED = tuple(float(each) for each in np.round(np.geomspace(1.0, 4.0, 13), 3))
"""Never below 1: no lesson makes a reader surer than it is."""
MOST = 300
"""Lines that are enough to choose one figure by."""


def temperature(reader: Path, images: Sequence[Pixels], texts: Sequence[str]) -> float:
    """The temperature at which the texts are likeliest; 1 where there is nothing to go by."""
    letters = Letters.of(asterocr.alphabet(), texts)
    pairs = [(i, t) for i, t in zip(images, texts, strict=True) if letters.encode(t)][:MOST]
    if not pairs:
        return 1.0
    read = asterocr.read_lines([image for image, _ in pairs], reader)
    targets = [letters.encode(text) or [] for _, text in pairs]
    losses = {each: _loss(read, targets, letters, each) for each in TRIED}
    return min(losses, key=lambda each: losses[each])


def _loss(
    read: Sequence[np.ndarray], targets: Sequence[Sequence[int]], letters: Letters, heat: float
) -> float:
    total = 0.0
    for steps, target in zip(read, targets, strict=True):
        cooled = functional.log_softmax(torch.from_numpy(steps) / heat, dim=1)
        found = functional.ctc_loss(
            letters.merged(cooled)[:, None],
            torch.tensor([target]),
            torch.tensor([len(steps)]),
            torch.tensor([len(target)]),
            reduction="sum",
            zero_infinity=True,
        )
        total += float(found)
    return total


def tempered(reader: Path, heat: float) -> None:
    """Writes the temperature into the reader's last layer."""
    if heat == 1.0:
        return
    state = weights.load(reader).state_dict()
    for name in ("classifier.weight", "classifier.bias"):
        state[name] = state[name] / heat
    weights.save(state, reader, reader)

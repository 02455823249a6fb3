"""The upper part of AsterOCR's line reader in PyTorch, so that it can go on learning.

The layers are those of the package ``asterocr`` 1.0 (MIT, ``asterocr/models``): the last block of
convolutions, two bidirectional LSTM layers, two transformer layers and a gate between the two. In
the shipped ONNX file the batch norms are folded into their convolutions, so there are none here.
What lies below never learns (strokes are strokes in every hand) and stays in ONNX.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH = 512
"""Features of a step."""
STEP = 4
"""Pixels of the image's width that a step stands for."""


class Excitation(nn.Module):
    """Each channel weighed by what is in all of them."""

    def __init__(self, channels: int, middle: int) -> None:
        super().__init__()
        self.down = nn.Linear(channels, middle, bias=False)
        self.up = nn.Linear(middle, channels, bias=False)

    def forward(self, values: Tensor, mask: Tensor | None = None) -> Tensor:
        mean = values.mean((2, 3))
        if mask is not None:  # what is behind a line is nought and must not thin the mean
            mean = mean / mask.mean((2, 3))
        weights = torch.sigmoid(self.up(functional.silu(self.down(mean))))
        return values * weights[:, :, None, None]


class Block(nn.Module):
    """A point-wise, a depth-wise and a point-wise convolution beside a short cut."""

    def __init__(self, given: int, made: int, middle: int, stride: tuple[int, int]) -> None:
        super().__init__()
        self.first = nn.Conv2d(given, made, 1)
        self.around = nn.Conv2d(made, made, 3, stride, 1, groups=made)
        self.excitation = Excitation(made, middle)
        self.last = nn.Conv2d(made, made, 1)
        same = given == made and stride == (1, 1)
        self.beside = nn.Identity() if same else nn.Conv2d(given, made, 1, stride)

    def forward(self, values: Tensor, mask: Tensor | None = None) -> Tensor:
        """``mask``: batch x 1 x 1 x width, one where there is a line, nought behind it."""
        found = functional.silu(self.first(values))
        found = functional.silu(self.around(found if mask is None else found * mask))
        found = self.excitation(found if mask is None else found * mask, mask)
        return functional.silu(self.last(found) + self.beside(values))


class Upper(nn.Module):
    """Maps of the lower part (batch x 512 x 4 x steps) to natural logs of chances
    (steps x batch x characters)."""

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.block = Block(WIDTH, WIDTH, 16, (1, 1))
        self.flatten = nn.Conv2d(WIDTH, WIDTH, (4, 1), (4, 1))
        self.sequence = nn.LSTM(WIDTH, WIDTH // 2, 2, bidirectional=True)
        layer = nn.TransformerEncoderLayer(WIDTH, 4, 1024, 0.1, activation="gelu", norm_first=True)
        self.language = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(WIDTH)
        self.gate = nn.Linear(2 * WIDTH, WIDTH)
        self.classifier = nn.Linear(WIDTH, characters)
        self.drop = nn.Dropout(0.1)

    def forward(self, maps: Tensor, lengths: Tensor | None = None) -> Tensor:
        """``lengths``: steps of each line of a batch; what is behind them changes nothing."""
        mask = hidden = None
        if lengths is not None:
            hidden = torch.arange(maps.shape[3])[None, :] >= lengths[:, None]
            mask = (~hidden)[:, None, None, :].to(maps.dtype)
        found = self.block(maps, mask)
        features = functional.silu(self.flatten(found)).squeeze(2).permute(2, 0, 1)
        seen = self._recurrent(self.drop(features), lengths)
        thought = self.language(seen + places(seen.shape[0]), src_key_padding_mask=hidden)
        thought = self.norm(thought)
        gate = torch.sigmoid(self.gate(torch.cat([seen, thought], dim=-1)))
        merged = self.drop(gate * seen + (1.0 - gate) * thought)
        chances: Tensor = functional.log_softmax(self.classifier(merged), dim=2)
        return chances

    def _recurrent(self, features: Tensor, lengths: Tensor | None) -> Tensor:
        if lengths is None:
            whole: Tensor = self.sequence(features)[0]
            return whole
        packed = nn.utils.rnn.pack_padded_sequence(features, lengths, enforce_sorted=False)
        found, _ = self.sequence(packed)
        return nn.utils.rnn.pad_packed_sequence(found, total_length=features.shape[0])[0]


def places(steps: int) -> Tensor:
    """Sines and cosines that tell a step where it stands (steps x 1 x features)."""
    at = torch.arange(steps, dtype=torch.float32)[:, None]
    speed = torch.exp(torch.arange(0, WIDTH, 2).float() * (-math.log(10000.0) / WIDTH))
    found = torch.zeros(steps, WIDTH)
    found[:, 0::2], found[:, 1::2] = torch.sin(at * speed), torch.cos(at * speed)
    return found[:, None, :]

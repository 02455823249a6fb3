"""Trains ``scanform/recognise/digit_net.onnx``: the digits of comb cells.

    pip install -e ".[training]"
    python training/train_digits.py [--epochs 12] [--cache DIR] [-o FILE]
    python training/train_digits.py --judge          measures the network that is there

Needs npm and, the first time, a network (see ``digit_sources.py``: MNIST's training part, fonts);
about ten minutes of one core. MNIST's test part, two shipped hand fonts and four fetched fonts are
never trained on; the last 5,000 of MNIST's training part choose the temperature. Seed 11. With
scikit-learn installed, UCI's optical digits are judged as well: other hands, other paper.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from digit_sources import HELD, ROOT, drawn, enlarged, fetch, fonts, mnist, stroked
from digit_wear import no_character, scanned, worn
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from scanform.recognise.digit_net import NO_CHARACTER, SIDE, chances, prepared

SEED = 11
KEPT = 5000
"""So many of MNIST's training digits choose the temperature and are not trained on."""
COUNTS = (110000, 50000, 14000, 16000)
"""Pictures of the first pass: by hands, drawn with fonts, drawn as strokes, no character."""
MORE = (10000, 5000, 16000, 1000)
"""Of the second, at a small rate: strokes above all, and again a part of the first pass's."""
KEPT_OF_FIRST = 5
"""Every so many pictures of the first pass are in the second too."""
TARGET = ROOT / "scanform/recognise/digit_net.onnx"


def make(
    hands: tuple[np.ndarray, np.ndarray],
    faces: list[Path],
    counts: Sequence[int],
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Worn characters, prepared (n x SIDE x SIDE, uint8), and labels. ``counts``: by hands, drawn
    with fonts, drawn as strokes, no character."""
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    images, labels = hands

    def hand(at: int) -> tuple[np.ndarray, int]:
        return enlarged(images[at % len(images)]), int(labels[at % len(images)])

    def typed() -> tuple[np.ndarray, int]:
        digit = rng.choice("0123456789")
        return drawn(digit, rng.choice(faces)), int(digit)

    def either() -> np.ndarray:
        return (typed() if rng.random() < 0.5 and faces else hand(rng.randrange(len(images))))[0]

    made, known = [], []
    for sort, count in enumerate(counts):
        for at in range(count):
            if sort == 3:
                label = NO_CHARACTER
                cell = no_character(either, faces, rng)
            elif sort == 2:
                digit = rng.choice("11774499")
                cell, label = stroked(digit, rng), int(digit)
            else:
                cell, label = hand(at) if sort == 0 else typed()
            image = worn(cell, rng, noise, either)
            if image is not None:
                made.append(np.round(prepared(image) * 255).astype(np.uint8))
                known.append(label)
    return np.stack(made), np.array(known)


def network() -> nn.Sequential:
    """About 110,000 weights."""

    def block(before: int, after: int, size: int = 3, step: int = 1) -> list[nn.Module]:
        layer = nn.Conv2d(before, after, size, step, size // 2, bias=False)
        return [layer, nn.BatchNorm2d(after), nn.ReLU()]

    layers = [*block(1, 24, 5, 2), *block(24, 32), nn.MaxPool2d(2), *block(32, 64), *block(64, 64)]
    layers += [nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.3), nn.Linear(64 * 9, 80), nn.ReLU()]
    model = nn.Sequential(*layers, nn.Linear(80, NO_CHARACTER + 1))
    return model.to(memory_format=torch.channels_last)


def train(
    model: nn.Module, images: np.ndarray, labels: np.ndarray, epochs: int, rate: float
) -> None:
    """Adam, the rate going up to ``rate`` and down once; each picture is shifted by up to a
    pixel."""
    torch.manual_seed(SEED)
    inputs, wanted = torch.from_numpy(images), torch.from_numpy(labels)
    size, steps = 128, epochs * (len(labels) // 128)
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.01)
    for epoch in range(epochs):
        model.train()
        started, total = time.perf_counter(), 0.0
        order = torch.randperm(len(labels))
        for start in range(0, len(order) - size + 1, size):
            at = order[start : start + size]
            batch = as_input(inputs[at]).to(memory_format=torch.channels_last)
            shift = (int(torch.randint(-1, 2, (1,))), int(torch.randint(-1, 2, (1,))))
            loss = loss_of(model(torch.roll(batch, shift, (2, 3))), wanted[at])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * size / len(labels)
        print(
            f"epoch {epoch + 1}: loss {total:.4f}, {time.perf_counter() - started:.0f} s",
            flush=True,
        )


def as_input(images: torch.Tensor) -> torch.Tensor:
    """n x SIDE x SIDE bytes as the network takes them."""
    return images[:, None].float() / 255


def temperature(model: nn.Module, images: np.ndarray, labels: np.ndarray) -> float:
    """The number to divide the scores by so that they mean what they say on digits kept apart."""
    model.eval()
    with torch.no_grad():
        scores = torch.cat([model(as_input(part)) for part in torch.from_numpy(images).split(500)])
    wanted = torch.from_numpy(labels)
    tried = np.arange(0.3, 3.0, 0.02)
    losses = [float(nn.functional.cross_entropy(scores / t, wanted)) for t in tried]
    return float(tried[int(np.argmin(losses))])


def folded(model: nn.Sequential, divisor: float) -> Iterator[tuple[str, list[torch.Tensor], dict]]:
    """The layers as ONNX knows them: operator, weights, attributes. Normalisations and the
    temperature are folded into the weights."""
    layers = [each for each in model if not isinstance(each, nn.Dropout)]
    for layer, after in zip(layers, [*layers[1:], None], strict=True):
        if isinstance(layer, nn.Conv2d) and isinstance(after, nn.BatchNorm2d):
            factor = after.weight / torch.sqrt(after.running_var + after.eps)
            weights = [layer.weight * factor[:, None, None, None]]
            weights.append(after.bias - after.running_mean * factor)
            shape = {"kernel_shape": list(layer.kernel_size), "strides": list(layer.stride)}
            yield "Conv", weights, {**shape, "pads": list(layer.padding) * 2}
        elif isinstance(layer, nn.ReLU):
            yield "Relu", [], {}
        elif isinstance(layer, nn.MaxPool2d):
            yield "MaxPool", [], {"kernel_shape": [2, 2], "strides": [2, 2]}
        elif isinstance(layer, nn.Flatten):
            yield "Flatten", [], {"axis": 1}
        elif isinstance(layer, nn.Linear):
            by = 1.0 if after else divisor
            yield "Gemm", [layer.weight / by, layer.bias / by], {"transB": 1}
    yield "Softmax", [], {"axis": 1}


def write(model: nn.Sequential, divisor: float, path: Path) -> None:
    """The network as an ONNX file whose output is chances."""
    nodes, stored, name = [], [], "cells"
    steps = list(folded(model, divisor))
    for at, (operator, weights, attributes) in enumerate(steps):
        names = [f"{operator}{at}_{place}" for place in range(len(weights))]
        arrays = [each.detach().contiguous().numpy() for each in weights]
        stored += [numpy_helper.from_array(*pair) for pair in zip(arrays, names, strict=True)]
        after = f"step{at}" if at < len(steps) - 1 else "chances"
        nodes.append(helper.make_node(operator, [name, *names], [after], **attributes))
        name = after
    ends = [
        helper.make_tensor_value_info("cells", TensorProto.FLOAT, ["n", 1, SIDE, SIDE]),
        helper.make_tensor_value_info("chances", TensorProto.FLOAT, ["n", NO_CHARACTER + 1]),
    ]
    graph = helper.make_graph(nodes, "digits", ends[:1], ends[1:], stored)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(made)
    path.write_bytes(made.SerializeToString())


def judge(packages: Path) -> None:
    """The written network, through OpenCV, on what it was not trained on."""
    images, labels = mnist(packages, "t10k")
    _told("MNIST, test part", [255 - image for image in images], labels)
    rng, noise = random.Random(12), np.random.default_rng(12)
    large = [enlarged(image) for image in images]
    _told("  scanned in many ways", [scanned(image, rng, noise) for image in large], labels)
    neighbour = partial(rng.choice, large)
    _told("  worn as in training", [worn(i, rng, noise, neighbour) for i in large], labels)
    if find_spec("sklearn"):
        from sklearn.datasets import load_digits  # noqa: PLC0415 - not needed to train

        told = load_digits()
        large = [cv2.resize(255 - each * 15.9, (64, 64)).astype(np.uint8) for each in told.images]
        _told("UCI optical digits, 8 x 8", large, told.target)
    for face in fonts(packages)[1]:
        digits = [drawn(str(at), face) for at in range(10)]
        made = [
            worn(digits[at % 10], rng, noise, partial(rng.choice, digits)) for at in range(1500)
        ]
        name = face.stem if face.stem in HELD else face.parent.parent.name
        _told(name, made, np.arange(1500) % 10)


def _told(name: str, images: list[np.ndarray | None], labels: np.ndarray) -> None:
    labels = np.array([n for image, n in zip(images, labels, strict=True) if image is not None])
    given = chances([image for image in images if image is not None])
    score, right = given[:, :10].max(axis=1), given[:, :10].argmax(axis=1) == labels
    order = np.argsort(-score)
    fits = np.flatnonzero(np.cumsum(~right[order]) <= 0.001 * np.arange(1, len(order) + 1))
    accepted = (fits[-1] + 1) / len(order) if fits.size else 0.0
    lost = (given[:, NO_CHARACTER] > 0.5).mean()
    print(f"{name:24} {len(labels):6} right {right.mean():.2%}, accepted at 0.1 % wrong "
          f"{accepted:.2%}, taken for no character {lost:.2%}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--epochs", type=int, default=4, help="of the first pass (4)")
    parser.add_argument("--share", type=float, default=1.0, help="of the usual number of pictures")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache/scanform-training")
    parser.add_argument("-o", "--output", type=Path, default=TARGET)
    parser.add_argument("--judge", action="store_true", help="only measure the network")
    args = parser.parse_args()
    cv2.setNumThreads(1)  # the pictures are too small to share
    packages = fetch(args.cache)
    if not args.judge:
        images, labels = mnist(packages, "train")
        faces = fonts(packages)[0]
        torch.set_num_threads(max(1, args.threads))
        hands = (images[:-KEPT], labels[:-KEPT])
        first = make(hands, faces, [round(n * args.share) for n in COUNTS], SEED)
        model = network()
        train(model, *first, args.epochs, 4e-3)
        more = make(hands, faces, [round(n * args.share) for n in MORE], SEED + 8)
        both = zip(first, more, strict=True)
        train(model, *(np.concatenate([a[::KEPT_OF_FIRST], b]) for a, b in both), 1, 6e-4)
        kept = make((images[-KEPT:], labels[-KEPT:]), faces, (KEPT, 2000, 0, 300), SEED + 1)
        divisor = temperature(model, *kept)
        write(model, divisor, args.output)
        print(f"{args.output.name}: {args.output.stat().st_size} bytes, temperature {divisor:.2f}")
    if args.output == TARGET:
        judge(packages)


if __name__ == "__main__":
    main()

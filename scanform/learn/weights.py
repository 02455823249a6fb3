"""Weights between the shipped ONNX file and the network in PyTorch, both ways.

A learnt reader is the shipped file with other numbers in it: the graph stays the one that was
tested, and running it needs ONNX Runtime alone. Which number is which is told by the names of the
nodes that use it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnx.shape_inference
import onnx.utils
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from scanform.errors import LearningError
from scanform.learn.network import Upper
from scanform.phrase import Phrase

Values = NDArray[np.float32]
_OTHER_VERSION = Phrase(
    "Tệp của bộ đọc thuộc phiên bản AsterOCR khác.",
    "The reader's file is of another version of AsterOCR.",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tensor of the network lies in the file: the initializer's name, and how it lies
    there (``turned``: the other way round; ``gates``: an LSTM's, by direction and part)."""

    initializer: str
    turned: bool = False
    direction: int | None = None
    part: int | None = None


SPLIT = "/backbone/layer3/layer3.1/Mul_output_0"
"""What the lower part gives to the upper one."""


def load(path: Path) -> Upper:
    """The upper part with the weights of a reader's ONNX file, ready to read."""
    model = onnx.load(str(path))
    stored = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    where = _upper_places(model)
    upper = Upper(stored[where["classifier.bias"].initializer].shape[0])
    _fill(upper, where, stored)
    return upper.eval()


def lower_part(path: Path) -> bytes:
    """The lower part of a reader's ONNX file, an ONNX file itself: ``images`` to ``SPLIT``."""
    model = onnx.load(str(path))
    if not any(SPLIT in node.output for node in model.graph.node):
        raise LearningError(_OTHER_VERSION)
    cut = onnx.utils.Extractor(onnx.shape_inference.infer_shapes(model)).extract_model(
        ["images"], [SPLIT]
    )
    return bytes(cut.SerializeToString())


def save(upper_state: Mapping[str, torch.Tensor], shipped: Path, to: Path) -> None:
    """The shipped file with the upper part's weights replaced, written to ``to``."""
    model = onnx.load(str(shipped))
    at = {each.name: each for each in model.graph.initializer}
    for name, place in _upper_places(model).items():
        initializer = at[place.initializer]
        kept = numpy_helper.to_array(initializer).copy()
        _put(kept, place, upper_state[name].detach().cpu().numpy())
        initializer.CopyFrom(numpy_helper.from_array(kept, initializer.name))
    onnx.checker.check_model(model)
    to.write_bytes(model.SerializeToString())


def _fill(
    module: torch.nn.Module, where: Mapping[str, Place], stored: Mapping[str, Values]
) -> None:
    state = module.state_dict()
    if set(state) != set(where):
        raise LearningError(_OTHER_VERSION)
    found = {name: torch.from_numpy(_take(stored, where[name])) for name in state}
    module.load_state_dict(found)


# An LSTM's gates lie as input, output, forget, cell in ONNX; as input, forget, cell, output in
# PyTorch (both manuals say so).
_TO_TORCH = (0, 2, 3, 1)
_TO_ONNX = (0, 3, 1, 2)


def _gates(values: Values, order: tuple[int, ...]) -> Values:
    return np.concatenate([np.split(values, 4)[at] for at in order])


def _take(stored: Mapping[str, Values], place: Place) -> Values:
    values = stored[place.initializer]
    if place.direction is not None:
        values = values[place.direction]
        if place.part is not None:  # both biases of a direction lie in one row
            values = np.split(values, 2)[place.part]
        return np.ascontiguousarray(_gates(values, _TO_TORCH))
    return np.array(values.T if place.turned else values, order="C")


def _put(kept: Values, place: Place, values: Values) -> None:
    if place.direction is None:
        kept[...] = values.T if place.turned else values
        return
    row = kept[place.direction]
    if place.part is not None:
        half = len(row) // 2
        row = row[place.part * half : (place.part + 1) * half]
    row[...] = _gates(values, _TO_ONNX)


def _nodes(model: onnx.ModelProto) -> dict[str, onnx.NodeProto]:
    return {node.name: node for node in model.graph.node}


def _initializer(model: onnx.ModelProto, node: str, names: set[str], skip: int = 0) -> str:
    found = _nodes(model).get(node)
    used = [each for each in found.input if each in names] if found else []
    if len(used) <= skip:
        raise LearningError(_OTHER_VERSION)
    return str(used[skip])


def _convolution(model: onnx.ModelProto, node: str, name: str) -> Iterator[tuple[str, Place]]:
    names = {each.name for each in model.graph.initializer}
    yield f"{name}.weight", Place(_initializer(model, node, names))
    yield f"{name}.bias", Place(_initializer(model, node, names, 1))


def _linear(model: onnx.ModelProto, node: str, name: str) -> Iterator[tuple[str, Place]]:
    """A linear layer is a product, its weights turned, and a sum."""
    names = {each.name for each in model.graph.initializer}
    yield f"{name}.weight", Place(_initializer(model, f"{node}/MatMul", names), turned=True)
    if f"{node}/Add" in _nodes(model):
        yield f"{name}.bias", Place(_initializer(model, f"{node}/Add", names))


def _block(model: onnx.ModelProto, node: str, name: str) -> Iterator[tuple[str, Place]]:
    yield from _convolution(model, f"{node}/pw1/Conv", f"{name}.first")
    yield from _convolution(model, f"{node}/dw/Conv", f"{name}.around")
    yield from _convolution(model, f"{node}/pw2/Conv", f"{name}.last")
    yield from _linear(model, f"{node}/se/fc/fc.0", f"{name}.excitation.down")
    yield from _linear(model, f"{node}/se/fc/fc.2", f"{name}.excitation.up")
    if f"{node}/shortcut/shortcut.0/Conv" in _nodes(model):
        yield from _convolution(model, f"{node}/shortcut/shortcut.0/Conv", f"{name}.beside")


def _upper_places(model: onnx.ModelProto) -> dict[str, Place]:
    names = {each.name for each in model.graph.initializer}
    found = dict(_block(model, "/backbone/layer4/layer4.0", "block"))
    found |= dict(_convolution(model, "/backbone/layer4/layer4.1/Conv", "flatten"))
    for layer, node in enumerate(("LSTM", "LSTM_1")):
        weights = [_initializer(model, f"/sequence/lstm/{node}", names, at) for at in range(3)]
        for direction, ending in enumerate(("", "_reverse")):
            end = f"l{layer}{ending}"
            found[f"sequence.weight_ih_{end}"] = Place(weights[0], False, direction)
            found[f"sequence.weight_hh_{end}"] = Place(weights[1], False, direction)
            found[f"sequence.bias_ih_{end}"] = Place(weights[2], False, direction, 0)
            found[f"sequence.bias_hh_{end}"] = Place(weights[2], False, direction, 1)
    for at in range(2):
        found |= _transformer(model, at)
    found |= _norm("norm", "language_head.norm", names)
    found |= dict(_linear(model, "/fusion/gate_linear", "gate"))
    found |= dict(_linear(model, "/classifier", "classifier"))
    return found


def _transformer(model: onnx.ModelProto, at: int) -> dict[str, Place]:
    names = {each.name for each in model.graph.initializer}
    node = f"/language_head/transformer/layers.{at}"
    stored = f"language_head.transformer.layers.{at}"
    name = f"language.layers.{at}"
    product = _initializer(model, f"{node}/self_attn/MatMul", names)
    found = {
        f"{name}.self_attn.in_proj_weight": Place(product, turned=True),
        f"{name}.self_attn.in_proj_bias": Place(f"{stored}.self_attn.in_proj_bias"),
        f"{name}.self_attn.out_proj.weight": Place(f"{stored}.self_attn.out_proj.weight"),
        f"{name}.self_attn.out_proj.bias": Place(f"{stored}.self_attn.out_proj.bias"),
    }
    for each in ("linear1", "linear2"):
        found |= dict(_linear(model, f"{node}/{each}", f"{name}.{each}"))
    for each in ("norm1", "norm2"):
        found |= _norm(f"{name}.{each}", f"{stored}.{each}", names)
    return found


def _norm(name: str, stored: str, names: set[str]) -> dict[str, Place]:
    weights = (f"{stored}.weight", f"{stored}.bias")
    if not names.issuperset(weights):
        raise LearningError(_OTHER_VERSION)
    return {f"{name}.weight": Place(weights[0]), f"{name}.bias": Place(weights[1])}

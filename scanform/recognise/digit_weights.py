"""The numbers in ``digit_net.onnx``: where they lie, so that a network that learnt is the very same
file with other numbers.

Whatever comes from another machine is held against the shipped file byte for byte, but for the
numbers: no graph of a stranger's is ever run. The file is walked as protocol buffers are laid down
(https://protobuf.dev/programming-guides/encoding/), for the three fields that matter (onnx.proto).
Pure but for ``shipped``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

GRAPH, INITIALIZER = 7, 5
"""Fields of a model and of its graph."""
NAME, RAW = 8, 9
"""Fields of a tensor."""
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5

Numbers = NDArray[np.float32]


@cache
def shipped() -> bytes:
    """The network as it comes with scanform."""
    return (files("scanform.recognise") / "digit_net.onnx").read_bytes()


def numbers(data: bytes) -> dict[str, Numbers]:
    """The tensors of such a file by their names, flat. Raises ``ValueError`` for another file."""
    if not same_graph(data):
        raise ValueError("not the digit network")
    return {
        name: np.frombuffer(data[start:end], "<f4").astype(np.float32)
        for name, (start, end) in _places().items()
    }


def with_numbers(changed: Mapping[str, Numbers]) -> bytes:
    """The shipped file with other numbers in it; tensors that aren't named stay."""
    data = bytearray(shipped())
    for name, values in changed.items():
        start, end = _places()[name]
        written = np.ascontiguousarray(values, "<f4").tobytes()
        if len(written) != end - start:
            raise ValueError(f"{name} has another size")
        data[start:end] = written
    return bytes(data)


def same_graph(data: bytes) -> bool:
    """Whether a file is the shipped one but for its numbers, and those are numbers."""
    if len(data) != len(shipped()):
        return False
    at = 0
    for start, end in sorted(_places().values()):
        if data[at:start] != shipped()[at:start]:
            return False
        if not np.isfinite(np.frombuffer(data[start:end], "<f4")).all():
            return False
        at = end
    return data[at:] == shipped()[at:]


@cache
def _places() -> Mapping[str, tuple[int, int]]:
    """Where the numbers of each tensor lie in the file, by its name, in the network's order."""
    data = shipped()
    found = {}
    for field, start, end in _fields(data, 0, len(data)):
        if field == GRAPH:
            for inner, begin, close in _fields(data, start, end):
                if inner == INITIALIZER:
                    parts = {each: (a, b) for each, a, b in _fields(data, begin, close)}
                    name = data[slice(*parts[NAME])].decode()
                    found[name] = parts[RAW]
    return found


def _fields(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The fields of a message: number, and where its content begins and ends."""
    while at < end:
        key, at = _varint(data, at)
        kind = key & 7
        if kind == _BYTES:
            size, at = _varint(data, at)
        elif kind == _VARINT:
            size = _varint(data, at)[1] - at
        else:
            size = {_EIGHT: 8, _FOUR: 4}[kind]
        yield key >> 3, at, at + size
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, and where it ends."""
    found = shift = 0
    while True:
        found |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return found, at

"""What the lower part of the network makes of each line, kept in a file while learning lasts.

The lower part never learns, so a line goes through it once a view, and the passes after that cost
a quarter. The file is read line by line, never mapped: it may be larger than memory.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from scanform.learn.network import STEP, WIDTH

HEIGHT = 4
_BYTES = WIDTH * HEIGHT * 2
"""Of one step, in half precision."""
Images = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Maps:
    """The file and the steps of each line in it, by (view, line)."""

    path: Path
    steps: dict[tuple[int, int], int]
    starts: dict[tuple[int, int], int]

    def batch(self, view: int, lines: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Maps (lines x 512 x 4 x steps of the longest, nought behind a line) and steps."""
        lengths = [self.steps[view, line] for line in lines]
        found = np.zeros((len(lines), WIDTH, HEIGHT, max(lengths)), np.float32)
        with self.path.open("rb") as file:
            for row, (line, length) in enumerate(zip(lines, lengths, strict=True)):
                file.seek(self.starts[view, line])
                read = np.frombuffer(file.read(length * _BYTES), np.float16)
                found[row, :, :, :length] = read.reshape(WIDTH, HEIGHT, length)
        return torch.from_numpy(found), torch.tensor(lengths)


def _session(model: bytes) -> Any:
    import onnxruntime  # noqa: PLC0415 - takes a while and is there with the extra alone

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class Cache:
    """Writes the maps, a line at a time; what a killed run had written is taken up again.

    ``lower``: the lower part of the network as ONNX (``weights.lower_part``).
    """

    def __init__(self, folder: Path, lower: bytes) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "maps.f16"
        self._index = folder / "maps.jsonl"
        self._lower = _session(lower)
        self._steps: dict[tuple[int, int], int] = {}
        self._starts: dict[tuple[int, int], int] = {}
        self._end = 0
        self._load()

    def _load(self) -> None:
        size = self._path.stat().st_size if self._path.exists() else 0
        listed = self._index.read_text("utf-8").splitlines() if self._index.exists() else []
        whole = []
        for each in listed:
            try:
                view, line, steps = json.loads(each)
            except ValueError:  # the last line of a killed run
                break
            if self._end + steps * _BYTES > size:
                break
            self._note(view, line, steps)
            whole.append(each)
        self._index.write_text("".join(f"{each}\n" for each in whole), "utf-8")
        with self._path.open("ab") as file:
            file.truncate(self._end)

    def _note(self, view: int, line: int, steps: int) -> None:
        self._steps[view, line], self._starts[view, line] = steps, self._end
        self._end += steps * _BYTES

    def has(self, view: int, line: int) -> bool:
        return (view, line) in self._steps

    def add(self, view: int, line: int, image: Images) -> None:
        """Keeps the maps of an image as the reader takes it (3 x 32 x width)."""
        (found,) = self._lower.run(None, {"images": np.ascontiguousarray(image)[None]})
        steps = image.shape[2] // STEP
        with self._path.open("ab") as file:
            file.write(found[0].astype(np.float16).tobytes())
        with self._index.open("a", encoding="utf-8") as file:
            file.write(json.dumps([view, line, steps]) + "\n")
        self._note(view, line, steps)

    def maps(self) -> Maps:
        return Maps(self._path, dict(self._steps), dict(self._starts))

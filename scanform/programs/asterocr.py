"""AsterOCR: a line of writing becomes, step by step, chances of characters.

The package ``asterocr`` (MIT) ships a recogniser in ONNX; it is run here with onnxruntime, on one
thread, without the package's own code, which would look for a model on the network. Both come with
the extra ``handwriting``.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scanform.errors import MissingProgram
from scanform.model.scan import Pixels
from scanform.phrase import Phrase

Steps = NDArray[np.float32]
"""Natural logs of chances: steps from left to right x characters, the first of which is none."""
HEIGHT = 32
WIDEST = 1024
"""Pixels; a longer line is squeezed: the model counts at most 256 steps of four pixels."""

_NOT_HERE = Phrase("Chưa cài AsterOCR.", "AsterOCR is not installed.")
_INSTALL = Phrase(
    "Cài đặt bằng: pip install 'scanform[handwriting]'",
    "Install it with: pip install 'scanform[handwriting]'",
)


@functools.cache
def version() -> str | None:
    """The installed version; None unless the package, its model and onnxruntime are there."""
    if find_spec("onnxruntime") is None or not (_assets() / "asternet.onnx").is_file():
        return None
    try:
        return package_version("asterocr")
    except PackageNotFoundError:
        return None


def _assets() -> Path:
    found = find_spec("asterocr")
    where = found.submodule_search_locations if found else None
    return Path(where[0]) / "assets" if where else Path("asterocr-is-not-installed")


@functools.cache
def alphabet() -> tuple[str, ...]:
    """The characters of a step, in order; the first stands for none."""
    told = json.loads((_assets() / "vocab.json").read_text(encoding="utf-8"))
    return ("", *told["chars"][1:])


def require() -> None:
    """Raises ``MissingProgram`` without the extra."""
    if version() is None:
        raise MissingProgram(_NOT_HERE, _INSTALL)


def shipped() -> Path:
    """The model that comes with the package; raises ``MissingProgram`` without the extra."""
    require()
    return _assets() / "asternet.onnx"


@functools.lru_cache(maxsize=3)
def _session(model: Path, written: int) -> Any:  # noqa: ARG001 - a file written anew is another
    """A model, loaded once a process; ``written``: when its file was."""
    import onnxruntime  # noqa: PLC0415 - takes a while and is there with the extra alone

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def read_lines(images: Sequence[Pixels], model: Path | None = None) -> list[Steps]:
    """The steps of each line (grey, dark on white), by the shipped model or one that learnt.
    Raises ``MissingProgram`` without the extra.

    Lines of the same width go through the model together; padding would change what it reads.
    """
    path = model or shipped()
    session = _session(path, path.stat().st_mtime_ns)
    inputs = [as_input(image) for image in images]
    by_width: dict[int, list[int]] = {}
    for at, each in enumerate(inputs):
        by_width.setdefault(each.shape[2], []).append(at)
    found: dict[int, Steps] = {}
    for members in by_width.values():
        batch = np.stack([inputs[at] for at in members])
        (steps,) = session.run(None, {"images": batch})
        found |= {at: steps[:, row] for row, at in enumerate(members)}
    return [found[at] for at in range(len(images))]


class Learnt:
    """Lines read by a model that learnt (``scanform learn``), as this module reads them."""

    def __init__(self, model: Path, name: str) -> None:
        self._model, self._name = model, name

    def version(self) -> str:
        """The package's version and the model's id."""
        return f"{version() or '0'}~{self._name}"

    def alphabet(self) -> tuple[str, ...]:
        return alphabet()

    def read_lines(self, images: Sequence[Pixels]) -> list[Steps]:
        return read_lines(images, self._model)


def _wide(image: Pixels) -> int:
    height, width = image.shape[:2]
    wide = min(WIDEST, max(HEIGHT, int(width * HEIGHT / height)))
    return (wide + 3) // 4 * 4


def steps_of(image: Pixels) -> int:
    """How many steps the model makes of a line."""
    return _wide(image) // 4


def as_input(image: Pixels) -> NDArray[np.float32]:
    """3 x 32 x width, -1 to 1, as the model was trained."""
    wide = _wide(image)
    grey = Image.fromarray(image).convert("L").resize((wide, HEIGHT), Image.Resampling.BILINEAR)
    values = np.asarray(grey, np.float32) / 127.5 - 1.0
    return np.broadcast_to(values, (3, HEIGHT, wide))

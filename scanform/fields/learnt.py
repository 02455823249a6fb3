"""Scales that a lesson fitted: they hold for what that lesson's model read, and for nothing else.

A model (``scanform learn``) may have a file ``scales.json`` beside its reader, fitted on what
people confirmed. Which model read an answer stands behind the version of its reader
(``tesseract-vie+asterocr 5.3.0+1.0.2~20250301-3f9a1c07``). Pure but for the loading.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

from scanform.fields.calibration_json import from_json
from scanform.model.calibration import Calibration

FILE_NAME = "scales.json"
MOST_BYTES = 8 * 2**20
_MODEL = re.compile(r".*~(\d{8}-[0-9a-f]{8})")

_folder: Path | None = None


def use(models: Path | None) -> None:
    """From now on scales are looked for in this folder of models, for the whole process."""
    global _folder  # noqa: PLW0603 - as the list of hamlets: one workspace a process
    _folder = models


def model_of(reader: str) -> str | None:
    """The model that such a reader's readings are by; None for a reader as shipped."""
    found = _MODEL.fullmatch(reader)
    return found[1] if found else None


def scales_of(reader: str) -> Calibration | None:
    """The scales of the model that such a reader's readings are by; None where there are none."""
    model = model_of(reader)
    if model is None or _folder is None:
        return None
    return scales_in(_folder / model / FILE_NAME)


def scales_in(file: Path) -> Calibration | None:
    """The scales in a model's file; None where there is none, or where it is damaged."""
    try:
        return _loaded(file, file.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=16)
def _loaded(file: Path, written: int) -> Calibration | None:  # noqa: ARG001 - written anew: another
    try:
        if file.stat().st_size > MOST_BYTES:
            return None
        return from_json(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError):  # damaged: `scanform verify` tells of it
        return None

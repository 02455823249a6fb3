"""Workers that wait for no program longer than half a second. Importable by a spawned process."""

from __future__ import annotations

from collections.abc import Sequence

from scanform.engine import worker
from scanform.model.template import EmptyForm
from scanform.programs import poppler, tesseract


def start(forms: Sequence[EmptyForm], memory_bytes: int) -> None:
    tesseract.SECONDS_STANDING = 0.5
    tesseract.SECONDS_TO_START, tesseract.SECONDS_AN_IMAGE = 0.5, 0.0
    poppler.render.__kwdefaults__["timeout"] = 0.5
    worker.start(forms, memory_bytes, "tesseract")


def patient(forms: Sequence[EmptyForm], memory_bytes: int) -> None:
    worker.start(forms, memory_bytes, "tesseract")

"""Workers that wait for no program longer than half a second. Importable by a spawned process."""

from __future__ import annotations

from collections.abc import Sequence

from scanform.engine import worker
from scanform.page.reference import Reference
from scanform.programs import poppler, tesseract


def start(references: Sequence[Reference], memory_bytes: int) -> None:
    tesseract.SECONDS_TO_START, tesseract.SECONDS_AN_IMAGE = 0.5, 0.0
    poppler.render.__kwdefaults__["timeout"] = 0.5
    worker.start(references, memory_bytes, "tesseract")


def patient(references: Sequence[Reference], memory_bytes: int) -> None:
    worker.start(references, memory_bytes, "tesseract")

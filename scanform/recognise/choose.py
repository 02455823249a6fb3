"""Which reader reads what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from scanform.fields.interface import ReaderName
from scanform.recognise.interface import Recogniser
from scanform.recognise.marks import Marks
from scanform.recognise.presence import Presence
from scanform.recognise.tesseract import TesseractDigits, TesseractText

RECOGNISERS: Mapping[str, Callable[[], Recogniser]] = MappingProxyType(
    {
        "tesseract": TesseractText,
        "tesseract-digits": TesseractDigits,
        "marks": Marks,
        "presence": Presence,
    }
)
"""Every reader by name. A new one is one module and one line here."""

BEST: Mapping[ReaderName, tuple[str, ...]] = MappingProxyType(
    {
        "text": ("tesseract",),
        "digits": ("tesseract-digits",),
        "marks": ("marks",),
        "presence": ("presence",),
    }
)
"""Readers of each sort, the best first."""


def for_kind(reader: ReaderName) -> str:
    """The name of the best installed reader for a sort of reading; a key of ``RECOGNISERS``."""
    return BEST[reader][0]

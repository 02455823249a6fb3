"""Which reader reads what."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from scanform.fields.interface import ReaderName
from scanform.programs import asterocr
from scanform.recognise import digit_net
from scanform.recognise.codes import Codes
from scanform.recognise.interface import Recogniser
from scanform.recognise.known import use_words
from scanform.recognise.marks import Marks
from scanform.recognise.number_reader import TwoNumberReaders
from scanform.recognise.presence import Presence
from scanform.recognise.tesseract import TesseractDigits, TesseractText, TwoReaders

RECOGNISERS: Mapping[str, Callable[[], Recogniser]] = MappingProxyType(
    {
        "tesseract": TesseractText,
        "tesseract+asterocr": TwoReaders,
        "tesseract-digits": TesseractDigits,
        "tesseract-digits+asterocr": TwoNumberReaders,
        "marks": Marks,
        "presence": Presence,
        "codes": Codes,
    }
)
"""Every reader by name. A new one is one module and one line here."""

BEST: Mapping[ReaderName, tuple[str, ...]] = MappingProxyType(
    {
        "text": ("tesseract+asterocr", "tesseract"),
        "digits": ("tesseract-digits+asterocr", "tesseract-digits"),
        "marks": ("marks",),
        "presence": ("presence",),
        "codes": ("codes",),
    }
)
"""Readers of each sort, the best first."""


_INSTALLED: Mapping[str, Callable[[], str | None]] = MappingProxyType(
    {"tesseract+asterocr": asterocr.version, "tesseract-digits+asterocr": asterocr.version}
)
"""What tells whether a reader that comes with an extra is installed."""


def recogniser(name: str, learnt: tuple[Path, str] | None = None) -> Recogniser:
    """The reader of that name; lines are read by ``learnt`` (a model's file and its id) where it
    can use one."""
    if "digits" in name:
        digit_net.use(_digits_beside(learnt))
    if name == "tesseract+asterocr":
        use_words(*(({},) if learnt is None else _words_beside(learnt[0])))
        if learnt is not None:
            return TwoReaders(second=asterocr.Learnt(*learnt))
    if name == "tesseract-digits+asterocr" and learnt is not None:
        return TwoNumberReaders(second=asterocr.Learnt(*learnt))
    return RECOGNISERS[name]()


def _digits_beside(learnt: tuple[Path, str] | None) -> tuple[Path, str] | None:
    """The model's own network for the cells of combs; None where it has none."""
    file = None if learnt is None else learnt[0].with_name(digit_net.FILE_NAME)
    return (file, learnt[1]) if learnt and file and file.is_file() else None


def _words_beside(model: Path) -> tuple[dict[str, float], ...]:
    """What a model's unit writes: words of addresses, hamlets, words of names; none where they
    can't be read."""
    try:
        told = json.loads((model.parent / "prior.json").read_text("utf-8"))
        return tuple(
            {str(word): float(count) for word, count in told.get(part, {}).items() if count > 0}
            for part in ("words", "hamlets", "names")
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ({},)


def installed(name: str) -> bool:
    """Whether the reader of that name (a key of ``RECOGNISERS``) can be used."""
    return name not in _INSTALLED or _INSTALLED[name]() is not None


def for_kind(reader: ReaderName, text_reader: str | None = None) -> str:
    """The name of the best installed reader for a sort of reading; a key of ``RECOGNISERS``.
    ``text_reader`` was asked for by name: it reads text, and digits are read with no more."""
    if text_reader is not None and reader == "text":
        return text_reader
    *better, last = BEST[reader]
    if text_reader is not None and "+" not in text_reader:
        return last
    return next((name for name in better if installed(name)), last)

"""Readers: a batch of crops in, a batch of readings out."""

from __future__ import annotations

from collections.abc import Callable

from scanform.recognise.choose import RECOGNISERS as _RECOGNISERS
from scanform.recognise.interface import Recogniser

RECOGNISERS: dict[str, Callable[[], Recogniser]] = dict(_RECOGNISERS)

__all__ = ["RECOGNISERS"]

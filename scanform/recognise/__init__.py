"""Readers: a batch of crops in, a batch of readings out."""

from scanform.recognise.choose import RECOGNISERS

__all__ = ["RECOGNISERS"]

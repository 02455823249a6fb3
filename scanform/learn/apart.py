"""Which forms are held apart: the same ones every night, whatever is learnt."""

from __future__ import annotations

import hashlib

APART = 0.2
"""Share of forms held apart."""


def held_apart(form: str, seed: int) -> bool:
    """Whether no reader may learn from the form, so that readers can be measured on it."""
    digest = hashlib.sha256(f"apart/{seed}/{form}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64 < APART

"""Drawing some of many, the same ones on any machine and on any day."""

from __future__ import annotations

import hashlib


def chosen(seed: int, share: float, record: str, field: str) -> bool:
    """Whether a draw of that share with that seed takes the answer."""
    if share >= 1:
        return True
    digest = hashlib.sha256(f"{seed}/{record}/{field}".encode()).digest()
    return int.from_bytes(digest[:8]) < share * 2**64
